// The part of exported C++ that is the same for every operator. It is C++17 with the vector extensions of GCC and
// Clang.
#include "core/codegen/cpp_writer.h"

namespace synoscope::codegen {

std::string_view cppCommonText()
{
    return R"cpp(
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#ifdef _OPENMP
#define OPENMP(...) _Pragma(#__VA_ARGS__)
#else // then it runs on one thread
#define OPENMP(...)
#endif

namespace {

#if defined(__AVX512F__)
constexpr int lanes = 16;
constexpr int mostVectors = 4; // of a tile: with 6 rows, 24 of the 32 registers hold sums
#else
constexpr int lanes = 8;
constexpr int mostVectors = 2; // 12 of 16 registers
#endif
constexpr int mostRows = 6;
using Vector = float __attribute__((vector_size(lanes * sizeof(float)), aligned(alignof(float)), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const Vector*>(from); }
inline void store(float* to, Vector vector) { *reinterpret_cast<Vector*>(to) = vector; }

// Floats, zero at first. A little longer than asked for: kernels read whole vectors.
class Buffer
{
public:
    explicit Buffer(std::int64_t size)
        : floats_(static_cast<float*>(std::aligned_alloc(64, bytes(size)))), size_(size)
    {
        if (!floats_)
            throw std::bad_alloc();
        std::memset(floats_.get(), 0, bytes(size));
    }
    float* data() const { return floats_.get(); }
    void clear() { std::memset(floats_.get(), 0, bytes(size_)); }

private:
    struct Free
    {
        void operator()(float* floats) const { std::free(floats); }
    };
    static std::size_t bytes(std::int64_t size) { return (static_cast<std::size_t>(size) + 64) * 4 / 64 * 64 + 64; }

    std::unique_ptr<float, Free> floats_;
    std::int64_t size_;
};

struct CopyDim
{
    std::int64_t extent, from, to;
};

// to[...] = from[...] over a box; the last dimension is the innermost.
void copyBox(const float* from, float* to, const CopyDim* dim, const CopyDim* last)
{
    if (dim == last) {
        *to = *from;
    } else if (dim + 1 == last && dim->from == 1 && dim->to == 1) {
        std::memcpy(to, from, static_cast<std::size_t>(dim->extent) * sizeof(float));
    } else if (dim + 1 == last) {
        for (std::int64_t i = 0; i < dim->extent; ++i)
            to[i * dim->to] = from[i * dim->from];
    } else {
        for (std::int64_t i = 0; i < dim->extent; ++i)
            copyBox(from + i * dim->from, to + i * dim->to, dim + 1, last);
    }
}

[[maybe_unused]] void copy(const float* from, float* to, std::initializer_list<CopyDim> box)
{
    const CopyDim* first = box.begin();
    if (box.size() < 3)
        return copyBox(from, to, first, box.end());
OPENMP(omp parallel for collapse(2) schedule(static))
    for (std::int64_t i = 0; i < first[0].extent; ++i)
        for (std::int64_t j = 0; j < first[1].extent; ++j)
            copyBox(from + i * first[0].from + j * first[1].from, to + i * first[0].to + j * first[1].to, first + 2,
                    box.end());
}

// A dimension of a contraction r[...] = sum of a[...] * b[...]: its strides in the three tensors.
struct Dim
{
    std::int64_t extent, a, b, r;
};

// The offsets of all points of a box, the last dimension innermost.
struct Points
{
    Points(std::initializer_list<Dim> box)
    {
        for (const Dim& dim : box) {
            const std::size_t before = a.size();
            for (std::vector<std::int64_t>* offsets : {&a, &b, &r})
                offsets->resize(before * static_cast<std::size_t>(dim.extent));
            for (std::size_t i = before; i-- > 0;)
                for (std::int64_t j = dim.extent; j-- > 0;) {
                    const std::size_t to = i * static_cast<std::size_t>(dim.extent) + static_cast<std::size_t>(j);
                    a[to] = a[i] + j * dim.a;
                    b[to] = b[i] + j * dim.b;
                    r[to] = r[i] + j * dim.r;
                }
        }
    }
    std::int64_t count() const { return static_cast<std::int64_t>(a.size()); }

    std::vector<std::int64_t> a{0}, b{0}, r{0};
};

// The operator at fixed sizes.
class Layer
{
public:
    Layer() = default;
    virtual ~Layer() = default;
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    virtual void setWeights(const float* const* weights) = 0;
    virtual void forward(const float* input, float* output) = 0;
    virtual void backward(const float* input, const float* const* weights, const float* gradOutput, float* gradInput,
                          float* const* gradWeights) = 0;
};

struct Choice
{
    std::vector<std::int64_t> shapes; // of input, weights and output, one after the other
    Layer* (*make)();
};
)cpp";
}

std::string_view cppPanelsText()
{
    return R"cpp(
// A contraction blocked as a matrix product: rows (dimensions of a and r), columns (of b and r), summed terms (of a and
// b), and a batch (of all three). b is packed into panels of a few vectors of columns; a is read where it lies, so a
// window or a view costs nothing. A tile of rows x vectors is summed in registers; sums over many terms are done in
// slices, so that a slice of the panel stays in the second-level cache. `steps` are dimensions whose points of r
// overlap: one after the other, adding.
class Panels
{
public:
    enum class Result { set, add };

    Panels(Points steps, Points batch, Points rows, Points columns, Points terms, Result result)
        : steps_(std::move(steps)), batch_(std::move(batch)), rows_(std::move(rows)), columns_(std::move(columns)),
          terms_(std::move(terms)), adds_(result == Result::add)
    {
        blocks_ = (rows_.count() + mostBlock - 1) / mostBlock;
        block_ = (rows_.count() + blocks_ - 1) / blocks_;
        panels_ = (columns_.count() + width - 1) / width;
        const std::int64_t last = columns_.count() - (panels_ - 1) * width;
        lastVectors_ = static_cast<int>((last + lanes - 1) / lanes);
        packedColumns_ = (panels_ - 1) * width + lastVectors_ * lanes;
    }

    void pack(const float* b)
    {
        const std::int64_t size = steps_.count() * batch_.count() * terms_.count() * packedColumns_;
        if (!packed_)
            packed_ = std::make_unique<Buffer>(size);
OPENMP(omp parallel for collapse(2) schedule(static))
        for (std::int64_t s = 0; s < steps_.count(); ++s)
            for (std::int64_t g = 0; g < batch_.count(); ++g)
                for (std::int64_t p = 0; p < panels_; ++p)
                    packPanel(b + steps_.b[s] + batch_.b[g], p, panel(s, g, p));
    }

    void run(const float* a, float* r) const
    {
        const std::int64_t tasks = batch_.count() * panels_ * blocks_;
        for (std::int64_t s = 0; s < steps_.count(); ++s) {
OPENMP(omp parallel for schedule(static))
            for (std::int64_t task = 0; task < tasks; ++task) {
                const std::int64_t g = task / (panels_ * blocks_);
                const std::int64_t p = task / blocks_ % panels_;
                const float* from = a + steps_.a[s] + batch_.a[g];
                float* to = r + steps_.r[s] + batch_.r[g];
                switch (p + 1 < panels_ ? mostVectors : lastVectors_) {
                case 1: block<1>(from, panel(s, g, p), p, task % blocks_, to); break;
                case 2: block<2>(from, panel(s, g, p), p, task % blocks_, to); break;
                case 3: block<std::min(3, mostVectors)>(from, panel(s, g, p), p, task % blocks_, to); break;
                default: block<mostVectors>(from, panel(s, g, p), p, task % blocks_, to); break;
                }
            }
        }
    }

private:
    static constexpr int width = mostVectors * lanes; // columns of a panel
    static constexpr std::int64_t mostBlock = 60;     // rows whose sums are kept at a time
    static constexpr std::int64_t slice = 1024;       // terms

    float* panel(std::int64_t s, std::int64_t g, std::int64_t p) const
    {
        return packed_->data() + ((s * batch_.count() + g) * packedColumns_ + p * width) * terms_.count();
    }
    int vectors(std::int64_t p) const { return p + 1 < panels_ ? mostVectors : lastVectors_; }

    void packPanel(const float* b, std::int64_t p, float* to) const
    {
        const std::int64_t columns = std::min<std::int64_t>(width, columns_.count() - p * width);
        const std::int64_t* offset = columns_.b.data() + p * width;
        const std::int64_t stride = vectors(p) * lanes;
        for (std::int64_t k = 0; k < terms_.count(); ++k)
            for (std::int64_t j = 0; j < columns; ++j)
                to[k * stride + j] = b[terms_.b[k] + offset[j]];
    }

    // sums[i][...] (+)= sum over terms of a[row i + term] * panel[term][...]
    template <int Rows, int Vectors>
    static void tile(const float* a, const std::int64_t* rows, const std::int64_t* terms, std::int64_t count,
                     const float* panel, float* sums, bool first)
    {
        Vector sum[Rows][Vectors];
        const float* row[Rows];
        for (int i = 0; i < Rows; ++i) {
            row[i] = a + rows[i];
            for (int v = 0; v < Vectors; ++v)
                sum[i][v] = first ? Vector{} : load(sums + (i * Vectors + v) * lanes);
        }
        for (std::int64_t k = 0; k < count; ++k) {
            const std::int64_t term = terms[k];
            Vector column[Vectors];
            for (int v = 0; v < Vectors; ++v)
                column[v] = load(panel + (k * Vectors + v) * lanes);
            for (int i = 0; i < Rows; ++i) {
                const float value = row[i][term];
                for (int v = 0; v < Vectors; ++v)
                    sum[i][v] += value * column[v];
            }
        }
        for (int i = 0; i < Rows; ++i)
            for (int v = 0; v < Vectors; ++v)
                store(sums + (i * Vectors + v) * lanes, sum[i][v]);
    }

    template <int Vectors>
    void block(const float* a, const float* panel, std::int64_t p, std::int64_t index, float* r) const
    {
        alignas(64) float sums[mostBlock * Vectors * lanes];
        const std::int64_t first = index * block_;
        const std::int64_t count = std::min(block_, rows_.count() - first);
        for (std::int64_t k = 0; k < terms_.count(); k += slice) {
            const std::int64_t terms = std::min(slice, terms_.count() - k);
            const float* columns = panel + k * Vectors * lanes;
            for (std::int64_t i = 0; i < count; i += mostRows) {
                const std::int64_t* rows = rows_.a.data() + first + i;
                float* to = sums + i * Vectors * lanes;
                switch (std::min<std::int64_t>(mostRows, count - i)) {
                case 1: tile<1, Vectors>(a, rows, terms_.a.data() + k, terms, columns, to, k == 0); break;
                case 2: tile<2, Vectors>(a, rows, terms_.a.data() + k, terms, columns, to, k == 0); break;
                case 3: tile<3, Vectors>(a, rows, terms_.a.data() + k, terms, columns, to, k == 0); break;
                case 4: tile<4, Vectors>(a, rows, terms_.a.data() + k, terms, columns, to, k == 0); break;
                case 5: tile<5, Vectors>(a, rows, terms_.a.data() + k, terms, columns, to, k == 0); break;
                default: tile<6, Vectors>(a, rows, terms_.a.data() + k, terms, columns, to, k == 0); break;
                }
            }
        }
        const std::int64_t columns = std::min<std::int64_t>(width, columns_.count() - p * width);
        const std::int64_t* rows = rows_.r.data() + first;
        for (std::int64_t j = 0; j < columns; ++j) {
            float* to = r + columns_.r[p * width + j];
            const float* from = sums + j;
            if (adds_)
                for (std::int64_t i = 0; i < count; ++i)
                    to[rows[i]] += from[i * Vectors * lanes];
            else
                for (std::int64_t i = 0; i < count; ++i)
                    to[rows[i]] = from[i * Vectors * lanes];
        }
    }

    Points steps_, batch_, rows_, columns_, terms_;
    bool adds_;
    std::int64_t blocks_, block_, panels_, packedColumns_;
    int lastVectors_;
    std::unique_ptr<Buffer> packed_;
};
)cpp";
}

std::string_view cppLinesText()
{
    return R"cpp(
// A contraction with few columns (groups, depthwise, low rank): vectors run along a line of rows that is contiguous in
// a and r, and each entry of b is a factor for whole vectors. A tile is columns x vectors of sums in registers.
class Lines
{
public:
    Lines(Points batch, Points lines, std::int64_t length, Points columns, Points terms)
        : batch_(std::move(batch)), lines_(std::move(lines)), columns_(std::move(columns)), terms_(std::move(terms)),
          length_(length)
    {
        for (std::int64_t j = 0; j < columns_.count();) {
            const std::int64_t left = columns_.count() - j;
            const int group = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
            groups_.push_back({j, group});
            j += group;
        }
        chunk_ = (columns_.count() >= 8 ? 3 : 4) * lanes;
        if (lanes == 8 && columns_.count() >= 8)
            chunk_ = lanes;
        chunks_ = (length_ + chunk_ - 1) / chunk_;
    }

    void pack(const float* b)
    {
        if (!packed_)
            packed_ = std::make_unique<Buffer>(batch_.count() * columns_.count() * terms_.count());
        float* to = packed_->data();
        for (std::int64_t g = 0; g < batch_.count(); ++g)
            for (const Group& group : groups_)
                for (std::int64_t k = 0; k < terms_.count(); ++k)
                    for (int j = 0; j < group.size; ++j)
                        *to++ = b[batch_.b[g] + terms_.b[k] + columns_.b[group.first + j]];
    }

    void run(const float* a, float* r) const
    {
OPENMP(omp parallel for collapse(2) schedule(static))
        for (std::int64_t g = 0; g < batch_.count(); ++g)
            for (std::int64_t line = 0; line < lines_.count(); ++line)
                for (std::int64_t c = 0; c < chunks_; ++c)
                    chunk(a + batch_.a[g] + lines_.a[line], r + batch_.r[g] + lines_.r[line],
                          packed_->data() + g * columns_.count() * terms_.count(), c * chunk_);
    }

private:
    struct Group
    {
        std::int64_t first;
        int size;
    };

    void chunk(const float* a, float* r, const float* b, std::int64_t at) const
    {
        std::int64_t count = std::min(chunk_, length_ - at);
        while (count > 0) {
            // The last vector of a line overlaps the one before it, where there is one.
            if (count < lanes && length_ >= lanes) {
                at -= lanes - count;
                count = lanes;
            }
            const int whole = static_cast<int>(std::max<std::int64_t>(1, count / lanes));
            const int vectors = whole >= 4 ? 4 : whole == 3 && chunk_ == 3 * lanes ? 3 : whole >= 2 ? 2 : 1;
            const std::int64_t done = std::min<std::int64_t>(count, vectors * lanes);
            const float* factors = b;
            for (const Group& group : groups_) {
                const std::int64_t* to = columns_.r.data() + group.first;
                switch (group.size) {
                case 8: wide<8>(vectors, a + at, factors, r + at, to, done); break;
                case 4: narrow<4>(vectors, a + at, factors, r + at, to, done); break;
                case 2: narrow<2>(vectors, a + at, factors, r + at, to, done); break;
                default: narrow<1>(vectors, a + at, factors, r + at, to, done); break;
                }
                factors += group.size * terms_.count();
            }
            at += done;
            count -= done;
        }
    }

    template <int Columns>
    void wide(int vectors, const float* a, const float* b, float* r, const std::int64_t* to, std::int64_t count) const
    {
        if (vectors == 3)
            tile<Columns, lanes == 16 ? 3 : 1>(a, b, r, to, count);
        else if (vectors == 2)
            tile<Columns, lanes == 16 ? 2 : 1>(a, b, r, to, count);
        else
            tile<Columns, 1>(a, b, r, to, count);
    }

    template <int Columns>
    void narrow(int vectors, const float* a, const float* b, float* r, const std::int64_t* to, std::int64_t count) const
    {
        if (vectors == 4)
            tile<Columns, 4>(a, b, r, to, count);
        else if (vectors == 3) // after a group of eight
            tile<Columns, 3>(a, b, r, to, count);
        else if (vectors == 2)
            tile<Columns, 2>(a, b, r, to, count);
        else
            tile<Columns, 1>(a, b, r, to, count);
    }

    template <int Columns, int Vectors>
    void tile(const float* a, const float* b, float* r, const std::int64_t* to, std::int64_t count) const
    {
        Vector sum[Columns][Vectors] = {};
        const std::int64_t* terms = terms_.a.data();
        const std::int64_t last = terms_.count();
        for (std::int64_t k = 0; k < last; ++k) {
            Vector line[Vectors];
            for (int v = 0; v < Vectors; ++v)
                line[v] = load(a + terms[k] + v * lanes);
            for (int j = 0; j < Columns; ++j)
                for (int v = 0; v < Vectors; ++v)
                    sum[j][v] += b[k * Columns + j] * line[v];
        }
        for (int j = 0; j < Columns; ++j) {
            if (count == Vectors * lanes) {
                for (int v = 0; v < Vectors; ++v)
                    store(r + to[j] + v * lanes, sum[j][v]);
                continue;
            }
            alignas(64) float part[Vectors * lanes];
            for (int v = 0; v < Vectors; ++v)
                store(part + v * lanes, sum[j][v]);
            std::memcpy(r + to[j], part, static_cast<std::size_t>(count) * sizeof(float));
        }
    }

    Points batch_, lines_, columns_, terms_;
    std::int64_t length_, chunk_, chunks_;
    std::vector<Group> groups_;
    std::unique_ptr<Buffer> packed_;
};
)cpp";
}

std::string_view cppSumText()
{
    return R"cpp(
// r[...] (+)= sum of a[...]: lines of results that are contiguous in a and r, summed over terms.
class Sum
{
public:
    enum class Result { set, add };

    Sum(Points steps, Points lines, std::int64_t length, Points terms, Result result)
        : steps_(std::move(steps)), lines_(std::move(lines)), terms_(std::move(terms)), length_(length),
          adds_(result == Result::add)
    {}

    void run(const float* a, float* r) const
    {
        for (std::int64_t s = 0; s < steps_.count(); ++s) {
OPENMP(omp parallel for schedule(static))
            for (std::int64_t i = 0; i < lines_.count(); ++i)
                line(a + steps_.a[s] + lines_.a[i], r + steps_.r[s] + lines_.r[i]);
        }
    }

private:
    void line(const float* a, float* r) const
    {
        if (length_ == 1) {
            float sum = adds_ ? *r : 0;
            for (const std::int64_t term : terms_.a)
                sum += a[term];
            *r = sum;
            return;
        }
        if (!adds_)
            std::fill_n(r, length_, 0.0f);
        for (const std::int64_t term : terms_.a) {
            const float* from = a + term;
OPENMP(omp simd)
            for (std::int64_t x = 0; x < length_; ++x)
                r[x] += from[x];
        }
    }

    Points steps_, lines_, terms_;
    std::int64_t length_;
    bool adds_;
};
)cpp";
}

} // namespace synoscope::codegen
