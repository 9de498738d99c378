// Exported Halide pipelines, compiled with all warnings and run: against the interpreter, and by their own self-check.
#include "core/codegen/export.h"
#include "core/codegen/halide_pipeline.h"
#include "core/codegen/names.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "tests/core/lowering/random_graph.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace synoscope {
namespace {

using testing::HasSubstr;
using testing::Not;

PGraph zooOperator(const std::string& name)
{
    return *readPGraph(std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators" / (name + ".pgraph"));
}

class HalideExportTest : public testing::Test
{
protected:
    HalideExportTest()
        : folder_(std::filesystem::temp_directory_path() /
                  fmt::format("synoscope-halide-{}-{}", ::getpid(),
                              testing::UnitTest::GetInstance()->current_test_info()->name()))
    {
        std::filesystem::create_directories(folder_);
    }
    ~HalideExportTest() override { std::filesystem::remove_all(folder_); }

    void put(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

    void run(const std::string& command)
    {
        const std::string log = (folder_ / "log").string();
        const int status = std::system(fmt::format("cd {} && {} > {} 2>&1", folder_.string(), command, log).c_str());
        std::ifstream file(log);
        EXPECT_EQ(status, 0) << command << '\n' << std::string(std::istreambuf_iterator<char>(file), {});
    }

    std::filesystem::path folder_;
};

// Float numbers, one array after the other.
void append(std::ofstream& file, const Array& array)
{
    for (const double value : array.values) {
        const auto number = static_cast<float>(value);
        file.write(reinterpret_cast<const char*>(&number), sizeof number);
    }
}

std::string extents(std::vector<std::int64_t> shape)
{
    std::ranges::reverse(shape);
    return fmt::format("{{{}}}", fmt::join(shape, ", "));
}

constexpr std::string_view driverHead = R"cpp(#include <Halide.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <random>
#include <vector>
#define NO_SELF_CHECK

static std::FILE* arrays;
static Halide::Buffer<float> next(const std::vector<int>& extents)
{
    Halide::Buffer<float> buffer(extents);
    if (std::fread(buffer.data(), sizeof(float), buffer.number_of_elements(), arrays) != buffer.number_of_elements())
        std::printf("the arrays end too early\n");
    return buffer;
}

static int failures = 0;
static void compare(const char* name, Halide::Func pipeline, Halide::Buffer<float> expected)
{
    Halide::Buffer<float> actual = Halide::Buffer<float>::make_with_shape_of(expected);
    pipeline.realize(actual);
    double error = 0, largest = 0;
    expected.for_each_element([&](const int* at) {
        error = std::max(error, std::abs(double(actual(at)) - expected(at)));
        largest = std::max(largest, std::abs(double(expected(at))));
    });
    if (!(error <= 1e-4 * largest)) {
        std::printf("%s deviates by %g, largest value %g\n", name, error, largest);
        ++failures;
    }
}
)cpp";

// What a driver needs of one export: the text in a namespace of its own, and a call with arrays from the file.
struct Driven
{
    std::string text, call;
};

Driven drive(const PGraph& graph, const Binding& binding, int number, Random& random, std::ofstream& arrays)
{
    const auto [input, weights] = test::randomArguments(graph, binding, random);
    const std::string space = fmt::format("operator{}", number);
    Driven driven;
    driven.text = fmt::format("namespace {} {{\n{}}}\n", space,
                              *exportOperator(graph.withBindings({binding}), ExportFormat::halide));
    std::vector<std::string> names;
    for (const codegen::HalideStage& stage : codegen::halideForward(graph).stages) {
        if (stage.kind != codegen::HalideStage::Kind::parameter)
            continue;
        const Array& array = stage.weight < 0 ? input : weights[static_cast<std::size_t>(stage.weight)];
        append(arrays, array);
        names.push_back(fmt::format("p{}", names.size()));
        driven.call += fmt::format("    Halide::ImageParam {0}(Halide::Float(32), {1}); {0}.set(next({2}));\n",
                                   names.back(), array.shape.size(), extents(array.shape));
    }
    const Array output = *evaluate(graph, binding, input, weights);
    append(arrays, output);
    driven.call = fmt::format("    {{\n{}    compare(\"{}\", {}::{}_pipeline({}), next({}));\n    }}\n", driven.call,
                              graph.name(), space, codegen::snakeCase(graph.name()), fmt::join(names, ", "),
                              extents(output.shape));
    return driven;
}

// Numbers that blocks of channels divide, and such as they do not.
Binding blockedBinding(const PGraph& graph)
{
    Binding binding = graph.bindings()[0];
    for (const auto& [name, value] : {std::pair{"N", 2}, {"C", 32}, {"C_in", 32}, {"C_out", 64}, {"H", 6}, {"W", 14}})
        if (const auto id = graph.variables().find(name))
            binding.set(*id, value);
    return binding;
}

TEST_F(HalideExportTest, ComputesWhatTheInterpreterComputes)
{
    Random random(3);
    std::ofstream arrays(folder_ / "arrays.bin", std::ios::binary);
    std::string text(driverHead);
    std::string calls;
    int number = 0;
    const auto add = [&](const PGraph& graph, const Binding& binding) {
        const Driven driven = drive(graph, binding, number++, random, arrays);
        text += driven.text;
        calls += driven.call;
    };
    for (const char* name : {"conv2d", "dilated", "grouped", "low_rank", "pooled", "shift", "depthwise_separable"}) {
        const PGraph graph = zooOperator(name);
        add(graph, graph.bindings()[0]);
        add(graph, blockedBinding(graph));
    }
    add(zooOperator("linear"), zooOperator("linear").bindings()[0]);
    while (number < 25) {
        const PGraph graph =
            test::randomGraph(random, {.statements = 4 + number % 8, .mostPoints = 5000, .weightsRequired = true});
        add(graph, graph.bindings()[0]);
    }
    arrays.close();
    put("driver.cpp", text + "int main()\n{\n    arrays = std::fopen(\"arrays.bin\", \"rb\");\n" + calls +
                          "    return failures == 0 ? 0 : 1;\n}\n");
    run(fmt::format(
        "c++ -std=c++17 -O0 -Wall -Wextra -Werror -isystem {} driver.cpp -o driver {} -Wl,-rpath,{} -lpthread "
        "-ldl",
        SYNOSCOPE_HALIDE_INCLUDE, SYNOSCOPE_HALIDE_LIBRARY,
        std::filesystem::path(SYNOSCOPE_HALIDE_LIBRARY).parent_path().string()));
    run("./driver");
}

TEST_F(HalideExportTest, AProjectOfAFewLinesBuildsItAndItChecksItself)
{
    put("conv2d.halide.cpp", *exportOperator(zooOperator("conv2d"), ExportFormat::halide));
    put("pooled_conv2d.halide.cpp", *exportOperator(zooOperator("pooled"), ExportFormat::halide));
    put("CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.16)\nproject(Exported)\nfind_package(Halide REQUIRED)\n"
        "add_compile_options(-Wall -Wextra -Werror)\n"
        "add_executable(conv2d conv2d.halide.cpp)\ntarget_link_libraries(conv2d PRIVATE Halide::Halide)\n"
        "add_executable(pooled pooled_conv2d.halide.cpp)\ntarget_link_libraries(pooled PRIVATE "
        "Halide::Halide)\n");
    run("cmake -S . -B build && cmake --build build");
    run("build/conv2d && build/pooled");
}

TEST_F(HalideExportTest, AWrongPipelineFailsItsSelfCheck)
{
    std::string text = *exportOperator(zooOperator("conv2d"), ExportFormat::halide);
    const std::string front = "y1 + rky - k / 2";
    ASSERT_THAT(text, HasSubstr(front));
    text.replace(text.find(front), front.size(), "y1 + rky");
    put("wrong.cpp", text);
    run(fmt::format("c++ -std=c++17 -O0 -isystem {} wrong.cpp -o wrong {} -lpthread -ldl", SYNOSCOPE_HALIDE_INCLUDE,
                    SYNOSCOPE_HALIDE_LIBRARY));
    run("! ./wrong");
}

TEST_F(HalideExportTest, ReadsAsAPersonWouldWriteIt)
{
    const PGraph graph = zooOperator("conv2d");
    const std::string text = *exportOperator(graph, ExportFormat::halide);
    EXPECT_THAT(text, HasSubstr(canonicalHash(graph)));
    EXPECT_THAT(text, HasSubstr("out[n, o, y, x] = sum over c:C_in, ky:k, kx:k of"));
    EXPECT_THAT(text, HasSubstr("Func conv2d_pipeline(ImageParam input, ImageParam w0)"));
    EXPECT_THAT(text, HasSubstr("padded(x1 + rkx - k / 2, y1 + rky - k / 2, rc, n) * w0"));
    EXPECT_THAT(text, HasSubstr("output.compute_root()"));
}

TEST_F(HalideExportTest, HostileNamesStayNames)
{
    auto graph = parsePGraph("pgraph 1\nname Func\nprimary Var select\ncoefficient RDom=2\ninput int:Var main:select\n"
                             "weight Buffer def:Var Expr:RDom\na = share int Buffer.def\nb = expand RDom\n"
                             "c = share b Buffer.Expr\nreduce a\noutput main c\nbind Var=3 select=2\n",
                             "test");
    ASSERT_TRUE(graph) << graph.error().text();
    const std::string text = *exportOperator(graph->withName("\"\"\" */ \n#include <evil>\\"), ExportFormat::halide);
    EXPECT_THAT(text, Not(HasSubstr("\n#include <evil>")));
    put("hostile.cpp", text);
    run(fmt::format("c++ -std=c++17 -O0 -Wall -Wextra -Werror -isystem {} hostile.cpp -o hostile {} -lpthread -ldl",
                    SYNOSCOPE_HALIDE_INCLUDE, SYNOSCOPE_HALIDE_LIBRARY));
    run("./hostile");
}

} // namespace
} // namespace synoscope
