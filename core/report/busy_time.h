// Time during which something was done: the union of spans.
#pragma once

#include "core/store/records.h"

#include <utility>
#include <vector>

namespace synoscope::report {

class BusyTime
{
public:
    explicit BusyTime(std::vector<std::pair<Timestamp, Timestamp>> spans); // in any order; they may overlap

    double until(Timestamp moment) const; // seconds of the union before the moment; O(log n)

private:
    struct Span
    {
        Timestamp begin, end;
        std::chrono::milliseconds before; // of the union
    };
    std::vector<Span> spans_; // apart, in order
};

} // namespace synoscope::report
