#include "core/report/comparison.h"

#include "core/report/html.h"
#include "core/report/wording.h"

#include <gmock/gmock.h>

namespace synoscope::report {
namespace {

using testing::HasSubstr;

const std::string sound =
    R"({"evaluations": 2000, "seeds": 3, "comparisons": [{"problem": "tiny", "reward": "needle <1>", "target": 0.5, "algorithms": [
{"algorithm": "random", "curve": [{"evaluations": 10, "quartile1": 0, "median": 0.1, "quartile3": 0.2},
 {"evaluations": 2000, "quartile1": 0.4, "median": 0.5, "quartile3": 0.6}], "reached_quartiles": [900, 2000, 2001], "evaluations_per_second": 900},
{"algorithm": "mcts", "curve": [{"evaluations": 10, "quartile1": 0.1, "median": 0.2, "quartile3": 0.3},
 {"evaluations": 1000, "quartile1": 0.6, "median": 0.7, "quartile3": 0.8}], "reached_quartiles": [100, 131, 1001], "evaluations_per_second": 800.5}]}]})";

Expected<Document> described(const std::string& text)
{
    return describeComparison(text, {.file = "all.json", .program = "a test"});
}

std::string without(const std::string& part)
{
    std::string text = sound;
    const std::size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return text.replace(at, part.size(), "");
}

TEST(ComparisonReport, HasAPlotAndATableOfEachComparison)
{
    const auto document = described(sound);
    ASSERT_TRUE(document) << document.error().text();
    ASSERT_EQ(document->sections.size(), 2u);
    const std::string page = writeHtml(*document);
    EXPECT_THAT(page, HasSubstr("needle &lt;1&gt; on tiny"));
    EXPECT_THAT(page, HasSubstr("class=\"band c1\""));
    EXPECT_THAT(page, HasSubstr("131"));
    EXPECT_THAT(page, HasSubstr("&gt; " + number(1000))); // what was not reached
}

TEST(ComparisonReport, RefusesWhatIsSomethingElseWithASentence)
{
    for (const char* part : {"\"seeds\": 3, ", "\"target\": 0.5, ", "[900, 2000, 2001]", "\"quartile1\": 0, ", "}]}"}) {
        const auto document = described(without(part));
        ASSERT_FALSE(document) << part;
        EXPECT_THAT(document.error().text(), HasSubstr("all.json")) << part;
    }
    EXPECT_FALSE(described("[]"));
    EXPECT_FALSE(described(""));
}

} // namespace
} // namespace synoscope::report
