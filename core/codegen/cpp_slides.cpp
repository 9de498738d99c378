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
    // `slide`: the lines, their strides in a and r, and that of the window in b.
    Slides(Points batch, Points planes, Dim slide, std::int64_t length, Points terms)
        : batch_(std::move(batch)), planes_(std::move(planes)), terms_(std::move(terms)), slide_(slide), length_(length)
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
OPENMP(omp parallel for collapse(2) schedule(static))
        for (std::int64_t g = 0; g < batch_.count(); ++g)
            for (std::int64_t plane = 0; plane < planes_.count(); ++plane)
                slide(a + batch_.a[g] + planes_.a[plane], packed_->data() + g * terms_.count() * window,
                      r + batch_.r[g] + planes_.r[plane]);
    }

private:
    static constexpr int window = 3;
    static constexpr int mostLines = 8;

    void slide(const float* a, const float* b, float* r) const
    {
        for (std::int64_t line = 0; line < slide_.extent;) {
            const std::int64_t left = slide_.extent - line;
            const float* from = a + line * slide_.a;
            float* to = r + line * slide_.r;
            if (vectors_ == 2 && left >= 4)
                line += lines<4, 2>(from, b, to);
            else if (vectors_ == 2)
                line += lines<1, 2>(from, b, to);
            else if (left >= mostLines)
                line += lines<mostLines, 1>(from, b, to);
            else if (left >= 4)
                line += lines<4, 1>(from, b, to);
            else
                line += lines<1, 1>(from, b, to);
        }
    }

    template <int Lines, int Vectors>
    std::int64_t lines(const float* a, const float* b, float* r) const
    {
        // The last place of a line overlaps the one before it, where there is one.
        for (std::int64_t place = 0; place < places_; ++place) {
            const std::int64_t at =
                std::max<std::int64_t>(0, std::min(place * Vectors * lanes, length_ - Vectors * lanes));
            tile<Lines, Vectors>(a + at, b, r + at);
        }
        return Lines;
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
    Dim slide_;
    std::int64_t length_, places_;
    int vectors_;
    std::unique_ptr<Buffer> packed_;
};
)cpp";
}

} // namespace synoscope::codegen
