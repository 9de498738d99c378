#include "core/synthesis/form.h"

#include "core/base/hash.h"

#include <algorithm>
#include <numeric>

namespace synoscope {

namespace {

constexpr std::size_t mostDigits = 64;

// Where the axes of one size stand: the input's axis that is the n-th of its size goes with the output's n-th.
std::vector<int> placesOf(const std::vector<ShapeAxis>& shape, const Size& size)
{
    std::vector<int> places;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i].size == size)
            places.push_back(static_cast<int>(i));
    return places;
}

} // namespace

std::vector<AxisImage> axisImages(const Problem& problem)
{
    AxisImage identity;
    identity.input.resize(problem.input.size());
    identity.output.resize(problem.output.size());
    std::iota(identity.input.begin(), identity.input.end(), 0);
    std::iota(identity.output.begin(), identity.output.end(), 0);
    std::vector<AxisImage> images{identity};
    // The group that the exchanges generate; axes are few.
    for (std::size_t i = 0; i < images.size() && images.size() < 24; ++i)
        for (const auto& [first, second] : problem.interchangeable) {
            AxisImage next = images[i];
            std::swap(next.input[first], next.input[second]);
            const Size& size = problem.input[first].size;
            const auto in = placesOf(problem.input, size);
            const auto out = placesOf(problem.output, size);
            const auto place = [&](int axis) {
                const auto at = std::ranges::find(in, axis) - in.begin();
                return at < static_cast<std::ptrdiff_t>(out.size()) ? out[at] : -1;
            };
            if (problem.input[second].size != size || place(first) < 0 || place(second) < 0)
                continue; // the exchange is none of the operator's output
            std::swap(next.output[place(first)], next.output[place(second)]);
            const auto equal = [&](const AxisImage& image) { return image.input == next.input; };
            if (std::ranges::none_of(images, equal))
                images.push_back(std::move(next));
        }
    return images;
}

FormArena::FormArena(SizeTable& sizes, std::vector<AxisImage> images) : sizes_(sizes), images_(std::move(images)) {}

std::uint64_t FormArena::sourceHash(SourceId id, int image, const SumLabels* labels) const
{
    const Source& source = sources_[id.index];
    int amount = source.amount;
    if (source.kind == SourceKind::iterator)
        amount = images_[image].output[amount];
    else if (source.kind == SourceKind::sum && labels)
        amount = labels->of(id, amount);
    else if (labels == nullptr && id.index * images_.size() + image < sourceHashes_.size())
        return sourceHashes_[id.index * images_.size() + image];
    std::uint64_t hash = combine(static_cast<std::uint64_t>(source.kind) + 1, static_cast<std::uint32_t>(amount));
    hash = combine(hash, sizes_[source.size].valueHash);
    if (source.a.valid())
        hash = combine(hash, formHash(source.a, image, labels));
    if (source.b.valid())
        hash = combine(hash, formHash(source.b, image, labels));
    return hash;
}

std::uint64_t FormArena::digitHash(const FormDigit& digit, int image, const SumLabels* labels) const
{
    const bool cached = labels == nullptr || !sources_[digit.source.index].sums;
    const std::uint64_t source =
        cached ? sourceHashes_[digit.source.index * images_.size() + image] : sourceHash(digit.source, image, labels);
    return combine(combine(source, sizes_[digit.low].valueHash), sizes_[digit.extent].valueHash);
}

std::uint64_t FormArena::formHash(FormId id, int image, const SumLabels* labels) const
{
    if (!labels || !forms_[id.index].sums)
        return formHashes_[id.index * images_.size() + image];
    std::uint64_t hash = 0x666f;
    for (const FormDigit& digit : digits(id))
        hash = combine(hash, digitHash(digit, image, labels));
    return hash;
}

std::uint64_t FormArena::hash(FormId id, int image, const SumLabels& labels) const
{
    return formHash(id, image, &labels);
}

bool FormArena::allOfShift(const FormDigit& digit) const
{
    const Source& source = sources_[digit.source.index];
    return source.kind == SourceKind::shift && digit.low == sizes_.one() && sizes_.same(digit.extent, source.extent);
}

std::uint64_t FormArena::digitSum(FormId id, int image, const SumLabels* labels) const
{
    std::uint64_t sum = 0;
    for (const FormDigit& digit : digits(id))
        sum += allOfShift(digit) ? digitSum(sources_[digit.source.index].a, image, labels)
                                 : mix(digitHash(digit, image, labels));
    return sum;
}

SourceId FormArena::internSource(const Source& source)
{
    std::uint64_t key = combine(static_cast<std::uint64_t>(source.kind), static_cast<std::uint32_t>(source.amount));
    key = combine(key, std::uint64_t{source.a.index} << 32 | source.b.index);
    key = combine(key, source.size.index);
    const auto [id, fresh] = sourceIds_.insert(key, SourceId(sources_.size()));
    if (!fresh)
        return *id;
    const SourceId made = *id;
    sources_.push_back(source);
    for (int image = 0; image < images(); ++image) {
        const std::uint64_t hash = sourceHash(made, image, nullptr);
        sourceHashes_.push_back(hash);
    }
    return made;
}

FormId FormArena::intern(std::span<const FormDigit> digits)
{
    std::uint64_t key = digits.size();
    for (const FormDigit& digit : digits) {
        key = combine(key, std::uint64_t{digit.source.index} << 32 | sizes_[digit.low].same.index);
        key = combine(key, sizes_[digit.extent].same.index);
    }
    const auto [id, fresh] = formIds_.insert(key, FormId(forms_.size()));
    if (!fresh)
        return *id;
    const FormId made = *id;
    Form form{static_cast<std::uint32_t>(digits_.size()), static_cast<std::uint8_t>(digits.size()), false,
              sizes_.one()};
    for (const FormDigit& digit : digits) {
        form.sums |= sources_[digit.source.index].sums;
        form.extent = sizes_.product(form.extent, digit.extent);
        digits_.push_back(digit);
    }
    forms_.push_back(form);
    for (int image = 0; image < images(); ++image) {
        std::uint64_t hash = 0x666f;
        for (const FormDigit& digit : this->digits(made))
            hash = combine(hash, digitHash(digit, image, nullptr));
        formHashes_.push_back(hash);
    }
    return made;
}

FormId FormArena::single(const Source& source)
{
    const FormDigit digit{internSource(source), sizes_.one(), source.extent};
    return intern(std::span(&digit, 1));
}

FormId FormArena::iterator(int position, SizeId size)
{
    return single({SourceKind::iterator, false, position, {}, {}, size, size});
}

FormId FormArena::sum(int label, SizeId size)
{
    return single({SourceKind::sum, true, label, {}, {}, size, size});
}

FormId FormArena::shift(FormId a, int amount)
{
    if (const SourceId below = whole(a); below.valid() && sources_[below.index].kind == SourceKind::shift) {
        amount += sources_[below.index].amount;
        a = sources_[below.index].a;
    }
    return single({SourceKind::shift, forms_[a.index].sums, amount, a, {}, sizes_.one(), extent(a)});
}

FormId FormArena::stride(FormId a, SizeId step)
{
    return single({SourceKind::stride, forms_[a.index].sums, 0, a, {}, step, sizes_.product(extent(a), step)});
}

FormId FormArena::unfold(FormId a, FormId window, SizeId windowSize)
{
    const bool sums = forms_[a.index].sums || forms_[window.index].sums;
    return single({SourceKind::unfold, sums, 0, a, window, windowSize, extent(a)});
}

bool FormArena::joins(const FormDigit& left, const FormDigit& right)
{
    if (left.source == right.source)
        return sizes_.same(left.low, sizes_.product(right.low, right.extent));
    // A shift's low part is a shift of the low part (cut): here is the rest of it.
    const Source whole = sources_[left.source.index];
    const Source low = sources_[right.source.index];
    return whole.kind == SourceKind::shift && low.kind == SourceKind::shift && whole.amount == low.amount &&
           allOfShift(right) && sizes_.same(left.low, right.extent) && cut(whole.a, right.extent).block == low.a;
}

bool FormArena::adjacent(FormId left, FormId right)
{
    const FormDigit last = digits(left).back();
    const FormDigit first = digits(right).front();
    return joins(last, first);
}

SourceId FormArena::whole(FormId id) const
{
    const auto all = digits(id);
    if (all.size() == 1 && all[0].low == sizes_.one() &&
        sizes_.same(all[0].extent, sources_[all[0].source.index].extent))
        return all[0].source;
    return {};
}

bool FormArena::onlyBareSums(FormId id) const
{
    return std::ranges::all_of(
        digits(id), [&](const FormDigit& digit) { return sources_[digit.source.index].kind == SourceKind::sum; });
}

FormId FormArena::join(FormId group, FormId block)
{
    std::array<FormDigit, mostDigits> joined;
    std::size_t count = 0;
    for (const FormDigit& digit : digits(group))
        joined[count++] = digit;
    for (const FormDigit& digit : digits(block)) {
        if (count > 0 && joins(joined[count - 1], digit))
            joined[count - 1] = {joined[count - 1].source, digit.low,
                                 sizes_.product(joined[count - 1].extent, digit.extent)};
        else if (count < mostDigits)
            joined[count++] = digit;
    }
    return intern(std::span(joined).first(count));
}

// The low part of a shift by one is a shift of the low part; only the high part sees the carry.
FormArena::Halves FormArena::cutShift(const FormDigit& digit, SizeId block, std::span<FormDigit> digits)
{
    const Source source = sources_[digit.source.index];
    const Halves below = cut(source.a, block);
    if (below.acrossDigits)
        return {};
    const FormId lower = shift(below.block, source.amount);
    digits.back() = {digit.source, block, sizes_.quotient(digit.extent, block)};
    return {intern(digits), lower};
}

FormArena::Halves FormArena::cut(FormId whole, SizeId block)
{
    std::array<FormDigit, mostDigits> copy;
    const auto all = digits(whole);
    std::ranges::copy(all, copy.begin());
    const std::size_t count = all.size();
    SizeId passed = sizes_.one(); // product of the digits already in the block
    for (std::size_t k = count; k > 0; --k) {
        const FormDigit digit = copy[k - 1];
        const SizeId missing = sizes_.quotient(block, passed);
        const SizeId rest = sizes_.quotient(digit.extent, missing);
        if (sizes_.same(missing, digit.extent) && k > 1)
            return {intern(std::span(copy).first(k - 1)), intern(std::span(copy).subspan(k - 1, count - k + 1))};
        if (sizes_.whole(missing) && sizes_.whole(rest)) {
            if (k == count && allOfShift(digit))
                if (const Halves halves = cutShift(digit, block, std::span(copy).first(k)); halves.group.valid())
                    return halves;
            copy[k - 1] = {digit.source, digit.low, missing};
            const FormId lower = intern(std::span(copy).subspan(k - 1, count - k + 1));
            copy[k - 1] = {digit.source, sizes_.product(digit.low, missing), rest};
            return {intern(std::span(copy).first(k)), lower};
        }
        if (!sizes_.whole(sizes_.quotient(missing, digit.extent)))
            break;
        passed = sizes_.product(passed, digit.extent);
    }
    const bool sums = forms_[whole.index].sums;
    const FormId group = single({SourceKind::group, sums, 0, whole, {}, block, sizes_.quotient(extent(whole), block)});
    return {group, single({SourceKind::block, sums, 0, whole, {}, block, block}), true};
}

std::size_t FormArena::memoryBytes() const
{
    return forms_.capacity() * sizeof(Form) + digits_.capacity() * sizeof(FormDigit) +
           sources_.capacity() * sizeof(Source) + (formHashes_.capacity() + sourceHashes_.capacity()) * 8 +
           formIds_.memoryBytes() + sourceIds_.memoryBytes();
}

} // namespace synoscope
