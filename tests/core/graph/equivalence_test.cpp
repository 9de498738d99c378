// Fingerprints against what they stand for: rewritings keep them, and equal ones mean isomorphic sets of terms.
#include "core/graph/terms.h"
#include "core/graph/writer.h"
#include "isomorphism.h"
#include "rewriting.h"
#include "support.h"

#include <algorithm>
#include <map>

namespace synoscope::test {
namespace {

Equivalence randomEquivalence(const PGraph& graph, Random& random)
{
    Equivalence equivalence;
    equivalence.unorderedInput = {random.below(2) == 0, random.below(4) == 0};
    equivalence.unorderedOutput = {random.below(2) == 0, random.below(4) == 0};
    if (random.below(2) == 0)
        equivalence = {};
    const auto same = [&](std::span<const DimensionId> axes) {
        return axes.size() == 3 && graph[axes[1]].size == graph[axes[2]].size;
    };
    if (same(graph.input()) && same(graph.output()) &&
        (equivalence.unorderedInput.empty() || (!equivalence.unorderedInput[1] && !equivalence.unorderedOutput[1])))
        equivalence.interchangeable = {{1, 2}};
    return equivalence;
}

const char* toText(std::optional<bool> answer)
{
    return !answer ? "unknown" : *answer ? "equal" : "different";
}

TEST(Equivalence, RewritingsKeepTheFingerprint)
{
    Random random(21);
    for (int i = 0; i < 600; ++i) {
        const PGraph graph = tinyOperator(random);
        const Equivalence equivalence = randomEquivalence(graph, random);
        const std::string print = fingerprint(graph, equivalence);
        PGraph other = graph;
        for (int round = 0; round < 4; ++round) {
            other = rewritten(round % 2 == 0 ? graph : other, equivalence, random);
            ASSERT_NE(isomorphic(graph, other, 0, equivalence), false)
                << shuffledText(graph, random) << shuffledText(other, random);
            ASSERT_EQ(fingerprint(other, equivalence), print)
                << shuffledText(graph, random) << shuffledText(other, random)
                << toText(isomorphic(graph, other, 0, equivalence));
        }
    }
}

// Whether two operators with the same shapes are equal in every layer.
std::optional<bool> equalInAllLayers(const PGraph& a, const PGraph& b, const Equivalence& equivalence)
{
    for (std::size_t layer = 0; layer < a.bindings().size(); ++layer) {
        const auto same = isomorphic(a, b, layer, equivalence);
        if (same != true)
            return same;
    }
    return true;
}

TEST(Equivalence, FingerprintsAreEqualExactlyWhenTheTermsAreIsomorphic)
{
    Random random(22);
    int equal = 0, different = 0, unknown = 0;
    for (const bool ordered : {false, true}) {
        Equivalence equivalence;
        if (!ordered)
            equivalence = {{true}, {true}, {{1, 2}}};
        std::map<std::string, std::vector<std::pair<PGraph, std::string>>> byShape;
        for (int i = 0; i < 3000; ++i) {
            const PGraph graph = tinyOperator(random);
            std::string shape;
            for (const Binding& layer : graph.bindings())
                for (const std::int64_t extent : graph.shape(graph.output(), layer))
                    shape += std::to_string(extent) + ",";
            byShape[shape].emplace_back(graph, fingerprint(graph, equivalence));
        }
        for (const auto& [shape, graphs] : byShape)
            for (std::size_t i = 0; i < graphs.size(); ++i)
                for (std::size_t j = 0; j < i && j < 60; ++j) {
                    const auto same = equalInAllLayers(graphs[i].first, graphs[j].first, equivalence);
                    if (!same) {
                        ++unknown;
                        continue;
                    }
                    ++(*same ? equal : different);
                    EXPECT_EQ(graphs[i].second == graphs[j].second, *same)
                        << writePGraph(graphs[i].first) << writePGraph(graphs[j].first);
                }
    }
    EXPECT_GT(equal, 100);
    EXPECT_GT(different, 50'000);
    EXPECT_EQ(unknown, 0);
}

// A product of matrices and the like: digits, each of which is part of some of input, output and two weights.
PGraph randomContraction(Random& random)
{
    std::string head = "pgraph 1\nprimary C\ncoefficient s=2\ninput c:C\n";
    std::array<std::string, 2> weights{"weight u", "weight v"};
    std::string body = "p, c0 = split c s\nc2, c1 = split p s\n";
    std::string reduced;
    std::vector<std::string> outputs;
    for (int digit = 0; digit < 7; ++digit) {
        std::string axis = digit < 3 ? "c" + std::to_string(digit) : "e" + std::to_string(digit);
        if (digit >= 3)
            body += axis + " = expand s\n";
        const std::string size = digit == 2 ? "C*s^-2" : "s";
        for (std::size_t w = 0; w < 2; ++w) {
            if (random.below(2) == 0 && !(w == 1 && weights[1].size() == 8 && digit == 6))
                continue;
            weights[w] += " " + axis + ":" + size;
            const std::string next = axis + "x";
            body += next + " = share " + axis + " " + std::string(1, "uv"[w]) + "." + axis + "\n";
            axis = next;
        }
        const bool shifted = digit < 3 && random.below(3) == 0;
        if (shifted)
            body += axis + "z = shift " + axis + " 1\n", axis += "z";
        // Three digits make up the output.
        if (outputs.size() < 3 && (random.below(2) == 0 || 7 - digit <= 3 - static_cast<int>(outputs.size())))
            outputs.push_back(axis);
        else
            reduced += " " + axis;
    }
    for (std::size_t w = 0; w < 2; ++w)
        if (weights[w].size() > 8)
            head += weights[w] + "\n";
    body += "o = merge " + outputs[0] + " " + outputs[1] + "\n";
    if (random.below(3) == 0)
        body += "oz = shift o 1\no1 = merge oz " + outputs[2] + "\n";
    else
        body += "o1 = merge o " + outputs[2] + "\n";
    return parsed(head + body + "reduce" + reduced + "\noutput o1\nbind C=8\n");
}

TEST(Equivalence, TellsContractionsApartByWhichAxesTheirWeightsShare)
{
    Random random(23);
    const Equivalence equivalence{{true}, {true}, {}};
    int equal = 0, different = 0, unknown = 0;
    std::map<std::vector<std::int64_t>, std::vector<std::pair<PGraph, std::string>>> byWeights;
    for (int i = 0; i < 700; ++i) {
        const PGraph graph = randomContraction(random);
        std::vector<std::int64_t> sizes;
        for (const Weight& weight : graph.weights())
            sizes.push_back(saturatingProduct(graph.shape(weight.axes, graph.bindings()[0])));
        std::ranges::sort(sizes);
        byWeights[sizes].emplace_back(graph, fingerprint(graph, equivalence));
    }
    for (const auto& [sizes, graphs] : byWeights)
        for (std::size_t i = 0; i < graphs.size(); ++i)
            for (std::size_t j = 0; j < i && j < 12; ++j) {
                const auto same = isomorphic(graphs[i].first, graphs[j].first, 0, equivalence);
                if (!same) {
                    ++unknown;
                    continue;
                }
                ++(*same ? equal : different);
                EXPECT_EQ(graphs[i].second == graphs[j].second, *same)
                    << writePGraph(graphs[i].first) << writePGraph(graphs[j].first);
            }
    EXPECT_GT(equal, 20);
    EXPECT_GT(different, 5000);
    EXPECT_EQ(unknown, 0);
}

TEST(Equivalence, TellsOneLongCycleFromTwoShortOnes)
{
    // Output and pairs of input channels form a ring by the Shift; in parts, two rings.
    const auto ring = [](std::string_view between) {
        return parsed("pgraph 1\nprimary C\ncoefficient s=2\ninput c:C\nweight w g:C*s^-1\ng0, b = split c s\n"
                      "g = share g0 w.g\ny = merge g b\n" +
                      std::string(between) + "o, r = split x s\nreduce r\noutput o\nbind C=16\nbind C=24\n");
    };
    const Equivalence equivalence{{true}, {true}, {}};
    const PGraph one = ring("x = shift y 1\n");
    const PGraph two = ring("h, q = split y C*s^-1\nz = shift q 1\nx = merge h z\n");
    EXPECT_EQ(isomorphic(one, two, 0, equivalence), false);
    EXPECT_NE(fingerprint(one, equivalence), fingerprint(two, equivalence));
    const PGraph back = ring("x = shift y -3\n");
    EXPECT_EQ(isomorphic(one, back, 0, equivalence), true);
    EXPECT_EQ(fingerprint(one, equivalence), fingerprint(back, equivalence));
}

} // namespace
} // namespace synoscope::test
