#include "core/graph/factors.h"

#include "core/base/hash.h"
#include "core/graph/digit_walk.h"
#include "core/graph/field.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace synoscope {

namespace {

// The levels of the fixed radix of an axis: the primes of its extent, the least one first.
std::vector<std::int64_t> levels(std::int64_t extent)
{
    std::vector<std::int64_t> primes;
    for (std::int64_t prime = 2; extent > 1; ++prime) {
        if (prime * prime > extent)
            prime = extent;
        for (; extent % prime == 0; extent /= prime)
            primes.push_back(prime);
    }
    return primes;
}

// The members of a class by point, numbered in the end from 0 on: a weight may have many more entries than there are
// points.
class ColumnBuilder
{
public:
    ColumnBuilder(Digits index, std::size_t points) : index_(std::move(index)), extent_(extentOf(index_))
    {
        if (!index_.empty() && fits())
            column_.index.reserve(points);
    }

    void add(const DigitWalk& walk)
    {
        if (index_.empty())
            return;
        const std::int64_t member = walk.value(index_);
        if (fits())
            column_.index.push_back(static_cast<std::uint32_t>(member));
        else
            large_.push_back(member);
    }

    Column take()
    {
        if (!large_.empty())
            numberBySorting(large_);
        else if (extent_ <= static_cast<std::int64_t>(4 * column_.index.size()))
            numberDirectly();
        else if (!column_.index.empty())
            numberBySorting(std::vector(column_.index));
        return std::move(column_);
    }

private:
    bool fits() const { return extent_ <= std::numeric_limits<std::uint32_t>::max(); }

    void numberDirectly()
    {
        constexpr std::uint32_t unseen = 0xffffffffu;
        std::vector<std::uint32_t> numbers(static_cast<std::size_t>(extent_), unseen);
        std::uint32_t next = 0;
        for (std::uint32_t& member : column_.index) {
            std::uint32_t& number = numbers[member];
            if (number == unseen)
                number = next++;
            member = number;
        }
        column_.members = next;
    }

    template <typename Member>
    void numberBySorting(const std::vector<Member>& members)
    {
        std::vector<Member> sorted = members;
        std::ranges::sort(sorted);
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
        column_.members = sorted.size();
        column_.index.clear();
        for (const Member member : members)
            column_.index.push_back(
                static_cast<std::uint32_t>(std::ranges::lower_bound(sorted, member) - sorted.begin()));
    }

    Digits index_;
    std::int64_t extent_;
    Column column_;
    std::vector<std::int64_t> large_; // instead of the column's index, where members do not fit there
};

} // namespace

Factoriser::Factoriser(const DigitForm& form, const UnorderedAxes& unordered)
    : form_(form), needed_(form.atoms().size())
{
    addAxes(form.input(), unordered.input, 0);
    addAxes(form.output(), unordered.output, 1);
    classes_.insert(classes_.end(), form.weights().begin(), form.weights().end());
    findNeeded();
    for (std::size_t id = 0; id < needed_.size(); ++id)
        if (needed_[id])
            join(form_.atoms()[id].free);
    for (const Unit& unit : units_)
        join(unit.free);
    groups_.push_back(0);
}

void Factoriser::addAxes(std::span<const Digits> axes, const std::vector<bool>& unordered, std::size_t side)
{
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (unordered[i])
            classes_.push_back(axes[i]);
        else
            addUnits(axes[i], side, i);
    }
}

void Factoriser::addUnits(const Digits& number, std::size_t side, std::size_t axis)
{
    std::vector<std::int64_t> boundaries{1}; // of the fixed radix
    for (const std::int64_t level : levels(extentOf(number)))
        boundaries.push_back(boundaries.back() * level);
    std::int64_t counted = 1;
    Unit unit{.digits = {}, .side = side, .axis = axis};
    for (std::size_t i = number.size(); i-- > 0;) {
        unit.digits.insert(unit.digits.begin(), number[i]);
        counted *= number[i].extent;
        if (!std::ranges::binary_search(boundaries, counted))
            continue;
        unit.free = form_.freeOf(unit.digits);
        units_.push_back(unit);
        unit = {.digits = {}, .side = side, .axis = axis, .below = counted};
    }
}

void Factoriser::need(std::span<const Digit> digits)
{
    for (const Digit& digit : digits)
        needed_[digit.atom] = true;
}

// An atom that an Expand dropped is not needed, unless it guards.
void Factoriser::findNeeded()
{
    for (const Unit& unit : units_)
        need(unit.digits);
    for (const Digits& members : classes_)
        need(members);
    for (std::size_t id = needed_.size(); id-- > 0;) {
        const Atom& atom = form_.atoms()[id];
        if (atom.kind == AtomKind::free || atom.kind == AtomKind::window)
            needed_[id] = true;
        if (!needed_[id])
            continue;
        need(atom.a);
        need(atom.b);
    }
}

void Factoriser::join(std::uint64_t free)
{
    if (free == 0)
        return;
    std::uint64_t joined = free;
    std::erase_if(groups_, [&](std::uint64_t group) {
        const bool meets = (group & free) != 0;
        joined |= meets ? group : 0;
        return meets;
    });
    groups_.push_back(joined);
}

bool Factoriser::sees(std::uint64_t group, const Unit& unit)
{
    return (unit.free & group) != 0 || unit.free == group;
}

bool Factoriser::dependsOn(std::size_t number, const AxisLabels& labels) const
{
    return std::ranges::any_of(units_, [&](const Unit& unit) {
        return sees(groups_[number], unit) && labels[unit.axis] != static_cast<int>(unit.axis);
    });
}

// By value of the unit: the product of the numbers of its digits in the fixed radix. A digit of 0 has the number 1, so
// that nothing needs to be known of digits that are always 0.
std::vector<std::uint64_t> Factoriser::numbers(const Unit& unit, const AxisLabels& labels)
{
    const std::int64_t extent = extentOf(unit.digits);
    const std::uint64_t axis = combine(unit.side, static_cast<std::uint64_t>(labels[unit.axis]));
    std::vector<std::uint64_t> result(static_cast<std::size_t>(extent), 1);
    std::int64_t below = 1;
    for (const std::int64_t level : levels(extent)) {
        const std::uint64_t key = combine(axis, static_cast<std::uint64_t>(unit.below * below));
        std::vector<std::uint64_t> ofDigit(static_cast<std::size_t>(level), 1);
        for (std::size_t digit = 1; digit < ofDigit.size(); ++digit)
            ofDigit[digit] = combine(key, digit) % fieldPrime;
        for (std::int64_t value = 0; value < extent; ++value) {
            std::uint64_t& product = result[static_cast<std::size_t>(value)];
            product = field::multiply(product, ofDigit[static_cast<std::size_t>(value / below % level)]);
        }
        below *= level;
    }
    return result;
}

// One digit that nothing computes with and no ordered axis sees: each of its values stands in the same relations.
bool Factoriser::isFree(std::uint64_t group) const
{
    if (std::popcount(group) != 1)
        return false;
    for (std::size_t id = 0; id < needed_.size(); ++id)
        if (needed_[id] && form_.atoms()[id].kind != AtomKind::free && form_.atoms()[id].free == group)
            return false;
    return std::ranges::none_of(units_, [&](const Unit& unit) { return unit.free == group; });
}

Factor Factoriser::freeFactor(std::uint64_t group) const
{
    Factor factor{.copies = form_.atoms()[static_cast<std::size_t>(std::countr_zero(group))].extent,
                  .places = {1},
                  .columns = {}};
    for (const Digits& members : classes_) {
        factor.columns.emplace_back();
        if ((form_.freeOf(members) & group) != 0)
            factor.columns.back().index = {0};
    }
    return factor;
}

Digits Factoriser::within(std::span<const Digit> digits, std::uint64_t group) const
{
    Digits result;
    for (const Digit& digit : digits)
        if ((form_.atoms()[digit.atom].free & group) != 0)
            result.push_back(digit);
    return result;
}

Factor Factoriser::enumerated(std::uint64_t group, const AxisLabels& labels) const
{
    Factor factor;
    DigitWalk walk(form_, group, needed_);
    std::vector<std::pair<const Unit*, std::vector<std::uint64_t>>> units;
    for (const Unit& unit : units_)
        if (sees(group, unit))
            units.emplace_back(&unit, numbers(unit, labels));
    const auto points = static_cast<std::size_t>(walk.points());
    factor.places.reserve(points);
    std::vector<ColumnBuilder> columns; // by class
    for (const Digits& members : classes_)
        columns.emplace_back(within(members, group), points);
    walk.forEach([&] {
        std::uint64_t place = 1;
        for (const auto& [unit, numberOf] : units)
            place = field::multiply(place, numberOf[static_cast<std::size_t>(walk.value(unit->digits))]);
        factor.places.push_back(place);
        for (ColumnBuilder& column : columns)
            column.add(walk);
    });
    for (ColumnBuilder& column : columns)
        factor.columns.push_back(column.take());
    return factor;
}

bool Factoriser::fits(std::size_t number) const
{
    const std::uint64_t group = groups_[number];
    Digits free;
    for (std::uint32_t id = 0; id < needed_.size(); ++id)
        if (const Atom& atom = form_.atoms()[id];
            needed_[id] && atom.kind == AtomKind::free && (atom.free & group) != 0)
            free.push_back({id, atom.extent});
    return extentOf(free) <= mostPoints || isFree(group);
}

std::optional<Factor> Factoriser::factor(std::size_t number, const AxisLabels& labels) const
{
    if (!fits(number))
        return std::nullopt;
    const std::uint64_t group = groups_[number];
    return isFree(group) ? freeFactor(group) : enumerated(group, labels);
}

FactorDescription Factoriser::description(std::size_t number, const AxisLabels& labels) const
{
    const std::uint64_t group = groups_[number];
    FactorDescription text;
    std::vector<std::int64_t> called(form_.atoms().size(), -1); // the atoms, by when they are met; -1: always 0
    const auto add = [&](std::span<const Digit> digits) {
        text.push_back(static_cast<std::int64_t>(digits.size()));
        for (const Digit& digit : digits) {
            text.push_back(called[digit.atom]);
            text.push_back(digit.extent);
        }
    };
    std::int64_t atoms = 0;
    for (std::uint32_t id = 0; id < needed_.size(); ++id) {
        const Atom& atom = form_.atoms()[id];
        // Constants belong to every group (DigitWalk).
        if (!needed_[id] || atom.kind == AtomKind::zero || ((atom.free & group) == 0 && atom.free != 0))
            continue;
        called[id] = atoms++;
        text.insert(text.end(), {static_cast<std::int64_t>(atom.kind), atom.extent, atom.amount});
        add(atom.a);
        add(atom.b);
    }
    for (const Unit& unit : units_)
        if (sees(group, unit)) {
            text.insert(text.end(), {-2, static_cast<std::int64_t>(unit.side), labels[unit.axis], unit.below});
            add(unit.digits);
        }
    text.push_back(-3);
    for (const Digits& members : classes_)
        add(within(members, group));
    return text;
}

} // namespace synoscope
