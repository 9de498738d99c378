// Digits and factors against the reference enumeration of all terms.
#include "core/graph/factors.h"
#include "core/graph/field.h"
#include "core/graph/layer_print.h"
#include "core/graph/terms.h"
#include "rewriting.h"
#include "support.h"

#include <algorithm>
#include <numeric>

namespace synoscope::test {
namespace {

using Counts = std::vector<std::int64_t>; // how often each member stands, ascending, without those that never do

Counts sortedCounts(Counts counts)
{
    std::erase(counts, 0);
    std::ranges::sort(counts);
    return counts;
}

// By class: in how many terms each member stands; from the factors, as products.
std::vector<Counts> countsByFactors(const PGraph& graph, const UnorderedAxes& unordered)
{
    const auto form = DigitForm::of(graph, graph.bindings()[0]);
    const Factoriser factoriser(*form, unordered);
    AxisLabels labels(std::max(graph.input().size(), graph.output().size()));
    std::iota(labels.begin(), labels.end(), 0);
    std::vector<Counts> product;
    for (std::size_t i = 0; i < factoriser.factors(); ++i) {
        const Factor factor = *factoriser.factor(i, labels);
        product.resize(factor.columns.size(), Counts{1});
        for (std::size_t c = 0; c < product.size(); ++c) {
            Counts here(factor.columns[c].members, 0);
            const auto points = static_cast<std::int64_t>(factor.places.size());
            if (!factor.columns[c].present())
                here = {points * factor.copies};
            for (const std::uint32_t member : factor.columns[c].index)
                ++here[member];
            if (factor.columns[c].present() && factor.copies > 1)
                here.assign(static_cast<std::size_t>(factor.copies), 1);
            Counts both;
            for (const std::int64_t a : product[c])
                for (const std::int64_t b : here)
                    both.push_back(a * b);
            product[c] = std::move(both);
        }
    }
    std::ranges::transform(product, product.begin(), sortedCounts);
    return product;
}

TEST(Factors, MultiplyToTheTermsOfTheReferenceEnumeration)
{
    Random random(31);
    for (int i = 0; i < 400; ++i) {
        const PGraph graph = tinyOperator(random);
        const Binding& layer = graph.bindings()[0];
        const UnorderedAxes none{std::vector<bool>(graph.input().size()), std::vector<bool>(graph.output().size())};
        std::vector<Counts> expected;
        for (const Weight& weight : graph.weights())
            expected.emplace_back(static_cast<std::size_t>(saturatingProduct(graph.shape(weight.axes, layer))));
        Terms(graph, layer).forEach([&](std::int64_t, std::int64_t, std::span<const std::int64_t> members) {
            for (std::size_t w = 0; w < members.size(); ++w)
                ++expected[w][static_cast<std::size_t>(members[w])];
        });
        std::ranges::transform(expected, expected.begin(), sortedCounts);
        ASSERT_EQ(countsByFactors(graph, none), expected) << shuffledText(graph, random);
    }
}

TEST(Factors, OfAConvolutionAreItsIndependentDigits)
{
    const PGraph conv = parsed("pgraph 1\nprimary N C_in C_out H\ncoefficient k=3\ninput n:N c:C_in y:H x:H\n"
                               "weight w o:C_out c:C_in ky:k kx:k\ny1, j = unfold y k\nx1, i = unfold x k\n"
                               "r = share c w.c\nry = share j w.ky\nrx = share i w.kx\nreduce r ry rx\n"
                               "e = expand C_out\no = share e w.o\noutput n o y1 x1\nbind N=1 C_in=64 C_out=64 H=56\n");
    const auto form = DigitForm::of(conv, conv.bindings()[0]);
    const Factoriser factoriser(*form, {{false, true, false, false}, {false, true, false, false}});
    std::vector<std::pair<std::size_t, std::int64_t>> sizes;
    for (std::size_t i = 0; i < factoriser.factors(); ++i) {
        const Factor factor = *factoriser.factor(i, {0, 1, 2, 3});
        sizes.emplace_back(factor.places.size(), factor.copies);
    }
    std::ranges::sort(sizes);
    // The batch of one and the constants; channels in and out; rows and columns without what the guards remove.
    using Sizes = std::vector<std::pair<std::size_t, std::int64_t>>;
    EXPECT_EQ(sizes, (Sizes{{1, 1}, {1, 1}, {1, 64}, {1, 64}, {56 * 3 - 2, 1}, {56 * 3 - 2, 1}}));
}

// What makes the split irrelevant: the same terms, taken apart or left in one piece, have one hash.
TEST(Factors, HaveTheHashOfTheirProduct)
{
    const std::string head = "pgraph 1\nprimary A B\ncoefficient s=2\ninput a:A b:B\nweight w a:A b:B\nweight v a:A\n"
                             "a1 = share a w.a\na2 = share a1 v.a\nb1 = share b w.b\n";
    const std::string layer = "bind A=8 B=6\n";
    const PGraph apart = parsed(head + "reduce a2\noutput b1\n" + layer);
    // A Shift by one of both axes merged brings all digits together, and is taken back.
    const PGraph joined = parsed(head +
                                 "m = merge a2 b1\nn = shift m 1\nq, p = split n B\nr = merge q p\nt = shift r -1\n"
                                 "a3, b2 = split t B\nreduce a3\noutput b2\n" +
                                 layer);
    for (const bool unordered : {false, true}) {
        const Equivalence equivalence{{unordered, unordered}, {unordered}, {}};
        EXPECT_EQ(fingerprint(apart, equivalence), fingerprint(joined, equivalence));
    }
}

} // namespace
} // namespace synoscope::test
