#include "core/graph/formula.h"
#include "support.h"

#include <fmt/format.h>

namespace synoscope::test {
namespace {

TEST(Formula, OfAConvolutionReadsAsInABook)
{
    EXPECT_EQ(formula(zooOperator("conv2d")), "out[n, o, y, x] = sum over c:C_in, ky:k, kx:k of "
                                              "in[n, c, y + ky - floor(k/2), x + kx - floor(k/2)] * w0[o, c, ky, kx]");
}

TEST(Formula, SaysWhereTermsAreZeroWhenTheInputDoesNot)
{
    EXPECT_EQ(formula(zooOperator("pooled")),
              "out[n, o, y2, x2] = sum over c:C_in, yi:s, xi:s, ky:k, kx:k of "
              "in[n, c, (y2 / s + ky - floor(k/2))*s + yi, (x2 / s + kx - floor(k/2))*s + xi] * w0[o, c, ky, kx] "
              "where 0 <= y2 / s + ky - floor(k/2) < H*s^-1, 0 <= x2 / s + kx - floor(k/2) < W*s^-1");
}

TEST(Formula, NeedsNoSumWithoutReductions)
{
    const PGraph graph = parsed("pgraph 1\nprimary N\ninput n:N\nweight w i:N\na = share n w.i\noutput a\n");
    EXPECT_EQ(formula(graph), "out[n] = in[n] * w[n]");
}

TEST(Formula, KeepsIteratorsApartFromVariablesAndWeights)
{
    const PGraph graph =
        parsed("pgraph 1\nprimary N k\ninput k:k N:N n:N\nweight n i:k\na = share k n.i\nreduce a\noutput N n\n");
    EXPECT_EQ(formula(graph), "out[N1, n1] = sum over k1:k of in[k1, N1, n1] * n[k1]");
}

TEST(Formula, InLatexHasSubscriptsAndFloors)
{
    EXPECT_EQ(latexFormula(zooOperator("conv2d")),
              "\\mathrm{out}_{n, o, y, x} = \\sum_{c < C_{in}} \\sum_{\\mathit{ky} < k} \\sum_{\\mathit{kx} < k} "
              "\\mathrm{in}_{n,\\, c,\\, y + \\mathit{ky} - \\lfloor k / 2 \\rfloor,\\, x + \\mathit{kx} - \\lfloor k "
              "/ 2 \\rfloor} "
              "\\cdot \\mathit{w0}_{o,\\, c,\\, \\mathit{ky},\\, \\mathit{kx}}");
}

TEST(LoopNest, TestsEachGuardAsSoonAsItCanBeKnown)
{
    EXPECT_EQ(loopNest(zooOperator("conv1d")), R"(out = 0
for n in 0 .. N - 1:
  for o in 0 .. C_out - 1:
    for y in 0 .. H - 1:
      for x in 0 .. W - 1:
        for c in 0 .. C_in - 1:
          for kx in 0 .. k - 1:
            if not 0 <= x + kx - floor(k/2) < W: continue
            out[n, o, y, x] += in[n, c, y, x + kx - floor(k/2)] * w0[o, c, kx]
)");
}

TEST(Formula, ExistsForTheWholeZoo)
{
    for (const PGraph& graph : zoo()) {
        EXPECT_TRUE(formula(graph).starts_with("out[")) << graph.name();
        EXPECT_EQ(formula(graph).find('\n'), std::string::npos);
        EXPECT_NE(latexFormula(graph).find("\\sum"), std::string::npos);
        EXPECT_NE(loopNest(graph).find("+="), std::string::npos);
    }
}

// Every round doubles the expression when it is written out; fifty would need 2^50 characters.
TEST(Formula, StaysReadableWhereExpressionsRepeatThemselves)
{
    std::string text = "pgraph 1\nprimary A\ncoefficient b=2\ninput i:A\nweight w j:b\n";
    std::string from = "i";
    for (int i = 0; i < 40; ++i) {
        text += fmt::format(
            "p{0}, q{0} = split {1} b\nr{0} = shift q{0} 1\nm{0} = merge p{0} r{0}\ns{0} = shift m{0} 1\n", i, from);
        from = fmt::format("s{}", i);
    }
    text += fmt::format("e = expand b\nf = share e w.j\nreduce f\noutput {}\n", from);
    const PGraph graph = parsed(text);
    EXPECT_LT(formula(graph).size(), 20000u);
    EXPECT_LT(latexFormula(graph).size(), 40000u);
    EXPECT_LT(loopNest(graph).size(), 40000u);
    const Coordinates coordinates(graph, Simplify::no);
    EXPECT_LT(toString(coordinates, coordinates[graph.input()[0]], iteratorNames(graph), graph.variables()).size(),
              200000u);
}

} // namespace
} // namespace synoscope::test
