#include "core/graph/reach.h"
#include "core/graph/terms.h"
#include "core/graph/writer.h"
#include "support.h"

#include <algorithm>

namespace synoscope::test {
namespace {

std::vector<std::int64_t> indexOf(std::int64_t element, const std::vector<std::int64_t>& shape)
{
    std::vector<std::int64_t> index(shape.size());
    for (std::size_t i = shape.size(); i-- > 0; element /= shape[i])
        index[i] = element % shape[i];
    return index;
}

// All terms of the operator, one by one; `free`: the output axis that does not stand in the middle.
ReachMap slowly(const PGraph& graph, const Binding& binding, std::optional<std::size_t> free, std::size_t row,
                std::size_t column)
{
    const auto out = graph.shape(graph.output(), binding);
    const auto in = graph.shape(graph.input(), binding);
    ReachMap map{free ? out[*free] : in[row], in[column], {}};
    map.terms.resize(static_cast<std::size_t>(map.rows * map.columns));
    Terms(graph, binding).forEach([&](std::int64_t o, std::int64_t i, std::span<const std::int64_t>) {
        const auto at = indexOf(o, out);
        for (std::size_t axis = 0; axis < out.size(); ++axis)
            if (axis != free && at[axis] != out[axis] / 2)
                return;
        const auto from = indexOf(i, in);
        ++map.terms[static_cast<std::size_t>((free ? at[*free] : from[row]) * map.columns + from[column])];
    });
    return map;
}

void expectAllMapsOf(const PGraph& graph)
{
    const Binding& binding = graph.bindings()[0];
    for (std::size_t column = 0; column < graph.input().size(); ++column) {
        for (std::size_t row = 0; row < graph.input().size(); ++row)
            if (row != column) {
                ASSERT_EQ(receptiveField(graph, binding, row, column), slowly(graph, binding, {}, row, column));
            }
        for (std::size_t row = 0; row < graph.output().size(); ++row)
            ASSERT_EQ(connectivity(graph, binding, row, column), slowly(graph, binding, row, row, column));
    }
}

TEST(Reach, CountsTheTermsOfEveryOperatorOfTheZoo)
{
    for (const PGraph& graph : zoo()) {
        SCOPED_TRACE(graph.name());
        expectAllMapsOf(graph);
    }
}

TEST(Reach, CountsTheTermsOfRandomOperators)
{
    Random random(31);
    int compared = 0;
    while (compared < 150) {
        const PGraph graph = randomOperator(random);
        if (Terms(graph, graph.bindings()[0]).points() > 20000)
            continue;
        ++compared;
        SCOPED_TRACE(writePGraph(graph));
        expectAllMapsOf(graph);
    }
}

TEST(Reach, AConvolutionLooksThroughAWindowAtAllChannels)
{
    const PGraph conv2d = zooOperator("conv2d");
    const Binding& layer = conv2d.bindings()[1]; // 64 channels, 56 x 56
    const auto field = receptiveField(conv2d, layer, 2, 3);
    ASSERT_TRUE(field);
    for (std::int64_t y = 0; y < 56; ++y)
        for (std::int64_t x = 0; x < 56; ++x)
            ASSERT_EQ(field->at(y, x), std::abs(y - 28) <= 1 && std::abs(x - 28) <= 1 ? 64 : 0);
    const auto channels = connectivity(conv2d, layer, 1, 1);
    ASSERT_TRUE(channels);
    EXPECT_EQ(channels->terms, std::vector<double>(64 * 64, 9));
    const PGraph grouped = zooOperator("grouped");
    const auto blocks = connectivity(grouped, grouped.bindings().back(), 1, 1);
    ASSERT_TRUE(blocks);
    EXPECT_GT(std::ranges::count(blocks->terms, 0.0), std::ssize(blocks->terms) / 4);
}

TEST(Reach, WhatIsTooMuchIsNotCounted)
{
    const PGraph conv2d = zooOperator("conv2d");
    const Binding& layer = conv2d.bindings()[1];
    EXPECT_FALSE(connectivity(conv2d, layer, 1, 1, 64 * 9 - 1)); // the channels by the window: 576 points
    EXPECT_FALSE(receptiveField(conv2d, layer, 2, 3, 8));        // the window
    EXPECT_TRUE(receptiveField(conv2d, layer, 2, 3, 9));
}

} // namespace
} // namespace synoscope::test
