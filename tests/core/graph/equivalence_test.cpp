// Fingerprints against what they stand for: rewritings keep them, and equal ones mean isomorphic sets of terms.
#include "core/graph/writer.h"
#include "isomorphism.h"
#include "rewriting.h"
#include "support.h"

#include <map>

namespace synoscope::test {
namespace {

Equivalence randomEquivalence(const PGraph& graph, Random& random)
{
    Equivalence equivalence;
    equivalence.unorderedInput = {random.below(2) == 0, random.below(4) == 0};
    equivalence.unorderedOutput = {random.below(2) == 0, random.below(4) == 0};
    if (random.below(2) == 0)
        equivalence.unorderedInput.clear(), equivalence.unorderedOutput.clear();
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
    std::printf("equal %d different %d unknown %d\n", equal, different, unknown);
}

} // namespace
} // namespace synoscope::test
