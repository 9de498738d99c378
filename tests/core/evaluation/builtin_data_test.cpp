#include "core/evaluation/builtin_data.h"

#include <chrono>
#include <cmath>
#include <gmock/gmock.h>
#include <numeric>

using namespace synoscope;
using testing::HasSubstr;

namespace {

TEST(BuiltinData, TheSameSeedGivesTheSameBytesForAnyNumberOfThreads)
{
    for (const DataSpec& spec : builtinDataSets()) {
        const ImageSet one = generate(spec, DataPart::train, 333, 7, 1);
        const ImageSet three = generate(spec, DataPart::train, 333, 7, 3);
        EXPECT_EQ(one.pixels, three.pixels) << spec.name;
        EXPECT_EQ(one.labels, three.labels);
        EXPECT_EQ(one.pixels.size(), 333u * 3 * static_cast<std::size_t>(spec.side * spec.side));
    }
}

TEST(BuiltinData, AnotherSeedAndTheTestPartShowOtherImages)
{
    const DataSpec spec = builtinDataSets().front();
    const ImageSet train = generate(spec, DataPart::train, 50, 1);
    EXPECT_NE(train.pixels, generate(spec, DataPart::train, 50, 2).pixels);
    EXPECT_NE(train.pixels, generate(spec, DataPart::test, 50, 1).pixels);
    // More images are more of the same.
    const ImageSet more = generate(spec, DataPart::train, 80, 1);
    EXPECT_TRUE(std::equal(train.pixels.begin(), train.pixels.end(), more.pixels.begin()));
}

TEST(BuiltinData, ClassesAreBalancedAndNamedDifferently)
{
    for (const DataSpec& spec : builtinDataSets()) {
        const ImageSet set = generate(spec, DataPart::test, 4 * spec.classes, 1);
        std::vector<int> counts(static_cast<std::size_t>(spec.classes));
        for (const std::uint8_t label : set.labels)
            ++counts.at(label);
        EXPECT_THAT(counts, testing::Each(4)) << spec.name;
        std::vector<std::string> names;
        for (int i = 0; i < spec.classes; ++i)
            names.push_back(className(spec, i));
        std::ranges::sort(names);
        EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
    }
}

TEST(BuiltinData, MeanColoursTellNothingAboutTheTenClasses)
{
    // The nearest class mean in the space of mean colours is right hardly more often than by chance.
    const DataSpec spec = builtinDataSets().front();
    const auto means = [&](const ImageSet& set, int image) {
        std::array<double, 3> mean{};
        const std::size_t plane = set.imageBytes() / 3;
        for (std::size_t c = 0; c < 3; ++c) {
            const auto* pixels = set.pixels.data() + static_cast<std::size_t>(image) * set.imageBytes() + c * plane;
            mean[c] = std::accumulate(pixels, pixels + plane, 0.0) / static_cast<double>(plane);
        }
        return mean;
    };
    const ImageSet train = generate(spec, DataPart::train, 4000, 1);
    std::vector<std::array<double, 3>> centres(10);
    for (int i = 0; i < train.count(); ++i)
        for (std::size_t c = 0; c < 3; ++c)
            centres[train.labels[static_cast<std::size_t>(i)]][c] += means(train, i)[c] / 400;
    const ImageSet test = generate(spec, DataPart::test, 2000, 1);
    int right = 0;
    for (int i = 0; i < test.count(); ++i) {
        const auto mean = means(test, i);
        const auto nearest = std::ranges::min_element(centres, {}, [&](const auto& centre) {
            return std::hypot(centre[0] - mean[0], centre[1] - mean[1], centre[2] - mean[2]);
        });
        right += nearest - centres.begin() == test.labels[static_cast<std::size_t>(i)];
    }
    EXPECT_LT(right / 2000.0, 0.15);
}

TEST(BuiltinData, EightThousandSmallImagesTakeWellUnderTwoSeconds)
{
    const auto start = std::chrono::steady_clock::now();
    generate(builtinDataSets().front(), DataPart::train, 8192, 1);
    EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 2.0);
}

TEST(BuiltinData, NamesAreFoundAndAnUnknownOneIsRefusedWithTheList)
{
    EXPECT_EQ(findDataSet("builtin")->name, "builtin10-16");
    EXPECT_EQ(findDataSet("builtin100-32")->classes, 100);
    const auto unknown = findDataSet("imagenet");
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().message, HasSubstr("builtin10-16, builtin10-32"));
}

TEST(BuiltinData, ThePreviewIsAPictureOfItsSize)
{
    const std::string picture = previewPpm(builtinDataSets().front(), 5, 1);
    const std::string header = "P6\n90 180\n255\n";
    EXPECT_EQ(picture.substr(0, header.size()), header);
    EXPECT_EQ(picture.size(), header.size() + 3u * 90 * 180);
}

} // namespace
