#include "tests/core/data/support.h"

#include <cmath>
#include <fmt/format.h>
#include <set>

using namespace synoscope;
using namespace synoscope::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

// Red and blue pictures, as PNG and as JPEG.
void writeClasses(const TemporaryFolder& folder, const std::string& below, int count)
{
    for (int i = 0; i < count; ++i) {
        const Picture red = plainPicture(40 + i, 30, {220, 20, 30}), blue = plainPicture(30, 40 + i, {20, 30, 220});
        folder.write(fmt::format("{}red/{:02}.png", below, i), encodePng(red));
        folder.write(fmt::format("{}blue/{:02}.JPEG", below, i), jpegOf(blue));
    }
    folder.write(below + "red/notes.txt", "not a picture");
    folder.write(below + "red/.hidden.png", "neither");
}

double meanOf(const DataFacts& facts, const Item& item, std::size_t channel)
{
    const std::size_t plane = item.pixels.size() / 3;
    double sum = 0;
    for (std::size_t p = 0; p < plane; ++p)
        sum += item.pixels[channel * plane + p] * facts.deviation[channel] + facts.mean[channel];
    return sum / static_cast<double>(plane);
}

TEST(ImageFolder, EachSubFolderIsAClassAndPngAndJpegAreScaledToWhatIsWanted)
{
    const TemporaryFolder folder;
    writeClasses(folder, "train/", 3);
    writeClasses(folder, "val/", 2);
    const auto data = open("imagefolder:" + folder.path().string(), 20);
    ASSERT_TRUE(data) << data.error().text();
    const DataFacts& facts = (*data)->facts();
    EXPECT_THAT(facts.classNames, ElementsAre("blue", "red"));
    EXPECT_EQ(facts.itemsOf(DataPart::train), 6);
    EXPECT_EQ(facts.itemsOf(DataPart::test), 4);
    for (const DataPart part : dataParts)
        for (int i = 0; i < facts.itemsOf(part); ++i)
            for (std::uint64_t seed = 0; seed < 5; ++seed) {
                Random random(seed);
                const auto item = itemOf(**data, part, i, seed == 0 ? nullptr : &random);
                ASSERT_TRUE(item) << item.error().text();
                ASSERT_EQ(item->pixels.size(), 3u * 20 * 20);
                const bool red = item->labels[0] == 1;
                EXPECT_EQ(meanOf(facts, *item, 0) > 140, red);
                EXPECT_EQ(meanOf(facts, *item, 2) > 140, !red);
            }
}

TEST(ImageFolder, WithoutATrainFolderATenthOfEachClassIsForTheTestAlwaysTheSame)
{
    const TemporaryFolder folder;
    writeClasses(folder, "", 20);
    const auto data = open("imagefolder:" + folder.path().string(), 8);
    const auto again = open("imagefolder:" + folder.path().string(), 8);
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ((*data)->facts().itemsOf(DataPart::train), 36);
    EXPECT_EQ((*data)->facts().itemsOf(DataPart::test), 4);
    std::multiset<int> labels;
    for (int i = 0; i < 4; ++i) {
        labels.insert((*data)->label(DataPart::test, i));
        EXPECT_EQ(itemOf(**data, DataPart::test, i)->pixels, itemOf(**again, DataPart::test, i)->pixels);
    }
    EXPECT_THAT(labels, ElementsAre(0, 0, 1, 1));
}

TEST(ImageFolder, CropsVaryWithTheSeedAndTheCentralOneDoesNot)
{
    const TemporaryFolder folder;
    for (const char* name : {"a", "b"})
        for (int i = 0; i < 2; ++i) {
            Picture picture{64, 48};
            Random random(7);
            picture.rgb.resize(3 * 64 * 48);
            for (std::uint8_t& value : picture.rgb)
                value = static_cast<std::uint8_t>(random.below(256));
            folder.write(fmt::format("{}/{}.png", name, i), encodePng(picture));
        }
    const auto data = open("imagefolder:" + folder.path().string(), 16);
    ASSERT_TRUE(data);
    std::set<std::vector<float>> seen;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        Random random(seed), same(seed);
        const auto pixels = itemOf(**data, DataPart::train, 0, &random)->pixels;
        EXPECT_EQ(pixels, itemOf(**data, DataPart::train, 0, &same)->pixels);
        seen.insert(pixels);
    }
    EXPECT_EQ(seen.size(), 10u);
}

TEST(ImageFolder, ALargeJpegIsDecodedSmallerAndLooksTheSame)
{
    const TemporaryFolder folder;
    Picture slope{640, 640};
    for (int y = 0; y < 640; ++y)
        for (int x = 0; x < 640; ++x)
            for (const int value : {x * 255 / 640, y * 255 / 640, 128})
                slope.rgb.push_back(static_cast<std::uint8_t>(value));
    for (const char* name : {"jpeg/1.jpg", "jpeg/2.jpg"})
        folder.write(name, jpegOf(slope));
    for (const char* name : {"png/1.png", "png/2.png"})
        folder.write(name, encodePng(slope));
    const auto data = open("imagefolder:" + folder.path().string(), 32);
    ASSERT_TRUE(data) << data.error().text();
    Random one(3), two(3);
    const auto jpeg = itemOf(**data, DataPart::train, 0, &one), png = itemOf(**data, DataPart::train, 1, &two);
    for (std::size_t p = 0; p < jpeg->pixels.size(); ++p)
        ASSERT_NEAR(jpeg->pixels[p], png->pixels[p], 0.08) << p;
}

TEST(ImageFolder, WhatIsMissingOrMislabelledIsOneSentenceWithTheFile)
{
    const TemporaryFolder folder;
    const std::string name = "imagefolder:" + folder.path().string();
    EXPECT_THAT(openError(name), HasSubstr("0 sub-folders, expected one for each of at least two classes"));
    writeClasses(folder, "train/", 2);
    EXPECT_THAT(openError(name), HasSubstr("expected val beside it"));
    writeClasses(folder, "val/", 1);
    EXPECT_EQ(openError(name), "no error");
    folder.write("val/green/1.png", encodePng(plainPicture(8, 8, {0, 200, 0})));
    EXPECT_THAT(openError(name), AllOf(HasSubstr("val/green"), HasSubstr("no class of this name to train on")));
    fs::remove_all(folder.path() / "val/green");
    fs::create_directories(folder.path() / "train/empty");
    EXPECT_THAT(openError(name), AllOf(HasSubstr("train/empty"), HasSubstr("no PNG or JPEG file")));
    fs::remove_all(folder.path() / "train/empty");

    // What a file holds shows when it is read.
    folder.write("train/blue/00.JPEG", folder.read("train/blue/00.JPEG").substr(0, 400));
    const auto data = open(name, 8);
    ASSERT_TRUE(data);
    const auto item = itemOf(**data, DataPart::train, 0);
    ASSERT_FALSE(item);
    EXPECT_THAT(item.error().text(), AllOf(HasSubstr("train/blue/00.JPEG"), HasSubstr("JPEG file cannot be read")));
    fs::remove(folder.path() / "train/blue/00.JPEG");
    EXPECT_THAT(itemOf(**data, DataPart::train, 0).error().text(), AllOf(HasSubstr("train/blue/00.JPEG"), HasSubstr("No such file")));
}

} // namespace
