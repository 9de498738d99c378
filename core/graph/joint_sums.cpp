#include "core/graph/joint_sums.h"

#include "core/base/hash.h"
#include "core/graph/field.h"

#include <algorithm>
#include <bit>

namespace synoscope {

namespace {

constexpr unsigned power = 17;                // see colours.cpp
constexpr std::size_t mostForAllSets = 6;     // classes
constexpr std::uint64_t mostDirect = 1 << 20; // keys of a plain array

std::uint64_t sumOfPowers(std::span<const std::uint64_t> numbers)
{
    std::uint64_t sum = 0;
    for (const std::uint64_t number : numbers)
        sum = field::add(sum, field::power(number, power));
    return sum;
}

// Sums by key, in a table of open addressing.
class SumTable
{
public:
    explicit SumTable(std::size_t keys) : entries_(std::bit_ceil(2 * keys + 1)) {}

    void add(std::uint64_t key, std::uint64_t value)
    {
        const std::size_t mask = entries_.size() - 1;
        std::size_t place = mix(key) & mask;
        while (entries_[place].used && entries_[place].key != key)
            place = (place + 1) & mask;
        entries_[place] = {key, field::add(entries_[place].sum, value), true};
    }

    std::uint64_t sumOfPowers() const
    {
        std::uint64_t sum = 0;
        for (const Entry& entry : entries_)
            if (entry.used)
                sum = field::add(sum, field::power(entry.sum, power));
        return sum;
    }

private:
    struct Entry
    {
        std::uint64_t key = 0;
        std::uint64_t sum = 0;
        bool used = false;
    };
    std::vector<Entry> entries_;
};

} // namespace

std::vector<std::uint64_t> jointSets(std::size_t classes)
{
    std::vector<std::uint64_t> sets;
    if (classes <= mostForAllSets) {
        for (std::uint64_t set = 0; set < std::uint64_t{1} << classes; ++set)
            if (std::popcount(set) >= 2)
                sets.push_back(set);
        return sets;
    }
    for (std::size_t a = 0; a < std::min(classes, std::size_t{64}); ++a)
        for (std::size_t b = 0; b < a; ++b)
            sets.push_back(std::uint64_t{1} << a | std::uint64_t{1} << b);
    return sets;
}

std::uint64_t jointSum(const Factor& factor, std::span<const std::uint64_t> terms, std::uint64_t set)
{
    std::vector<const Column*> columns;
    std::uint64_t keys = 1;
    bool single = false; // every point is a combination of its own
    for (std::size_t c = 0; c < factor.columns.size(); ++c) {
        const Column& column = factor.columns[c];
        if ((set >> c & 1) == 0 || !column.present())
            continue;
        columns.push_back(&column);
        keys = keys > mostDirect ? keys : keys * column.members;
        single = single || column.members == terms.size();
    }
    if (single)
        return field::multiply(sumOfPowers(terms), static_cast<std::uint64_t>(factor.copies));
    const auto keyOf = [&](std::size_t point) {
        std::uint64_t key = 0;
        for (const Column* column : columns)
            key = key * column->members + column->index[point];
        return key;
    };
    if (keys <= std::min(mostDirect, std::uint64_t{4} * terms.size() + 1)) {
        std::vector<std::uint64_t> sums(keys);
        for (std::size_t point = 0; point < terms.size(); ++point) {
            std::uint64_t& sum = sums[keyOf(point)];
            sum = field::add(sum, terms[point]);
        }
        if (columns.empty())
            sums[0] = field::multiply(sums[0], static_cast<std::uint64_t>(factor.copies));
        return sumOfPowers(sums);
    }
    SumTable table(terms.size());
    for (std::size_t point = 0; point < terms.size(); ++point)
        table.add(keyOf(point), terms[point]);
    return table.sumOfPowers();
}

} // namespace synoscope
