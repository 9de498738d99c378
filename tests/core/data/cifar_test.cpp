#include "tests/core/data/support.h"

#include <cmath>

using namespace synoscope;
using namespace synoscope::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace {

// The byte that stood in the file, from what was written of it.
double original(const DataFacts& facts, const Item& item, std::size_t pixel)
{
    const std::size_t channel = pixel / (item.pixels.size() / 3);
    return item.pixels[pixel] * facts.deviation[channel] + facts.mean[channel];
}

TEST(Cifar, TheTenClassFilesComeBackPixelByPixel)
{
    const TemporaryFolder folder;
    writeCifar10(folder);
    const auto data = open("cifar10:" + folder.path().string());
    ASSERT_TRUE(data) << data.error().text();
    const DataFacts& facts = (*data)->facts();
    EXPECT_EQ(facts.itemsOf(DataPart::train), 20);
    EXPECT_EQ(facts.itemsOf(DataPart::test), 4);
    EXPECT_EQ(facts.size, 32);
    EXPECT_EQ(facts.classNames.at(9), "truck");
    for (const int image : {0, 7, 19}) {
        const Item item = *itemOf(**data, DataPart::train, image);
        EXPECT_EQ(item.labels[0], image % 10);
        for (std::size_t p = 0; p < 3072; ++p)
            ASSERT_NEAR(original(facts, item, p), testPixel(image, static_cast<int>(p)), 1e-3) << image << ' ' << p;
    }
    EXPECT_EQ((*data)->label(DataPart::test, 3), 3);
}

TEST(Cifar, ImagesHaveZeroMeanAndAVarianceOfOneInEachColour)
{
    const TemporaryFolder folder;
    writeCifar10(folder, 10);
    const auto data = open("cifar10:" + folder.path().string());
    ASSERT_TRUE(data);
    for (std::size_t c = 0; c < 3; ++c) {
        double sum = 0, squares = 0;
        for (int i = 0; i < 50; ++i) {
            const Item item = *itemOf(**data, DataPart::train, i);
            for (std::size_t p = c * 1024; p < (c + 1) * 1024; ++p) {
                sum += item.pixels[p];
                squares += double{item.pixels[p]} * item.pixels[p];
            }
        }
        EXPECT_NEAR(sum / 51200, 0, 1e-3);
        EXPECT_NEAR(squares / 51200, 1, 1e-3);
    }
}

TEST(Cifar, TheHundredClassFilesGiveTheFineLabelsFromTheFolderInTheArchiveToo)
{
    const TemporaryFolder folder;
    folder.write("cifar-100-binary/train.bin", cifarRecords(0, 25, 100, true));
    folder.write("cifar-100-binary/test.bin", cifarRecords(95, 5, 100, true));
    const auto data = open("cifar100:" + folder.path().string());
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ((*data)->facts().classes, 100);
    EXPECT_EQ(itemOf(**data, DataPart::train, 11)->labels[0], 11);
    EXPECT_EQ(itemOf(**data, DataPart::test, 4)->labels[0], 99);
    EXPECT_EQ((*data)->facts().classNames.at(99), "class 99"); // there is no file of names
}

TEST(Cifar, ANetworkOfAnotherSizeGetsTheImagesScaled)
{
    const TemporaryFolder folder;
    writeCifar10(folder);
    for (const int size : {16, 48}) {
        const auto data = open("cifar10:" + folder.path().string(), size);
        ASSERT_TRUE(data);
        const Item item = *itemOf(**data, DataPart::train, 5);
        ASSERT_EQ(item.pixels.size(), static_cast<std::size_t>(3 * size * size));
        double scaled = 0, before = 0;
        for (std::size_t p = 0; p < item.pixels.size() / 3; ++p)
            scaled += original((*data)->facts(), item, p) / (size * size);
        for (int p = 0; p < 1024; ++p)
            before += testPixel(5, p) / 1024.0;
        EXPECT_NEAR(scaled, before, 2) << size; // the mean stays
    }
}

TEST(Cifar, AugmentationMovesAndMirrorsAndItsSeedDecides)
{
    const TemporaryFolder folder;
    writeCifar10(folder);
    const auto data = open("cifar10:" + folder.path().string());
    ASSERT_TRUE(data);
    const auto augmented = [&](std::uint64_t seed) {
        Random random(seed);
        return itemOf(**data, DataPart::train, 5, &random)->pixels;
    };
    EXPECT_EQ(augmented(1), augmented(1));
    int different = 0;
    for (std::uint64_t seed = 2; seed < 12; ++seed)
        different += augmented(seed) != augmented(1);
    EXPECT_GE(different, 8);
    // One of the 162 ways leaves the image as it is, and one only mirrors it.
    const auto plain = itemOf(**data, DataPart::train, 5)->pixels;
    std::vector<float> mirrored;
    for (std::size_t row = 0; row < 96; ++row)
        mirrored.insert(mirrored.end(), plain.rend() - static_cast<std::ptrdiff_t>(32 * row + 32), plain.rend() - static_cast<std::ptrdiff_t>(32 * row));
    bool isPlain = false, isMirrored = false;
    for (std::uint64_t seed = 0; seed < 3000 && !(isPlain && isMirrored); ++seed) {
        const auto pixels = augmented(seed);
        isPlain |= pixels == plain;
        isMirrored |= pixels == mirrored;
    }
    EXPECT_TRUE(isPlain);
    EXPECT_TRUE(isMirrored);
}

TEST(Cifar, FewerImagesThanThereAreCanBeAskedForButNotMore)
{
    const TemporaryFolder folder;
    writeCifar10(folder);
    const std::string name = "cifar10:" + folder.path().string();
    const auto data = open(name, 0, {7, 2});
    ASSERT_TRUE(data);
    EXPECT_EQ((*data)->facts().itemsOf(DataPart::train), 7);
    EXPECT_EQ((*data)->facts().itemsOf(DataPart::test), 2);
    EXPECT_THAT(openError(name, 0, {21, 0}), HasSubstr("20 items to train on, but 21 were asked for"));
}

TEST(Cifar, WhatIsMissingTruncatedOrMislabelledIsOneSentenceWithTheFile)
{
    const TemporaryFolder folder;
    writeCifar10(folder);
    const std::string name = "cifar10:" + folder.path().string();
    const std::string whole = folder.read("data_batch_3.bin");

    fs::remove(folder.path() / "data_batch_3.bin");
    EXPECT_THAT(openError(name), AllOf(HasSubstr("data_batch_3.bin"), HasSubstr("missing")));
    folder.write("data_batch_3.bin", whole.substr(0, whole.size() - 100));
    EXPECT_THAT(openError(name), AllOf(HasSubstr("data_batch_3.bin"), HasSubstr("truncated")));
    folder.write("data_batch_3.bin", whole.substr(0, 3073)); // between two records
    EXPECT_THAT(openError(name), AllOf(HasSubstr("data_batch_3.bin"), HasSubstr("3073 bytes, expected 12292")));
    folder.write("data_batch_3.bin", std::string(3073, '\x2a') + whole.substr(3073));
    EXPECT_THAT(openError(name), AllOf(HasSubstr("data_batch_3.bin"), HasSubstr("the label 42, expected 0 to 9")));
    folder.write("data_batch_3.bin", whole);
    EXPECT_EQ(openError(name), "no error");

    folder.write("test_batch.bin", cifarRecords(0, 4, 100, true)); // of the other set
    EXPECT_THAT(openError(name), AllOf(HasSubstr("test_batch.bin"), HasSubstr("12296 bytes, expected 12292"), HasSubstr("another kind of file")));
    folder.write("test_batch.bin", cifarRecords(0, 3, 10, false)); // a record less
    EXPECT_THAT(openError(name), AllOf(HasSubstr("test_batch.bin"), HasSubstr("9219 bytes, expected 12292")));
    EXPECT_THAT(openError("cifar100:" + folder.path().string()), AllOf(HasSubstr("train.bin"), HasSubstr("missing")));
}

} // namespace
