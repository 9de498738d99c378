// Writes the exported libtorch modules of all test operators, and a program that compares them with the arrays of the
// reference interpreter, into the folder given.
#include "core/codegen/export.h"
#include "tests/core/codegen/export_cases.h"

#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>

namespace {

using namespace synoscope;

constexpr std::string_view harness = R"(
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace {

std::vector<double> arrays;
std::size_t position = 0;
double worst = 0;
double worstGradient = 0;

torch::Tensor take(const std::vector<int64_t>& shape)
{
    int64_t size = 1;
    for (const int64_t extent : shape)
        size *= extent;
    auto tensor = torch::from_blob(arrays.data() + position, shape, torch::kDouble).clone();
    position += static_cast<std::size_t>(size);
    return tensor;
}

double deviation(const torch::Tensor& actual, const torch::Tensor& expected)
{
    if (actual.sizes() != expected.sizes())
        return 1e300;
    return ((actual - expected).abs().max() / expected.abs().max().clamp(1.0)).item<double>();
}

template <typename Module>
void check(const char* name, Module module, const std::vector<std::vector<int64_t>>& shapes, const std::vector<int64_t>& outputShape)
{
    std::vector<torch::Tensor> values;
    for (const auto& shape : shapes)
        values.push_back(take(shape));
    const auto expected = take(outputShape);
    const auto direction = take(outputShape);
    module->to(torch::kDouble);
    std::vector<torch::Tensor> inputs = module->parameters();
    {
        torch::NoGradGuard guard;
        TORCH_CHECK(inputs.size() + 1 == values.size(), name, ": number of parameters");
        for (std::size_t i = 0; i < inputs.size(); ++i)
            inputs[i].copy_(values[i + 1]);
    }
    inputs.insert(inputs.begin(), values[0].requires_grad_());
    const auto actual = module->forward(inputs[0]);
    const double error = deviation(actual.detach(), expected);
    const auto gradients = torch::autograd::grad({actual}, inputs, {direction});
    double gradientError = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        gradientError = std::max(gradientError, deviation(gradients[i], take(shapes[i])));
    worst = std::max(worst, error);
    worstGradient = std::max(worstGradient, gradientError);
    if (!(error < 1e-11 && gradientError < 1e-11)) {
        std::printf("%s deviates by %g, gradient %g\n", name, error, gradientError);
        std::exit(1);
    }
}

} // namespace

int main(int, char** argv)
{
    std::ifstream file(argv[1], std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    arrays.resize(bytes.size() / sizeof(double));
    std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<char*>(arrays.data()));
)";

std::string braces(const std::vector<std::int64_t>& shape)
{
    return fmt::format("{{{}}}", fmt::join(shape, ", "));
}

std::string checks(const test::ExportCase& one)
{
    std::string text;
    const codegen::TorchModule module(one.graph, codegen::Language::cpp);
    for (const test::Sample& sample : one.samples) {
        std::vector<std::int64_t> arguments;
        for (const auto& [name, value] : test::argumentValues(module, sample.binding))
            arguments.push_back(value);
        std::vector<std::string> shapes{braces(sample.input.shape)};
        for (const Array& weight : sample.weights)
            shapes.push_back(braces(weight.shape));
        // make_shared by name: a holder of a module without arguments could be taken for an empty one
        text +=
            fmt::format("    check(\"{0}\", {0}(std::make_shared<{0}Impl>({1})), {{{2}}}, {3});\n", module.className(),
                        fmt::join(arguments, ", "), fmt::join(shapes, ", "), braces(sample.output.shape));
    }
    return text;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    const std::filesystem::path folder = argv[1];
    const std::vector<test::ExportCase> cases = test::exportCases(std::atoi(argv[2]));
    std::string includes;
    std::string calls;
    for (const test::ExportCase& one : cases) {
        const std::string name = exportFileName(one.graph, ExportFormat::libtorch);
        std::ofstream(folder / name) << *exportOperator(one.graph, ExportFormat::libtorch);
        includes += fmt::format("#include \"{}\"\n", name);
        calls += checks(one);
    }
    test::writeArrays(cases, (folder / "arrays.bin").string());
    std::ofstream(folder / "check_exports.cpp")
        << includes << harness << calls << "    TORCH_CHECK(position == arrays.size(), \"arrays left over\");\n"
        << fmt::format("    std::printf(\"{} operators, largest deviation %.2e, of a gradient %.2e\\n\", worst, "
                       "worstGradient);\n}}\n",
                       cases.size());
    return 0;
}
