#include "export_cases.h"

#include "core/graph/reader.h"
#include "tests/core/lowering/random_graph.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace synoscope::test {

Sample sample(const PGraph& graph, const Binding& binding, Random& random)
{
    auto [input, weights] = randomArguments(graph, binding, random);
    auto output = evaluate(graph, binding, input, weights);
    if (!output)
        throw std::runtime_error(output.error().text());
    Array direction = randomArray(output->shape, random);
    auto byReference = gradients(graph, binding, input, weights, direction);
    if (!byReference)
        throw std::runtime_error(byReference.error().text());
    return {binding,
            std::move(input),
            std::move(weights),
            std::move(*output),
            std::move(direction),
            std::move(*byReference)};
}

namespace {

// Another batch, other extents, an even window, another dilation.
Binding varied(const PGraph& graph)
{
    Binding binding = graph.bindings()[0];
    for (const auto& [name, value] : {std::pair{"N", 3}, {"H", 4}, {"W", 6}, {"L", 3}, {"k", 2}, {"d", 3}})
        if (const auto id = graph.variables().find(name))
            binding.set(*id, value);
    return binding;
}

std::vector<ExportCase> zooCases(Random& random)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(SYNOSCOPE_SOURCE_DIR) / "resources/operators"))
        if (entry.path().extension() == ".pgraph")
            files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<ExportCase> cases;
    for (const auto& file : files) {
        const auto graph = readPGraph(file);
        if (!graph)
            throw std::runtime_error(graph.error().text());
        ExportCase zoo{graph->withName("zoo-" + graph->name()), {}};
        for (const Binding& binding : {graph->bindings()[0], varied(*graph)})
            zoo.samples.push_back(sample(zoo.graph, binding, random));
        cases.push_back(std::move(zoo));
    }
    return cases;
}

} // namespace

std::vector<ExportCase> exportCases(int randomOperators)
{
    Random random(11);
    std::vector<ExportCase> cases = zooCases(random);
    for (int i = 0; i < randomOperators; ++i) {
        const PGraph graph =
            randomGraph(random, {.statements = 5 + i % 8, .mostPoints = 8000, .weightsRequired = i % 8 != 0})
                .withName("random " + std::to_string(i));
        ExportCase fresh{graph, {}};
        for (const Binding& binding : graph.bindings())
            fresh.samples.push_back(sample(graph, binding, random));
        cases.push_back(std::move(fresh));
    }
    return cases;
}

void writeArrays(const std::vector<ExportCase>& cases, const std::string& path)
{
    std::ofstream file(path, std::ios::binary);
    const auto write = [&](const Array& array) {
        file.write(reinterpret_cast<const char*>(array.values.data()),
                   static_cast<std::streamsize>(array.values.size() * sizeof(double)));
    };
    for (const ExportCase& one : cases) {
        for (const Sample& sample : one.samples) {
            write(sample.input);
            std::ranges::for_each(sample.weights, write);
            write(sample.output);
            write(sample.direction);
            write(sample.gradients.input);
            std::ranges::for_each(sample.gradients.weights, write);
        }
    }
    if (!file)
        throw std::runtime_error("cannot write " + path);
}

std::vector<std::pair<std::string, std::int64_t>> argumentValues(const codegen::TorchModule& module,
                                                                 const Binding& binding)
{
    std::vector<std::pair<std::string, std::int64_t>> values;
    for (const codegen::Argument& argument : module.arguments())
        values.emplace_back(argument.name, binding[argument.variable]);
    return values;
}

} // namespace synoscope::test
