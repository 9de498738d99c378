#include "core/search/forest.h"

#include <algorithm>
#include <cmath>

namespace synoscope {
namespace {

constexpr std::size_t leafSize = 3; // nodes of fewer rows are not cut

} // namespace

Forest::Forest(const Samples& samples, int trees, Random& random)
{
    if (samples.size() == 0)
        return;
    std::vector<std::uint32_t> rows(samples.size());
    for (int tree = 0; tree < trees; ++tree) {
        for (std::uint32_t& row : rows)
            row = random.below(static_cast<std::uint32_t>(samples.size()));
        roots_.push_back(grow(samples, rows, random));
    }
}

std::uint32_t Forest::grow(const Samples& samples, std::span<std::uint32_t> rows, Random& random)
{
    const auto id = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
    const Cut cut = rows.size() < leafSize ? Cut() : bestCut(samples, rows, random);
    if (cut.column < 0) {
        double sum = 0;
        for (const std::uint32_t row : rows)
            sum += samples.targets[row];
        nodes_[id].value = static_cast<float>(sum / static_cast<double>(rows.size()));
        return id;
    }
    const auto column = static_cast<std::size_t>(cut.column);
    const auto middle = std::stable_partition(
        rows.begin(), rows.end(), [&](std::uint32_t row) { return samples.at(row, column) < cut.threshold; });
    const auto left = static_cast<std::size_t>(middle - rows.begin());
    grow(samples, rows.first(left), random);
    const std::uint32_t right = grow(samples, rows.subspan(left), random);
    nodes_[id] = {cut.column, cut.threshold, right};
    return id;
}

// Of some columns that differ within the rows, each cut at a random place: the one that explains most.
Forest::Cut Forest::bestCut(const Samples& samples, std::span<const std::uint32_t> rows, Random& random)
{
    const auto wanted = static_cast<int>(std::ceil(1.5 * std::sqrt(static_cast<double>(samples.columns))));
    Cut best;
    for (int tried = 0, draws = 0; tried < wanted && draws < 6 * wanted; ++draws) {
        const std::uint32_t column = random.below(static_cast<std::uint32_t>(samples.columns));
        float low = samples.at(rows.front(), column);
        float high = low;
        for (const std::uint32_t row : rows) {
            low = std::min(low, samples.at(row, column));
            high = std::max(high, samples.at(row, column));
        }
        if (low == high)
            continue;
        ++tried;
        const float threshold = high - static_cast<float>(random.unit()) * (high - low); // above low: both sides have rows
        double sums[2]{}, counts[2]{};
        for (const std::uint32_t row : rows) {
            const bool above = samples.at(row, column) >= threshold;
            sums[above] += samples.targets[row];
            ++counts[above];
        }
        if (counts[0] == 0 || counts[1] == 0)
            continue;
        // The sum of squares between the sides; what remains within them is the less.
        const double difference = sums[0] / counts[0] - sums[1] / counts[1];
        const double gain = difference * difference * counts[0] * counts[1];
        if (gain > best.gain)
            best = {static_cast<std::int32_t>(column), threshold, gain};
    }
    return best;
}

Forest::Estimate Forest::operator()(std::span<const float> row) const
{
    double sum = 0;
    double squares = 0;
    for (std::uint32_t at : roots_) {
        while (nodes_[at].column >= 0)
            at = row[static_cast<std::size_t>(nodes_[at].column)] < nodes_[at].value ? at + 1 : nodes_[at].right;
        sum += nodes_[at].value;
        squares += static_cast<double>(nodes_[at].value) * nodes_[at].value;
    }
    const auto count = static_cast<double>(std::max<std::size_t>(1, roots_.size()));
    const double mean = sum / count;
    return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

} // namespace synoscope
