// The part of exported C++ that contracts: as a matrix product of packed panels, or along lines.
#include "core/codegen/cpp_writer.h"

namespace synoscope::codegen {

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

} // namespace synoscope::codegen
