#include "core/graph/difference.h"

#include "core/graph/reader.h"

#include <gmock/gmock.h>

namespace synoscope {
namespace {

PGraph zoo(const std::string& name)
{
    auto graph = readPGraph(SYNOSCOPE_SOURCE_DIR "/resources/operators/" + name + ".pgraph");
    EXPECT_TRUE(graph) << graph.error().text();
    return std::move(*graph);
}

std::vector<std::string> described(const PGraph& graph, const std::vector<PrimitiveId>& primitives)
{
    std::vector<std::string> texts;
    for (const PrimitiveId id : primitives)
        texts.push_back(describe(graph, id));
    return texts;
}

TEST(Difference, AnOperatorSharesAllWithItselfHoweverItIsWritten)
{
    const PGraph conv = zoo("conv2d");
    const auto otherwise = parsePGraph(R"(pgraph 1
name another
primary N C_in C_out H W
coefficient k=3
input b:N channels:C_in row:H column:W
weight kernel i:C_in o:C_out p:k q:k
out = expand C_out
column1, q = unfold column k
row1, p = unfold row k
o = share out kernel.o
s = share channels kernel.i
t = share p kernel.p
u = share q kernel.q
reduce s t u
output b o row1 column1
)",
                                       "another");
    ASSERT_TRUE(otherwise) << otherwise.error().text();
    const GraphDifference result = difference(conv, *otherwise);
    EXPECT_EQ(result.shared.size(), conv.primitives().size());
    EXPECT_TRUE(result.onlyFirst.empty());
    EXPECT_TRUE(result.onlySecond.empty());
    for (const auto& [first, second] : result.shared)
        EXPECT_EQ(conv[first].kind, (*otherwise)[second].kind);
}

TEST(Difference, WhatDiffersIsNamed)
{
    const PGraph dense = zoo("conv2d"), pointwise = zoo("conv1x1");
    const GraphDifference result = difference(dense, pointwise);
    EXPECT_EQ(result.shared.size() + result.onlyFirst.size(), dense.primitives().size());
    EXPECT_EQ(result.shared.size() + result.onlySecond.size(), pointwise.primitives().size());
    const auto only = described(dense, result.onlyFirst);
    EXPECT_THAT(only, testing::Contains(testing::HasSubstr("unfold y:H by k")));
    EXPECT_THAT(only, testing::Contains(testing::HasSubstr("reduce")));
    EXPECT_GE(result.shared.size(), 3u); // channels and the new axis meet the weight in both
    EXPECT_TRUE(result.onlySecond.empty());
}

TEST(Difference, IsTheSameFromTheOtherSide)
{
    for (const char* a : {"conv2d", "dilated", "grouped", "pooled", "shift"})
        for (const char* b : {"conv2d", "depthwise", "low_rank"}) {
            const PGraph first = zoo(a), second = zoo(b);
            const GraphDifference there = difference(first, second), back = difference(second, first);
            EXPECT_EQ(there.shared.size(), back.shared.size()) << a << ' ' << b;
            EXPECT_EQ(there.onlyFirst.size(), back.onlySecond.size()) << a << ' ' << b;
        }
}

} // namespace
} // namespace synoscope
