#include "core/graph/fingerprint.h"
#include "core/graph/writer.h"
#include "support.h"

#include <ctime>
#include <fmt/format.h>
#include <set>

namespace synoscope::test {
namespace {

TEST(Writer, WritesEqualBytesForEveryFormOfAZooOperator)
{
    Random random(1);
    for (const PGraph& graph : zoo()) {
        const std::string canonical = writePGraph(graph);
        for (int round = 0; round < 60; ++round) {
            const std::string text = shuffledText(graph, random);
            ASSERT_EQ(writePGraph(parsed(text)), canonical) << text;
        }
    }
}

TEST(Writer, WritesWhatReadsBackAsTheSameOperator)
{
    for (const PGraph& graph : zoo()) {
        const std::string text = writePGraph(graph);
        const PGraph again = parsed(text);
        EXPECT_EQ(writePGraph(again), text);
        EXPECT_EQ(canonicalHash(again), canonicalHash(graph)) << text;
        EXPECT_EQ(fingerprint(again), fingerprint(graph)) << text;
        EXPECT_EQ(again.name(), graph.name());
        ASSERT_EQ(again.bindings().size(), graph.bindings().size());
        for (std::size_t layer = 0; layer < graph.bindings().size(); ++layer)
            EXPECT_EQ(again.shape(again.input(), again.bindings()[layer]),
                      graph.shape(graph.input(), graph.bindings()[layer]));
    }
}

TEST(Writer, NamesAxesReadably)
{
    EXPECT_EQ(writePGraph(zooOperator("conv2d")), R"(pgraph 1
name conv2d
primary C_in C_out H N W
coefficient k=3
input n:N c_in:C_in h:H w:W
weight w0 c_out:C_out c_in:C_in k_h:k k_w:k
h1, k_h = unfold h k
w1, k_w = unfold w k
c_out = expand C_out
c_out1 = share c_out w0.c_out
c_in1 = share c_in w0.c_in
k_h1 = share k_h w0.k_h
k_w1 = share k_w w0.k_w
reduce c_in1 k_h1 k_w1
output n c_out1 h1 w1
bind C_in=4 C_out=6 H=5 N=2 W=7
bind C_in=64 C_out=64 H=56 N=1 W=56
bind C_in=128 C_out=128 H=28 N=1 W=28
)");
}

TEST(Writer, GivesEveryZooOperatorItsOwnHash)
{
    std::set<std::string> hashes;
    for (const PGraph& graph : zoo())
        hashes.insert(canonicalHash(graph));
    EXPECT_EQ(hashes.size(), zooTexts().size());
    EXPECT_GE(hashes.size(), 11u);
}

// Pairs of weights that are alike, one after the other, and axes that are alike within a weight: refinement alone
// cannot tell them apart.
std::string symmetricText(int twins)
{
    std::string text = "pgraph 1\nprimary N C\ninput n:N c:C\nweight w a:C\n";
    std::string reduce = "reduce";
    for (int i = 0; i < twins; ++i) {
        text += fmt::format("weight u{0} a:C b:C\ne{0} = expand C\nf{0} = expand C\ng{0} = share e{0} u{0}.a\nh{0} = "
                            "share f{0} u{0}.b\n",
                            i);
        reduce += fmt::format(" g{0} h{0}", i);
    }
    return text + reduce + "\nd = share c w.a\noutput n d\nbind N=2 C=3\n";
}

TEST(Writer, IsCanonicalAndQuickForSymmetricOperators)
{
    Random random(2);
    const PGraph graph = parsed(symmetricText(8));
    const std::string canonical = writePGraph(graph);
    for (int round = 0; round < 10; ++round)
        ASSERT_EQ(writePGraph(parsed(shuffledText(graph, random))), canonical);
}

TEST(Writer, StaysPolynomialForTheMostSymmetricOperatorAllowed)
{
    Random random(3);
    const PGraph graph = parsed(symmetricText(40));
    const std::clock_t start = std::clock();
    const std::string canonical = writePGraph(graph);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    EXPECT_LT(seconds, 10.0); // 0.1 in a release, a few under sanitizers; 40! leaves would never end
    EXPECT_EQ(writePGraph(parsed(shuffledText(graph, random))), canonical);
}

// A cycle of six weights against two cycles of three: refinement gives all weights one colour in both.
std::string cyclesText(const std::vector<int>& next)
{
    std::string text = "pgraph 1\nprimary N C\ninput n:N\n";
    for (std::size_t i = 0; i < next.size(); ++i)
        text += fmt::format("weight w{} out:C in:C\n", i);
    std::string reduce = "reduce";
    for (std::size_t i = 0; i < next.size(); ++i) {
        text += fmt::format("e{0} = expand C\nf{0} = share e{0} w{0}.out\ng{0} = share f{0} w{1}.in\n", i, next[i]);
        reduce += fmt::format(" g{}", i);
    }
    return text + reduce + "\noutput n\nbind N=2 C=2\n";
}

TEST(Writer, TellsApartWhatRefinementAloneCannot)
{
    Random random(4);
    const PGraph one = parsed(cyclesText({1, 2, 3, 4, 5, 0}));
    const PGraph two = parsed(cyclesText({1, 2, 0, 4, 5, 3}));
    EXPECT_NE(canonicalHash(one), canonicalHash(two));
    for (int round = 0; round < 20; ++round) {
        ASSERT_EQ(canonicalHash(parsed(shuffledText(one, random))), canonicalHash(one));
        ASSERT_EQ(canonicalHash(parsed(shuffledText(two, random))), canonicalHash(two));
    }
}

TEST(CanonicalHash, IgnoresNameLayersAndUnusedVariables)
{
    const PGraph graph = zooOperator("conv1x1");
    const std::string hash = canonicalHash(graph);
    EXPECT_EQ(canonicalHash(graph.withName("other")), hash);
    EXPECT_EQ(canonicalHash(graph.withBindings({})), hash);
    std::string text = writePGraph(graph);
    text.insert(text.find("input"), "primary Z\ncoefficient unused=7\n");
    EXPECT_EQ(canonicalHash(parsed(text)), hash);
    EXPECT_NE(writePGraph(parsed(text)), writePGraph(graph));
}

TEST(CanonicalHash, CountsTheValuesOfCoefficientsAndTheOrderOfOutputs)
{
    std::string text = readText(SYNOSCOPE_SOURCE_DIR "/resources/operators/conv2d.pgraph");
    const std::string hash = canonicalHash(parsed(text));
    std::string wider = text;
    wider.replace(wider.find("k=3"), 3, "k=5");
    EXPECT_NE(canonicalHash(parsed(wider)), hash);
    std::string turned = text;
    turned.replace(turned.find("output n f y1 x1"), 16, "output n f x1 y1");
    EXPECT_NE(canonicalHash(parsed(turned)), hash);
}

TEST(Writer, KeepsNamesThatCouldBeTakenForSomethingElse)
{
    const PGraph graph = zooOperator("linear");
    for (const std::string name : {"= x", ", y", "a # b", "  spaces  inside ", "two\nlines", "", "größe"}) {
        const PGraph again = parsed(writePGraph(graph.withName(name)));
        EXPECT_EQ(writePGraph(again), writePGraph(graph.withName(name))) << name;
    }
    EXPECT_EQ(parsed(writePGraph(graph.withName("größe 2"))).name(), "größe 2");
}

TEST(Writer, WritesALayersCoefficientsWhereTheyDifferFromTheDeclaration)
{
    const std::string text = writePGraph(zooOperator("grouped"));
    EXPECT_NE(text.find("bind C_in=64 C_out=64 H=56 N=1 W=56 g=32\n"), std::string::npos) << text;
    EXPECT_NE(text.find("bind C_in=4 C_out=6 H=5 N=2 W=7\n"), std::string::npos) << text;
}

} // namespace
} // namespace synoscope::test
