// compare: what two operators share, and in what they differ.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/relation.h"
#include "app/cli/stored.h"
#include "core/graph/difference.h"
#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "core/lowering/plan.h"
#include "core/report/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace synoscope::cli {

namespace {

struct Side
{
    std::string title;
    PGraph graph;
    std::optional<CandidateRecord> candidate{}; // of a store
};

// With a store, a word of hexadecimal digits is a candidate; anything else is an operator's file or name.
Expected<Side> sideOf(const std::string& word, const std::string& file)
{
    const bool digits = !word.empty() && word.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (file.empty() || !digits) {
        auto graph = readPGraph(operatorFile(word));
        if (!graph)
            return graph.error();
        const std::string title = graph->name();
        return Side{title, std::move(*graph)};
    }
    auto stored = openStored(file);
    if (!stored)
        return stored.error();
    auto candidate = findCandidate(*stored, word, file);
    if (!candidate)
        return candidate.error();
    auto graph = parsePGraph(candidate->pgraph, candidate->hash);
    if (!graph)
        return graph.error();
    return Side{candidate->hash.substr(0, 12), std::move(*graph), std::move(*candidate)};
}

class Comparison
{
public:
    Comparison(const Side& first, const Side& second) : first_(first), second_(second) {}

    Answer answer()
    {
        identity();
        shapes();
        costs();
        if (first_.candidate && second_.candidate)
            measurements();
        structure();
        return std::move(answer_);
    }

private:
    void heading(const std::string& text) { answer_.text += "\n" + text + "\n"; }

    // One row of both; "=" where they agree.
    void row(const std::string& name, const std::string& first, const std::string& second)
    {
        answer_.text += fmt::format("  {} {:<34} {:<38} {}\n", first == second ? '=' : '!', name, first, second);
    }

    void identity()
    {
        const Relation relation = relationOf(first_.graph, second_.graph);
        const auto side = [](const Side& one) {
            Json json{{"name", one.title}, {"hash", canonicalHash(one.graph)}};
            if (one.candidate)
                json["candidate"] = candidateJson(*one.candidate);
            return json;
        };
        answer_.json = {{"first", side(first_)},
                        {"second", side(second_)},
                        {"equal", relation != Relation::different},
                        {"by", relation == Relation::sameForm ? "hash" : "fingerprint"}};
        answer_.text = fmt::format("{} and {}: {}\n", first_.title, second_.title,
                                   relation == Relation::sameForm       ? "the same operator, in the same form"
                                   : relation == Relation::sameFunction ? "the same operator, in two forms"
                                                                        : "different operators");
    }

    void shape(const std::string& name, const std::string& first, const std::string& second)
    {
        answer_.json["shapes"].push_back({{"tensor", name}, {"first", first}, {"second", second}, {"equal", first == second}});
        row(name, first, second);
    }

    void shapes()
    {
        heading("shapes");
        const PGraph &a = first_.graph, &b = second_.graph;
        answer_.json["shapes"] = Json::array();
        shape("input", report::shapeText(a, a.input()), report::shapeText(b, b.input()));
        for (std::size_t i = 0; i < std::max(a.weights().size(), b.weights().size()); ++i) {
            const auto of = [i](const PGraph& graph) {
                return i < graph.weights().size() ? report::shapeText(graph, graph.weights()[i].axes) : std::string("-");
            };
            shape(fmt::format("weight {}", i), of(a), of(b));
        }
        shape("output", report::shapeText(a, a.output()), report::shapeText(b, b.output()));
    }

    // Bindings meet by the numbers of their primaries.
    static std::map<std::string, Cost> costsOf(const PGraph& graph)
    {
        std::map<std::string, Cost> costs;
        const Plan plan = lower(graph);
        for (const Binding& binding : graph.bindings()) {
            costs.emplace(report::bindingText(graph.variables(), binding), cost(plan, binding));
        }
        return costs;
    }

    void costs()
    {
        heading("FLOPs, parameters per binding");
        answer_.json["costs"] = Json::array();
        const auto a = costsOf(first_.graph), b = costsOf(second_.graph);
        std::map<std::string, std::pair<const Cost*, const Cost*>> both;
        for (const auto& [binding, one] : a)
            both[binding].first = &one;
        for (const auto& [binding, one] : b)
            both[binding].second = &one;
        const auto text = [](const Cost* one) {
            return one ? humanNumber(one->flops) + ", " + humanNumber(one->parameters) : std::string("-");
        };
        const auto json = [](const Cost* one) {
            return one ? Json{{"flops", number(one->flops)}, {"params", number(one->parameters)}} : Json();
        };
        for (const auto& [binding, pair] : both) {
            answer_.json["costs"].push_back({{"binding", binding}, {"first", json(pair.first)}, {"second", json(pair.second)}});
            row(binding, text(pair.first), text(pair.second));
        }
    }

    void measurements()
    {
        heading("in the search");
        const CandidateRecord &a = *first_.candidate, &b = *second_.candidate;
        const auto text = [](const std::optional<double>& value) { return value ? fmt::format("{:.4f}", *value) : "-"; };
        row("reward", text(a.reward), text(b.reward));
        row("accuracy", text(a.accuracy), text(b.accuracy));
        row("latency ratio", text(a.latencyRatio), text(b.latencyRatio));
        row("FLOPs ratio", text(a.flopsRatio), text(b.flopsRatio));
        row("found after iterations", std::to_string(a.iteration), std::to_string(b.iteration));
        std::size_t common = 0;
        while (common < std::min(a.path.size(), b.path.size()) && a.path[common] == b.path[common])
            ++common;
        answer_.json["moves_in_common"] = common;
        if (!a.path.empty() && !b.path.empty())
            answer_.text += fmt::format("  their ways in the tree part after {} of {} and {} moves\n", common, a.path.size(),
                                        b.path.size());
    }

    Json listed(const PGraph& graph, std::span<const PrimitiveId> primitives, char mark)
    {
        Json list = Json::array();
        for (const PrimitiveId id : primitives) {
            list.push_back(describe(graph, id));
            answer_.text += fmt::format("  {} {}\n", mark, describe(graph, id));
        }
        return list;
    }

    void structure()
    {
        const GraphDifference result = difference(first_.graph, second_.graph);
        heading(fmt::format("structure: {} primitives are shared, {} only in {} (<), {} only in {} (>)",
                            result.shared.size(), result.onlyFirst.size(), first_.title, result.onlySecond.size(),
                            second_.title));
        std::vector<PrimitiveId> shared;
        for (const auto& [first, second] : result.shared)
            shared.push_back(first);
        Json& json = answer_.json["structure"];
        json["shared"] = listed(first_.graph, shared, '=');
        json["only_first"] = listed(first_.graph, result.onlyFirst, '<');
        json["only_second"] = listed(second_.graph, result.onlySecond, '>');
    }

    const Side& first_;
    const Side& second_;
    Answer answer_;
};

Answer compare(const std::string& first, const std::string& second, const std::string& file)
{
    const auto a = sideOf(first, file);
    if (!a)
        return a.error();
    const auto b = sideOf(second, file);
    if (!b)
        return b.error();
    return Comparison(*a, *b).answer();
}

} // namespace

void addCompare(Commands& commands)
{
    struct Options
    {
        std::string first, second, file;
    };
    const auto options = std::make_shared<Options>();
    CLI::App& command =
        commands.add("compare", "What two operators share and in what they differ",
                     [options] { return compare(options->first, options->second, options->file); });
    constexpr const char* what = "An operator: a .pgraph file, the name of one that comes with the program, or, with --db, the "
                                 "beginning of a candidate's hash";
    command.add_option("first", options->first, what)->required();
    command.add_option("second", options->second, what)->required();
    command.add_option("--db", options->file, "The file of a search (.synoscope)");
    command.footer("Rows that begin with = are equal.");
}

} // namespace synoscope::cli
