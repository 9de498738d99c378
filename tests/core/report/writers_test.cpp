#include "core/report/busy_time.h"
#include "core/report/html.h"
#include "core/report/markdown.h"
#include "core/report/markup.h"

#include <gmock/gmock.h>

namespace synoscope::report {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string hostile = "</pre><script>alert('x')</script>|`&\x01\xff\n";

Document hostileDocument()
{
    Section section{"a", hostile};
    section.blocks = {Paragraph{Text(hostile) + code(hostile) + strong(hostile) + link(hostile, "a")},
                      Facts{{{hostile, hostile}}},
                      Table{hostile, {{hostile}}, {{hostile}, {code(hostile)}}},
                      CodeBlock{hostile, hostile, "python"},
                      CodeBlock{hostile, "```\n" + hostile, "", false},
                      Figure{"picture", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", hostile, hostile}};
    return {hostile, hostile, {section}};
}

TEST(Markup, EscapesWhatMeansSomethingAndRepairsWhatIsNoText)
{
    EXPECT_EQ(escaped("a<b> & \"c\" 'd' \xC3\xA9\n"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; \xC3\xA9\n");
    EXPECT_EQ(escaped(std::string_view("\0\x1b\xff\xed\xa0\x80", 6)), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(escaped("\xEF\xBF\xBE"), "\uFFFD"); // U+FFFE is no character of XML
    EXPECT_EQ(repaired("<\xff>"), "<\uFFFD>");
}

TEST(Html, NothingOfAHostileTextIsMarkup)
{
    const std::string html = writeHtml(hostileDocument());
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(html, Not(HasSubstr("\x01")));
    EXPECT_THAT(html, Not(HasSubstr("\xff")));
}

TEST(Markdown, NothingOfAHostileTextIsMarkupOutsideOfCode)
{
    const MarkdownPage page = writeMarkdown(hostileDocument(), "some pictures");
    std::string outside = page.text; // without code between fences of at least three, and without code spans
    for (std::size_t at = outside.find("```"); at != std::string::npos; at = outside.find("```")) {
        const std::size_t end = outside.find_first_not_of('`', at);
        const std::string fence = outside.substr(at, end - at);
        const std::size_t close = outside.find("\n" + fence, end);
        ASSERT_NE(close, std::string::npos);
        outside.erase(at, close + 1 + fence.size() - at);
    }
    EXPECT_THAT(outside, Not(HasSubstr("<script")));
    EXPECT_THAT(outside, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(page.text, HasSubstr("](some%20pictures/picture.svg)"));
    ASSERT_EQ(page.pictures.size(), 1u);
    EXPECT_EQ(page.pictures[0].first, "picture.svg");
}

TEST(Markdown, ATableKeepsItsColumnsWhateverItHolds)
{
    Document document{"t", "", {{"a", "a"}}};
    document.sections[0].blocks.push_back(Table{"", {{"x"}, {"y"}}, {{"a|b", code("c|d")}, {"\\|", "e\nf"}}});
    const std::string text = writeMarkdown(document, "").text;
    std::size_t rows = 0;
    for (std::size_t at = text.find("\n|"); at != std::string::npos; at = text.find("\n|", at + 1), ++rows) {
        const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
        int bars = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '\\')
                ++i;
            else
                bars += line[i] == '|';
        }
        EXPECT_EQ(bars, 3) << line;
    }
    EXPECT_EQ(rows, 4u);
}

TEST(Markdown, WithoutAFolderFiguresAreTheirCaptions)
{
    Document document{"t", "", {{"a", "a"}}};
    document.sections[0].blocks.push_back(Figure{"picture", "<svg></svg>", "What it shows.", "seen"});
    const MarkdownPage page = writeMarkdown(document, "");
    EXPECT_TRUE(page.pictures.empty());
    EXPECT_THAT(page.text, HasSubstr("What it shows."));
    EXPECT_THAT(page.text, Not(HasSubstr("](")));
}

TEST(BusyTimes, OverlapsCountOnceAndPausesNot)
{
    const auto at = [](int seconds) { return Timestamp(std::chrono::seconds(seconds)); };
    const BusyTime busy({{at(100), at(110)}, {at(0), at(10)}, {at(5), at(20)}, {at(7), at(3)}});
    EXPECT_EQ(busy.until(at(0)), 0);
    EXPECT_EQ(busy.until(at(12)), 12);
    EXPECT_EQ(busy.until(at(50)), 20);
    EXPECT_EQ(busy.until(at(105)), 25);
    EXPECT_EQ(busy.until(at(1000)), 30);
    EXPECT_EQ(BusyTime({}).until(at(5)), 0);
}

} // namespace
} // namespace synoscope::report
