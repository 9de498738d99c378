#include "core/graph/colours.h"

#include "core/base/hash.h"
#include "core/graph/field.h"
#include "core/graph/joint_sums.h"
#include "core/graph/pair_colours.h"

#include <algorithm>
#include <numeric>

namespace synoscope {

namespace {

// Rounds, with several classes; one class is final after the first.
constexpr std::size_t refinements = 2;
constexpr std::size_t thoroughRefinements = 3;

// Without a common divisor with fieldPrime - 1.
constexpr std::array<unsigned, 16> powers{17, 19, 37, 23, 29, 43, 47, 53, 59, 67, 71, 73, 79, 83, 97, 101};

unsigned powerOf(std::size_t place)
{
    return powers[place % powers.size()];
}

} // namespace

FactorColours::FactorColours(const Factoriser& factoriser, std::size_t number, AxisLabels labels,
                             std::shared_ptr<FactorSums> known)
    : factoriser_(factoriser), number_(number), labels_(std::move(labels)), known_(std::move(known))
{}

void FactorColours::restart()
{
    if (!factor_)
        factor_ = factoriser_.factor(number_, labels_);
    colours_.clear();
    colours_.reserve(factor_->columns.size());
    for (const Column& column : factor_->columns)
        colours_.emplace_back(column.members, 1);
    done_.clear();
}

// Does the rounds that were asked for and only known so far.
void FactorColours::catchUp()
{
    const bool onTheWay =
        factor_ && done_.size() <= asked_.size() && std::equal(done_.begin(), done_.end(), asked_.begin());
    if (!onTheWay)
        restart();
    while (done_.size() < asked_.size())
        step(asked_[done_.size()]);
}

void FactorColours::computeTerms()
{
    terms_ = factor_->places;
    if (done_.empty())
        return; // all colours are 1
    std::uint64_t constant = 1;
    for (std::size_t c = 0; c < colours_.size(); ++c)
        if (!factor_->columns[c].present())
            constant = field::multiply(constant, colours_[c][0]);
    for (std::uint64_t& term : terms_)
        term = field::multiply(term, constant);
    for (std::size_t c = 0; c < colours_.size(); ++c) {
        const std::vector<std::uint32_t>& index = factor_->columns[c].index;
        for (std::size_t point = 0; point < index.size(); ++point)
            terms_[point] = field::multiply(terms_[point], colours_[c][index[point]]);
    }
}

void FactorColours::step(const Exponents& exponents)
{
    computeTerms();
    const auto copies = static_cast<std::uint64_t>(factor_->copies);
    total_ = 0;
    byClass_.assign(colours_.size(), 0);
    for (const std::uint64_t term : terms_)
        total_ = field::add(total_, term);
    total_ = field::multiply(total_, copies);
    for (std::size_t c = 0; c < colours_.size(); ++c) {
        Colours& colours = colours_[c];
        const Column& column = factor_->columns[c];
        std::ranges::fill(colours, column.present() ? 0 : total_);
        for (std::size_t point = 0; point < column.index.size(); ++point)
            colours[column.index[point]] = field::add(colours[column.index[point]], terms_[point]);
        for (std::uint64_t& colour : colours) {
            colour = field::power(colour, exponents[c]);
            byClass_[c] = field::add(byClass_[c], colour);
        }
        if (column.present())
            byClass_[c] = field::multiply(byClass_[c], copies);
    }
    done_.push_back(exponents);
}

const FactorSums::Round& FactorColours::round(std::size_t number, std::span<const unsigned> exponents)
{
    asked_.resize(number);
    histories_.resize(number);
    asked_.emplace_back(exponents.begin(), exponents.end());
    std::uint64_t history = number == 0 ? 0 : histories_.back();
    for (const unsigned exponent : exponents)
        history = combine(history, exponent);
    histories_.push_back(history);
    const auto [entry, fresh] = known_->rounds.try_emplace(history);
    if (fresh) {
        catchUp();
        entry->second.total = total_;
        entry->second.byClass = byClass_;
    }
    return entry->second;
}

std::uint64_t FactorColours::joint(std::uint64_t set)
{
    const auto [entry, fresh] = known_->rounds.at(histories_.back()).joints.try_emplace(set);
    if (fresh) {
        catchUp();
        entry->second = jointSum(*factor_, terms_, set);
    }
    return entry->second;
}

const std::vector<std::uint64_t>& FactorColours::pairs(std::size_t classOfRows, std::size_t other)
{
    const auto [entry, fresh] = known_->rounds.at(histories_.back()).pairs.try_emplace({classOfRows, other});
    if (fresh) {
        catchUp();
        entry->second = pairSums(*factor_, terms_, classOfRows, other);
    }
    return entry->second;
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
    }

    std::uint64_t run()
    {
        const std::size_t rounds = classes_ < 2 ? 1 : plan_.thorough ? thoroughRefinements : refinements;
        for (std::size_t number = 0; number < rounds; ++number)
            round(number);
        if (plan_.thorough)
            lookCloser();
        return hash();
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
            const FactorSums::Round& sums = factor->round(number, exponents);
            total = field::multiply(total, sums.total);
            for (std::size_t c = 0; c < classes_; ++c)
                sums_[c] = field::multiply(sums_[c], sums.byClass[c]);
        }
        orderWeights();
        note(number, {}, {total});
        for (std::size_t c = 0; c < classes_; ++c)
            note(number, {c}, {sums_[c]});
    }

    void note(std::size_t what, std::vector<std::size_t> classes, std::vector<std::uint64_t> numbers)
    {
        noted_.push_back({what, std::move(classes), std::move(numbers)});
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
        const auto weights = std::span(sums_).subspan(plan_.axes.size());
        for (std::size_t c = plan_.axes.size(); c < classes_; ++c)
            places_[c] = static_cast<std::size_t>(
                std::ranges::count_if(weights, [&](std::uint64_t sum) { return sum < sums_[c]; }));
    }

    void noteJoint(std::uint64_t set)
    {
        std::vector<std::size_t> classes;
        for (std::size_t c = 0; c < classes_; ++c)
            if ((set >> c & 1) != 0)
                classes.push_back(c);
        std::uint64_t product = 1;
        for (const auto& factor : factors_)
            product = field::multiply(product, factor->joint(set));
        note(jointNote, std::move(classes), {product});
    }

    void notePairs(std::size_t c, std::size_t other)
    {
        std::vector<std::uint64_t> products(pairSumCount, 1);
        for (const auto& factor : factors_) {
            const std::vector<std::uint64_t>& sums = factor->pairs(c, other);
            for (std::size_t i = 0; i < products.size(); ++i)
                products[i] = field::multiply(products[i], sums[i]);
        }
        note(pairNote, {c, other}, std::move(products));
    }

    // All notes, with the classes called by their places.
    std::uint64_t hash(const std::vector<std::size_t>& places) const
    {
        std::vector<std::uint64_t> hashes;
        for (const Note& note : noted_) {
            std::vector<std::size_t> called;
            for (const std::size_t c : note.classes)
                called.push_back(places[c]);
            if (note.what == jointNote)
                std::ranges::sort(called);
            std::uint64_t hash = mix(note.what);
            for (const std::size_t place : called)
                hash = combine(hash, place);
            for (const std::uint64_t number : note.numbers)
                hash = combine(hash, number);
            hashes.push_back(hash);
        }
        std::ranges::sort(hashes);
        std::uint64_t result = 0;
        for (const std::uint64_t hash : hashes)
            result = combine(result, hash);
        return result;
    }

    // The least over all orders of the weights. Of very many weights, those that refinement did not order share a
    // place.
    std::uint64_t hash() const
    {
        const std::size_t first = plan_.axes.size();
        if (classes_ - first > mostPermuted)
            return hash(places_);
        std::vector<std::size_t> places = places_;
        const auto weights = std::span(places).subspan(first);
        std::iota(weights.begin(), weights.end(), std::size_t{0});
        std::uint64_t least = ~std::uint64_t{0};
        do {
            least = std::min(least, hash(places));
        } while (std::ranges::next_permutation(weights).found);
        return least;
    }

    struct Note
    {
        std::size_t what; // the number of the round, or one of those below
        std::vector<std::size_t> classes;
        std::vector<std::uint64_t> numbers;
    };
    static constexpr std::size_t jointNote = 100;
    static constexpr std::size_t pairNote = 101;
    static constexpr std::size_t mostPermuted = 4; // weights

    std::span<const std::shared_ptr<FactorColours>> factors_;
    const ClassPlan& plan_;
    std::size_t classes_;
    std::vector<std::uint64_t> sums_; // by class, of the last round
    std::vector<std::size_t> places_; // by class
    std::vector<Note> noted_;
};

} // namespace

std::uint64_t colourHash(std::span<const std::shared_ptr<FactorColours>> factors, const ClassPlan& plan)
{
    return Refinement(factors, plan).run();
}

} // namespace synoscope
