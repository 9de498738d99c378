// Exported Python, run by a real Python with a real torch: one process for all operators, since starting one takes
// seconds.
#include "core/codegen/export.h"
#include "export_cases.h"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace synoscope {
namespace {

// Imports every file, runs its self-check, and compares the module with the interpreter's arrays.
constexpr std::string_view driver = R"(import contextlib, importlib, io, math
import numpy, torch
from cases import CASES

arrays = numpy.fromfile("arrays.bin")
position = 0


def take(shape):
    global position
    size = math.prod(shape)
    position += size
    return torch.from_numpy(arrays[position - size : position].reshape(shape).copy())


def deviation(actual, expected):
    assert actual.shape == expected.shape, (actual.shape, expected.shape)
    return ((actual - expected).abs().max() / expected.abs().max().clamp(min=1.0)).item()


worst = worst_gradient = 0.0
torch.set_num_threads(1)
for file, name, samples in CASES:
    exported = importlib.import_module(file)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exported.self_check()
    assert printed.getvalue().startswith("self-check passed: max relative error "), file
    for arguments, shapes, output_shape in samples:
        tensors = [take(shape) for shape in shapes]
        expected, direction = take(output_shape), take(output_shape)
        expected_gradients = [take(shape) for shape in shapes]
        module = getattr(exported, name)(**arguments).double()
        parameters = list(module.parameters())
        with torch.no_grad():
            for parameter, value in zip(parameters, tensors[1:], strict=True):
                parameter.copy_(value)
        data = tensors[0].requires_grad_()
        actual = module(data)
        error = deviation(actual, expected)
        gradients = torch.autograd.grad(actual, [data, *parameters], direction)
        gradient_error = max(deviation(a, b) for a, b in zip(gradients, expected_gradients, strict=True))
        if not max(error, gradient_error) < 1e-11:
            raise SystemExit(f"{file}: {name} with {arguments} deviates by {error}, gradient {gradient_error}")
        worst, worst_gradient = max(worst, error), max(worst_gradient, gradient_error)
assert position == len(arrays)
print(f"{len(CASES)} operators, largest deviation {worst:.2e}, of a gradient {worst_gradient:.2e}")
)";

std::string casesModule(const std::vector<test::ExportCase>& cases)
{
    std::string text = "CASES = [\n";
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const codegen::TorchModule module(cases[i].graph, codegen::Language::python);
        text += fmt::format("    (\"operator{}\", \"{}\", [\n", i, module.className());
        for (const test::Sample& sample : cases[i].samples) {
            std::string arguments;
            for (const auto& [name, value] : test::argumentValues(module, sample.binding))
                arguments += fmt::format("\"{}\": {}, ", name, value);
            std::string shapes = fmt::format("[{}], ", fmt::join(sample.input.shape, ", "));
            for (const Array& weight : sample.weights)
                shapes += fmt::format("[{}], ", fmt::join(weight.shape, ", "));
            text +=
                fmt::format("        ({{{}}}, [{}], [{}]),\n", arguments, shapes, fmt::join(sample.output.shape, ", "));
        }
        text += "    ]),\n";
    }
    return text + "]\n";
}

void writeFile(const std::filesystem::path& path, std::string_view text)
{
    std::ofstream(path, std::ios::binary) << text;
}

std::string readFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PythonExportTest, ModulesComputeWhatTheInterpreterComputesForwardAndBackward)
{
    const std::string python = SYNOSCOPE_PYTHON;
    if (std::system((python + " -c 'import torch, numpy' 2>/dev/null").c_str()) != 0)
        GTEST_SKIP() << python << " has no torch";
    const auto folder = std::filesystem::path(SYNOSCOPE_BINARY_DIR) / "tests/exported-python";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);

    const std::vector<test::ExportCase> cases = test::exportCases(200);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto text = exportOperator(cases[i].graph, ExportFormat::pytorch);
        ASSERT_TRUE(text);
        writeFile(folder / fmt::format("operator{}.py", i), *text);
    }
    writeFile(folder / "cases.py", casesModule(cases));
    writeFile(folder / "driver.py", driver);
    test::writeArrays(cases, (folder / "arrays.bin").string());

    const int status =
        std::system(fmt::format("cd '{}' && {} driver.py > log.txt 2>&1", folder.string(), python).c_str());
    const std::string log = readFile(folder / "log.txt");
    EXPECT_EQ(status, 0) << log;
    std::cout << log;
}

TEST(PythonExportTest, AFileRunByItselfChecksItself)
{
    const std::string python = SYNOSCOPE_PYTHON;
    if (std::system((python + " -c 'import torch' 2>/dev/null").c_str()) != 0)
        GTEST_SKIP() << python << " has no torch";
    const auto folder = std::filesystem::path(SYNOSCOPE_BINARY_DIR) / "tests/exported-python-file";
    std::filesystem::create_directories(folder);
    const std::string text = *exportOperator(test::exportCases(0)[2].graph, ExportFormat::pytorch);
    writeFile(folder / "right.py", text);
    EXPECT_EQ(
        std::system(fmt::format("{} '{}' > '{}'", python, (folder / "right.py").string(), (folder / "log.txt").string())
                        .c_str()),
        0);
    EXPECT_TRUE(readFile(folder / "log.txt").starts_with("self-check passed: max relative error "))
        << readFile(folder / "log.txt");

    // A module that is wrong does not pass: the check can fail.
    std::string wrong = text;
    const std::size_t end = wrong.find("        return x\n");
    ASSERT_NE(end, std::string::npos);
    wrong.replace(end, 16, "        return x.roll(1, -1)");
    writeFile(folder / "wrong.py", wrong);
    EXPECT_NE(std::system(fmt::format("{} '{}' 2> /dev/null", python, (folder / "wrong.py").string()).c_str()), 0);
}

} // namespace
} // namespace synoscope
