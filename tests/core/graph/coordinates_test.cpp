#include "core/graph/coordinates.h"
#include "core/graph/formula.h"
#include "support.h"

#include <fmt/format.h>

namespace synoscope::test {
namespace {

// The coordinates of the input's axes, simplified, in one line.
std::string simplified(std::string_view statements, Simplify simplify = Simplify::yes)
{
    const PGraph graph = parsed("pgraph 1\nprimary A\ncoefficient b=2 c=3\n" + std::string(statements));
    const Coordinates coordinates(graph, simplify);
    std::string text;
    for (const DimensionId id : graph.input())
        text += (text.empty() ? "" : ", ") +
                toString(coordinates, coordinates[id], iteratorNames(graph), graph.variables());
    return text;
}

TEST(Coordinates, MergeAfterSplitIsNothing)
{
    EXPECT_EQ(simplified("input i:A\nx, y = split i b\nm = merge x y\noutput m"), "m");
}

TEST(Coordinates, SplitAfterMergeIsNothing)
{
    EXPECT_EQ(simplified("input i:A j:b\nm = merge i j\nx, y = split m b\noutput x y"), "x, y");
}

TEST(Coordinates, OppositeShiftsCancelAndOthersAddUp)
{
    EXPECT_EQ(simplified("input i:A\nx = shift i 2\ny = shift x -2\noutput y"), "i");
    EXPECT_EQ(simplified("input i:A\nx = shift i 2\ny = shift x 3\noutput y"), "(i + 5) % A");
}

TEST(Coordinates, SplitChainsLeanToOneSide)
{
    const std::string left = simplified("input i:A\nx, z = split i b\nw, y = split x c\noutput w y z");
    const std::string right = simplified("input i:A\nw, x = split i b*c\ny, z = split x b\noutput w y z");
    EXPECT_EQ(left, "w*(b*c) + y*b + z");
    EXPECT_EQ(right, left);
    EXPECT_EQ(simplified("input i:A\nx, z = split i b\nw, y = split x c\noutput w y z", Simplify::no),
              "(w*c + y)*b + z");
}

TEST(Coordinates, ReshapingInTwoWaysIsReshapingOnce)
{
    // Three axes into one, then parted elsewhere than they met.
    EXPECT_EQ(
        simplified(
            "input i:A j:b k:c\nm = merge i j\nn = merge m k\nx, y = split n b*c\np, q = split y c\noutput x p q"),
        "x, p, q");
    EXPECT_EQ(simplified("input i:A j:b k:c\nm = merge i j\nn = merge m k\noutput n"), "n / (b*c), (n / c) % b, n % c");
}

TEST(Coordinates, LiteralOnesSayWhatThePrimitivesSay)
{
    EXPECT_EQ(simplified("input i:A\nx, y = split i b\nm = merge x y\noutput m", Simplify::no), "(m / b)*b + m % b");
}

TEST(Coordinates, WindowsAndStridesStay)
{
    EXPECT_EQ(simplified("input i:A\nx, y = unfold i c*b\nz = stride y b\nreduce z\noutput x"),
              "i + b*z - floor((b*c)/2)");
}

// At every point, simplified and literal coordinates have the same values.
TEST(Coordinates, SimplifyingChangesNoValue)
{
    const std::vector<std::string> texts{"input i:A\nx, z = split i b\nw, y = split x c\nm = merge y z\nn = merge w "
                                         "m\no = shift n 3\np = shift o -1\noutput p\nbind A=12\n",
                                         "input i:A j:b k:c\nm = merge i j\nn = merge m k\nx, y = split n b*c\np, q = "
                                         "split y c\noutput q p x\nbind A=4\n",
                                         "input i:A*b\nx, y = split i b\nu, v = split x c\np = shift v 1\nm = merge u "
                                         "p\nn = merge m y\noutput n\nbind A=6\n"};
    for (const std::string& text : texts) {
        const PGraph graph = parsed("pgraph 1\nprimary A\ncoefficient b=2 c=3\n" + text);
        const Coordinates literal(graph, Simplify::no);
        const Coordinates simple(graph, Simplify::yes);
        ConcreteCoordinates a(literal, graph.bindings()[0]);
        ConcreteCoordinates b(simple, graph.bindings()[0]);
        std::vector<std::int64_t> point(a.extents().size());
        int points = 0;
        for (bool more = true; more; ++points) {
            a.evaluate(point);
            b.evaluate(point);
            for (const DimensionId id : graph.input())
                ASSERT_EQ(a[literal[id]], b[simple[id]]) << text;
            more = false;
            for (std::size_t i = point.size(); i-- > 0 && !more;)
                if (more = ++point[i] < a.extents()[i]; !more)
                    point[i] = 0;
        }
        EXPECT_GE(points, 12);
    }
}

} // namespace
} // namespace synoscope::test
