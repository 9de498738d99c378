#include "core/rendering/graphviz.h"

#include <clocale>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <thread>
#include <vector>

namespace synoscope {
namespace {

using testing::HasSubstr;

std::string chain(int nodes)
{
    std::string text = "digraph chain { node [penwidth=0.5] ";
    for (int i = 1; i < nodes; ++i)
        text += "n" + std::to_string(i - 1) + " -> n" + std::to_string(i) + " ";
    return text + "}";
}

Expected<std::string> picture(const std::string& dot, const std::string& format)
{
    const auto layout = GraphvizLayout::of(dot);
    return layout ? layout->render(format) : layout.error();
}

TEST(GraphvizLayoutTest, APictureHasWhatTheTextSays)
{
    const auto svg = picture("digraph { a [label=\"x < y\"]; a -> b }", "svg");
    ASSERT_TRUE(svg) << svg.error().text();
    EXPECT_THAT(*svg, HasSubstr("x &lt; y"));
    const auto png = picture(chain(3), "png:cairo");
    ASSERT_TRUE(png) << png.error().text();
    EXPECT_TRUE(png->starts_with("\x89PNG\r\n"));
}

TEST(GraphvizLayoutTest, WhatIsNoGraphIsRefused)
{
    const auto broken = picture("digraph { a -> ", "svg");
    ASSERT_FALSE(broken);
    EXPECT_THAT(broken.error().message, HasSubstr("expected a text in the dot language"));
    EXPECT_THAT(broken.error().details, HasSubstr("syntax error"));
}

TEST(GraphvizLayoutTest, AFormatThatNoPluginWritesIsRefused)
{
    const auto painted = picture(chain(2), "oil:painting");
    ASSERT_FALSE(painted);
    EXPECT_THAT(painted.error().message, HasSubstr("cannot write oil"));
    EXPECT_TRUE(picture(chain(2), "svg")) << "a refusal must not harm what comes after it";
}

TEST(GraphvizLayoutTest, LayoutsGiveTheirMemoryBack)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "A sanitizer allocates for itself.";
#endif
    ASSERT_TRUE(GraphvizLayout::of(chain(60))); // fonts and plug-ins stay
    const std::size_t before = mallinfo2().uordblks;
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(GraphvizLayout::of(chain(60)));
    EXPECT_LT(mallinfo2().uordblks, before + (2 << 20)); // a layout that is not given back keeps 60 kB
}

TEST(GraphvizLayoutTest, ThreadsWaitForEachOther)
{
    std::vector<std::string> alone;
    for (int i = 0; i < 8; ++i)
        alone.push_back(*picture(chain(5 + i), "svg"));
    std::vector<std::jthread> threads;
    std::vector<int> wrong(4);
    for (int& count : wrong)
        threads.emplace_back([&count, &alone] {
            for (int i = 0; i < 40; ++i)
                count += *picture(chain(5 + i % 8), "svg") != alone[static_cast<std::size_t>(i % 8)];
        });
    threads.clear();
    EXPECT_THAT(wrong, testing::Each(0));
}

TEST(GraphvizLayoutTest, ACommaOfTheLocaleChangesNothing)
{
    const std::string plain = *picture(chain(4), "svg");
    // Made for the occasion: a bare machine has none with a comma.
    const std::string folder = SYNOSCOPE_BINARY_DIR "/tests/locales";
    const std::string make =
        "mkdir -p '" + folder + "' && localedef -f UTF-8 -i de_DE '" + folder + "/de_DE' 2>/dev/null";
    [[maybe_unused]] const int made = std::system(make.c_str());
    setenv("LOCPATH", folder.c_str(), 1);
    locale_t german = newlocale(LC_NUMERIC_MASK, "de_DE", nullptr);
    unsetenv("LOCPATH");
    if (!german)
        GTEST_SKIP() << "localedef makes no locale with a comma here (package locales)";
    const locale_t before = uselocale(german);
    const auto inGerman = picture(chain(4), "svg");
    EXPECT_STREQ(localeconv()->decimal_point, ",") << "the caller's locale must come back";
    uselocale(before);
    freelocale(german);
    EXPECT_EQ(*inGerman, plain);
}

} // namespace
} // namespace synoscope
