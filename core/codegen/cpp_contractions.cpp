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
// A contraction whose vectors run along lines of rows that are contiguous in a and r; each entry of b is a factor for
// whole vectors. A tile is columns x lines x vectors of sums in registers. Good for few columns (groups, depthwise, low
// rank), where lanes along columns would lie idle, and for few terms, as results leave the registers in order. What
// several tiles read is gathered for them first, from far places into one.
class Lines
{
public:
    Lines(Points batch, Points lines, std::int64_t length, Points columns, Points terms)
        : batch_(std::move(batch)), lines_(std::move(lines)), columns_(std::move(columns)), terms_(std::move(terms)),
          length_(length)
    {
        const std::int64_t groups = (columns_.count() + mostColumns - 1) / mostColumns;
        for (std::int64_t i = 0; i < groups; ++i) {
            const std::int64_t first = columns_.count() * i / groups;
            groups_.push_back({first, static_cast<int>(columns_.count() * (i + 1) / groups - first)});
        }
        double least = 0;
        for (const int vectors : {1, 2, 4}) {
            const double time = estimate(groups_.back().columns, vectors);
            const bool fits = vectors * lanes <= length_ && groups_.back().columns * vectors <= mostSums;
            if (vectors == 1 || (fits && time < least)) {
                least = time;
                vectors_ = vectors;
            }
        }
        reach_ = linesAtATime();
        gathers_ = groups_.size() >= 3 && terms_.count() * reach_ * vectors_ * lanes <= mostGathered &&
                   std::all_of(groups_.begin(), groups_.end(), [this](const Group& group) {
                       return linesOf(group.columns, vectors_) == reach_;
                   });
        places_ = (length_ + vectors_ * lanes - 1) / (vectors_ * lanes);
    }

    void pack(const float* b)
    {
        if (!packed_)
            packed_ = std::make_unique<Buffer>(batch_.count() * columns_.count() * terms_.count());
        float* to = packed_->data();
        for (std::int64_t g = 0; g < batch_.count(); ++g)
            for (const Group& group : groups_)
                for (std::int64_t k = 0; k < terms_.count(); ++k)
                    for (int j = 0; j < group.columns; ++j)
                        *to++ = b[batch_.b[g] + terms_.b[k] + columns_.b[group.first + j]];
    }

    void run(const float* a, float* r) const
    {
        const std::int64_t blocks = (lines_.count() + reach_ - 1) / reach_;
        const std::int64_t tasks = batch_.count() * blocks * places_;
OPENMP(omp parallel for schedule(static))
        for (std::int64_t task = 0; task < tasks; ++task) {
            const std::int64_t g = task / (blocks * places_);
            const float* b = packed_->data() + g * columns_.count() * terms_.count();
            // The last place of a line overlaps the one before it, where there is one.
            const std::int64_t at =
                std::max<std::int64_t>(0, std::min(task % places_ * vectors_ * lanes, length_ - vectors_ * lanes));
            block(a + batch_.a[g] + at, b, r + batch_.r[g] + at, task / places_ % blocks * reach_);
        }
    }

private:
    static constexpr int mostColumns = 6; // of a tile
    static constexpr int mostLines = 4;
    static constexpr int mostSums = lanes == 16 ? 24 : 12; // vectors that a tile keeps in registers
    static constexpr std::int64_t mostGathered = 16384;    // floats

    struct Group
    {
        std::int64_t first;
        int columns;
    };

    static constexpr int linesOf(int columns, int vectors)
    {
        const int lines = mostSums / (columns * vectors);
        return lines < 1 ? 1 : lines > mostLines ? mostLines : lines;
    }

    // Cycles: two multiplications and two loads in each, and four until a sum can be used again.
    double estimate(int columns, int vectors) const
    {
        const int lines = linesOf(columns, vectors);
        const double tiles = static_cast<double>((lines_.count() + lines - 1) / lines) *
                             static_cast<double>((length_ + vectors * lanes - 1) / (vectors * lanes));
        const int sums = columns * lines * vectors;
        const double term = std::max({sums / 2.0, (columns + lines * vectors + 1) / 2.0, 4.0});
        return tiles * (term * static_cast<double>(terms_.count()) + 2 * sums + 10);
    }

    std::int64_t linesAtATime() const
    {
        std::int64_t most = 1;
        for (const Group& group : groups_)
            most = std::max<std::int64_t>(most, linesOf(group.columns, vectors_));
        return most;
    }

    void block(const float* a, const float* b, float* r, std::int64_t line) const
    {
        if (!gathers_)
            return groups(InPlace{a, lines_.a.data(), terms_.a.data()}, b, r, line);
        alignas(64) float gathered[mostGathered];
        const int width = vectors_ * lanes;
        float* to = gathered;
        const std::int64_t end = std::min(line + reach_, lines_.count());
        for (const std::int64_t term : terms_.a)
            for (std::int64_t i = line; i < line + reach_; ++i)
                for (int v = 0; v < width; v += lanes, to += lanes)
                    store(to, load(a + lines_.a[std::min(i, end - 1)] + term + v));
        groups(Gathered{gathered, reach_ * width, width}, b, r, line);
    }

    // Where a tile finds what it reads.
    struct InPlace
    {
        const float* a;
        const std::int64_t* lines;
        const std::int64_t* terms;

        const float* line(std::int64_t line, int i, std::int64_t end) const
        {
            return a + lines[std::min(line + i, end - 1)]; // where lines end, the last one several times
        }
        std::int64_t term(std::int64_t k) const { return terms[k]; }
    };
    struct Gathered
    {
        const float* a;
        std::int64_t stride;
        int width;

        const float* line(std::int64_t, int i, std::int64_t) const { return a + i * width; }
        std::int64_t term(std::int64_t k) const { return k * stride; }
    };

    template <typename Source>
    void groups(const Source& source, const float* b, float* r, std::int64_t line) const
    {
        for (const Group& group : groups_) {
            const std::int64_t* to = columns_.r.data() + group.first;
            if constexpr (std::is_same_v<Source, InPlace>) // three groups, of 13 columns or more, are gathered for
                switch (group.columns) {
                case 1: columns<1>(source, b, r, to, line); break;
                case 2: columns<2>(source, b, r, to, line); break;
                case 3: columns<3>(source, b, r, to, line); break;
                default: break;
                }
            switch (group.columns) {
            case 4: columns<4>(source, b, r, to, line); break;
            case 5: columns<5>(source, b, r, to, line); break;
            case 6: columns<6>(source, b, r, to, line); break;
            default: break;
            }
            b += group.columns * terms_.count();
        }
    }

    template <int Columns, typename Source>
    void columns(const Source& source, const float* b, float* r, const std::int64_t* to, std::int64_t line) const
    {
        const std::int64_t end = std::min(line + reach_, lines_.count());
        while (line < end) {
            if (vectors_ == 1)
                line += tile<Columns, linesOf(Columns, 1), 1>(source, b, r, to, line, end);
            else if (vectors_ == 2)
                line += tile<Columns, linesOf(Columns, 2), 2>(source, b, r, to, line, end);
            else if constexpr (Columns * 4 <= mostSums)
                line += tile<Columns, linesOf(Columns, 4), 4>(source, b, r, to, line, end);
        }
    }

    template <int Columns, int Lines, int Vectors, typename Source>
    std::int64_t tile(const Source& source, const float* b, float* r, const std::int64_t* to, std::int64_t line,
                      std::int64_t end) const
    {
        Vector sum[Columns][Lines][Vectors] = {};
        const float* from[Lines];
        for (int i = 0; i < Lines; ++i)
            from[i] = source.line(line, i, end);
        const std::int64_t last = terms_.count();
        for (std::int64_t k = 0; k < last; ++k) {
            const std::int64_t term = source.term(k);
            if constexpr (Columns < Lines * Vectors) { // the fewer stay in registers, the others pass by
                float factor[Columns];
                for (int j = 0; j < Columns; ++j)
                    factor[j] = b[k * Columns + j];
                for (int i = 0; i < Lines; ++i)
                    for (int v = 0; v < Vectors; ++v) {
                        const Vector value = load(from[i] + term + v * lanes);
                        for (int j = 0; j < Columns; ++j)
                            sum[j][i][v] += factor[j] * value;
                    }
            } else {
                Vector value[Lines][Vectors];
                for (int i = 0; i < Lines; ++i)
                    for (int v = 0; v < Vectors; ++v)
                        value[i][v] = load(from[i] + term + v * lanes);
                for (int j = 0; j < Columns; ++j) {
                    const float factor = b[k * Columns + j];
                    for (int i = 0; i < Lines; ++i)
                        for (int v = 0; v < Vectors; ++v)
                            sum[j][i][v] += factor * value[i][v];
                }
            }
        }
        for (int j = 0; j < Columns; ++j)
            for (int i = 0; i < Lines && line + i < end; ++i)
                write<Vectors>(r + to[j] + lines_.r[line + i], sum[j][i]);
        return Lines;
    }

    template <int Vectors>
    void write(float* r, const Vector* sum) const
    {
        if (Vectors > 1 || length_ >= lanes) {
            for (int v = 0; v < Vectors; ++v)
                store(r + v * lanes, sum[v]);
            return;
        }
        alignas(64) float part[lanes];
        store(part, sum[0]);
        std::memcpy(r, part, static_cast<std::size_t>(length_) * sizeof(float));
    }

    Points batch_, lines_, columns_, terms_;
    std::int64_t length_, reach_ = 1, places_ = 1;
    int vectors_ = 1;
    bool gathers_ = false;
    std::vector<Group> groups_;
    std::unique_ptr<Buffer> packed_;
};
)cpp";
}

} // namespace synoscope::codegen
