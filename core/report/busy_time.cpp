#include "core/report/busy_time.h"

#include <algorithm>

namespace synoscope::report {

BusyTime::BusyTime(std::vector<std::pair<Timestamp, Timestamp>> spans)
{
    std::ranges::sort(spans);
    for (const auto& [begin, end] : spans) {
        if (end < begin)
            continue; // a clock that was set back
        if (!spans_.empty() && begin <= spans_.back().end) {
            spans_.back().end = std::max(spans_.back().end, end);
            continue;
        }
        const auto before =
            spans_.empty() ? std::chrono::milliseconds(0) : spans_.back().before + (spans_.back().end - spans_.back().begin);
        spans_.push_back({begin, end, before});
    }
}

double BusyTime::until(Timestamp moment) const
{
    const auto after = std::ranges::upper_bound(spans_, moment, {}, &Span::begin);
    if (after == spans_.begin())
        return 0;
    const Span& span = *std::prev(after);
    return std::chrono::duration<double>(span.before + (std::min(moment, span.end) - span.begin)).count();
}

} // namespace synoscope::report
