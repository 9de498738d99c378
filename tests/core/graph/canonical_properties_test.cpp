// What "canonical" promises, on thousands of random operators: one text and one hash for every form of an operator, and
// another for another.
#include "core/graph/writer.h"
#include "support.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <set>

namespace synoscope::test {
namespace {

// Any size will do: nothing is computed.
PGraph randomLargeGraph(Random& random)
{
    return randomGraph(random, {.statements = 4 + static_cast<int>(random.below(20)), .mostPoints = 1e300});
}

TEST(CanonicalForm, IsOneForAllNamesAndOrdersOfARandomGraph)
{
    Random random(21);
    for (int i = 0; i < 3000; ++i) {
        const PGraph graph = randomLargeGraph(random);
        const std::string text = writePGraph(graph);
        ASSERT_EQ(writePGraph(parsed(text)), text);
        for (int round = 0; round < 2; ++round) {
            const PGraph other = parsed(shuffledText(graph, random));
            ASSERT_EQ(writePGraph(other), text);
            ASSERT_EQ(canonicalHash(other), canonicalHash(graph));
        }
    }
}

// The same operator but for the amount of one Shift.
std::optional<std::string> withAnotherShift(std::string text)
{
    const std::size_t statement = text.find("= shift ");
    if (statement == std::string::npos)
        return std::nullopt;
    return text.insert(text.find('\n', statement), "1"); // 2 -> 21
}

TEST(CanonicalForm, DiffersWhereAShiftDiffers)
{
    Random random(22);
    int compared = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::string text = writePGraph(randomLargeGraph(random));
        if (const auto other = withAnotherShift(text)) {
            ASSERT_NE(canonicalHash(parsed(*other)), canonicalHash(parsed(text))) << text;
            ++compared;
        }
    }
    EXPECT_GT(compared, 200);
}

TEST(CanonicalForm, DiffersWhereTheOrderOfOutputsDiffers)
{
    Random random(23);
    int compared = 0;
    for (int i = 0; i < 1000; ++i) {
        const PGraph graph = randomLargeGraph(random);
        const auto outputs = graph.output();
        if (outputs.size() < 2 || graph[outputs[0]].size == graph[outputs[1]].size)
            continue; // of equal sizes the two might be alike
        std::string text = writePGraph(graph);
        const std::size_t line = text.find("\noutput ") + 8;
        const std::size_t second = text.find(' ', line) + 1;
        const std::size_t end = text.find_first_of(" \n", second);
        text.replace(line, end - line, text.substr(second, end - second) + ' ' + text.substr(line, second - 1 - line));
        ASSERT_NE(canonicalHash(parsed(text)), canonicalHash(graph)) << text;
        ++compared;
    }
    EXPECT_GT(compared, 200);
}

using Edges = std::vector<std::pair<int, int>>;

// A random graph without loops and double edges in which each vertex has three neighbours.
Edges randomCubicGraph(int vertices, Random& random)
{
    for (;;) {
        std::vector<int> ends(static_cast<std::size_t>(3 * vertices));
        for (std::size_t i = 0; i < ends.size(); ++i)
            ends[i] = static_cast<int>(i) / 3;
        for (std::size_t i = ends.size(); i > 1; --i)
            std::swap(ends[i - 1], ends[random.below(static_cast<std::uint32_t>(i))]);
        std::set<std::pair<int, int>> edges;
        for (std::size_t i = 0; i < ends.size(); i += 2)
            if (ends[i] != ends[i + 1])
                edges.insert(std::minmax(ends[i], ends[i + 1]));
        if (2 * edges.size() == ends.size())
            return {edges.begin(), edges.end()};
    }
}

// Vertices are weights, edges are summed axes that two weights share: no axis, no weight is told from another but by
// the whole. The order of the two Shares of an edge counts, so that each edge is there both ways.
std::string textOf(const Edges& edges, int vertices)
{
    std::string text = "pgraph 1\nprimary N C\ninput n:N\n";
    for (int vertex = 0; vertex < vertices; ++vertex) {
        text += fmt::format("weight w{}", vertex);
        for (std::size_t edge = 0; edge < edges.size(); ++edge)
            if (edges[edge].first == vertex || edges[edge].second == vertex)
                text += fmt::format(" a{0}:C b{0}:C", edge);
        text += '\n';
    }
    for (std::size_t edge = 0; edge < edges.size(); ++edge) {
        const auto [from, to] = edges[edge];
        text += fmt::format("e{0} = expand C\nf{0} = share e{0} w{1}.a{0}\ng{0} = share f{0} w{2}.a{0}\nreduce g{0}\n"
                            "h{0} = expand C\ni{0} = share h{0} w{2}.b{0}\nj{0} = share i{0} w{1}.b{0}\nreduce j{0}\n",
                            edge, from, to);
    }
    return text + "output n\nbind N=2 C=2\n";
}

TEST(CanonicalForm, TellsTheSixCubicGraphsOfEightVerticesApart)
{
    Random random(24);
    std::set<std::string> hashes;
    for (int i = 0; i < 300; ++i) {
        const PGraph graph = parsed(textOf(randomCubicGraph(8, random), 8));
        hashes.insert(canonicalHash(graph));
        if (i % 10 == 0) {
            ASSERT_EQ(canonicalHash(parsed(shuffledText(graph, random))), canonicalHash(graph));
        }
    }
    EXPECT_EQ(hashes.size(), 6u); // 5 connected ones, and two tetrahedra
}

} // namespace
} // namespace synoscope::test
