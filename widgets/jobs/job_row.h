// A job as the list shows it: a value.
#pragma once

#include <QtCore/QString>

#include <cstdint>
#include <limits>

namespace synoscope {

enum class JobKind : std::uint8_t
{
    training,
    benchmark,
    proxy, // a zero-cost score, before it is decided who trains
    verification,
    exporting
};
inline constexpr int jobKinds = 5;
enum class JobRowState : std::uint8_t
{
    running,
    paused,
    queued,
    failed,
    cancelled,
    done
}; // in the order of interest

struct JobRow
{
    static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

    std::int64_t id = 0;
    std::int64_t candidate = 0; // 0: not about one
    JobKind kind = JobKind::training;
    JobRowState state = JobRowState::queued;
    bool pausable = false;     // some jobs only know to be cancelled
    double progress = unknown; // 0 to 1; unknown while it cannot be told
    double secondsLeft = unknown;
    QString title;   // what it works on: "operator 3f9a01c2"
    QString message; // what it does now, what came out, or why it failed

    friend bool operator==(const JobRow&, const JobRow&) = default;
};

QString toText(JobKind kind);      // translated
QString toText(JobRowState state); // translated

} // namespace synoscope
