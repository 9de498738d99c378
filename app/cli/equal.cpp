// equal: are two operators the same?
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/relation.h"
#include "core/graph/reader.h"

namespace synoscope::cli {

namespace {

Answer equal(const std::string& first, const std::string& second)
{
    const auto a = readPGraph(operatorFile(first));
    if (!a)
        return a.error();
    const auto b = readPGraph(operatorFile(second));
    if (!b)
        return b.error();

    const Relation relation = relationOf(*a, *b);
    const bool byHash = relation == Relation::sameForm;
    const bool same = relation != Relation::different;
    Answer answer;
    answer.json = {{"equal", same}, {"by", byHash ? "hash" : "fingerprint"}};
    answer.text = byHash ? "equal: the same canonical form\n"
                  : same ? "equal: different graphs, the same function of input and weights (by fingerprint)\n"
                         : "not equal\n";
    answer.exit = same ? Exit::success : Exit::negative;
    return answer;
}

} // namespace

void addEqual(Commands& commands)
{
    struct Options
    {
        std::string first, second;
    };
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("equal", "Are two operators the same?",
                                     [options] { return equal(options->first, options->second); });
    command.add_option("first", options->first, operatorHelp)->required();
    command.add_option("second", options->second, operatorHelp)->required();
    command.footer("Exit status 0: equal, 1: not equal.");
}

} // namespace synoscope::cli
