#include "core/graph/factors.h"

#include "core/base/hash.h"
#include "core/graph/field.h"

#include <algorithm>
#include <bit>

namespace synoscope {

namespace {

// Neighbouring digits of an ordered axis whose number is a product of numbers of whole levels of the fixed radix.
struct Unit
{
    Digits digits;
    std::uint64_t free = 0;
    std::uint64_t key = 0;  // of the axis
    std::int64_t below = 1; // what the digits below count to
};

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

class Factoriser
{
public:
    Factoriser(const DigitForm& form, const AxisRoles& roles);
    std::optional<std::vector<Factor>> run() const;

private:
    void addAxes(std::span<const Digits> axes, std::span<const AxisRole> roles, std::uint64_t side);
    void addUnits(const Digits& axis, std::uint64_t key);
    void need(std::span<const Digit> digits);
    void group();
    void join(std::uint64_t free);
    bool within(std::uint64_t free, std::uint64_t group) const { return (free & group) != 0 || free == group; }
    Factor freeFactor(std::uint64_t group) const;
    bool isFree(std::uint64_t group) const;
    std::optional<Factor> factor(std::uint64_t group) const;
    std::vector<std::uint64_t> numbers(const Unit& unit) const;

    const DigitForm& form_;
    std::vector<Digits> classes_;
    std::vector<Unit> units_;
    std::vector<bool> needed_;          // by atom
    std::vector<std::uint64_t> groups_; // sets of free atoms; the empty one is that of constants
};

// The points of one group of free digits, one after the other.
class Walk
{
public:
    Walk(const DigitForm& form, std::uint64_t group, const std::vector<bool>& needed) : values_(form.atoms().size())
    {
        for (std::uint32_t id = 0; id < form.atoms().size(); ++id) {
            const Atom& atom = form.atoms()[id];
            if (!needed[id] || atom.kind == AtomKind::zero || ((atom.free & group) == 0 && atom.free != group))
                continue;
            if (atom.kind == AtomKind::free)
                free_.push_back({id, atom.extent});
            else
                steps_.push_back({&atom, id});
        }
    }

    std::int64_t points() const { return extentOf(free_); }

    // Calls visit() at every point that no guard removes.
    template <typename Visit>
    void forEach(const Visit& visit)
    {
        do {
            if (evaluate())
                visit();
        } while (next());
    }

    std::int64_t value(std::span<const Digit> number) const
    {
        std::int64_t value = 0;
        for (const Digit& digit : number)
            value = value * digit.extent + values_[digit.atom];
        return value;
    }

private:
    bool next()
    {
        for (std::size_t i = free_.size(); i-- > 0;) {
            if (++values_[free_[i].atom] < free_[i].extent)
                return true;
            values_[free_[i].atom] = 0;
        }
        return false;
    }

    bool evaluate()
    {
        for (const auto& [atom, id] : steps_) {
            std::int64_t result = value(atom->a);
            if (atom->kind == AtomKind::rotate) {
                result = (result + atom->amount) % atom->extent;
            } else if (atom->kind == AtomKind::quotient) {
                result /= atom->amount;
            } else if (atom->kind == AtomKind::remainder) {
                result %= atom->amount;
            } else {
                result += value(atom->b) - atom->amount;
                if (result < 0 || result >= atom->extent)
                    return false;
            }
            values_[id] = result;
        }
        return true;
    }

    struct Step
    {
        const Atom* atom;
        std::uint32_t id;
    };
    std::vector<std::int64_t> values_;
    Digits free_;
    std::vector<Step> steps_;
};

Factoriser::Factoriser(const DigitForm& form, const AxisRoles& roles) : form_(form), needed_(form.atoms().size())
{
    addAxes(form.input(), roles.input, 0);
    addAxes(form.output(), roles.output, 1);
    classes_.insert(classes_.end(), form.weights().begin(), form.weights().end());
    for (const Unit& unit : units_)
        need(unit.digits);
    for (const Digits& members : classes_)
        need(members);
    for (std::size_t id = needed_.size(); id-- > 0;) {
        const Atom& atom = form.atoms()[id];
        if (atom.kind == AtomKind::free || atom.kind == AtomKind::window)
            needed_[id] = true;
        if (!needed_[id])
            continue;
        need(atom.a);
        need(atom.b);
    }
    group();
}

void Factoriser::addAxes(std::span<const Digits> axes, std::span<const AxisRole> roles, std::uint64_t side)
{
    // By label: the order of classes must not depend on how the axes are exchanged.
    std::vector<std::size_t> order(axes.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[static_cast<std::size_t>(roles[i].label)] = i;
    for (const std::size_t i : order) {
        if (roles[i].unordered)
            classes_.push_back(axes[i]);
        else
            addUnits(axes[i], combine(side, static_cast<std::uint64_t>(roles[i].label)));
    }
}

void Factoriser::addUnits(const Digits& axis, std::uint64_t key)
{
    std::vector<std::int64_t> boundaries{1}; // of the fixed radix
    for (const std::int64_t level : levels(extentOf(axis)))
        boundaries.push_back(boundaries.back() * level);
    std::int64_t counted = 1;
    Unit unit{.digits = {}, .key = key};
    for (std::size_t i = axis.size(); i-- > 0;) {
        unit.digits.insert(unit.digits.begin(), axis[i]);
        counted *= axis[i].extent;
        if (!std::ranges::binary_search(boundaries, counted))
            continue;
        unit.free = form_.freeOf(unit.digits);
        units_.push_back(unit);
        unit = {.digits = {}, .key = key, .below = counted};
    }
}

void Factoriser::need(std::span<const Digit> digits)
{
    for (const Digit& digit : digits)
        needed_[digit.atom] = true;
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

void Factoriser::group()
{
    for (std::size_t id = 0; id < needed_.size(); ++id)
        if (needed_[id])
            join(form_.atoms()[id].free);
    for (const Unit& unit : units_)
        join(unit.free);
    groups_.push_back(0);
}

// By value of the unit: the product of the numbers of its digits in the fixed radix. A digit of 0 has the number 1, so
// that nothing needs to be known of digits that are always 0.
std::vector<std::uint64_t> Factoriser::numbers(const Unit& unit) const
{
    const std::int64_t extent = extentOf(unit.digits);
    std::vector<std::uint64_t> result(static_cast<std::size_t>(extent), 1);
    std::int64_t below = 1;
    for (const std::int64_t level : levels(extent)) {
        for (std::int64_t value = 0; value < extent; ++value) {
            const std::int64_t digit = value / below % level;
            if (digit == 0)
                continue;
            const std::uint64_t number = combine(combine(unit.key, static_cast<std::uint64_t>(unit.below * below)),
                                                 static_cast<std::uint64_t>(digit));
            std::uint64_t& product = result[static_cast<std::size_t>(value)];
            product = field::multiply(product, number % fieldPrime);
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

// Members that occur get the numbers from 0 on: a weight may have many more entries than there are points.
Column numbered(const std::vector<std::int64_t>& members)
{
    if (members.empty())
        return {};
    std::vector<std::int64_t> sorted = members;
    std::ranges::sort(sorted);
    sorted.erase(std::ranges::unique(sorted).begin(), sorted.end());
    Column column{sorted.size(), {}};
    column.index.reserve(members.size());
    for (const std::int64_t member : members)
        column.index.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(sorted, member) - sorted.begin()));
    return column;
}

std::optional<Factor> Factoriser::factor(std::uint64_t group) const
{
    if (isFree(group))
        return freeFactor(group);
    Walk walk(form_, group, needed_);
    if (walk.points() > mostFactorPoints)
        return std::nullopt;
    Factor factor{.copies = 1, .places = {}, .columns = {}};
    std::vector<Digits> indices;
    for (const Digits& members : classes_) {
        Digits index;
        for (const Digit& digit : members)
            if ((form_.atoms()[digit.atom].free & group) != 0)
                index.push_back(digit);
        indices.push_back(std::move(index));
    }
    std::vector<std::pair<const Unit*, std::vector<std::uint64_t>>> units;
    for (const Unit& unit : units_)
        if (within(unit.free, group))
            units.emplace_back(&unit, numbers(unit));
    std::vector<std::vector<std::int64_t>> members(classes_.size()); // by class and point
    walk.forEach([&] {
        std::uint64_t place = 1;
        for (const auto& [unit, numberOf] : units)
            place = field::multiply(place, numberOf[static_cast<std::size_t>(walk.value(unit->digits))]);
        factor.places.push_back(place);
        for (std::size_t c = 0; c < indices.size(); ++c)
            if (!indices[c].empty())
                members[c].push_back(walk.value(indices[c]));
    });
    for (const std::vector<std::int64_t>& ofClass : members)
        factor.columns.push_back(numbered(ofClass));
    return factor;
}

std::optional<std::vector<Factor>> Factoriser::run() const
{
    std::vector<Factor> factors;
    for (const std::uint64_t group : groups_) {
        auto one = factor(group);
        if (!one)
            return std::nullopt;
        factors.push_back(std::move(*one));
    }
    return factors;
}

} // namespace

std::optional<std::vector<Factor>> factorise(const DigitForm& form, const AxisRoles& roles)
{
    return Factoriser(form, roles).run();
}

} // namespace synoscope
