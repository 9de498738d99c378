#include "core/experiment/halving.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace synoscope {

Halving::Halving(int epochs, int first, int factor) : factor_(factor)
{
    for (std::int64_t end = std::max(first, 1); factor >= 2 && end < epochs; end *= factor)
        ends_.push_back(static_cast<int>(end));
    ends_.push_back(epochs);
    rungs_.resize(ends_.size());
}

int Halving::rungAt(int epoch) const
{
    const auto found = std::ranges::lower_bound(ends_, epoch);
    return std::min(static_cast<int>(found - ends_.begin()), rungs() - 1);
}

void Halving::finished(std::int64_t candidate, int rung, double accuracy, bool hopeless)
{
    Rung& one = rungs_[static_cast<std::size_t>(rung)];
    std::erase_if(one.arrived, [candidate](const auto& entry) { return entry.second == candidate; }); // tried again
    one.arrived.emplace(accuracy, candidate);
    if (hopeless)
        one.gone.insert(candidate);
    else
        one.gone.erase(candidate);
    for (int below = 0; below < rung; ++below)
        rungs_[static_cast<std::size_t>(below)].gone.insert(candidate);
}

void Halving::drop(std::int64_t candidate)
{
    for (Rung& rung : rungs_)
        rung.gone.insert(candidate);
}

std::optional<Halving::Promotion> Halving::next()
{
    for (int rung = rungs() - 2; rung >= 0; --rung) {
        Rung& one = rungs_[static_cast<std::size_t>(rung)];
        auto places = one.arrived.size() / static_cast<std::size_t>(factor_);
        for (const auto& [accuracy, candidate] : one.arrived) {
            if (places-- == 0)
                break;
            if (one.gone.insert(candidate).second)
                return Promotion{candidate, rung + 1};
        }
    }
    return std::nullopt;
}

bool Halving::near(std::int64_t candidate, int rung) const
{
    const Rung& one = rungs_[static_cast<std::size_t>(rung)];
    if (rung == rungs() - 1 || one.gone.contains(candidate))
        return false;
    const std::size_t places = 1 + 2 * one.arrived.size() / static_cast<std::size_t>(factor_);
    std::size_t place = 0;
    for (const auto& entry : one.arrived) {
        if (place++ == places)
            return false;
        if (entry.second == candidate)
            return true;
    }
    return false;
}

bool ProxyFilter::passes(std::int64_t candidate, double score)
{
    constexpr std::size_t enough = 8; // scores, before one of them says anything
    if (std::isnan(score))
        score = -std::numeric_limits<double>::infinity();
    scores_[candidate] = score;
    if (scores_.size() <= enough)
        return true;
    const auto better = std::ranges::count_if(scores_, [score](const auto& entry) { return entry.second > score; });
    return static_cast<double>(better) < share_ * static_cast<double>(scores_.size());
}

} // namespace synoscope
