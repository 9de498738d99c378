// The part of exported C++ that contracts where a window of three slides over lines: depthwise convolutions and the like.
#include "core/codegen/cpp_writer.h"

namespace synoscope::codegen {

std::string_view cppSlidesText()
{
    return R"cpp(
// A contraction with one column whose window slides over lines: what it reads for the next line it has read for this
// one, but for one step. r[line] = sum over terms of a[line] * b[0] + a[line + 1] * b[1] + a[line + 2] * b[2], in tiles of
// lines x vectors; each vector of a is loaded once for the three lines that need it.
class Slides
{
public:
    // What of a is copied into a plane with zeros around, where it is needed: the plane's size, where the first element
    // goes, where the contraction begins to read, and the box. A size of 0: a is read where it lies.
    struct Plane
    {
        std::int64_t size, to, a;
        std::vector<CopyDim> box;
    };

    // `slide`: the lines, their strides in a and r, and that of the window in b.
    Slides(Points batch, Points planes, Dim slide, std::int64_t length, Points terms, Plane plane = {})
        : batch_(std::move(batch)), planes_(std::move(planes)), terms_(std::move(terms)), plane_(std::move(plane)),
          slide_(slide), length_(length)
    {
        const auto vectors = [&](int n) { return (length_ + n * lanes - 1) / (n * lanes) * n; };
        vectors_ = length_ >= 2 * lanes && vectors(2) == vectors(1) ? 2 : 1;
        places_ = vectors(vectors_) / vectors_;
    }

    void pack(const float* b)
    {
        if (!packed_)
            packed_ = std::make_unique<Buffer>(batch_.count() * terms_.count() * window);
        float* to = packed_->data();
        for (std::int64_t g = 0; g < batch_.count(); ++g)
            for (std::int64_t k = 0; k < terms_.count(); ++k)
                for (int j = 0; j < window; ++j)
                    *to++ = b[batch_.b[g] + terms_.b[k] + j * slide_.b];
    }

    void run(const float* a, float* r) const
    {
OPENMP(omp parallel)
        {
            alignas(64) float padded[largestPlane + mostVectors * lanes]; // whole vectors are read
            if (plane_.size > 0)
                std::fill_n(padded, plane_.size + mostVectors * lanes, 0.0f);
OPENMP(omp for collapse(2) schedule(static))
            for (std::int64_t g = 0; g < batch_.count(); ++g)
                for (std::int64_t plane = 0; plane < planes_.count(); ++plane) {
                    const float* from = a + batch_.a[g] + planes_.a[plane];
                    if (plane_.size > 0) {
                        fill(from, padded + plane_.to);
                        from = padded + plane_.a;
                    }
                    slide(from, packed_->data() + g * terms_.count() * window, r + batch_.r[g] + planes_.r[plane]);
                }
        }
    }

private:
    static constexpr int window = 3;
    static constexpr int mostLines = 8;
    static constexpr std::int64_t largestPlane = 8192; // floats: it stays in the first-level cache

    void fill(const float* a, float* padded) const
    {
        const CopyDim* const box = plane_.box.data();
        if (plane_.box.size() != 2 || box[1].from != 1 || box[1].to != 1)
            return copyBox(a, padded, box, box + plane_.box.size());
        for (std::int64_t i = 0; i < box[0].extent; ++i)
            copyLine(a + i * box[0].from, padded + i * box[0].to, box[1].extent);
    }

    // In tiles of the same height, or nearly so: a low one in the end would leave registers empty.
    void slide(const float* a, const float* b, float* r) const
    {
        const std::int64_t most = vectors_ == 2 ? mostLines / 2 : mostLines;
        const std::int64_t tiles = (slide_.extent + most - 1) / most;
        switch ((slide_.extent + tiles - 1) / tiles) {
        case 8:
            return lines<8, 1>(a, b, r);
        case 7:
            return lines<7, 1>(a, b, r);
        case 6:
            return lines<6, 1>(a, b, r);
        case 5:
            return lines<5, 1>(a, b, r);
        case 4:
            return vectors_ == 2 ? lines<4, 2>(a, b, r) : lines<4, 1>(a, b, r);
        case 3:
            return vectors_ == 2 ? lines<3, 2>(a, b, r) : lines<3, 1>(a, b, r);
        case 2:
            return vectors_ == 2 ? lines<2, 2>(a, b, r) : lines<2, 1>(a, b, r);
        default:
            return vectors_ == 2 ? lines<1, 2>(a, b, r) : lines<1, 1>(a, b, r);
        }
    }

    // The last tile overlaps the one before it, where there is one: below and on the right.
    template <int Lines, int Vectors>
    void lines(const float* a, const float* b, float* r) const
    {
        for (std::int64_t next = 0; next < slide_.extent; next += Lines) {
            const std::int64_t line = std::min(next, slide_.extent - Lines);
            for (std::int64_t place = 0; place < places_; ++place) {
                const std::int64_t at =
                    std::max<std::int64_t>(0, std::min(place * Vectors * lanes, length_ - Vectors * lanes));
                tile<Lines, Vectors>(a + line * slide_.a + at, b, r + line * slide_.r + at);
            }
        }
    }

    template <int Lines, int Vectors>
    void tile(const float* a, const float* b, float* r) const
    {
        Vector sum[Lines][Vectors] = {};
        const std::int64_t* terms = terms_.a.data();
        const std::int64_t last = terms_.count();
        for (std::int64_t k = 0; k < last; ++k) {
            const float* from = a + terms[k];
            const float factors[window] = {b[k * window], b[k * window + 1], b[k * window + 2]};
#pragma GCC unroll 10
            for (int i = 0; i < Lines + window - 1; ++i, from += slide_.a)
                for (int v = 0; v < Vectors; ++v) {
                    Vector value = load(from + v * lanes);
                    keep(value);
#pragma GCC unroll 3
                    for (int j = 0; j < window; ++j)
                        if (i - j >= 0 && i - j < Lines)
                            sum[i - j][v] += factors[j] * value;
                }
        }
        if (Vectors == 1 && length_ < lanes) {
            alignas(64) float part[Lines * lanes];
            for (int i = 0; i < Lines; ++i)
                store(part + i * lanes, sum[i][0]);
            for (int i = 0; i < Lines; ++i)
                copyLine(part + i * lanes, r + i * slide_.r, length_);
            return;
        }
#pragma GCC unroll 8
        for (int i = 0; i < Lines; ++i)
            for (int v = 0; v < Vectors; ++v)
                store(r + i * slide_.r + v * lanes, sum[i][v]);
    }

    Points batch_, planes_, terms_;
    Plane plane_;
    Dim slide_;
    std::int64_t length_, places_;
    int vectors_;
    std::unique_ptr<Buffer> packed_;
};
)cpp";
}

} // namespace synoscope::codegen
