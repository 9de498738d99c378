#include "core/graph/colours.h"

#include "core/base/hash.h"
#include "core/graph/field.h"
#include "core/graph/joint_sums.h"
#include "core/graph/pair_colours.h"

#include <algorithm>

namespace synoscope {

namespace {

constexpr std::size_t refinements = 4; // of several classes; one class is final after the first

// Without a common divisor with fieldPrime - 1.
constexpr std::array<unsigned, 16> powers{17, 19, 37, 23, 29, 43, 47, 53, 59, 67, 71, 73, 79, 83, 97, 101};

unsigned powerOf(std::size_t place)
{
    return powers[place % powers.size()];
}

} // namespace

FactorColours::FactorColours(Factor factor) : factor_(std::move(factor)), terms_(factor_.places.size())
{
    restart();
}

void FactorColours::restart()
{
    colours_.clear();
    for (const Column& column : factor_.columns)
        colours_.emplace_back(column.members, 1);
    exponents_.clear();
    sums_.clear();
    joints_.clear();
    pairs_.clear();
}

FactorColours::Sums FactorColours::step(std::span<const unsigned> exponents)
{
    std::uint64_t constant = 1;
    std::vector<std::size_t> present;
    for (std::size_t c = 0; c < colours_.size(); ++c) {
        if (factor_.columns[c].present())
            present.push_back(c);
        else
            constant = field::multiply(constant, colours_[c][0]);
    }
    for (std::size_t point = 0; point < terms_.size(); ++point)
        terms_[point] = field::multiply(factor_.places[point], constant);
    for (const std::size_t c : present)
        for (std::size_t point = 0; point < terms_.size(); ++point)
            terms_[point] = field::multiply(terms_[point], colours_[c][factor_.columns[c].index[point]]);

    const auto copies = static_cast<std::uint64_t>(factor_.copies);
    Sums sums{0, std::vector<std::uint64_t>(colours_.size(), 0)};
    for (const std::uint64_t term : terms_)
        sums.total = field::add(sums.total, term);
    sums.total = field::multiply(sums.total, copies);
    for (std::size_t c = 0; c < colours_.size(); ++c) {
        Colours& colours = colours_[c];
        const Column& column = factor_.columns[c];
        std::ranges::fill(colours, column.present() ? 0 : sums.total);
        for (std::size_t point = 0; point < column.index.size(); ++point)
            colours[column.index[point]] = field::add(colours[column.index[point]], terms_[point]);
        for (std::uint64_t& colour : colours) {
            colour = field::power(colour, exponents[c]);
            sums.byClass[c] = field::add(sums.byClass[c], colour);
        }
        if (column.present())
            sums.byClass[c] = field::multiply(sums.byClass[c], copies);
    }
    return sums;
}

const FactorColours::Sums& FactorColours::round(std::size_t number, std::span<const unsigned> exponents)
{
    if (number < sums_.size() && std::ranges::equal(exponents_[number], exponents))
        return sums_[number];
    if (number < sums_.size()) {
        const std::vector<std::vector<unsigned>> before(exponents_.begin(),
                                                        exponents_.begin() + static_cast<std::ptrdiff_t>(number));
        restart();
        for (std::size_t i = 0; i < before.size(); ++i)
            round(i, before[i]);
    }
    sums_.push_back(step(exponents));
    exponents_.emplace_back(exponents.begin(), exponents.end());
    return sums_.back();
}

std::uint64_t FactorColours::joint(std::uint64_t set)
{
    const auto [entry, fresh] = joints_.try_emplace(set);
    if (fresh)
        entry->second = jointSum(factor_, terms_, set);
    return entry->second;
}

const std::vector<std::uint64_t>& FactorColours::pairs(std::size_t classOfRows, std::size_t other)
{
    std::vector<std::uint64_t>& sums = pairs_[{classOfRows, other}];
    if (sums.empty())
        sums = pairSums(factor_, terms_, classOfRows, other);
    return sums;
}

namespace {

// The product over all factors of what each has.
class Refinement
{
public:
    Refinement(std::span<const std::shared_ptr<FactorColours>> factors, const ClassPlan& plan)
        : factors_(factors), plan_(plan), classes_(plan.members.size()), sums_(classes_), places_(classes_)
    {
        std::ranges::copy(plan.axes, places_.begin());
        std::fill(places_.begin() + static_cast<std::ptrdiff_t>(plan.axes.size()), places_.end(), plan.firstWeight);
    }

    std::uint64_t run()
    {
        const std::size_t rounds = classes_ > 1 ? refinements : 1;
        for (std::size_t number = 0; number < rounds; ++number)
            round(number);
        if (plan_.thorough)
            lookCloser();
        std::ranges::sort(noted_);
        for (const std::uint64_t number : noted_)
            hash_ = combine(hash_, number);
        return hash_;
    }

private:
    void round(std::size_t number)
    {
        std::vector<unsigned> exponents;
        for (const std::size_t place : places_)
            exponents.push_back(powerOf(place));
        std::uint64_t total = 1;
        std::ranges::fill(sums_, 1);
        for (const auto& factor : factors_) {
            const FactorColours::Sums& sums = factor->round(number, exponents);
            total = field::multiply(total, sums.total);
            for (std::size_t c = 0; c < classes_; ++c)
                sums_[c] = field::multiply(sums_[c], sums.byClass[c]);
        }
        hash_ = combine(hash_, total);
        orderWeights();
        for (std::size_t c = 0; c < classes_; ++c)
            noted_.push_back(combine(combine(number, places_[c]), sums_[c]));
    }

    void lookCloser()
    {
        for (const std::uint64_t set : jointSets(classes_))
            noteJoint(set);
        for (std::size_t c = 0; c < classes_; ++c)
            for (std::size_t other = 0; other < classes_; ++other)
                if (other != c && plan_.members[c] <= mostPaired)
                    notePairs(c, other);
    }

    // Weights take their places by their sums; those with equal sums share one.
    void orderWeights()
    {
        const std::size_t first = plan_.axes.size();
        for (std::size_t c = first; c < classes_; ++c)
            places_[c] =
                plan_.firstWeight +
                static_cast<std::size_t>(std::count_if(sums_.begin() + static_cast<std::ptrdiff_t>(first), sums_.end(),
                                                       [&](std::uint64_t sum) { return sum < sums_[c]; }));
    }

    void noteJoint(std::uint64_t set)
    {
        std::vector<std::size_t> places;
        for (std::size_t c = 0; c < classes_; ++c)
            if ((set >> c & 1) != 0)
                places.push_back(places_[c]);
        std::ranges::sort(places);
        std::uint64_t product = 1;
        for (const auto& factor : factors_)
            product = field::multiply(product, factor->joint(set));
        std::uint64_t hash = mix(product);
        for (const std::size_t place : places)
            hash = combine(hash, place);
        noted_.push_back(hash);
    }

    void notePairs(std::size_t c, std::size_t other)
    {
        std::vector<std::uint64_t> products(pairSumCount, 1);
        for (const auto& factor : factors_) {
            const std::vector<std::uint64_t>& sums = factor->pairs(c, other);
            for (std::size_t i = 0; i < products.size(); ++i)
                products[i] = field::multiply(products[i], sums[i]);
        }
        std::uint64_t hash = combine(places_[c], mix(places_[other]));
        for (const std::uint64_t product : products)
            hash = combine(hash, product);
        noted_.push_back(hash);
    }

    std::span<const std::shared_ptr<FactorColours>> factors_;
    const ClassPlan& plan_;
    std::size_t classes_;
    std::vector<std::uint64_t> sums_; // by class, of the last round
    std::vector<std::size_t> places_; // by class
    std::vector<std::uint64_t> noted_;
    std::uint64_t hash_ = 0;
};

} // namespace

std::uint64_t colourHash(std::span<const std::shared_ptr<FactorColours>> factors, const ClassPlan& plan)
{
    return Refinement(factors, plan).run();
}

} // namespace synoscope
