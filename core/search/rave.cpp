#include "core/search/rave.h"

#include <cmath>

namespace synoscope {

double raveScore(const RaveValue& value)
{
    const double count = value.visits;
    return meanOf(value.sum, count) + std::sqrt(varianceOf(value.sum, value.squares, count)) - 1 / count;
}

void RaveTable::add(std::uint64_t key, Reward reward, std::uint32_t times)
{
    RaveValue& value = slot(key);
    value.sum += times * reward.raw();
    value.squares += times * reward.square();
    value.visits += times;
}

void RaveTable::prefetch(std::uint64_t key) const
{
    if (!slots_.empty())
        __builtin_prefetch(&slots_[home(key + (key == 0))], 1);
}

const RaveValue* RaveTable::find(std::uint64_t key) const
{
    if (slots_.empty())
        return nullptr;
    key += key == 0;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = home(key); slots_[i].key != 0; i = (i + 1) & mask)
        if (slots_[i].key == key)
            return slots_[i].visits > 0 ? &slots_[i] : nullptr;
    return nullptr;
}

std::vector<RaveValue> RaveTable::values() const
{
    std::vector<RaveValue> found;
    for (const RaveValue& value : slots_)
        if (value.visits > 0)
            found.push_back(value);
    return found;
}

RaveValue& RaveTable::slot(std::uint64_t key)
{
    key += key == 0;
    if (4 * (used_ + 1) > 3 * slots_.size())
        grow();
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = home(key);
    while (slots_[i].key != 0 && slots_[i].key != key)
        i = (i + 1) & mask;
    if (slots_[i].key == 0) {
        slots_[i].key = key;
        ++used_;
    }
    return slots_[i];
}

void RaveTable::grow()
{
    HugePageVector<RaveValue> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (const RaveValue& value : old) {
        if (value.key == 0)
            continue;
        std::size_t i = home(value.key);
        while (slots_[i].key != 0)
            i = (i + 1) & mask;
        slots_[i] = value;
    }
}

} // namespace synoscope
