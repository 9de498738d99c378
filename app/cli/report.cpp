// report: an experiment as one page for people.
#include "core/report/report.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/stored.h"
#include "core/base/json_demands.h"
#include "core/report/comparison.h"
#include "core/report/html.h"
#include "core/report/markdown.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string file, comparison, format, output;
    int best = 10;

    bool markdown() const
    {
        return format.empty() ? std::filesystem::path(output).extension() == ".md" : format == "markdown";
    }
};

struct Page
{
    std::string text;
    std::vector<std::pair<std::filesystem::path, std::string>> pictures;
};

Page pageOf(const report::Document& document, const Options& options)
{
    if (!options.markdown())
        return {report::writeHtml(document), {}};
    const std::filesystem::path output = options.output;
    const std::string folder = options.output.empty() ? "" : output.stem().string() + "-pictures";
    auto written = report::writeMarkdown(document, folder);
    Page page{std::move(written.text), {}};
    for (auto& [name, svg] : written.pictures)
        page.pictures.emplace_back(output.parent_path() / folder / name, std::move(svg));
    return page;
}

// The pictures first: a page that is there is complete.
std::optional<Answer> write(const Page& page, const std::string& output)
{
    if (!page.pictures.empty()) {
        const std::filesystem::path folder = page.pictures.front().first.parent_path();
        std::error_code failure;
        std::filesystem::create_directories(folder, failure);
        if (failure)
            return Error{.message = fmt::format("The folder for the pictures cannot be made: {}.", failure.message()),
                         .file = folder.string()};
    }
    for (const auto& [file, svg] : page.pictures)
        if (auto wrong = writeFile(file, svg))
            return wrong;
    return writeFile(output, page.text);
}

Expected<report::Document> documentOf(const Options& options)
{
    report::ReportOptions how{.best = options.best, .file = options.file, .program = "synoscope-cli " SYNOSCOPE_VERSION};
    if (!options.comparison.empty()) {
        how.file = options.comparison;
        const auto text = jsonDemands::fileContent(options.comparison, report::comparisonKind());
        return text ? report::describeComparison(*text, how) : Expected<report::Document>(text.error());
    }
    auto stored = openStored(options.file);
    if (!stored)
        return stored.error();
    return report::describe(stored->reader, stored->experiment, how);
}

Answer report(const Options& options)
{
    if (options.file.empty() == options.comparison.empty())
        return Error{"one of --db and --comparison is required. See synoscope-cli report --help."};
    const auto document = documentOf(options);
    if (!document)
        return document.error();
    Page page = pageOf(*document, options);
    Answer answer;
    answer.json["format"] = options.markdown() ? "markdown" : "html";
    if (options.output.empty()) {
        answer.json["text"] = page.text;
        answer.text = std::move(page.text);
        return answer;
    }
    if (auto wrong = write(page, options.output))
        return *wrong;
    answer.json["file"] = options.output;
    answer.json["bytes"] = page.text.size();
    Json& pictures = answer.json["pictures"] = Json::array();
    for (const auto& [file, svg] : page.pictures)
        pictures.push_back(file.string());
    answer.text = fmt::format("{}\n", options.output);
    return answer;
}

} // namespace

void addReport(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command =
        commands.add("report", "Write a page about a search: what was found, measured and decided, and how to do it again",
                     [options] { return report(*options); });
    command.add_option("--db", options->file, "The file of a search (.synoscope)");
    command.add_option("--comparison", options->comparison,
                       "Instead: of search algorithms beside each other, as bench_algorithms --json has written it");
    command.add_option("-o,--output", options->output, "Where; standard output when it is not given");
    command.add_option("--format", options->format, "html or markdown; without it, markdown where the output ends in .md")
        ->check(CLI::IsMember({"html", "markdown"}));
    command.add_option("--best", options->best, "So many operators are described one by one")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    command.footer("HTML is one file that needs no other. Markdown has its pictures as SVG files in NAME-pictures beside it; "
                   "on standard output it has none.");
}

} // namespace synoscope::cli
