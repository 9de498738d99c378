#include "core/graph/fingerprint.h"
#include "core/graph/formula.h"
#include "core/graph/interpreter.h"
#include "core/graph/validate.h"
#include "core/graph/writer.h"
#include "support.h"

#include <map>

namespace synoscope::test {
namespace {

TEST(RandomOperators, AreWrittenCanonicallyAndKeepTheirFingerprint)
{
    Random random(11);
    for (int i = 0; i < 400; ++i) {
        const PGraph graph = randomOperator(random);
        const std::string text = writePGraph(graph);
        const std::string print = fingerprint(graph);
        for (int round = 0; round < 3; ++round) {
            const PGraph other = parsed(shuffledText(graph, random));
            ASSERT_EQ(writePGraph(other), text);
            ASSERT_EQ(fingerprint(other), print) << text;
            ASSERT_EQ(violations(other).size(), violations(graph).size()) << text;
        }
        ASSERT_TRUE(formula(graph).starts_with("out["));
    }
}

// What a fingerprint calls equal gives equal sums of all outputs for weights of one value: a bijection of entries
// cannot change those.
TEST(RandomOperators, OfOneFingerprintAgreeOnConstantWeights)
{
    Random random(12);
    std::map<std::string, std::pair<std::vector<std::uint64_t>, std::string>> seen;
    int duplicates = 0;
    for (int i = 0; i < 1500; ++i) {
        const PGraph graph = randomOperator(random);
        const Binding& layer = graph.bindings()[0];
        const auto points = [&] {
            double product = 1;
            for (const auto& axes : {graph.output(), graph.reductions()})
                for (const std::int64_t extent : graph.shape(axes, layer))
                    product *= static_cast<double>(extent);
            return product;
        };
        if (points() > 20000)
            continue;
        ModularArray input{graph.shape(graph.input(), layer), {}};
        for (std::int64_t e = 0; e < input.elements(); ++e)
            input.values.push_back(mix(static_cast<std::uint64_t>(e)) % 1000003);
        std::vector<ModularArray> weights;
        for (const Weight& weight : graph.weights()) {
            ModularArray ones{graph.shape(weight.axes, layer), {}};
            ones.values.assign(static_cast<std::size_t>(ones.elements()), 1);
            weights.push_back(std::move(ones));
        }
        const auto output = evaluateModulo(graph, layer, input, weights);
        ASSERT_TRUE(output);
        const auto [entry, fresh] = seen.try_emplace(fingerprint(graph), output->values, writePGraph(graph));
        duplicates += !fresh;
        ASSERT_EQ(entry->second.first, output->values) << entry->second.second << writePGraph(graph);
    }
    EXPECT_GT(duplicates, 5); // else nothing was tested
    EXPECT_GT(seen.size(), 200u);
}

} // namespace
} // namespace synoscope::test
