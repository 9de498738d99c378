// eval: runs one operator on NumPy arrays, forward and backward.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/torch.h"
#include "core/base/npy.h"
#include "core/graph/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string file, engine = "reference", input, output, gradOutput, gradInput;
    std::vector<std::string> weights, gradWeights; // NAME=FILE
    int binding = 0;
    double limit = 300;
};

using Files = std::map<std::string, std::string>; // weight's name to file

struct Run
{
    PGraph graph;
    Binding binding;
    Array input;
    std::vector<Array> weights;
    std::optional<Array> gradOutput;
    NpyType type = NpyType::float32; // of what is written: float64 as soon as one of the arrays read is
};

Error usage(std::string message)
{
    return Error{.message = std::move(message)};
}

Expected<Files> filesByWeight(const std::vector<std::string>& words, std::string_view option, const PGraph& graph)
{
    Files files;
    for (const std::string& word : words) {
        const auto at = word.find('=');
        if (at == std::string::npos || at == 0 || at + 1 == word.size())
            return usage(fmt::format("{} {}: expected NAME=FILE, as in w0=w0.npy.", option, word));
        const std::string name = word.substr(0, at);
        if (std::ranges::none_of(graph.weights(), [&](const Weight& weight) { return weight.name == name; }))
            return usage(fmt::format("{} {}: the operator has no weight {}.", option, word, name));
        if (!files.emplace(name, word.substr(at + 1)).second)
            return usage(fmt::format("{}: the weight {} is given twice.", option, name));
    }
    return files;
}

Expected<Array> readArray(const std::string& file, std::vector<std::int64_t> shape, const std::string& what, Run& run)
{
    auto array = readNpy(file, shape, fmt::format("{} under this binding", what));
    if (!array)
        return array.error();
    if (array->type == NpyType::float64)
        run.type = NpyType::float64;
    return Array{std::move(shape), std::move(array->values)};
}

// What was asked for, as far as the words alone can tell.
Expected<void> checkWords(const Options& options)
{
    const bool wantsGradients = !options.gradInput.empty() || !options.gradWeights.empty();
    if (wantsGradients && options.gradOutput.empty())
        return usage("Gradients need --grad-output: the gradient of the loss by the operator's output.");
    if (!wantsGradients && !options.gradOutput.empty())
        return usage("--grad-output needs --grad-input or --grad-weight: where the gradients are to be written.");
    if (!wantsGradients && options.output.empty())
        return usage("Nothing to compute: give --output, or --grad-output with --grad-input or --grad-weight.");
    return {};
}

Expected<Run> prepare(const Options& options)
{
    auto graph = readPGraph(operatorFile(options.file));
    if (!graph)
        return graph.error();
    const int bindings = static_cast<int>(graph->bindings().size());
    if (options.binding < 0 || options.binding >= bindings)
        return Error{.message =
                         fmt::format("There is no binding {}: the operator has {}.", options.binding,
                                     bindings == 0 ? "none; add a 'bind' line" : fmt::format("0 to {}", bindings - 1)),
                     .file = options.file};
    const auto files = filesByWeight(options.weights, "--weight", *graph);
    if (!files)
        return files.error();
    std::vector<std::string> missing;
    for (const Weight& weight : graph->weights())
        if (!files->contains(weight.name))
            missing.push_back(weight.name);
    if (!missing.empty())
        return usage(
            fmt::format("No array is given for {}: expected --weight {}=FILE.", fmt::join(missing, ", "), missing[0]));

    Run run{std::move(*graph), {}, {}, {}, {}};
    run.binding = run.graph.bindings()[static_cast<std::size_t>(options.binding)];
    auto input = readArray(options.input, run.graph.shape(run.graph.input(), run.binding), "the operator's input", run);
    if (!input)
        return input.error();
    run.input = std::move(*input);
    for (const Weight& weight : run.graph.weights()) {
        auto array =
            readArray(files->at(weight.name), run.graph.shape(weight.axes, run.binding), "weight " + weight.name, run);
        if (!array)
            return array.error();
        run.weights.push_back(std::move(*array));
    }
    if (!options.gradOutput.empty()) {
        auto array = readArray(options.gradOutput, run.graph.shape(run.graph.output(), run.binding),
                               "the operator's output", run);
        if (!array)
            return array.error();
        run.gradOutput = std::move(*array);
    }
    return run;
}

TorchEngine torchEngine(const std::string& engine)
{
    return engine == "torchscript" ? TorchEngine::script : TorchEngine::eager;
}

Expected<Array> forward(const Run& run, const std::string& engine, const TorchServices* torch)
{
    if (!torch)
        return evaluate(run.graph, run.binding, run.input, run.weights);
    if (engine == "cpp")
        return torch->evaluateCompiled(run.graph, run.binding, run.input, run.weights);
    if (engine == "halide")
        return torch->evaluateHalide(run.graph, run.binding, run.input, run.weights);
    const auto precision = run.type == NpyType::float64 ? Precision::float64 : Precision::float32;
    return torch->evaluate(run.graph, run.binding, run.input, run.weights, precision, torchEngine(engine));
}

Expected<Gradients> backward(const Run& run, const std::string& engine, const TorchServices* torch)
{
    if (!torch)
        return gradients(run.graph, run.binding, run.input, run.weights, *run.gradOutput);
    if (engine == "cpp")
        return torch->differentiateCompiled(run.graph, run.binding, run.input, run.weights, *run.gradOutput);
    if (engine == "halide")
        return torch->differentiateHalide(run.graph, run.binding, run.input, run.weights, *run.gradOutput);
    const auto precision = run.type == NpyType::float64 ? Precision::float64 : Precision::float32;
    return torch->gradients(run.graph, run.binding, run.input, run.weights, *run.gradOutput, precision,
                            torchEngine(engine));
}

// Writes one array and adds it to the answer.
std::optional<Answer> write(Answer& answer, const std::string& file, const Array& array, const std::string& what,
                            NpyType type)
{
    if (auto wrong = writeFile(file, npyBytes(array.shape, array.values, type)))
        return wrong;
    answer.json["written"].push_back({{"what", what},
                                      {"file", file},
                                      {"shape", array.shape},
                                      {"dtype", type == NpyType::float32 ? "float32" : "float64"}});
    answer.text += fmt::format("{}  {}  {}\n", file, what, shapeText(array.shape));
    return std::nullopt;
}

Answer run(const Options& options, const TorchServices* torch)
{
    if (auto words = checkWords(options); !words)
        return words.error();
    const auto run = prepare(options);
    if (!run)
        return run.error();
    const auto gradFiles = filesByWeight(options.gradWeights, "--grad-weight", run->graph);
    if (!gradFiles)
        return gradFiles.error();

    Answer answer;
    answer.json["engine"] = options.engine;
    answer.json["binding"] = bindingJson(run->graph, run->binding);
    answer.json["written"] = Json::array();
    if (!options.output.empty()) {
        const auto output = forward(*run, options.engine, torch);
        if (!output)
            return failed(output.error());
        if (auto wrong = write(answer, options.output, *output, "output", run->type))
            return *wrong;
    }
    if (!run->gradOutput)
        return answer;
    const auto grads = backward(*run, options.engine, torch);
    if (!grads)
        return failed(grads.error());
    if (!options.gradInput.empty())
        if (auto wrong = write(answer, options.gradInput, grads->input, "gradient by the input", run->type))
            return *wrong;
    for (std::size_t i = 0; i < run->weights.size(); ++i) {
        const std::string& name = run->graph.weights()[i].name;
        if (const auto file = gradFiles->find(name); file != gradFiles->end())
            if (auto wrong = write(answer, file->second, grads->weights[i], "gradient by " + name, run->type))
                return *wrong;
    }
    return answer;
}

} // namespace

void addEval(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command =
        commands.add("eval", "Run an operator on NumPy arrays, forward and backward", [options, &commands] {
            if (options->engine == "reference")
                return run(*options, nullptr);
            if (commands.torch())
                return run(*options, commands.torch());
            // Loading libtorch takes a moment; what is wrong with the arrays can be said before.
            const auto ready = prepare(*options);
            if (!ready)
                return Answer(ready.error());
            return options->engine == "libtorch" ? commands.handOver() : commands.askWorker(options->limit);
        });
    command.add_option("operator", options->file, operatorHelp)->required();
    command.add_option("--bind", options->binding, "Which of the operator's bindings, from 0")->capture_default_str();
    command
        .add_option(
            "--engine", options->engine,
            "reference: the formula, term by term; libtorch: the lowered operator; torchscript: the same as a script; "
            "cpp: a compiled kernel, halide: a Halide pipeline, both in float32")
        ->check(CLI::IsMember({"reference", "libtorch", "torchscript", "cpp", "halide"}))
        ->capture_default_str();
    command.add_option("--input", options->input, "The input (.npy, float32 or float64)")->required();
    const auto each = [](CLI::Option* option) { option->take_all()->allow_extra_args(false)->type_name("NAME=FILE"); };
    each(command.add_option("--weight", options->weights, "A weight; once for each"));
    command.add_option("--output", options->output, "Where the result is written");
    command.add_option("--grad-output", options->gradOutput, "The gradient by the output, for the gradients below");
    command.add_option("--grad-input", options->gradInput, "Where the gradient by the input is written");
    each(command.add_option("--grad-weight", options->gradWeights, "Where the gradient by a weight is written"));
    command.add_option("--limit", options->limit, "At most so many seconds for compiling and running a kernel")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.footer("Results are float32 when all arrays read are, otherwise float64.");
}

} // namespace synoscope::cli
