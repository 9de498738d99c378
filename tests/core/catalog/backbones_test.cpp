#include "core/catalog/backbones.h"

#include <gmock/gmock.h>
#include <numeric>
#include <set>

using namespace synoscope;

namespace {

int countOf(std::span<const SlotShape> slots)
{
    return std::accumulate(slots.begin(), slots.end(), 0, [](int sum, const SlotShape& slot) { return sum + slot.count; });
}

TEST(Backbones, EveryNameFindsItsBackboneAndAnUnknownOneFindsNone)
{
    std::set<std::string> names;
    for (const Backbone& backbone : backbones()) {
        EXPECT_EQ(findBackbone(backbone.name), &backbone);
        EXPECT_TRUE(names.insert(backbone.name).second) << backbone.name;
        EXPECT_THAT(backboneNames(), testing::HasSubstr(backbone.name));
    }
    EXPECT_EQ(findBackbone("resnet19"), nullptr);
}

TEST(Backbones, SlotsCostNoMoreThanTheWholeNetwork)
{
    for (const Backbone& backbone : backbones()) {
        EXPECT_GT(backbone.slotFlops, 0) << backbone.name;
        if (backbone.flops > 0) {
            EXPECT_LT(backbone.slotFlops, backbone.flops) << backbone.name;
        }
        std::int64_t slotParameters = 0;
        for (const SlotShape& slot : backbone.slots) {
            EXPECT_GT(slot.count, 0);
            slotParameters += slot.count * slot.parameters();
        }
        if (backbone.parameters > 0) {
            EXPECT_LT(slotParameters, backbone.parameters) << backbone.name;
        }
    }
}

TEST(Backbones, ResNet18HasNineteenSlotsOfSevenShapesAsPublished)
{
    const Backbone& resnet = *findBackbone("resnet18");
    EXPECT_EQ(countOf(resnet.slots), 19);
    const auto shapes = distinctShapes(resnet);
    std::vector<std::array<std::int64_t, 4>> table;
    for (const SlotShape& shape : shapes) {
        EXPECT_EQ(shape.height, shape.width);
        table.push_back({shape.inChannels, shape.outChannels, shape.height, shape.count});
    }
    const std::vector<std::array<std::int64_t, 4>> published{
        {64, 64, 56, 4},    {64, 128, 28, 2},  {128, 128, 28, 3}, {128, 256, 14, 2},
        {256, 256, 14, 3},  {256, 512, 7, 2},  {512, 512, 7, 3}};
    EXPECT_EQ(table, published);
}

TEST(Backbones, DistinctShapesKeepTheNumberOfSlots)
{
    for (const Backbone& backbone : backbones())
        EXPECT_EQ(countOf(distinctShapes(backbone)), countOf(backbone.slots)) << backbone.name;
}

TEST(Backbones, TheSlotsOfTheTinyOneAreItsSixThreeByThreeConvolutions)
{
    const Backbone& tiny = *findBackbone("resnet8");
    EXPECT_EQ(countOf(tiny.slots), 6);
    // 2 * 256 * 9*16*16 + 64 * 9*(16*32 + 32*32) + 16 * 9*(32*64 + 64*64) multiply-adds, two operations each
    EXPECT_DOUBLE_EQ(tiny.slotFlops, 2.0 * (2 * 256 * 2304 + 64 * 9 * 1536 + 16 * 9 * 6144));
}

TEST(Backbones, PublishedParameterCountsAreThoseOfTheDesign)
{
    EXPECT_EQ(findBackbone("resnet18")->parameters, 11'689'512);
    EXPECT_EQ(findBackbone("resnet34")->parameters, 21'797'672);
    EXPECT_EQ(findBackbone("densenet121")->parameters, 7'978'856);
    EXPECT_EQ(findBackbone("efficientnetv2s")->parameters, 21'458'488);
    EXPECT_EQ(findBackbone("gpt2")->parameters, 124'439'808);
}

TEST(Backbones, TheLargestOfTwoOriginalLayersStandsForASharedShape)
{
    const auto shapes = distinctShapes(*findBackbone("resnet18"));
    EXPECT_EQ(shapes[1].kernel, 3);
    EXPECT_EQ(shapes[1].stride, 2);
    EXPECT_EQ(shapes[2].stride, 1);
}

} // namespace
