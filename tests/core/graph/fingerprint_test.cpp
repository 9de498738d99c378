#include "core/graph/fingerprint.h"
#include "core/graph/writer.h"
#include "support.h"

#include <map>

namespace synoscope::test {
namespace {

TEST(Fingerprint, IsTheSameForEveryFormOfAZooOperator)
{
    Random random(1);
    for (const PGraph& graph : zoo()) {
        const std::string expected = fingerprint(graph);
        for (int round = 0; round < 5; ++round)
            EXPECT_EQ(fingerprint(parsed(shuffledText(graph, random))), expected) << graph.name();
    }
}

TEST(Fingerprint, TellsAllZooOperatorsApart)
{
    std::map<std::string, std::string> seen;
    for (const PGraph& graph : zoo()) {
        const auto [entry, fresh] = seen.emplace(fingerprint(graph), graph.name());
        EXPECT_TRUE(fresh) << graph.name() << " and " << entry->second;
    }
}

std::string channelsAndSpace(std::string_view statements)
{
    return "pgraph 1\nprimary N C_in C_out H W\ncoefficient k=3 s=2 g=32\ninput n:N c:C_in y:H x:W\n" +
           std::string(statements) + "\nbind N=1 C_in=64 C_out=64 H=56 W=56\n";
}

// Pairs of graphs that differ as graphs and are one operator.
TEST(Fingerprint, IsEqualForDifferentGraphsOfOneOperator)
{
    const std::string pointwise = "e = expand C_out\nf = share e w.o\nreduce r\noutput n f y1 x1";
    const std::vector<std::pair<std::string, std::string>> pairs{
        // A shift of a channel before or after it is multiplied: a rotation of the weight's entries.
        {"weight w o:C_out c:C_in\ny1 = shift y 1\nx1 = shift x 1\nz = shift c 1\nr = share z w.c\n" + pointwise,
         "weight w o:C_out c:C_in\ny1 = shift y 1\nx1 = shift x 1\nz = share c w.c\nr = shift z 1\n" + pointwise},
        // A channel split into parts, each reduced, or the whole.
        {"weight w o:C_out c:C_in\ny1 = shift y 1\nx1 = shift x 1\nr = share c w.c\n" + pointwise,
         "weight w o:C_out g:C_in/g c:g\ny1 = shift y 1\nx1 = shift x 1\np, q = split c g\nr = share p w.g\nt = share "
         "q w.c\nreduce t\n" +
             pointwise},
        // A weight with its axes transposed, and one axis written as two.
        {"weight w o:C_out c:C_in ky:k\ny1, wy = unfold y k\nx1 = shift x 1\nr = share c w.c\nt = share wy "
         "w.ky\nreduce t\n" +
             pointwise,
         "weight w ky:k c:C_in o:C_out\ny1, wy = unfold y k\nx1 = shift x 1\nr = share wy w.ky\nt = share c "
         "w.c\nreduce t\n" +
             pointwise},
        // Shifts that add up.
        {"weight w o:C_out c:C_in\ny1 = shift y 3\nx1 = shift x 1\nr = share c w.c\n" + pointwise,
         "weight w o:C_out c:C_in\ny2 = shift y 1\ny1 = shift y2 2\nx1 = shift x 1\nr = share c w.c\n" + pointwise},
        // An output channel written as two axes merged.
        {"weight w o:C_out c:C_in\ny1 = shift y 1\nx1 = shift x 1\nr = share c w.c\n" + pointwise,
         "weight w g:C_out/s o:s c:C_in\ny1 = shift y 1\nx1 = shift x 1\nr = share c w.c\n"
         "a = expand C_out/s\nb = share a w.g\nd = expand s\ne = share d w.o\nf = merge b e\nreduce r\noutput n f y1 "
         "x1"},
    };
    for (const auto& [one, other] : pairs) {
        const PGraph a = parsed(channelsAndSpace(one));
        const PGraph b = parsed(channelsAndSpace(other));
        EXPECT_EQ(fingerprint(a), fingerprint(b)) << one << "\n--\n" << other;
    }
    const auto hash = [](const std::string& text) { return canonicalHash(parsed(channelsAndSpace(text))); };
    EXPECT_NE(hash(pairs[0].first), hash(pairs[0].second)); // else there was nothing to show
}

TEST(Fingerprint, TellsApartWhatDiffersInOneNumber)
{
    const auto text = [](std::string_view shift, std::string_view window, std::string_view x) {
        return channelsAndSpace(
            "weight w o:C_out c:C_in ky:" + std::string(window) + "\ny0 = shift y " + std::string(shift) +
            "\ny1, wy = unfold y0 " + std::string(window) +
            "\nr = share c w.c\nt = share wy w.ky\nreduce t r\ne = expand C_out\nf = share e w.o\n" + std::string(x) +
            "\noutput n f y1 x1");
    };
    std::map<std::string, std::string> seen;
    for (const std::string shift : {"1", "2", "-1"})
        for (const std::string window : {"k", "s", "k^2", "k*s", "g"})
            for (const std::string x : {"x1 = shift x 1", "x1 = shift x -1", "p, q = split x s\nx1 = merge q p",
                                        "p, q = split x W/s\nx1 = merge q p"})
                EXPECT_TRUE(seen.emplace(fingerprint(parsed(text(shift, window, x))), shift + window + x).second)
                    << shift << " " << window << " " << x;
}

TEST(Fingerprint, CountsHowOftenATermStands)
{
    const std::string once =
        "weight w c:C_in o:C_out\nr = share c w.c\nreduce r\ne = expand C_out\nf = share e w.o\noutput n f y x";
    const std::string twice = "weight w c:C_in o:C_out\nr = share c w.c\nd = expand s\nreduce r d\ne = expand C_out\nf "
                              "= share e w.o\noutput n f y x";
    EXPECT_NE(fingerprint(parsed(channelsAndSpace(once))), fingerprint(parsed(channelsAndSpace(twice))));
}

TEST(Fingerprint, SeesTheValuesOfLargeCoefficients)
{
    std::string text = readText(SYNOSCOPE_SOURCE_DIR "/resources/operators/grouped.pgraph");
    const auto with = [&](std::string_view groups) {
        std::string other = text.substr(0, text.find("bind"));
        other.replace(other.find("g=2"), 3, groups);
        return fingerprint(parsed(other));
    };
    EXPECT_NE(with("g=16"), with("g=32"));
    EXPECT_NE(with("g=2"), with("g=32"));
}

TEST(Fingerprint, DoesNotDependOnTheNamesOfVariables)
{
    const std::string one = "pgraph 1\nprimary A B\ncoefficient k=3\ninput a:A b:B\nweight w k:k\nb1, j = unfold b "
                            "k\nr = share j w.k\nreduce r\noutput a b1\n";
    const std::string other = "pgraph 1\ncoefficient a=3\nprimary B A\ninput a:B b:A\nweight w k:a\nb1, j = unfold b "
                              "a\nr = share j w.k\nreduce r\noutput a b1\n";
    EXPECT_EQ(fingerprint(parsed(one)), fingerprint(parsed(other)));
}

TEST(Fingerprint, AnswersForOperatorsTooLargeToBeProbed)
{
    std::string text = "pgraph 1\nprimary N\ncoefficient k=3\ninput n:N\n";
    std::string from = "n";
    std::string reduce = "reduce";
    for (int i = 0; i < 30; ++i) {
        text += "weight w" + std::to_string(i) + " k:k\n";
        const std::string to = "n" + std::to_string(i);
        text += to + ", j" + std::to_string(i) + " = unfold " + from + " k\ns" + std::to_string(i) + " = share j" +
                std::to_string(i) + " w" + std::to_string(i) + ".k\n";
        reduce += " s" + std::to_string(i);
        from = to;
    }
    const PGraph graph = parsed(text + reduce + "\noutput " + from + "\n");
    Random random(5);
    EXPECT_EQ(fingerprint(graph), fingerprint(parsed(shuffledText(graph, random))));
}

} // namespace
} // namespace synoscope::test
