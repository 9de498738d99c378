#include "tests/core/data/support.h"

#include <cmath>
#include <fstream>

using namespace synoscope;
using namespace synoscope::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace {

Picture noise(int width, int height)
{
    Picture picture{width, height};
    Random random(1);
    picture.rgb.resize(static_cast<std::size_t>(3 * width * height));
    for (std::uint8_t& value : picture.rgb)
        value = static_cast<std::uint8_t>(random.below(256));
    return picture;
}

TEST(Picture, APngComesBackExactly)
{
    const Picture picture = noise(37, 21);
    const auto read = decodePicture(encodePng(picture), "x.png");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->width, 37);
    EXPECT_EQ(read->height, 21);
    EXPECT_EQ(read->rgb, picture.rgb);
}

TEST(Picture, AJpegComesBackNearlyAndSmallerWhenThatIsAskedFor)
{
    const Picture picture = plainPicture(160, 96, {200, 80, 40});
    const std::string file = jpegOf(picture);
    const auto size = readPictureSize(file, "x.jpg");
    ASSERT_TRUE(size);
    EXPECT_EQ(size->width, 160);
    for (const int shrink : {1, 2, 4, 8}) {
        const auto read = decodePicture(file, "x.jpg", shrink);
        ASSERT_TRUE(read) << read.error().text();
        EXPECT_EQ(read->width, 160 / shrink);
        EXPECT_EQ(read->height, 96 / shrink);
        const std::size_t last = read->rgb.size() - 3;
        EXPECT_NEAR(read->rgb[last], 200, 4);
        EXPECT_NEAR(read->rgb[last + 1], 80, 4);
        EXPECT_NEAR(read->rgb[last + 2], 40, 4);
    }
}

TEST(Picture, WhatIsTruncatedAnywhereIsRefusedWithItsName)
{
    const std::string png = encodePng(noise(40, 30)), jpeg = jpegOf(noise(40, 30));
    for (const std::string& file : {png, jpeg})
        for (std::size_t length = 0; length + 13 < file.size(); length += 97) {
            const auto read = decodePicture(file.substr(0, length), "folder/x.jpg");
            ASSERT_FALSE(read) << length << " of " << file.size();
            EXPECT_THAT(read.error().text(), HasSubstr("folder/x.jpg"));
        }
}

TEST(Picture, DamagedBytesAreRefusedOrReadButNeverACrash)
{
    const std::string png = encodePng(noise(24, 16)), jpeg = jpegOf(noise(24, 16));
    Random random(5);
    for (const std::string& file : {png, jpeg})
        for (int round = 0; round < 300; ++round) {
            std::string damaged = file;
            for (int i = 0; i < 3; ++i)
                damaged[8 + random.below(static_cast<std::uint32_t>(file.size() - 8))] = static_cast<char>(random.below(256));
            if (const auto size = readPictureSize(damaged, "x"); size && double{1} * size->width * size->height > 1e6)
                continue; // a size that would only take memory
            const auto read = decodePicture(damaged, "x");
            EXPECT_TRUE(!read || read->rgb.size() == static_cast<std::size_t>(3 * read->width * read->height));
        }
}

TEST(Picture, ATextThatIsCalledAPictureIsRefused)
{
    const auto read = decodePicture("<html>not found</html>", "cats/1.jpg");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().text(), AllOf(HasSubstr("cats/1.jpg"), HasSubstr("neither a PNG nor a JPEG")));
}

TEST(Resample, TheSameSizeIsTheSameImageAndAFlipMirrorsIt)
{
    const Picture picture = noise(12, 12);
    std::vector<float> same(3 * 144), flipped(3 * 144);
    resample(picture.view(), Crop::whole(picture.view()), false, 12, same);
    resample(picture.view(), Crop::whole(picture.view()), true, 12, flipped);
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t y = 0; y < 12; ++y)
            for (std::size_t x = 0; x < 12; ++x) {
                EXPECT_NEAR(same[(c * 12 + y) * 12 + x], picture.rgb[(y * 12 + x) * 3 + c], 0.01);
                EXPECT_EQ(flipped[(c * 12 + y) * 12 + x], same[(c * 12 + y) * 12 + 11 - x]);
            }
}

TEST(Resample, AConstantImageStaysConstantAtAnySize)
{
    Picture picture{17, 11};
    picture.rgb.assign(3 * 17 * 11, 99);
    for (const int side : {1, 4, 11, 40}) {
        std::vector<float> out(static_cast<std::size_t>(3 * side * side));
        resample(picture.view(), {2, 1, 9, 8}, false, side, out);
        for (const float value : out)
            ASSERT_NEAR(value, 99, 1e-3);
    }
}

TEST(Resample, EnlargingInterpolatesBetweenPixelCentres)
{
    Picture picture{2, 1};
    picture.rgb = {0, 0, 0, 100, 100, 100};
    std::vector<float> out(3 * 16);
    resample(picture.view(), Crop::whole(picture.view()), false, 4, out);
    const std::vector<float> expected{0, 25, 75, 100};
    for (std::size_t x = 0; x < 4; ++x)
        EXPECT_NEAR(out[x], expected[x], 0.01);
}

} // namespace
