#include "tests/core/data/support.h"

#include <fmt/format.h>

using namespace synoscope;
using namespace synoscope::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace {

std::string numbers(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += fmt::format("{} ", i);
    return text;
}

TEST(Text, WindowsGoThroughTheTextAndEachTokensLabelIsTheNextByte)
{
    const TemporaryFolder folder;
    const std::string text = numbers(500) + "\xff\x80";
    const auto file = folder.write("book.txt", text);
    const auto data = open("text:" + file.string(), 16);
    ASSERT_TRUE(data) << data.error().text();
    const DataFacts& facts = (*data)->facts();
    EXPECT_TRUE(facts.text);
    EXPECT_EQ(facts.classes, 256);
    const std::size_t border = text.size() - text.size() / 10;
    EXPECT_EQ(facts.itemsOf(DataPart::train), static_cast<int>((border - 1) / 16));
    EXPECT_EQ(facts.itemsOf(DataPart::test), static_cast<int>((text.size() - border - 1) / 16));
    for (const DataPart part : dataParts)
        for (int i = 0; i < facts.itemsOf(part); ++i) {
            const Item item = *itemOf(**data, part, i);
            const std::size_t start = (part == DataPart::train ? 0 : border) + static_cast<std::size_t>(16 * i);
            for (std::size_t t = 0; t < 16; ++t) {
                ASSERT_EQ(item.tokens[t], static_cast<std::uint8_t>(text[start + t]));
                ASSERT_EQ(item.labels[t], static_cast<std::uint8_t>(text[start + t + 1]));
            }
        }
}

TEST(Text, AFolderSaysItselfWhatIsForTheTest)
{
    const TemporaryFolder folder;
    folder.write("train.txt", std::string(100, 'a'));
    folder.write("validation.txt", std::string(50, 'b'));
    const auto data = open("text:" + folder.path().string(), 8);
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ(itemOf(**data, DataPart::train, 11)->tokens[7], 'a');
    EXPECT_EQ(itemOf(**data, DataPart::test, 0)->tokens[0], 'b');
    EXPECT_EQ((*data)->facts().itemsOf(DataPart::test), 6);
}

TEST(Text, OtherFoldersAreJoinedInTheOrderOfTheirNames)
{
    const TemporaryFolder folder;
    folder.write("2.txt", std::string(100, 'b'));
    folder.write("1.txt", std::string(100, 'a'));
    folder.write("picture.png", std::string(100, 'c'));
    const auto data = open("text:" + folder.path().string(), 10);
    ASSERT_TRUE(data);
    EXPECT_EQ(itemOf(**data, DataPart::train, 0)->tokens[0], 'a');
    EXPECT_EQ(itemOf(**data, DataPart::test, 0)->tokens[0], 'b');
}

TEST(Text, WhatIsMissingOrTooShortIsOneSentence)
{
    const TemporaryFolder folder;
    EXPECT_THAT(openError("text:" + folder.path().string()), HasSubstr("no .txt file"));
    EXPECT_THAT(openError("text:" + (folder.path() / "book.txt").string()), AllOf(HasSubstr("book.txt"), HasSubstr("no such folder or file")));
    folder.write("short.txt", "so short");
    EXPECT_THAT(openError("text:" + folder.path().string(), 64), AllOf(HasSubstr("8 bytes"), HasSubstr("at least 65")));
    folder.write("short.txt", numbers(100));
    EXPECT_THAT(openError("text:" + folder.path().string(), 8, {1000, 0}), HasSubstr("1000 were asked for"));
}

} // namespace
