// export: an operator as code, as mathematics, as a picture.
#include "core/codegen/export.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/torch.h"
#include "core/graph/reader.h"

#include <fmt/format.h>
#include <unistd.h>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string file, format, output;
    std::size_t layer = 0;
    bool list = false;
};

Answer listFormats()
{
    Answer answer;
    Json& all = answer.json["formats"] = Json::array();
    for (const FormatInfo& info : formats()) {
        all.push_back({{"name", info.name},
                       {"suffix", info.suffix},
                       {"description", info.description},
                       {"binary", info.binary},
                       {"one_layer", info.oneLayer}});
        answer.text += fmt::format("{:<12} .{:<8} {}\n", info.name, info.suffix, info.description);
    }
    return answer;
}

Answer exportTo(const Options& options, const Commands& commands)
{
    if (options.list)
        return listFormats();
    if (options.file.empty() || options.format.empty())
        return Error{.message =
                         "What to export is not clear: give an operator and --format (--list names the formats)."};
    const auto format = formatNamed(options.format);
    if (!format)
        return Error{.message = fmt::format("There is no format {}; --list names those there are.", options.format)};
    const auto graph = readPGraph(operatorFile(options.file));
    if (!graph)
        return graph.error();
    if (options.output.empty() && infoOf(*format).binary && (commands.json() || ::isatty(STDOUT_FILENO) == 1))
        return Error{.message = fmt::format("The format {} is no text that {} could hold: expected --output FILE.",
                                            options.format, commands.json() ? "JSON" : "a terminal")};
    if (infoOf(*format).byTorch && !commands.torch()) {
        const auto ready = withOneLayer(*graph, options.layer); // loading libtorch takes a moment
        return ready ? commands.handOver() : ready.error();
    }
    auto text =
        exportOperator(*graph, *format, options.layer, commands.torch() ? commands.torch()->exportScript : nullptr);
    if (!text)
        return text.error();

    Answer answer;
    answer.json["format"] = options.format;
    if (options.output.empty()) {
        answer.json["text"] = *text;
        answer.text = std::move(*text);
        return answer;
    }
    if (auto wrong = writeFile(options.output, *text))
        return *wrong;
    answer.json["file"] = options.output;
    answer.json["bytes"] = text->size();
    return answer;
}

} // namespace

void addExport(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("export", "Write an operator as code, as mathematics or as a picture",
                                     [options, &commands] { return exportTo(*options, commands); });
    command.add_option("operator", options->file, operatorHelp);
    command.add_option("--format", options->format, "What to write, a name of --list");
    command.add_option("-o,--output", options->output, "Where; standard output when it is not given");
    command
        .add_option("--bind", options->layer, "For formats with numbers for sizes: which of the operator's bindings")
        ->capture_default_str();
    command.add_flag("--list", options->list, "List the formats");
}

} // namespace synoscope::cli
