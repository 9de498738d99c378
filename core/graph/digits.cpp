#include "core/graph/digits.h"

#include <algorithm>

namespace synoscope {

std::int64_t extentOf(std::span<const Digit> digits)
{
    constexpr std::int64_t limit = std::int64_t{1} << 62;
    std::int64_t product = 1;
    for (const Digit& digit : digits)
        product = product > limit / digit.extent ? limit : product * digit.extent;
    return product;
}

std::uint64_t DigitForm::freeOf(std::span<const Digit> digits) const
{
    std::uint64_t free = 0;
    for (const Digit& digit : digits)
        free |= atoms_[digit.atom].free;
    return free;
}

std::uint32_t DigitForm::add(Atom atom)
{
    atom.free |= freeOf(atom.a) | freeOf(atom.b);
    atoms_.push_back(std::move(atom));
    return static_cast<std::uint32_t>(atoms_.size() - 1);
}

Digits DigitForm::one(Atom atom)
{
    const std::int64_t extent = atom.extent;
    const std::uint32_t id = add(std::move(atom));
    return extent == 1 ? Digits{} : Digits{{id, extent}};
}

Digits DigitForm::rotate(Digits number, std::int64_t amount)
{
    std::int64_t extent = extentOf(number);
    amount = ((amount % extent) + extent) % extent;
    // Low digits are left alone by a multiple of what they count to.
    Digits low;
    while (!number.empty() && amount % number.back().extent == 0) {
        amount /= number.back().extent;
        extent /= number.back().extent;
        low.insert(low.begin(), number.back());
        number.pop_back();
        if (amount == 0)
            break;
    }
    if (amount != 0) {
        if (number.size() == 1 && atoms_[number[0].atom].kind == AtomKind::rotate) {
            const Atom inner = atoms_[number[0].atom];
            number = rotate(inner.a, inner.amount + amount);
        } else {
            number = one({AtomKind::rotate, extent, amount, number, {}});
        }
    }
    number.insert(number.end(), low.begin(), low.end());
    return number;
}

Digits DigitForm::window(const Digits& place, const Digits& offset, std::int64_t window)
{
    if (window == 1)
        return place;
    return one({AtomKind::window, extentOf(place), window / 2, place, offset});
}

std::array<Digits, 2> DigitForm::partDigit(const Digit& digit, std::int64_t block)
{
    const AtomKind kind = atoms_[digit.atom].kind;
    if (kind == AtomKind::zero)
        return {one({AtomKind::zero, digit.extent / block}), one({AtomKind::zero, block})};
    if (kind == AtomKind::free && !wantedCut_) {
        wantedCut_ = freeDigits_[digit.atom];
        wantedCut_->unit *= block;
    }
    return {one({AtomKind::quotient, digit.extent / block, block, {digit}, {}}),
            one({AtomKind::remainder, block, block, {digit}, {}})};
}

std::array<Digits, 2> DigitForm::part(const Digits& number, std::int64_t block)
{
    std::size_t low = number.size();
    std::int64_t below = 1;
    while (low > 0 && block % (below * number[low - 1].extent) == 0)
        below *= number[--low].extent;
    std::array<Digits, 2> parts{Digits(number.begin(), number.begin() + static_cast<std::ptrdiff_t>(low)),
                                Digits(number.begin() + static_cast<std::ptrdiff_t>(low), number.end())};
    const std::int64_t rest = block / below;
    if (rest == 1)
        return parts;
    // The cut goes through the last of the high digits, or through several where the radices do not meet.
    Digits& high = parts[0];
    std::array<Digits, 2> cut;
    if (high.back().extent % rest == 0) {
        cut = partDigit(high.back(), rest);
        high.pop_back();
    } else {
        cut = {one({AtomKind::quotient, extentOf(high) / rest, rest, high, {}}),
               one({AtomKind::remainder, rest, rest, high, {}})};
        high.clear();
    }
    high.insert(high.end(), cut[0].begin(), cut[0].end());
    parts[1].insert(parts[1].begin(), cut[1].begin(), cut[1].end());
    return parts;
}

void DigitForm::visit(const PGraph& graph, const Primitive& primitive)
{
    const auto bottom = [&](int i) -> const Digits& { return ofDimension_[primitive.bottomIds[i].index]; };
    const auto setTop = [&](int i, Digits digits) { ofDimension_[primitive.topIds[i].index] = std::move(digits); };
    const auto number = [&](const Size& size) { return *evaluate(size, *binding_); };
    switch (primitive.kind) {
    case PrimitiveKind::split: {
        Digits both = bottom(0);
        both.insert(both.end(), bottom(1).begin(), bottom(1).end());
        return setTop(0, std::move(both));
    }
    case PrimitiveKind::merge: {
        std::array<Digits, 2> parts = part(bottom(0), number(graph[primitive.topIds[1]].size));
        setTop(0, std::move(parts[0]));
        return setTop(1, std::move(parts[1]));
    }
    case PrimitiveKind::shift:
        return setTop(0, rotate(bottom(0), primitive.amount));
    case PrimitiveKind::unfold:
        return setTop(0, window(bottom(0), bottom(1), number(graph[primitive.bottomIds[1]].size)));
    case PrimitiveKind::stride: {
        Digits strided = bottom(0);
        const Digits zero = one({AtomKind::zero, number(primitive.parameter)});
        strided.insert(strided.end(), zero.begin(), zero.end());
        return setTop(0, std::move(strided));
    }
    case PrimitiveKind::share:
        setTop(0, bottom(0));
        return setTop(1, bottom(0));
    case PrimitiveKind::expand:
    case PrimitiveKind::reduce: // its digits were made first
        return;
    }
}

// False when a free digit has to be cut (the cut is added) or there are too many of them.
bool DigitForm::build(const PGraph& graph, const Binding& binding, Cuts& cuts)
{
    binding_ = &binding;
    ofDimension_.resize(graph.dimensions().size());
    std::size_t iterator = 0;
    for (const auto& dimensions : {graph.output(), graph.reductions()})
        for (const DimensionId id : dimensions) {
            std::int64_t above = *evaluate(graph[id].size, binding);
            for (auto cut = cuts[iterator].rbegin(); cut != cuts[iterator].rend(); ++cut) {
                const std::int64_t unit = *cut;
                freeDigits_.push_back({iterator, unit});
                const std::uint64_t self = std::uint64_t{1} << (atoms_.size() % mostFree);
                const Digits digit = one({AtomKind::free, above / unit, 0, {}, {}, self});
                ofDimension_[id.index].insert(ofDimension_[id.index].end(), digit.begin(), digit.end());
                above = unit;
            }
            ++iterator;
        }
    if (freeDigits_.size() > mostFree)
        return false;
    const auto primitives = graph.primitives(); // from the output to the input
    std::for_each(primitives.rbegin(), primitives.rend(), [&](const Primitive& primitive) { visit(graph, primitive); });
    if (wantedCut_) {
        std::vector<std::int64_t>& ofIterator = cuts[wantedCut_->iterator];
        ofIterator.insert(std::ranges::lower_bound(ofIterator, wantedCut_->unit), wantedCut_->unit);
        return false;
    }
    const auto numbers = [&](std::span<const DimensionId> axes) {
        std::vector<Digits> list;
        for (const DimensionId axis : axes)
            list.push_back(ofDimension_[axis.index]);
        return list;
    };
    input_ = numbers(graph.input());
    output_ = numbers(graph.output());
    for (const Weight& weight : graph.weights()) {
        weights_.emplace_back();
        for (const Digits& axis : numbers(weight.axes))
            weights_.back().insert(weights_.back().end(), axis.begin(), axis.end());
    }
    return true;
}

std::optional<DigitForm> DigitForm::of(const PGraph& graph, const Binding& binding)
{
    for (const Dimension& dimension : graph.dimensions())
        if (!evaluate(dimension.size, binding))
            return std::nullopt;
    Cuts cuts(graph.output().size() + graph.reductions().size(), {1});
    for (;;) {
        DigitForm form;
        if (form.build(graph, binding, cuts))
            return form;
        if (!form.wantedCut_)
            return std::nullopt;
    }
}

} // namespace synoscope
