#include "core/data/builtin_data.h"

#include "core/data/preview.h"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <numeric>

using namespace synoscope;
using testing::HasSubstr;

namespace {

std::vector<DataKind> builtinKinds()
{
    std::vector<DataKind> kinds;
    for (const DataKind& kind : dataKinds())
        if (kind.name.starts_with("builtin"))
            kinds.push_back(kind);
    EXPECT_EQ(kinds.size(), 4u);
    return kinds;
}

TEST(BuiltinData, TheSameSeedGivesTheSameBytesForAnyNumberOfThreads)
{
    for (const DataKind& kind : builtinKinds()) {
        const ImageSet one = generateImages(kind.classes, kind.side, DataPart::train, 333, 7, 1);
        const ImageSet three = generateImages(kind.classes, kind.side, DataPart::train, 333, 7, 3);
        EXPECT_EQ(one.pixels, three.pixels) << kind.name;
        EXPECT_EQ(one.labels, three.labels);
        EXPECT_EQ(one.pixels.size(), 333u * 3 * static_cast<std::size_t>(kind.side * kind.side));
    }
}

TEST(BuiltinData, AnotherSeedAndTheTestPartShowOtherImages)
{
    const ImageSet train = generateImages(10, 16, DataPart::train, 50, 1);
    EXPECT_NE(train.pixels, generateImages(10, 16, DataPart::train, 50, 2).pixels);
    EXPECT_NE(train.pixels, generateImages(10, 16, DataPart::test, 50, 1).pixels);
    // More images are more of the same.
    const ImageSet more = generateImages(10, 16, DataPart::train, 80, 1);
    EXPECT_TRUE(std::equal(train.pixels.begin(), train.pixels.end(), more.pixels.begin()));
}

TEST(BuiltinData, ClassesAreBalancedAndNamedDifferently)
{
    for (const DataKind& kind : builtinKinds()) {
        const ImageSet set = generateImages(kind.classes, kind.side, DataPart::test, 4 * kind.classes, 1);
        std::vector<int> counts(static_cast<std::size_t>(kind.classes));
        for (const std::uint8_t label : set.labels)
            ++counts.at(label);
        EXPECT_THAT(counts, testing::Each(4)) << kind.name;
        std::vector<std::string> names;
        for (int i = 0; i < kind.classes; ++i)
            names.push_back(builtinClassName(kind.classes, i));
        std::ranges::sort(names);
        EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
    }
}

TEST(BuiltinData, MeanColoursTellNothingAboutTheTenClasses)
{
    // The nearest class mean in the space of mean colours is right hardly more often than by chance.
    const auto means = [&](const ImageSet& set, int image) {
        std::array<double, 3> mean{};
        const std::size_t plane = set.imageBytes() / 3;
        for (std::size_t c = 0; c < 3; ++c) {
            const auto* pixels = set.pixels.data() + static_cast<std::size_t>(image) * set.imageBytes() + c * plane;
            mean[c] = std::accumulate(pixels, pixels + plane, 0.0) / static_cast<double>(plane);
        }
        return mean;
    };
    const ImageSet train = generateImages(10, 16, DataPart::train, 4000, 1);
    std::vector<std::array<double, 3>> centres(10);
    for (int i = 0; i < train.count(); ++i)
        for (std::size_t c = 0; c < 3; ++c)
            centres[train.labels[static_cast<std::size_t>(i)]][c] += means(train, i)[c] / 400;
    const ImageSet test = generateImages(10, 16, DataPart::test, 2000, 1);
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

TEST(BuiltinData, ItOpensWithItsDefaultsAndWithWhatIsAskedFor)
{
    const auto data = openDataSet({.name = {"builtin10-16"}});
    ASSERT_TRUE(data);
    EXPECT_EQ((*data)->facts().items, (std::array{4096, 1024}));
    EXPECT_EQ((*data)->facts().size, 16);
    const auto more = openDataSet({.name = {"builtin100-16"}, .size = 24, .items = {300, 100}});
    ASSERT_TRUE(more);
    EXPECT_EQ((*more)->facts().items, (std::array{300, 100}));
    EXPECT_EQ((*more)->facts().size, 24);
    EXPECT_EQ((*more)->facts().classNames.size(), 100u);
}

TEST(Preview, ItHasARowForEachClassAndShowsTheirImages)
{
    const auto data = openDataSet({.name = {"builtin10-16"}, .items = {60, 10}});
    ASSERT_TRUE(data);
    const auto sheet = previewOf(**data, {.columns = 5});
    ASSERT_TRUE(sheet);
    EXPECT_EQ(sheet->width, 5 * (4 * 16 + 2) + 2); // enlarged four times
    EXPECT_EQ(sheet->height, 10 * (4 * 16 + 2) + 2);
    const ImageSet images = generateImages(10, 16, DataPart::train, 60, 1);
    for (int row = 0; row < 10; ++row)
        for (int column = 0; column < 5; ++column) {
            const std::uint8_t* image = images.image(10 * column + row);
            const auto at = static_cast<std::size_t>(3 * ((row * 66 + 2 + 4 * 7 + 1) * sheet->width + column * 66 + 2 + 4 * 3 + 2));
            for (std::size_t c = 0; c < 3; ++c)
                ASSERT_EQ(sheet->rgb[at + c], image[c * 256 + 7 * 16 + 3]) << row << ' ' << column;
        }
    const auto augmented = previewOf(**data, {.columns = 5, .augmented = true});
    ASSERT_TRUE(augmented);
    EXPECT_NE(augmented->rgb, sheet->rgb);
}

} // namespace
