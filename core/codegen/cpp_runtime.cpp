// The part of exported C++ that is the same for every operator, contractions (cpp_contractions.cpp) aside. It is C++17
// with the vector extensions of GCC and Clang.
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
#include <type_traits>
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

// Has a vector loaded once, where the compiler would rather read memory each time that it is used.
#if defined(__AVX512F__)
inline void keep(Vector& vector) { asm("" : "+v"(vector)); }
#elif defined(__AVX__)
inline void keep(Vector& vector) { asm("" : "+x"(vector)); }
#else
inline void keep(Vector&) {}
#endif

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

// Lines are short: a call of memcpy for each would take longer than the copy.
inline void copyLine(const float* from, float* to, std::int64_t count)
{
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes)
        store(to + i, load(from + i));
    if (i == count)
        return;
    if (count >= lanes) {
        store(to + count - lanes, load(from + count - lanes));
    } else if (count >= 4 && count <= 8) { // two halves, which may overlap
        std::memcpy(to, from, 4 * sizeof(float));
        std::memcpy(to + count - 4, from + count - 4, 4 * sizeof(float));
    } else {
        for (; i < count; ++i)
            to[i] = from[i];
    }
}

// to[...] = from[...] over a box; the last dimension is the innermost.
void copyBox(const float* from, float* to, const CopyDim* dim, const CopyDim* last)
{
    if (dim == last) {
        *to = *from;
    } else if (dim + 1 == last && dim->from == 1 && dim->to == 1) {
        copyLine(from, to, dim->extent);
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

std::string_view cppSumText()
{
    return R"cpp(
// r[...] (+)= sum of a[...]: lines of results that are contiguous in r, summed over terms.
class Sum
{
public:
    enum class Result { set, add };

    // `stride`: of a line in a.
    Sum(Points steps, Points lines, std::int64_t length, std::int64_t stride, Points terms, Result result)
        : steps_(std::move(steps)), lines_(std::move(lines)), terms_(std::move(terms)), length_(length),
          stride_(stride), adds_(result == Result::add)
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
        if (stride_ != 1) {
            for (std::int64_t x = 0; x < length_; ++x, a += stride_) {
                float sum = adds_ ? r[x] : 0;
                for (const std::int64_t term : terms_.a)
                    sum += a[term];
                r[x] = sum;
            }
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
    std::int64_t length_, stride_;
    bool adds_;
};
)cpp";
}

} // namespace synoscope::codegen
