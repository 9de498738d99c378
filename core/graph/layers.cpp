#include "core/graph/layers.h"

#include "core/graph/field.h"
#include "core/graph/terms.h"

#include <algorithm>
#include <map>
#include <set>

namespace synoscope {

namespace {

using Row = std::vector<std::uint64_t>; // in the prime field

// Linear independence, row by row.
class RowSpace
{
public:
    // False when the row is a combination of those added before.
    bool add(Row row)
    {
        for (const auto& [pivot, reduced] : rows_) {
            const std::uint64_t factor = row[pivot];
            for (std::size_t i = 0; i < row.size() && factor != 0; ++i)
                row[i] = field::add(row[i], field::multiply(fieldPrime - factor, reduced[i]));
        }
        const auto pivot = std::ranges::find_if(row, [](std::uint64_t entry) { return entry != 0; });
        if (pivot == row.end())
            return false;
        const std::uint64_t scale = field::inverse(*pivot);
        const auto place = static_cast<std::size_t>(pivot - row.begin());
        for (std::uint64_t& entry : row)
            entry = field::multiply(entry, scale);
        rows_.emplace_back(place, std::move(row));
        return true;
    }

private:
    std::vector<std::pair<std::size_t, Row>> rows_; // by pivot, which is 1
};

std::set<std::int64_t> primesOf(std::span<const LayerShape> shapes)
{
    std::set<std::int64_t> primes;
    for (const LayerShape& shape : shapes)
        for (std::int64_t extent : shape)
            for (std::int64_t prime = 2; extent > 1; ++prime) {
                if (prime * prime > extent)
                    prime = extent;
                for (; extent % prime == 0; extent /= prime)
                    primes.insert(prime);
            }
    return primes;
}

// Adds what the layer says about products of powers of its extents: one row per prime, with the exponents of the prime
// in each extent, and with a column per prime for a factor that is the same in all layers.
bool addLayer(RowSpace& space, const LayerShape& shape, const std::set<std::int64_t>& primes)
{
    bool isNew = false;
    std::size_t number = 0;
    for (const std::int64_t prime : primes) {
        Row row(shape.size() + primes.size());
        for (std::size_t i = 0; i < shape.size(); ++i)
            for (std::int64_t extent = shape[i]; extent % prime == 0; extent /= prime)
                ++row[i];
        row[shape.size() + number++] = 1;
        isNew = space.add(std::move(row)) || isNew;
    }
    return isNew;
}

} // namespace

std::vector<Binding> distinctLayers(const PGraph& graph)
{
    std::vector<Binding> layers;
    for (const Binding& binding : graph.bindings()) {
        Binding layer;
        for (const Dimension& dimension : graph.dimensions())
            for (std::uint8_t i = 0; i < maxVariables; ++i)
                if (dimension.size.exponent({i}) != 0)
                    layer.set({i}, binding[{i}]);
        if (std::ranges::find(layers, layer) == layers.end())
            layers.push_back(layer);
    }
    return layers;
}

std::vector<std::size_t> tellingLayers(std::span<const LayerShape> shapes)
{
    std::map<std::pair<std::int64_t, LayerShape>, std::vector<std::size_t>> byShape; // the smallest first
    for (std::size_t i = 0; i < shapes.size(); ++i)
        byShape[{saturatingProduct(shapes[i]), shapes[i]}].push_back(i);
    const std::set<std::int64_t> primes = primesOf(shapes);
    RowSpace space;
    std::vector<std::size_t> chosen;
    for (const auto& [key, same] : byShape)
        if (addLayer(space, key.second, primes) || chosen.empty())
            chosen.insert(chosen.end(), same.begin(), same.end());
    return chosen;
}

} // namespace synoscope
