#include "core/graph/pair_colours.h"

#include "core/graph/field.h"

#include <algorithm>
#include <numeric>

namespace synoscope {

namespace {

constexpr unsigned power = 17; // see colours.cpp

std::uint64_t dot(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b)
{
    constexpr std::size_t block = 32; // products of less than 2^122 that fit into a field::Wide together
    std::uint64_t sum = 0;
    for (std::size_t start = 0; start < a.size(); start += block) {
        field::Wide wide = 0;
        for (std::size_t i = start; i < std::min(a.size(), start + block); ++i)
            wide += field::Wide{a[i]} * b[i];
        sum = field::add(sum, field::reduce(wide));
    }
    return sum;
}

class PairMatrix // symmetric
{
public:
    explicit PairMatrix(std::size_t size) : size_(size), entries_(size * size) {}

    std::uint64_t& at(std::size_t row, std::size_t column) { return entries_[row * size_ + column]; }

    void note(std::vector<std::uint64_t>& sums) const
    {
        std::uint64_t all = 0;
        std::uint64_t diagonal = 0;
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            const std::uint64_t entry = field::power(entries_[i], power);
            all = field::add(all, entry);
            if (i % (size_ + 1) == 0)
                diagonal = field::add(diagonal, entry);
        }
        sums.push_back(all);
        sums.push_back(diagonal);
    }

    void square()
    {
        PairMatrix next(size_);
        const std::span<const std::uint64_t> all = entries_;
        for (std::size_t row = 0; row < size_; ++row)
            for (std::size_t column = 0; column <= row; ++column)
                next.at(row, column) = next.at(column, row) =
                    field::power(dot(all.subspan(row * size_, size_), all.subspan(column * size_, size_)), power);
        entries_ = std::move(next.entries_);
    }

private:
    std::size_t size_;
    std::vector<std::uint64_t> entries_;
};

// All diagonal entries are alike, and all others: closed under what is done to a PairMatrix.
class UniformPairs
{
public:
    UniformPairs(std::uint64_t size, std::uint64_t diagonal, std::uint64_t other)
        : size_(size), diagonal_(diagonal), other_(size > 1 ? other : 0)
    {}

    void note(std::vector<std::uint64_t>& sums) const
    {
        const std::uint64_t diagonal = field::multiply(size_, field::power(diagonal_, power));
        const std::uint64_t pairs = field::multiply(size_, size_ - 1);
        sums.push_back(field::add(diagonal, field::multiply(pairs, field::power(other_, power))));
        sums.push_back(diagonal);
    }

    void square()
    {
        if (size_ == 1) {
            diagonal_ = field::power(field::multiply(diagonal_, diagonal_), power);
            return;
        }
        const std::uint64_t squared = field::multiply(other_, other_);
        const std::uint64_t mixed = field::multiply(field::multiply(2, diagonal_), other_);
        const std::uint64_t diagonal = field::multiply(diagonal_, diagonal_);
        diagonal_ = field::power(field::add(diagonal, field::multiply(size_ - 1, squared)), power);
        other_ = field::power(field::add(mixed, field::multiply(size_ - 2, squared)), power);
    }

private:
    std::uint64_t size_;
    std::uint64_t diagonal_;
    std::uint64_t other_;
};

UniformPairs freePairs(const Factor& factor, std::uint64_t term, const Column& rows, const Column& other)
{
    const auto copies = static_cast<std::uint64_t>(factor.copies);
    const std::uint64_t squared = field::multiply(term, term);
    if (rows.present())
        return {copies, squared, other.present() ? 0 : squared};
    const std::uint64_t times = other.present() ? copies : field::multiply(copies, copies);
    return {1, field::multiply(times, squared), 0};
}

PairMatrix startingPairs(std::span<const std::uint64_t> terms, const Column& rows, const Column& other)
{
    // Points by member of the other class.
    std::vector<std::uint32_t> order(terms.size());
    std::iota(order.begin(), order.end(), 0);
    if (other.present())
        std::ranges::sort(order, {}, [&](std::uint32_t point) { return other.index[point]; });
    PairMatrix pairs(rows.members);
    std::vector<std::uint64_t> column(rows.members);
    std::vector<std::uint32_t> touched;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::uint32_t row = rows.present() ? rows.index[order[i]] : 0;
        if (std::ranges::find(touched, row) == touched.end())
            touched.push_back(row);
        column[row] = field::add(column[row], terms[order[i]]);
        if (i + 1 < order.size() && (!other.present() || other.index[order[i]] == other.index[order[i + 1]]))
            continue;
        for (const std::uint32_t a : touched)
            for (const std::uint32_t b : touched)
                pairs.at(a, b) = field::add(pairs.at(a, b), field::multiply(column[a], column[b]));
        for (const std::uint32_t a : touched)
            column[a] = 0;
        touched.clear();
    }
    return pairs;
}

template <typename Pairs>
std::vector<std::uint64_t> sumsOf(Pairs pairs)
{
    std::vector<std::uint64_t> sums;
    while (sums.size() < pairSumCount) {
        if (!sums.empty())
            pairs.square();
        pairs.note(sums);
    }
    return sums;
}

} // namespace

std::vector<std::uint64_t> pairSums(const Factor& factor, std::span<const std::uint64_t> terms, std::size_t classOfRows,
                                    std::size_t other)
{
    const Column& rows = factor.columns[classOfRows];
    const Column& columns = factor.columns[other];
    if (factor.copies > 1)
        return sumsOf(freePairs(factor, terms[0], rows, columns));
    return sumsOf(startingPairs(terms, rows, columns));
}

} // namespace synoscope
