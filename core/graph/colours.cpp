#include "core/graph/colours.h"

#include "core/base/hash.h"
#include "core/graph/field.h"

#include <algorithm>

namespace synoscope {

namespace {

constexpr int rounds = 4;

// Without a common divisor with fieldPrime - 1: each of these powers permutes the field.
constexpr std::array<unsigned, 24> exponents{17, 19, 23, 29, 37,  43,  47,  53,  59,  67,  71,  73,
                                             79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 137, 139};

unsigned exponent(std::size_t place)
{
    return exponents[place % exponents.size()];
}

class Refinement
{
public:
    Refinement(std::span<const Factor> factors, std::size_t axisClasses);
    void round();
    std::uint64_t hash() const { return hash_; }

private:
    using Colours = std::vector<std::uint64_t>; // by member

    void round(std::size_t factor);
    void note();

    std::span<const Factor> factors_;
    std::size_t axisClasses_;
    std::size_t classes_;
    std::vector<std::vector<Colours>> colours_; // by factor and class
    std::vector<unsigned> exponents_;           // by class
    std::uint64_t total_ = 1;                   // of the last round
    std::vector<std::uint64_t> sums_;           // by class, of the last round
    std::uint64_t hash_ = 0;
};

Refinement::Refinement(std::span<const Factor> factors, std::size_t axisClasses)
    : factors_(factors), axisClasses_(axisClasses), classes_(factors[0].columns.size())
{
    for (const Factor& factor : factors) {
        colours_.emplace_back();
        for (const Column& column : factor.columns)
            colours_.back().emplace_back(column.members, 1);
    }
    for (std::size_t c = 0; c < classes_; ++c)
        exponents_.push_back(exponent(std::min(c, axisClasses)));
}

void Refinement::round(std::size_t f)
{
    const Factor& factor = factors_[f];
    std::vector<Colours>& colours = colours_[f];
    std::uint64_t constant = 1;
    std::vector<Colours> next(classes_);
    std::vector<std::size_t> present;
    for (std::size_t c = 0; c < classes_; ++c) {
        next[c].resize(colours[c].size());
        if (factor.columns[c].present())
            present.push_back(c);
        else
            constant = field::multiply(constant, colours[c][0]);
    }
    std::uint64_t total = 0;
    for (std::size_t point = 0; point < factor.places.size(); ++point) {
        std::uint64_t term = field::multiply(factor.places[point], constant);
        for (const std::size_t c : present)
            term = field::multiply(term, colours[c][factor.columns[c].index[point]]);
        total = field::add(total, term);
        for (const std::size_t c : present) {
            std::uint64_t& sum = next[c][factor.columns[c].index[point]];
            sum = field::add(sum, term);
        }
    }
    const auto copies = static_cast<std::uint64_t>(factor.copies);
    total = field::multiply(total, copies);
    total_ = field::multiply(total_, total);
    for (std::size_t c = 0; c < classes_; ++c) {
        const bool isPresent = factor.columns[c].present();
        std::uint64_t sum = 0;
        if (!isPresent)
            next[c].assign(1, total);
        for (std::uint64_t& colour : next[c]) {
            colour = field::power(colour, exponents_[c]);
            sum = field::add(sum, colour);
        }
        sums_[c] = field::multiply(sums_[c], isPresent ? field::multiply(sum, copies) : sum);
    }
    colours = std::move(next);
}

// Weights count by their sums, and the sums' order gives each its own exponent where they differ.
void Refinement::note()
{
    const std::vector<std::uint64_t> axes(sums_.begin(), sums_.begin() + static_cast<std::ptrdiff_t>(axisClasses_));
    std::vector<std::uint64_t> weights(sums_.begin() + static_cast<std::ptrdiff_t>(axisClasses_), sums_.end());
    std::ranges::sort(weights);
    hash_ = combine(hash_, total_);
    for (const auto& sums : {axes, weights})
        for (const std::uint64_t sum : sums)
            hash_ = combine(hash_, sum);
    for (std::size_t c = axisClasses_; c < classes_; ++c)
        exponents_[c] = exponent(
            axisClasses_ + static_cast<std::size_t>(std::ranges::lower_bound(weights, sums_[c]) - weights.begin()));
}

void Refinement::round()
{
    total_ = 1;
    sums_.assign(classes_, 1);
    for (std::size_t f = 0; f < factors_.size(); ++f)
        round(f);
    note();
}

} // namespace

std::uint64_t colourHash(std::span<const Factor> factors, std::size_t axisClasses)
{
    Refinement refinement(factors, axisClasses);
    for (int i = 0; i < rounds; ++i)
        refinement.round();
    return refinement.hash();
}

} // namespace synoscope
