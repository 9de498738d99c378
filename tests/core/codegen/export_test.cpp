#include "core/codegen/export.h"
#include "core/codegen/names.h"
#include "core/codegen/size_text.h"
#include "core/codegen/small_binding.h"
#include "core/codegen/torch_script.h"

#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "tests/core/lowering/random_graph.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <graphviz/cgraph.h>
#include <gtest/gtest.h>

namespace synoscope {
namespace {

using testing::HasSubstr;
using testing::Not;

PGraph zoo(const std::string& name)
{
    auto graph = readPGraph(std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators" / (name + ".pgraph"));
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().text());
    return *graph;
}

TEST(ExportTest, EveryFormatIsFoundByItsNameAndWritesSomething)
{
    const PGraph graph = zoo("pooled");
    for (const FormatInfo& info : formats()) {
        EXPECT_EQ(formatNamed(info.name), info.format);
        EXPECT_FALSE(info.description.empty());
        if (info.byTorch)
            continue;
        const auto text = exportOperator(graph, info.format);
        ASSERT_TRUE(text) << info.name;
        EXPECT_FALSE(text->empty()) << info.name;
        if (!info.binary) {
            EXPECT_TRUE(text->ends_with('\n')) << info.name;
            EXPECT_FALSE(text->ends_with("\n\n")) << info.name;
        }
        EXPECT_EQ(exportFileName(graph, info.format), "pooled_conv2d." + std::string(info.suffix));
    }
    EXPECT_EQ(formatNamed("fortran"), std::nullopt);
}

TEST(ExportTest, CodeCarriesTheHashAndTheFormula)
{
    const PGraph graph = zoo("conv2d");
    EXPECT_THAT(*exportOperator(graph, ExportFormat::svg), HasSubstr(canonicalHash(graph)));
    for (const ExportFormat format : {ExportFormat::pytorch, ExportFormat::libtorch}) {
        EXPECT_THAT(*exportOperator(graph, format), HasSubstr(canonicalHash(graph)));
        EXPECT_THAT(*exportOperator(graph, format), HasSubstr("out[n, o, y, x] = sum over c:C_in, ky:k, kx:k of"));
    }
}

TEST(ExportTest, ConvolutionReadsAsAPersonWouldWriteIt)
{
    const std::string text = *exportOperator(zoo("conv2d"), ExportFormat::pytorch);
    EXPECT_THAT(text, HasSubstr("class Conv2d(nn.Module):\n    def __init__(self, C_in, C_out, k=3):\n"));
    EXPECT_THAT(text, HasSubstr("self.w0 = nn.Parameter(torch.empty(C_out, C_in, k, k))"));
    EXPECT_THAT(text, HasSubstr("nn.init.normal_(self.w0, std=(self.C_in * self.k**2) ** -0.5)"));
    EXPECT_THAT(text, HasSubstr("x = F.conv2d(x, self.w0, padding=self.k // 2)[..., :H, :W]"));
    EXPECT_THAT(*exportOperator(zoo("linear"), ExportFormat::pytorch),
                HasSubstr("x = torch.einsum(\"nli,oi->nlo\", x, self.w0)"));
}

TEST(ExportTest, AScriptReadsWhatItsParametersDoNotFixOffItsInput)
{
    const PGraph graph = zoo("grouped");
    const codegen::TorchScript script = codegen::torchScript(graph, graph.bindings()[1]);
    EXPECT_EQ(script.className, "GroupedConv2d");
    EXPECT_THAT(script.parameters, testing::ElementsAre("w0"));
    EXPECT_THAT(script.attributes, testing::Contains(testing::Pair("g", 32)));
    EXPECT_THAT(script.source, testing::StartsWith("def forward(self, x: Tensor) -> Tensor:\n    H = x.size(2)\n"));
    EXPECT_THAT(script.source, HasSubstr("x = torch.conv2d(x, w0, padding=self.k // 2, groups=self.g)[..., :H, :W]"));
    EXPECT_THAT(script.source, Not(HasSubstr("**"))); // of integers, that is a fraction in TorchScript
}

TEST(ExportTest, WhatTakesLibtorchAsksForItAndGetsOneLayer)
{
    const PGraph graph = zoo("conv2d");
    const auto without = exportOperator(graph, ExportFormat::torchscript);
    ASSERT_FALSE(without);
    EXPECT_THAT(without.error().message, HasSubstr("with libtorch, which this program is not linked with"));
    const auto layers = [](const PGraph& one) -> Expected<std::string> {
        return std::to_string(one.bindings().size()) + " " +
               std::to_string(one.bindings()[0][*one.variables().find("C_in")]);
    };
    EXPECT_EQ(*exportOperator(graph, ExportFormat::torchscript, 2, layers), "1 128");
}

TEST(ExportTest, HostileNamesStayNames)
{
    auto graph = parsePGraph("pgraph 1\nname lambda\nprimary x self\ncoefficient F=2\ninput class:x torch:self\n"
                             "weight forward def:x int:F\na = share class forward.def\nb = expand F\n"
                             "c = share b forward.int\nreduce a\noutput torch c\nbind x=3 self=2\n",
                             "test");
    ASSERT_TRUE(graph) << graph.error().text();
    const PGraph evil = graph->withName("\"\"\" */ \n#include <evil>\\");
    const std::string python = *exportOperator(evil, ExportFormat::pytorch);
    EXPECT_THAT(python, HasSubstr("class IncludeEvil(nn.Module):"));
    EXPECT_THAT(python, Not(HasSubstr("\n#include")));
    EXPECT_THAT(python, HasSubstr("def __init__(self, x_, F_=2):"));
    EXPECT_THAT(python, HasSubstr("self.forward_ = nn.Parameter(torch.empty(x_, F_))"));
    EXPECT_THAT(*exportOperator(evil, ExportFormat::libtorch), Not(HasSubstr("*/ \n")));
}

// Nodes and edges of a dot file as Graphviz reads it; -1 where it does not.
std::pair<int, int> readDot(const std::string& text)
{
    Agraph_t* graph = agmemread(text.c_str());
    if (!graph)
        return {-1, -1};
    const std::pair counts{agnnodes(graph), agnedges(graph)};
    agclose(graph);
    return counts;
}

TEST(ExportTest, DotIsReadByGraphvizWithANodePerTensorAndPrimitiveAndAnEdgePerDimension)
{
    Random random(5);
    std::vector<PGraph> graphs{zoo("pooled"), zoo("grouped"), zoo("linear").withName("a \"quoted\" \\ name")};
    for (int i = 0; i < 100; ++i)
        graphs.push_back(test::randomGraph(random));
    for (const PGraph& graph : graphs) {
        const auto [nodes, edges] = readDot(*exportOperator(graph, ExportFormat::dot));
        EXPECT_EQ(nodes, std::ssize(graph.primitives()) + std::ssize(graph.weights()) + 2);
        EXPECT_EQ(edges, std::ssize(graph.dimensions()));
    }
}

TEST(ExportTest, PicturesShowEveryAxisAndSizeOfTheZooAndOfRandomOperators)
{
    Random random(7);
    std::vector<PGraph> graphs{zoo("depthwise_separable"), zoo("grouped")};
    for (int i = 0; i < 20; ++i)
        graphs.push_back(test::randomGraph(random));
    for (const PGraph& graph : graphs) {
        const auto svg = exportOperator(graph, ExportFormat::svg);
        ASSERT_TRUE(svg) << svg.error().text();
        EXPECT_THAT(*svg, Not(HasSubstr("\"transparent\""))); // no colour of SVG 1.1
        for (const Dimension& dimension : graph.dimensions())
            EXPECT_THAT(*svg, HasSubstr("xlink:title=\"" + dimension.name + "\""));
        for (const Weight& weight : graph.weights())
            EXPECT_THAT(*svg, HasSubstr(">" + weight.name + "<"));
    }
}

// Width and height in the header of a PNG file.
std::pair<std::uint32_t, std::uint32_t> pngSize(const std::string& png)
{
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = at; i < at + 4; ++i)
            value = value << 8 | static_cast<unsigned char>(png[i]);
        return value;
    };
    return {number(16), number(20)};
}

TEST(ExportTest, PicturesOfPixelsAreSharpAndPagesArePages)
{
    const auto png = exportOperator(zoo("conv2d"), ExportFormat::png);
    ASSERT_TRUE(png) << png.error().text();
    ASSERT_TRUE(png->starts_with("\x89PNG\r\n"));
    const auto [width, height] = pngSize(*png);
    EXPECT_GT(width, 1000u);
    EXPECT_GT(height, 500u);
    const auto pdf = exportOperator(zoo("conv2d"), ExportFormat::pdf);
    ASSERT_TRUE(pdf) << pdf.error().text();
    EXPECT_TRUE(pdf->starts_with("%PDF-"));
    EXPECT_THAT(*pdf, HasSubstr("%%EOF"));
}

TEST(ExportTest, PGraphFormatReadsBack)
{
    const PGraph graph = zoo("low_rank");
    const auto again = parsePGraph(*exportOperator(graph, ExportFormat::pgraph), "again");
    ASSERT_TRUE(again);
    EXPECT_EQ(canonicalHash(*again), canonicalHash(graph));
}

TEST(SizeTextTest, DividesLastAndWritesPowers)
{
    VariableTable table;
    (void)table.addPrimary("C");
    (void)table.addCoefficient("k", 3);
    (void)table.addCoefficient("g", 2);
    const auto name = [&](VariableId id) { return table[id].name; };
    const auto text = [&](std::string_view size, codegen::Language language) {
        const Size parsed = *parseSize(size, table);
        return codegen::SizeText(table, language, name)(parsed);
    };
    EXPECT_EQ(text("12*C*k^2/g", codegen::Language::python), "12 * C * k**2 // g");
    EXPECT_EQ(text("12*C*k^2/g", codegen::Language::cpp), "12 * C * k * k / g");
    EXPECT_EQ(text("C/g/4", codegen::Language::python), "C // (4 * g)");
    EXPECT_EQ(text("6", codegen::Language::cpp), "6");
}

TEST(SmallBindingTest, MakesEverySizeWholeAndTheTermsFew)
{
    Random random(6);
    for (int i = 0; i < 300; ++i) {
        const PGraph graph = i == 0 ? zoo("grouped") : test::randomGraph(random, {.mostPoints = 1e9});
        const Binding binding = codegen::smallBinding(graph, {});
        for (const Dimension& dimension : graph.dimensions())
            ASSERT_TRUE(evaluate(dimension.size, binding)) << writePGraph(graph);
    }
    const PGraph graph = zoo("grouped");
    const Binding layer = graph.bindings()[1]; // 64 channels, 32 groups, 56x56
    const Binding binding = codegen::smallBinding(graph.withBindings({layer}), {});
    double terms = 1;
    for (const auto& axes : {graph.output(), graph.reductions()})
        for (const std::int64_t extent : graph.shape(axes, binding))
            terms *= static_cast<double>(extent);
    EXPECT_LT(terms, 2e5);
}

} // namespace
} // namespace synoscope
