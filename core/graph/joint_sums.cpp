#include "core/graph/joint_sums.h"

#include "core/base/hash.h"
#include "core/graph/field.h"

#include <bit>

namespace synoscope {

namespace {

constexpr unsigned power = 17;            // see colours.cpp
constexpr std::size_t mostForAllSets = 6; // classes

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
    for (std::size_t c = 0; c < factor.columns.size(); ++c)
        if ((set >> c & 1) != 0 && factor.columns[c].present())
            columns.push_back(&factor.columns[c]);
    const auto copies = static_cast<std::uint64_t>(factor.copies);
    if (columns.empty()) {
        std::uint64_t sum = 0;
        for (const std::uint64_t term : terms)
            sum = field::add(sum, term);
        return field::power(field::multiply(sum, copies), power);
    }
    SumTable table(terms.size());
    for (std::size_t point = 0; point < terms.size(); ++point) {
        std::uint64_t key = 0;
        for (const Column* column : columns)
            key = key * column->members + column->index[point];
        table.add(key, terms[point]);
    }
    return field::multiply(table.sumOfPowers(), copies);
}

} // namespace synoscope
