#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "support.h"

#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

namespace synoscope::test {
namespace {

TEST(Reader, ReadsEveryStatement)
{
    const auto graph = readPGraph(SYNOSCOPE_SOURCE_DIR "/tests/data/pgraph/every_statement.pgraph");
    ASSERT_TRUE(graph) << graph.error().text();
    EXPECT_EQ(graph->name(), "every  statement");
    EXPECT_EQ(graph->primitives().size(), 11u);
    EXPECT_EQ(graph->weights().size(), 1u);
    ASSERT_EQ(graph->bindings().size(), 2u);
    EXPECT_EQ(graph->shape(graph->output(), graph->bindings()[0]), (std::vector<std::int64_t>{1, 6, 20}));
    EXPECT_EQ(graph->shape(graph->weights()[0].axes, graph->bindings()[1]), (std::vector<std::int64_t>{2, 2, 3}));
}

TEST(Reader, ReadsTheWholeZoo)
{
    EXPECT_GE(zooTexts().size(), 11u);
    for (const auto& [file, text] : zooTexts()) {
        const auto graph = parsePGraph(text, file);
        ASSERT_TRUE(graph) << graph.error().text();
        EXPECT_GE(graph->bindings().size(), 2u) << file;
        EXPECT_FALSE(graph->name().empty());
    }
}

TEST(Reader, TakesForeignLineEndsAndAByteOrderMark)
{
    std::string text = "\xEF\xBB\xBF";
    for (const char c : zooTexts().front().second)
        text += c == '\n' ? "\r\n" : std::string(1, c);
    const auto graph = parsePGraph(text, "windows");
    ASSERT_TRUE(graph) << graph.error().text();
    EXPECT_EQ(canonicalHash(*graph), canonicalHash(zoo().front()));
}

// What stands before the text of a case; its first line is line 5.
constexpr std::string_view head = "pgraph 1\nprimary N C\ncoefficient k=3 s\ninput n:N c:C\n";

struct BadCase
{
    std::string text;
    int line;
    int column;
    std::string fragment; // of the message
    bool bare = false;    // without the head
};

std::vector<BadCase> badCases()
{
    return {
        {"", 1, 1, "expected 'pgraph 1' as its first line", true},
        {"# nothing\n\n", 3, 1, "expected 'pgraph 1' as its first line", true},
        {"pgraph 2\n", 1, 8, "'2' is no version", true},
        {"pgraph\n", 1, 7, "no version", true},
        {"hello 1\n", 1, 1, "'hello' where 'pgraph 1' is expected", true},
        {"pgraph 1 x\n", 1, 10, "'x' is too much", true},
        {"pgraph 1\n", 2, 1, "no input", true},
        {"pgraph 1\nprimary N\ninput n:N", 3, 10, "no output", true},
        {std::string("pgraph 1\nna\0me", 14), 2, 3, "0x00 is not text", true},
        {"pgraph 1\n# \xC3\xA9 \xFF\n", 2, 5, "0xFF is not text", true},
        {"pgraph 1\n\xED\xA0\x80", 2, 1, "0xED is not text", true},
        {"\x1B[31m", 1, 1, "0x1B is not text", true},
        {"pgraph 1\nprimary 2N\n", 2, 9, "'2N' is not a variable name", true},
        {"pgraph 1\nprimary N\nprimary M N\n", 3, 11, "'N' is declared twice", true},
        {"pgraph 1\nprimary\n", 2, 8, "not a variable name", true},
        {"pgraph 1\nprimary " + std::string(40, 'N') + "\n", 2, 9, "too long", true},
        {"pgraph 1\nprimary a b c d e f g h i j k l m n o p q\n", 2, 41, "more than 16 variables", true},
        {"pgraph 1\ncoefficient k=0\n", 2, 15, "'0' where a whole number", true},
        {"pgraph 1\ncoefficient k=\n", 2, 15, "the end of the line where a whole number", true},
        {"pgraph 1\ncoefficient k=3.5\n", 2, 15, "'3.5' where a whole number", true},
        {"pgraph 1\ninput n:N\n", 2, 9, "the variable 'N' is not declared", true},
        {"pgraph 1\n", 5, 1, "a second 'pgraph'"},
        {"name a\nname b\n", 6, 1, "a second 'name'"},
        {"name\n", 5, 5, "expected the operator's name"},
        {"input m:N\n", 5, 1, "a second 'input'"},
        {"bogus x\n", 5, 1, "'bogus' begins no statement"},
        {"a = fold n\n", 5, 5, "'fold' is no primitive"},
        {"a = \n", 5, 4, "the end of the line is no primitive"},
        {"a b = split c k\n", 5, 1, "'a' begins no statement"},
        {"a = split c k\n", 5, 1, "1 names before a split; expected 2"},
        {"a, b = shift c 1\n", 5, 4, "2 names before a shift; expected 1"},
        {"a, a = split c k\n", 5, 4, "'a' is defined twice"},
        {"n = shift c 1\n", 5, 1, "'n' is defined twice"},
        {"output = shift c 1\n", 5, 1, "'output' is a word of the format"},
        {"a = shift d 1\n", 5, 11, "the axis 'd' is not known"},
        {"a = shift n 1\nb = shift n 1\n", 6, 11, "'n' is used twice"},
        {"a = shift n 0\n", 5, 13, "a shift by 0"},
        {"a = shift n one\n", 5, 13, "'one' where a whole number"},
        {"a = shift n 1 2\n", 5, 15, "'2' is too much"},
        {"a = merge n n\n", 5, 13, "merged with itself"},
        {"a = merge n\n", 5, 12, "expected an axis"},
        {"a, b = split c C\n", 5, 16, "would be 1"},
        {"a, b = split c N\n", 5, 16, "no size"},
        {"a, b = unfold c x\n", 5, 17, "the variable 'x' is not declared"},
        {"a, b = unfold c k*\n", 5, 19, "expected a variable or a number"},
        {"a, b = unfold c k^99\n", 5, 19, "exponent"},
        {"a, b = unfold c\n", 5, 16, "expected a size"},
        {"a = expand k/s\n", 5, 12, "no size"},
        {"a = share n c\n", 5, 13, "'c' where an axis of a weight is expected"},
        {"a = share n w.i\n", 5, 13, "the weight 'w' is not known"},
        {"weight w i:N\na = share n w.j\n", 6, 15, "the weight 'w' has no axis 'j'"},
        {"weight w i:N\na = share c w.i\n", 6, 13, "sizes of a share must be equal"},
        {"weight w i:N\na = share n w.i\nb = share a w.i\n", 7, 13, "'w.i' is used twice"},
        {"weight w i:N\na = shift w.i 1\n", 6, 11, "second operand of a share"},
        {"weight w i:N i:C\n", 5, 14, "'i' is defined twice"},
        {"weight w i:N\nweight w j:C\n", 6, 8, "the weight 'w' is declared twice"},
        {"weight w\n", 5, 9, "where a name is expected"},
        {"weight w i\n", 5, 11, "where ':' and a size are expected"},
        {"weight w i:N\noutput n c\n", 5, 10, "the axis 'w.i' is never used"},
        {"output n\n", 4, 11, "the axis 'c' is never used"},
        {"output n c n\n", 5, 12, "'n' is used twice"},
        {"output n\noutput c\n", 6, 1, "a second 'output'"},
        {"reduce\n", 5, 7, "expected an axis"},
        {"bind X=1\n", 5, 6, "'X' is no variable"},
        {"bind N=1 N=2\n", 5, 10, "'N' is bound twice"},
        {"bind N 1\n", 5, 8, "where '=' and a number"},
        {"bind N=-1\n", 5, 8, "'-1' where a whole number"},
        {"bind N=99999999999999999999\n", 5, 8, "where a whole number"},
        {"output n c\nbind N=1\n", 6, 1, "no number for 'C'; expected 'C=...'"},
        {"a, b = split c k\noutput n a b\nbind N=1 C=3\nbind N=1 C=4\n", 8, 1, "is no whole number"},
        {"e = expand s\noutput n c e\nbind N=1 C=3\n", 7, 1, "no number for 's'"},
        {"# größe\n\xC3\xB6\xC3\xB6 = x\n", 6, 1, "'öö' where a name is expected"},
        {"a = shift öö 1\n", 5, 11, "the axis 'öö' is not known"},
        {"a = expand öö*k\n", 5, 12, "expected a variable or a number"},
        {"a = expand k öö ü\n", 5, 14, "'öö' is too much"},
    };
}

TEST(Reader, SaysWhereAndWhatIsWrong)
{
    for (const BadCase& bad : badCases()) {
        const std::string text = bad.bare ? bad.text : std::string(head) + bad.text;
        const auto graph = parsePGraph(text, "bad.pgraph");
        ASSERT_FALSE(graph) << bad.text;
        const Error& error = graph.error();
        EXPECT_EQ(error.file, "bad.pgraph");
        EXPECT_EQ(error.line, bad.line) << bad.text << "\n" << error.text();
        EXPECT_EQ(error.column, bad.column) << bad.text << "\n" << error.text();
        EXPECT_NE(error.message.find(bad.fragment), std::string::npos) << bad.text << "\n" << error.text();
        EXPECT_EQ(error.message.find('\n'), std::string::npos) << "one sentence, one line";
    }
    EXPECT_GE(badCases().size(), 40u);
}

double seconds(const auto& action)
{
    const std::clock_t start = std::clock(); // processor time: other tests may run beside
    action();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

TEST(Reader, RefusesHugeTextsQuickly)
{
    std::vector<std::string> texts{std::string(maxPGraphBytes + 1, '#'), std::string(maxPGraphBytes, 'a'),
                                   "pgraph 1\nprimary N\ninput n:" + std::string(500000, 'N')};
    std::string axes = "pgraph 1\nprimary N\ninput";
    std::string layers = std::string(head) + "output n c\n";
    std::string numbers = "pgraph 1\nprimary N\ninput";
    std::string chain = "pgraph 1\nprimary N\ninput a0:N\n";
    for (int i = 0; i < 30000; ++i) {
        axes += fmt::format(" a{}:N", i);
        layers += fmt::format("bind N={} C=1\n", i + 1);
        chain += fmt::format("a{} = shift a{} 1\n", i + 1, i);
        if (i < 2000)
            numbers += fmt::format(" a{}:999999937/999999937*999999937/999999937*N", i);
    }
    texts.insert(texts.end(), {axes, layers, numbers, chain});
    for (const std::string& text : texts) {
        const double took = seconds([&] {
            const auto graph = parsePGraph(text, "huge.pgraph");
            ASSERT_FALSE(graph);
            EXPECT_GE(graph.error().line, 1);
            EXPECT_GE(graph.error().column, 1);
            EXPECT_LT(graph.error().message.size(), 400u);
        });
        EXPECT_LT(took, 1.0) << text.substr(0, 60);
    }
}

TEST(Reader, RefusesWhatIsNoReadableFile)
{
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("synoscope-reader-{}", ::getpid());
    std::filesystem::create_directories(folder);
    const auto message = [](const std::filesystem::path& path) {
        const auto graph = readPGraph(path);
        EXPECT_FALSE(graph);
        EXPECT_EQ(graph.error().file, path.string());
        EXPECT_EQ(graph.error().line, 1);
        EXPECT_EQ(graph.error().column, 1);
        return graph.error().message;
    };
    EXPECT_NE(message(folder / "missing.pgraph").find("no such file"), std::string::npos);
    EXPECT_NE(message(folder).find("folder"), std::string::npos);
    EXPECT_NE(message("/dev/zero").find("no ordinary file"), std::string::npos);
    std::ofstream(folder / "empty.pgraph").close();
    EXPECT_NE(message(folder / "empty.pgraph").find("no operator in this file"), std::string::npos);
    std::ofstream(folder / "large.pgraph") << std::string(2 * maxPGraphBytes, '\n');
    EXPECT_NE(message(folder / "large.pgraph").find("too large"), std::string::npos);
    std::filesystem::remove_all(folder);
}

// Whatever happens to the bytes: an operator that can be written and read again, or an error with a place.
void expectSound(const std::string& text)
{
    const auto graph = parsePGraph(text, "fuzz.pgraph");
    if (graph) {
        const auto again = parsePGraph(writePGraph(*graph), "again.pgraph");
        ASSERT_TRUE(again) << again.error().text() << "\n" << text << "\n" << writePGraph(*graph);
        ASSERT_EQ(writePGraph(*again), writePGraph(*graph)) << text;
        return;
    }
    const Error& error = graph.error();
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    ASSERT_TRUE(error.line >= 1 && error.line <= lines && error.column >= 1 && !error.message.empty())
        << error.text() << "\n"
        << text;
}

std::string mutated(std::string text, const std::string& other, Random& random)
{
    const auto position = [&] { return random.below(static_cast<std::uint32_t>(text.size() + 1)); };
    const auto piece = [&](const std::string& from) {
        const std::size_t begin = random.below(static_cast<std::uint32_t>(from.size() + 1));
        return from.substr(begin, random.below(20));
    };
    static const std::vector<std::string> words{
        "\n",        " ",   "=", ":",       ",",     "*",    "/",
        "^",         "-",   "#", ".",       "0",     "1",    "-1",
        "999999999", "k",   "H", "reduce ", "share", "bind", std::string(1, '\0'),
        "\xFF",      "\xC3"};
    for (std::uint32_t edits = 1 + random.below(4); edits > 0; --edits) {
        const std::size_t at = position();
        switch (random.below(5)) {
        case 0:
            text.erase(at, random.below(8));
            break;
        case 1:
            text.insert(at, words[random.below(static_cast<std::uint32_t>(words.size()))]);
            break;
        case 2:
            text.insert(at, piece(random.below(2) == 0 ? text : other));
            break;
        case 3:
            if (at < text.size())
                text[at] = static_cast<char>(random.below(256));
            break;
        case 4:
            if (at < text.size())
                text[at] = text[position() % text.size()];
            break;
        }
    }
    return text;
}

TEST(Reader, SurvivesFourThousandMutationsOfTheZoo)
{
    Random random(2024);
    const auto& texts = zooTexts();
    const auto any = [&]() -> const std::string& {
        return texts[random.below(static_cast<std::uint32_t>(texts.size()))].second;
    };
    for (int round = 0; round < 4000; ++round)
        ASSERT_NO_FATAL_FAILURE(expectSound(mutated(any(), any(), random)));
}

TEST(Reader, SurvivesShuffledWordsOfTheFormat)
{
    Random random(2025);
    const std::vector<std::string> words{"pgraph",
                                         "1",
                                         "name",
                                         "primary",
                                         "N",
                                         "C",
                                         "coefficient",
                                         "k",
                                         "=",
                                         "3",
                                         "input",
                                         "n",
                                         ":",
                                         "N",
                                         "weight",
                                         "w",
                                         "i",
                                         "split",
                                         "merge",
                                         "shift",
                                         "unfold",
                                         "stride",
                                         "expand",
                                         "share",
                                         "w.i",
                                         ",",
                                         "a",
                                         "b",
                                         "reduce",
                                         "output",
                                         "bind",
                                         "\n",
                                         "\n",
                                         "\n",
                                         "a = shift n 1\n",
                                         "input n:N c:C\n",
                                         "primary N C\n"};
    for (int round = 0; round < 4000; ++round) {
        std::string text = "pgraph 1\n";
        for (std::uint32_t i = random.below(40); i > 0; --i)
            text += words[random.below(static_cast<std::uint32_t>(words.size()))] + (random.below(3) == 0 ? "" : " ");
        ASSERT_NO_FATAL_FAILURE(expectSound(text));
    }
}

} // namespace
} // namespace synoscope::test
