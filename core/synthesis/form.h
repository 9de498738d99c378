// Normal forms of coordinates (DESIGN 2.2, layer 2): what a dimension reads, whatever way it was written.
//
// Views that only reshape are cuts and joints of one line of elements, so a coordinate is a string of digits in a mixed
// radix, most significant first:
//
//     digit = (source / low) % extent          split joins two strings, merge cuts one
//
// A source is an iterator (of the output or a reduction) or what no reshape can see through: a shift, an unfold, a
// stride of a string, or the half of a merge that cuts across a digit where the sizes do not divide. Neighbouring
// digits of one source become one digit again, so (i*B + j) / B is i, (i/B)*B + i%B is i, and chains of splits or of
// merges have one form. Shifts of a shift add up, and the low part of a shift is a shift of the low part. Sizes count
// by their values under the problem's bindings.
//
// Symmetries. Axes of the output that the problem declares interchangeable exchange iterators: hash(form, image) is the
// hash of the form's image. Equal reductions have labels, which any permutation may exchange: hash(form, image,
// labels).
#pragma once

#include "core/base/hash.h"
#include "core/synthesis/size_table.h"

#include <array>
#include <span>

namespace synoscope {

using FormId = Id<struct FormTag>;
using SourceId = Id<struct SourceTag>;

enum class SourceKind : std::uint8_t
{
    iterator, // of the output (amount: its position)
    sum,      // a reduction (amount: which of the equal ones)
    shift,    // of form a by amount
    stride,   // of form a by the size
    unfold,   // of form a by the window b
    group,    // form a / size, cut across a digit
    block,    // form a % size, cut across a digit
};

struct Source
{
    SourceKind kind = SourceKind::iterator;
    bool sums = false; // a reduction is among what it reads
    std::int32_t amount = 0;
    FormId a{};
    FormId b{};
    SizeId size{};   // see above; iterator and sum: the extent
    SizeId extent{}; // of the values
};

struct FormDigit
{
    SourceId source;
    SizeId low;
    SizeId extent;
};

// The exchanges of interchangeable axes, the identity first: where the output's axis i goes, and the input's.
struct AxisImage
{
    std::vector<int> output;
    std::vector<int> input;
};
std::vector<AxisImage> axisImages(const Problem& problem);

// A label for each source that is a reduction; others are not asked for.
struct SumLabels
{
    struct Entry
    {
        SourceId sum;
        int label;
    };
    std::array<Entry, 8> entries{};
    int count = 0;

    int of(SourceId source, int otherwise) const
    {
        for (int i = 0; i < count; ++i)
            if (entries[i].sum == source)
                return entries[i].label;
        return otherwise;
    }
};

class FormArena
{
public:
    FormArena(SizeTable& sizes, std::vector<AxisImage> images);

    FormId iterator(int position, SizeId size);
    FormId sum(int label, SizeId size);
    FormId shift(FormId a, int amount);
    FormId stride(FormId a, SizeId step);
    FormId unfold(FormId a, FormId window, SizeId windowSize);
    FormId join(FormId group, FormId block);
    struct Halves
    {
        FormId group{}, block{};
        bool acrossDigits = false; // the sizes do not divide: no reshape of digits
    };
    Halves cut(FormId whole, SizeId block);

    std::span<const FormDigit> digits(FormId id) const
    {
        return {digits_.data() + forms_[id.index].first, forms_[id.index].count};
    }
    const Source& operator[](SourceId id) const { return sources_[id.index]; }
    SizeId extent(FormId id) const { return forms_[id.index].extent; }

    // Whether joining the two would make one digit of the last of `left` and the first of `right`: the join undoes a
    // cut.
    bool adjacent(FormId left, FormId right);
    // The source when the form is all of it.
    SourceId whole(FormId id) const;
    // All digits come from reductions, unchanged.
    bool onlyBareSums(FormId id) const;

    int images() const { return static_cast<int>(images_.size()); }
    const AxisImage& image(int i) const { return images_[i]; }
    std::uint64_t hash(FormId id, int image) const { return formHashes_[id.index * images_.size() + image]; }
    std::uint64_t hash(FormId id, int image, const SumLabels& labels) const;
    // As one multiset of digits, and shifts of digits taken away: a form on an axis that has no order.
    std::uint64_t unorderedHash(FormId id, int image, const SumLabels* labels) const
    {
        return mix(digitSum(id, image, labels));
    }
    // The sum of the digits' hashes: those of several forms add up to a hash of what they tell together, whatever the
    // cuts between them.
    std::uint64_t digitSum(FormId id, int image, const SumLabels* labels) const;

    std::size_t memoryBytes() const;

private:
    struct Form
    {
        std::uint32_t first; // in digits_
        std::uint8_t count;
        bool sums;
        SizeId extent;
    };

    FormId intern(std::span<const FormDigit> digits);
    FormId single(const Source& source);
    SourceId internSource(const Source& source);
    std::uint64_t sourceHash(SourceId id, int image, const SumLabels* labels) const;
    std::uint64_t digitHash(const FormDigit& digit, int image, const SumLabels* labels) const;
    std::uint64_t formHash(FormId id, int image, const SumLabels* labels) const;
    bool joins(const FormDigit& left, const FormDigit& right);
    Halves cutShift(const FormDigit& digit, SizeId block, std::span<FormDigit> digits);
    bool allOfShift(const FormDigit& digit) const;

    SizeTable& sizes_;
    std::vector<AxisImage> images_;
    std::vector<Form> forms_;
    std::vector<FormDigit> digits_;
    std::vector<Source> sources_;
    std::vector<std::uint64_t> formHashes_; // images apart
    std::vector<std::uint64_t> sourceHashes_;
    FlatMap<FormId> formIds_;
    FlatMap<SourceId> sourceIds_;
};

} // namespace synoscope
