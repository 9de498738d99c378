// One candidate as the table and the plots show it: a value, sent by whoever knows the store.
//
// Figures that are not known (yet) are NaN: they show as nothing, sort last in both directions, and no comparison of a
// filter holds for them.
#pragma once

#include <QtCore/QString>

#include <cstdint>
#include <limits>

namespace synoscope {

// How far the evaluation of a candidate has come.
enum class CandidateStage : std::uint8_t
{
    found,     // stored; nothing has been asked of it yet
    queued,    // its benchmark or training waits
    measuring, // its benchmark or training runs
    measured,  // it has a reward
    failed     // its evaluation ended with an error; see its jobs
};

struct CandidateRow
{
    static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

    std::int64_t id = 0;
    QString hash;                // canonical hash, hexadecimal
    QString name;                // short name
    std::int64_t iteration = 0;  // of the search, when it was found
    std::uint64_t node = 0;      // its final node in the search tree; 0: not in the tree
    double flops = unknown;      // of the whole backbone's slots, one multiply-add = 2
    double flopsRatio = unknown; // operator / baseline: below 1 is cheaper
    std::int64_t params = 0;
    double speedup = unknown;  // baseline's latency / operator's latency: above 1 is faster
    double accuracy = unknown; // 0 to 1
    double reward = unknown;
    std::uint16_t primitives = 0; // bit i: the operator contains PrimitiveKind i
    CandidateStage state = CandidateStage::found;
    bool starred = false;
    bool pruned = false; // lies below a prune: kept, but no longer searched for
    bool removed = false; // by hand: not shown unless it is asked for
    QString note;

    friend bool operator==(const CandidateRow&, const CandidateRow&) = default;
};

} // namespace synoscope
