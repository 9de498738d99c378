#include "tests/core/data/support.h"

using namespace synoscope;
using namespace synoscope::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace {

TEST(Idx, PlainAndGzippedFilesComeBackPixelByPixelInAllThreeColours)
{
    const TemporaryFolder plain, packed;
    writeMnist(plain);
    writeMnist(packed, true);
    const auto data = open("mnist:" + plain.path().string());
    const auto same = open("mnist:" + packed.path().string());
    ASSERT_TRUE(data) << data.error().text();
    ASSERT_TRUE(same) << same.error().text();
    const DataFacts& facts = (*data)->facts();
    EXPECT_EQ(facts.itemsOf(DataPart::train), 24);
    EXPECT_EQ(facts.itemsOf(DataPart::test), 12);
    EXPECT_EQ(facts.size, 28);
    for (int image = 0; image < 24; ++image) {
        const Item item = *itemOf(**data, DataPart::train, image);
        EXPECT_EQ(item.labels[0], image % 10);
        EXPECT_EQ(item.pixels, itemOf(**same, DataPart::train, image)->pixels);
        for (std::size_t p = 0; p < 784; ++p)
            for (std::size_t c = 0; c < 3; ++c)
                ASSERT_NEAR(item.pixels[784 * c + p] * facts.deviation[c] + facts.mean[c], testPixel(image, static_cast<int>(p)), 1e-3);
    }
}

TEST(Idx, NothingIsAugmented)
{
    const TemporaryFolder folder;
    writeMnist(folder);
    const auto data = open("fashion-mnist:" + folder.path().string());
    ASSERT_TRUE(data);
    Random random(3);
    EXPECT_EQ(itemOf(**data, DataPart::train, 4, &random)->pixels, itemOf(**data, DataPart::train, 4)->pixels);
    EXPECT_EQ((*data)->facts().classNames.at(9), "ankle boot");
}

TEST(Idx, TheDottedSpellingIsFoundToo)
{
    const TemporaryFolder folder;
    writeMnist(folder);
    fs::rename(folder.path() / "train-images-idx3-ubyte", folder.path() / "train-images.idx3-ubyte");
    EXPECT_EQ(openError("mnist:" + folder.path().string()), "no error");
}

TEST(Idx, WhatIsMissingTruncatedOrMislabelledIsOneSentenceWithTheFile)
{
    const TemporaryFolder folder;
    writeMnist(folder);
    const std::string name = "mnist:" + folder.path().string();
    const std::string images = idxImages(24, 28), labels = idxLabels(24);

    folder.write("train-images-idx3-ubyte", images.substr(0, 5000));
    EXPECT_THAT(openError(name), AllOf(HasSubstr("train-images-idx3-ubyte"), HasSubstr("5000 bytes, expected 18832"), HasSubstr("truncated")));
    folder.write("train-images-idx3-ubyte", images.substr(0, 10));
    EXPECT_THAT(openError(name), AllOf(HasSubstr("train-images-idx3-ubyte"), HasSubstr("10 bytes")));
    folder.write("train-images-idx3-ubyte", "");
    EXPECT_THAT(openError(name), HasSubstr("0 bytes"));
    folder.write("train-images-idx3-ubyte", labels + labels);
    EXPECT_THAT(openError(name), AllOf(HasSubstr("begins with 0x00000801"), HasSubstr("expected 0x00000803")));
    folder.write("train-images-idx3-ubyte", images + "x");
    EXPECT_THAT(openError(name), HasSubstr("18833 bytes, expected 18832"));
    folder.write("train-images-idx3-ubyte", images);

    folder.write("train-labels-idx1-ubyte", idxLabels(23));
    EXPECT_THAT(openError(name), AllOf(HasSubstr("train-labels-idx1-ubyte"), HasSubstr("expected 24 as there are images")));
    std::string wrong = labels;
    wrong[8 + 5] = 12;
    folder.write("train-labels-idx1-ubyte", wrong);
    EXPECT_THAT(openError(name), AllOf(HasSubstr("train-labels-idx1-ubyte"), HasSubstr("Label number 6 is 12, expected 0 to 9")));
    fs::remove(folder.path() / "train-labels-idx1-ubyte");
    EXPECT_THAT(openError(name), AllOf(HasSubstr("train-labels-idx1-ubyte"), HasSubstr("missing")));

    const std::string packed = gzipped(labels);
    folder.write("train-labels-idx1-ubyte.gz", packed.substr(0, packed.size() - 12));
    EXPECT_THAT(openError(name), AllOf(HasSubstr("train-labels-idx1-ubyte.gz"), HasSubstr("truncated")));
    std::string damaged = packed;
    damaged[packed.size() / 2] = static_cast<char>(~damaged[packed.size() / 2]);
    folder.write("train-labels-idx1-ubyte.gz", damaged);
    EXPECT_THAT(openError(name), HasSubstr("train-labels-idx1-ubyte.gz"));
}

TEST(Idx, AHeadThatPromisesTooMuchTakesNoMemory)
{
    const TemporaryFolder folder;
    writeMnist(folder);
    std::string huge = idxImages(24, 28);
    for (std::size_t i = 4; i < 8; ++i)
        huge[i] = '\xff';
    folder.write("train-images-idx3-ubyte", huge);
    EXPECT_THAT(openError("mnist:" + folder.path().string()), HasSubstr("4294967295 images of 28x28 pixels: it is truncated"));
}

} // namespace
