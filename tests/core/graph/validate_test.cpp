#include "core/graph/validate.h"
#include "support.h"

namespace synoscope::test {
namespace {

// The rules that an operator over input n:N c:C y:H breaks, one word each.
std::string broken(std::string_view statements)
{
    const PGraph graph =
        parsed("pgraph 1\nprimary N C H\ncoefficient k=3 s=2\ninput n:N c:C y:H\n" + std::string(statements));
    std::string rules;
    for (const Violation& violation : violations(graph)) {
        EXPECT_FALSE(violation.message.empty());
        rules += (rules.empty() ? "" : " ") + violation.rule;
    }
    return rules;
}

TEST(Validate, AcceptsTheWholeZoo)
{
    for (const PGraph& graph : zoo())
        for (const Violation& violation : violations(graph))
            ADD_FAILURE() << graph.name() << ": " << violation.rule << ": " << violation.message;
}

TEST(Validate, WantsAWeight)
{
    EXPECT_EQ(broken("y1 = shift y 1\noutput n c y1\n"), "no-weight");
}

TEST(Validate, RefusesAStrideThatDiscardsInput)
{
    EXPECT_EQ(broken("weight w i:C\nd = share c w.i\nt = stride y s\noutput n d t\n"), "discarded-input");
    EXPECT_EQ(
        broken("weight w i:C\nd = share c w.i\np, q = split y s\nz = shift p 1\nt = stride z s\noutput n d t q\n"),
        "discarded-input");
    EXPECT_EQ(broken("weight w i:C j:k\nd = share c w.i\ny1, wy = unfold y k\nt = stride y1 s\nr = share wy "
                     "w.j\nreduce r\noutput n d t\n"),
              "discarded-input");
    EXPECT_EQ(broken("weight w i:C j:k\nd = share c w.i\nm = merge y d\nt = stride m s\ne = expand k\nr = share e "
                     "w.j\noutput n t r\n"),
              "discarded-input discarded-input");
}

TEST(Validate, AcceptsAStrideWithinAWindow)
{
    EXPECT_EQ(broken("weight w i:C j:k\nd = share c w.i\ny1, wy = unfold y k*s\nz = shift wy 1\nt = stride z s\nr = "
                     "share t w.j\nreduce r\noutput n d y1\n"),
              "");
}

TEST(Validate, RefusesAnExpandThatOnlyCopies)
{
    EXPECT_EQ(broken("weight w i:C\nd = share c w.i\ne = expand s\noutput n d y e\n"), "bare-expand");
    EXPECT_EQ(broken("weight w i:C\nd = share c w.i\ne = expand s\nreduce e\noutput n d y\n"), "bare-expand");
    EXPECT_EQ(broken("weight w i:C\nd = share c w.i\ne = expand s\nf = expand k\nm = merge e f\nz = shift m 1\noutput "
                     "n d y z\n"),
              "bare-expand");
    EXPECT_EQ(broken("weight w i:C\nd = share c w.i\ne = expand s\nm = merge y e\noutput n d m\n"), "");
}

TEST(Validate, RefusesAWindowThatIsSummedBare)
{
    EXPECT_EQ(broken("weight w i:C\nd = share c w.i\ny1, wy = unfold y k\nreduce wy\noutput n d y1\n"), "box-filter");
    EXPECT_EQ(broken("weight w i:C\nd = share c w.i\ny1, wy = unfold y k*s\nt = stride wy s\nz = shift t 1\nreduce "
                     "z\noutput n d y1\n"),
              "box-filter");
    EXPECT_EQ(
        broken("weight w i:C\nd = share c w.i\ny1, wy = unfold y k*s\np, q = split wy s\nreduce p\noutput n d y1 q\n"),
        "box-filter");
    EXPECT_EQ(broken("weight w i:C\nd = share c w.i\np, q = split y s\nreduce q\noutput n d p\n"),
              ""); // pooling: a limit of the problem
}

TEST(Validate, RefusesADiagonalOfAWeight)
{
    EXPECT_EQ(broken("weight w i:C j:C\nd = share c w.i\ne = share d w.j\nreduce e\noutput n y\n"), "equal-axes");
    EXPECT_EQ(broken("weight w i:C j:C\nd = share c w.i\nz = shift d 1\ne = share z w.j\nreduce e\noutput n y\n"),
              "diagonal");
    EXPECT_EQ(broken("weight w i:C j:s\nd = share c w.i\np, q = split d s\ne = share q w.j\nreduce e\noutput n p y\n"),
              "diagonal");
    EXPECT_EQ(broken("weight v i:C\nweight w j:C\nd = share c v.i\ne = share d w.j\nreduce e\noutput n y\n"), "");
}

} // namespace
} // namespace synoscope::test
