// ONNX files: what the checker and an evaluator in Python say (onnx_driver.py), and what protobuf reads back here.
#include "core/codegen/export.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "export_cases.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <onnx/onnx_pb.h>

namespace synoscope {
namespace {

using testing::HasSubstr;

PGraph zoo(const std::string& name)
{
    return *readPGraph(std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators" / (name + ".pgraph"));
}

onnx::ModelProto model(const PGraph& graph, std::size_t layer = 0)
{
    onnx::ModelProto model;
    const auto bytes = exportOperator(graph, ExportFormat::onnx, layer);
    EXPECT_TRUE(bytes) << bytes.error().text();
    EXPECT_TRUE(model.ParseFromString(*bytes));
    return model;
}

// The same layer with twice the batch, where that leaves every size whole and the weights as they are.
std::optional<Binding> withTwiceTheBatch(const PGraph& graph, Binding binding)
{
    const auto batch = graph.variables().find("N");
    if (!batch)
        return std::nullopt;
    binding.set(*batch, 2 * binding[*batch]);
    for (const Dimension& dimension : graph.dimensions())
        if (!evaluate(dimension.size, binding) || (dimension.weight.valid() && dimension.size.exponent(*batch) != 0))
            return std::nullopt;
    return binding;
}

// One file, and what it is to be judged by: for its own batch, perhaps for another.
std::string caseLine(std::size_t number, const std::vector<test::Sample>& judges)
{
    std::vector<std::string> weights;
    std::vector<std::string> samples;
    for (const Array& weight : judges[0].weights)
        weights.push_back(fmt::format("[{}]", fmt::join(weight.shape, ", ")));
    for (const test::Sample& sample : judges)
        samples.push_back(
            fmt::format("[[{}], [{}]]", fmt::join(sample.input.shape, ", "), fmt::join(sample.output.shape, ", ")));
    return fmt::format("{{\"file\": \"operator{}.onnx\", \"weights\": [{}], \"samples\": [{}]}}", number,
                       fmt::join(weights, ", "), fmt::join(samples, ", "));
}

void write(std::ofstream& file, const Array& array)
{
    file.write(reinterpret_cast<const char*>(array.values.data()),
               static_cast<std::streamsize>(array.values.size() * sizeof(double)));
}

TEST(OnnxExportTest, ModelsPassTheCheckerAndComputeWhatTheInterpreterComputes)
{
    const std::string python = SYNOSCOPE_PYTHON;
    if (std::system((python + " -c 'import onnx, torch' 2>/dev/null").c_str()) != 0)
        GTEST_SKIP() << python << " has no onnx";
    const auto folder = std::filesystem::path(SYNOSCOPE_BINARY_DIR) / "tests/exported-onnx";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);

    Random random(17);
    std::vector<std::string> lines;
    std::ofstream arrays(folder / "arrays.bin", std::ios::binary);
    for (const test::ExportCase& exported : test::exportCases(200)) {
        for (const test::Sample& sample : exported.samples) {
            const auto bytes = exportOperator(exported.graph.withBindings({sample.binding}), ExportFormat::onnx);
            ASSERT_TRUE(bytes) << bytes.error().text();
            std::ofstream(folder / fmt::format("operator{}.onnx", lines.size()), std::ios::binary) << *bytes;
            std::vector<test::Sample> judges{sample};
            if (const auto larger = withTwiceTheBatch(exported.graph, sample.binding))
                judges.push_back(test::sample(exported.graph, *larger, random));
            for (const test::Sample& judge : judges) {
                write(arrays, judge.input);
                for (const Array& weight : judge.weights)
                    write(arrays, weight);
                write(arrays, judge.output);
            }
            lines.push_back(caseLine(lines.size(), judges));
        }
    }
    arrays.close();
    std::ofstream(folder / "cases.json") << '[' << fmt::format("{}", fmt::join(lines, ",\n")) << "]\n";

    const std::string driver = SYNOSCOPE_SOURCE_DIR "/tests/core/codegen/onnx_driver.py";
    const int status =
        std::system(fmt::format("cd '{}' && {} '{}' > log.txt 2>&1", folder.string(), python, driver).c_str());
    std::ifstream file(folder / "log.txt");
    const std::string log{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(status, 0) << log;
    std::cout << log;
}

TEST(OnnxExportTest, SaysWhatItHoldsAndIsTheSameEveryTime)
{
    const PGraph graph = zoo("conv2d");
    const onnx::ModelProto conv = model(graph);
    EXPECT_THAT(conv.doc_string(), HasSubstr("out[n, o, y, x] = sum over c:C_in, ky:k, kx:k of"));
    EXPECT_EQ(conv.metadata_props(0).value(), canonicalHash(graph));
    const auto again = parsePGraph(conv.metadata_props(1).value(), "metadata");
    ASSERT_TRUE(again);
    EXPECT_EQ(canonicalHash(*again), canonicalHash(graph));
    EXPECT_EQ(conv.graph().input(0).doc_string(), "[n: N, c: C_in, y: H, x: W]");
    EXPECT_EQ(*exportOperator(graph, ExportFormat::onnx), *exportOperator(graph, ExportFormat::onnx));
}

TEST(OnnxExportTest, AConvolutionIsOneNodeAndItsBatchStaysOpen)
{
    const onnx::GraphProto graph = model(zoo("conv2d")).graph();
    ASSERT_EQ(graph.node_size(), 1);
    EXPECT_EQ(graph.node(0).op_type(), "Conv");
    EXPECT_EQ(graph.node(0).name(), "conv");
    EXPECT_EQ(graph.node(0).input(1), "w0");
    EXPECT_EQ(graph.input(0).type().tensor_type().shape().dim(0).dim_param(), "N");
    EXPECT_EQ(graph.output(0).type().tensor_type().shape().dim(0).dim_param(), "N");
}

TEST(OnnxExportTest, WeightsAreDrawnAsInTheTorchExports)
{
    const PGraph graph = zoo("conv2d");
    const onnx::TensorProto weight = model(graph, graph.bindings().size() - 1).graph().initializer(0);
    std::vector<float> values(weight.raw_data().size() / sizeof(float));
    std::memcpy(values.data(), weight.raw_data().data(), weight.raw_data().size());
    double sum = 0;
    double squares = 0;
    for (const float value : values) {
        sum += value;
        squares += value * value;
    }
    const auto count = static_cast<double>(values.size());
    ASSERT_GT(count, 1000);
    const double products = 9.0 * static_cast<double>(weight.dims(1));
    EXPECT_NEAR(squares / count * products, 1, 6 / std::sqrt(count));
    EXPECT_NEAR(sum / count * std::sqrt(products), 0, 4 / std::sqrt(count));
}

TEST(OnnxExportTest, ALayerThatIsNotThereIsRefused)
{
    const PGraph graph = zoo("conv2d");
    const auto missing = exportOperator(graph, ExportFormat::onnx, graph.bindings().size());
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("There is no binding"));
    const auto none = exportOperator(graph.withBindings({}), ExportFormat::onnx);
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, HasSubstr("expected a 'bind' line"));
}

TEST(OnnxExportTest, MoreThanAFileHoldsIsRefusedBeforeItIsDrawn)
{
    auto graph = parsePGraph("pgraph 1\nname wide\nprimary N I O\ninput n:N i:I\nweight w o:O i:I\ne = expand O\n"
                             "a = share i w.i\nf = share e w.o\nreduce a\noutput n f\nbind N=1 I=100000 O=100000\n",
                             "test");
    ASSERT_TRUE(graph) << graph.error().text();
    const auto bytes = exportOperator(*graph, ExportFormat::onnx);
    ASSERT_FALSE(bytes);
    EXPECT_THAT(bytes.error().message, HasSubstr("40.0 GB"));
}

} // namespace
} // namespace synoscope
