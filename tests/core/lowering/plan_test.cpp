#include "core/lowering/execute.h"
#include "core/lowering/plan.h"
#include "random_graph.h"

#include "core/graph/reader.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>

namespace synoscope {
namespace {

PGraph zoo(const std::string& name)
{
    auto graph = readPGraph(std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators" / (name + ".pgraph"));
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().text());
    return *graph;
}

PGraph parse(std::string_view text)
{
    auto graph = parsePGraph(text, "test");
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().text());
    return *graph;
}

std::vector<StepKind> kinds(const Plan& plan)
{
    std::vector<StepKind> result;
    for (const Step& step : plan.steps)
        if (step.kind != StepKind::input && step.kind != StepKind::weight)
            result.push_back(step.kind);
    return result;
}

std::int64_t count(const Plan& plan, StepKind kind)
{
    return std::ranges::count(plan.steps, kind, &Step::kind);
}

double deviation(const PGraph& graph, const Binding& binding)
{
    Random random(3);
    const auto [input, weights] = test::randomArguments(graph, binding, random);
    return test::deviation(*execute(lower(graph), binding, input, weights), *evaluate(graph, binding, input, weights));
}

// The numbers of a binding by name, for writing down costs.
struct Numbers
{
    const PGraph& graph;
    const Binding& binding;
    double operator[](std::string_view name) const
    {
        return static_cast<double>(binding[*graph.variables().find(name)]);
    }
};

struct ZooCase
{
    const char* name;
    int convolutions;
    int einsums;
    int unfolds;
    double (*flops)(const Numbers&);
    friend std::ostream& operator<<(std::ostream& out, const ZooCase& c) { return out << c.name; }
};

double pixels(const Numbers& n)
{
    return n["N"] * n["H"] * n["W"];
}

class ZooPlanTest : public testing::TestWithParam<ZooCase>
{};

TEST_P(ZooPlanTest, IsLoweredToTheStepsAPersonWouldWrite)
{
    const Plan plan = lower(zoo(GetParam().name));
    EXPECT_EQ(count(plan, StepKind::convolution), GetParam().convolutions) << toString(plan);
    EXPECT_EQ(count(plan, StepKind::einsum), GetParam().einsums) << toString(plan);
    EXPECT_EQ(count(plan, StepKind::unfold), GetParam().unfolds) << toString(plan);
    EXPECT_EQ(count(plan, StepKind::permute), 0) << toString(plan);
}

TEST_P(ZooPlanTest, CostsWhatCountingByHandGives)
{
    const PGraph graph = zoo(GetParam().name);
    const Plan plan = lower(graph);
    for (const Binding& binding : graph.bindings()) {
        EXPECT_EQ(cost(plan, binding).flops, GetParam().flops({graph, binding}));
        EXPECT_EQ(flops(graph, binding), GetParam().flops({graph, binding}));
    }
}

TEST_P(ZooPlanTest, ComputesWhatTheInterpreterComputes)
{
    const PGraph graph = zoo(GetParam().name);
    EXPECT_LT(deviation(graph, graph.bindings()[0]), 1e-13);
}

INSTANTIATE_TEST_SUITE_P(
    Zoo, ZooPlanTest,
    testing::Values(
        ZooCase{"conv1d", 1, 0, 0, [](const Numbers& n) { return 2 * pixels(n) * n["C_in"] * n["C_out"] * n["k"]; }},
        ZooCase{"conv1x1", 1, 0, 0, [](const Numbers& n) { return 2 * pixels(n) * n["C_in"] * n["C_out"]; }},
        ZooCase{"conv2d", 1, 0, 0,
                [](const Numbers& n) { return 2 * pixels(n) * n["C_in"] * n["C_out"] * n["k"] * n["k"]; }},
        ZooCase{"depthwise", 1, 0, 0, [](const Numbers& n) { return 2 * pixels(n) * n["C"] * n["k"] * n["k"]; }},
        ZooCase{"depthwise_separable", 2, 0, 0,
                [](const Numbers& n) { return 2 * pixels(n) * n["C_in"] * (n["k"] * n["k"] + n["C_out"]); }},
        ZooCase{"dilated", 1, 0, 0,
                [](const Numbers& n) { return 2 * pixels(n) * n["C_in"] * n["C_out"] * n["k"] * n["k"]; }},
        ZooCase{"grouped", 1, 0, 0,
                [](const Numbers& n) { return 2 * pixels(n) * n["C_in"] * n["C_out"] / n["g"] * n["k"] * n["k"]; }},
        ZooCase{"linear", 0, 1, 0, [](const Numbers& n) { return 2 * n["N"] * n["L"] * n["D_in"] * n["D_out"]; }},
        ZooCase{"low_rank", 2, 0, 0,
                [](const Numbers& n) { return 2 * pixels(n) * n["r"] * (n["C_in"] * n["k"] * n["k"] + n["C_out"]); }},
        ZooCase{"pooled", 1, 1, 0,
                [](const Numbers& n) {
                    return pixels(n) * n["C_in"] +
                           2 * pixels(n) / (n["s"] * n["s"]) * n["C_in"] * n["C_out"] * n["k"] * n["k"];
                }},
        ZooCase{"shift", 1, 0, 0, [](const Numbers& n) { return 2 * pixels(n) * n["C_in"] * n["C_out"]; }}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(PlanTest, EveryOperatorOfTheZooComputesWhatTheInterpreterComputes)
{
    int files = 0;
    const auto folder = std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".pgraph")
            continue;
        ++files;
        const PGraph graph = zoo(entry.path().stem().string());
        EXPECT_LT(deviation(graph, graph.bindings()[0]), 1e-12) << entry.path();
    }
    EXPECT_GE(files, 11);
}

constexpr std::string_view crossingShares = R"(pgraph 1
name crossing
primary N H
coefficient k=3
input n:N y:H
weight w0 a:H b:k
y1, j = unfold y k
p = share y1 w0.a
z, l = unfold p k
q = share l w0.b
reduce j q
output n z
bind N=2 H=5
)";

TEST(PlanTest, SharesOfOneWeightThatCannotMeetAtOnceAreMetOneAfterTheOther)
{
    const PGraph graph = parse(crossingShares);
    EXPECT_LT(deviation(graph, graph.bindings()[0]), 1e-13) << toString(lower(graph));
}

TEST(PlanTest, WeightsThatWaitForEachOtherAreBroughtInOneAxisAtATime)
{
    const PGraph graph = parse(R"(pgraph 1
name deadlock
primary A B
coefficient k=2
input a:A b:B
weight w0 p:A q:B
weight w1 r:B s:A
a1 = share a w0.p
a2 = shift a1 1
a3 = share a2 w1.s
b1 = share b w1.r
b2 = shift b1 2
b3 = share b2 w0.q
reduce a3
output b3
bind A=4 B=5
)");
    EXPECT_LT(deviation(graph, graph.bindings()[0]), 1e-13) << toString(lower(graph));
}

TEST(PlanTest, EvenWindowsAreConvolutionsThatLeanToTheFront)
{
    const PGraph graph = zoo("conv2d");
    Binding binding = graph.bindings()[0];
    for (const std::int64_t k : {1, 2, 4, 6}) {
        binding.set(*graph.variables().find("k"), k);
        EXPECT_LT(deviation(graph.withBindings({binding}), binding), 1e-13) << "window " << k;
    }
}

TEST(PlanTest, TheSecondOfTwoUnfoldsOfOneAxisIsNotMistakenForAWiderWindow)
{
    const PGraph graph = parse(R"(pgraph 1
name chained
primary N H
coefficient k=3 m=4
input n:N y:H
weight w0 a:k b:m
y1, j = unfold y k
y2, l = unfold y1 m
p = share j w0.a
q = share l w0.b
reduce p q
output n y2
bind N=2 H=6
)");
    const Plan plan = lower(graph);
    EXPECT_EQ(count(plan, StepKind::unfold), 1) << toString(plan);
    EXPECT_LT(deviation(graph, graph.bindings()[0]), 1e-13) << toString(plan);
}

TEST(PlanTest, AWindowShiftedBeyondItsDilationIsNoConvolution)
{
    PGraph graph = zoo("dilated");
    Binding binding = graph.bindings()[0];
    binding.set(*graph.variables().find("d"), 1); // the shift by 1 now turns the window around
    graph = graph.withBindings({binding});
    EXPECT_EQ(count(lower(graph), StepKind::convolution), 0);
    EXPECT_LT(deviation(graph, binding), 1e-13);
}

TEST(PlanTest, RepeatsCopyOnceAndOuterAxesAreNeverExpanded)
{
    EXPECT_EQ(count(lower(zoo("conv2d")), StepKind::expand), 0);
    const std::vector<StepKind> pooled{StepKind::reshape, StepKind::einsum, StepKind::convolution,
                                       StepKind::expand,  StepKind::expand, StepKind::reshape};
    EXPECT_EQ(kinds(lower(zoo("pooled"))), pooled);
}

TEST(PlanTest, StridesComeBeforeTheContraction)
{
    const PGraph graph = parse(R"(pgraph 1
name strided
primary N C H
coefficient k=3 s=2
input n:N c:C y:H
weight w0 c:C j:k
y1, j = unfold y k
t = stride y1 s
a = share c w0.c
b = share j w0.j
reduce a b
output n t
bind N=2 C=3 H=8
)");
    EXPECT_EQ(cost(lower(graph), graph.bindings()[0]).flops, 2.0 * 2 * 4 * 3 * 3) << toString(lower(graph));
}

TEST(PlanTest, FanInsMultiplyToTheNumberOfTermsOfOneResult)
{
    for (const char* name : {"conv2d", "depthwise_separable", "low_rank", "pooled", "linear", "dilated"}) {
        const PGraph graph = zoo(name);
        Size terms;
        for (const DimensionId id : graph.reductions())
            terms = terms * graph[id].size;
        Size product;
        for (const Size& fanIn : fanIns(lower(graph)))
            product = product * fanIn;
        EXPECT_EQ(product, terms) << name;
    }
}

TEST(PlanTest, CostsOfViewsAreNothingAndOfParametersTheirNumber)
{
    const PGraph graph = zoo("low_rank");
    const Cost c = cost(lower(graph), graph.bindings()[0]); // N=1 C_in=4 C_out=6 H=5 W=7 r=2 k=3
    EXPECT_EQ(c.parameters, 2 * 4 * 9 + 6 * 2);
    EXPECT_EQ(c.bytesMoved, 4 * (4 * 35 + 72 + 2 * 35 + 2 * 35 + 12 + 6 * 35));
    EXPECT_EQ(c.peakBytes, 4 * (4 * 35 + 72 + 12 + 2 * 35 + 6 * 35));
}

TEST(PlanTest, ReadsAsOneStepALine)
{
    EXPECT_EQ(toString(lower(zoo("linear"))),
              "%0 = input                                               [n:N, l:L, i:D_in]\n"
              "%1 = weight w0                                           [o:D_out, i:D_in]\n"
              "%2 = einsum %0 %1 0 1 2, 3 2 -> 0 1 3                    [n:N, l:L, o:D_out]\n");
}

TEST(PlanTest, ExecutionRefusesArraysOfTheWrongShape)
{
    const PGraph graph = zoo("linear");
    Random random(1);
    auto [input, weights] = test::randomArguments(graph, graph.bindings()[0], random);
    EXPECT_FALSE(execute(lower(graph), graph.bindings()[0], weights[0], weights));
    EXPECT_FALSE(execute(lower(graph), graph.bindings()[0], input, {}));
    EXPECT_FALSE(execute(lower(graph), Binding(), input, weights));
}

TEST(PlanTest, GraphsWithManyWeightsAreLoweredInReasonableTime)
{
    std::string text = "pgraph 1\nname many\nprimary N C\ninput n:N c:C\n";
    std::string body;
    std::string axis = "c";
    for (int i = 0; i < 40; ++i) {
        text += "weight w" + std::to_string(i) + " c:C\n";
        body += "c" + std::to_string(i) + " = share " + axis + " w" + std::to_string(i) + ".c\n";
        axis = "c" + std::to_string(i);
    }
    const PGraph graph = parse(text + body + "output n " + axis + "\nbind N=2 C=3\n");
    const auto start = std::chrono::steady_clock::now();
    EXPECT_LT(deviation(graph, graph.bindings()[0]), 1e-12);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

} // namespace
} // namespace synoscope
