#include "core/search/steps.h"

#include "core/base/hash.h"

namespace synoscope {
namespace {

std::uint64_t hashOf(const Move& move)
{
    const std::uint64_t masks = std::uint64_t{move.inner} << 16 | move.outer;
    const std::uint64_t places = std::uint64_t{move.first} << 8 | move.second;
    return combine(combine(mix(move.key), masks << 24 | places), static_cast<std::uint64_t>(move.kind));
}

bool same(const Move& a, const Move& b)
{
    return a == b && a.size == b.size && a.first == b.first && a.second == b.second && a.inner == b.inner &&
           a.outer == b.outer;
}

} // namespace

StepId StepTable::intern(const Move& move)
{
    const std::uint64_t hash = hashOf(move);
    const auto found = index_.find(hash, [&](std::uint32_t id) { return same(moves_[id], move); });
    if (found != IdIndex::none)
        return StepId(found);
    const StepId id(moves_.size());
    moves_.push_back(move);
    index_.insert(hash, id.index, [&](std::uint32_t entry) { return hashOf(moves_[entry]); });
    return id;
}

} // namespace synoscope
