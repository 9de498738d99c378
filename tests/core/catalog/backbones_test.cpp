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

std::vector<std::array<std::int64_t, 4>> shapesOf(std::string_view name)
{
    std::vector<std::array<std::int64_t, 4>> table;
    for (const SlotShape& shape : distinctShapes(*findBackbone(name)))
        table.push_back({shape.inChannels, shape.outChannels, shape.height, shape.count});
    return table;
}

TEST(Backbones, TheOthersHaveTheSlotsOfThePaper)
{
    using Table = std::vector<std::array<std::int64_t, 4>>;
    EXPECT_EQ(shapesOf("resnext29"), (Table{{128, 128, 56, 3}, {256, 256, 28, 3}, {512, 512, 14, 3}, {1024, 1024, 7, 1}}));
    EXPECT_EQ(shapesOf("densenet121"), (Table{{128, 32, 56, 6}, {128, 32, 28, 12}, {128, 32, 14, 24}, {128, 32, 7, 16}}));
    EXPECT_EQ(shapesOf("efficientnetv2s"),
              (Table{{24, 24, 112, 2}, {24, 96, 56, 1}, {48, 192, 56, 3}, {48, 192, 28, 1}, {64, 256, 28, 3}}));
    EXPECT_EQ(shapesOf("gpt2"), (Table{{768, 2304, 1024, 12}}));
    EXPECT_EQ(shapesOf("vitb16"), (Table{{768, 3072, 197, 12}, {3072, 768, 197, 12}}));
}

TEST(Backbones, FlopsAreThoseOfTheLayers)
{
    // Multiply-adds as published: 1.814 (torchvision: 1.81), 3.664 (3.66), 2.834 (2.83) and 2.850 (2.85) thousand million.
    EXPECT_EQ(findBackbone("resnet18")->flops, 2 * 1'814'073'344.0);
    EXPECT_EQ(findBackbone("resnet34")->flops, 2 * 3'663'761'408.0);
    EXPECT_EQ(findBackbone("densenet121")->flops, 2 * 2'834'161'664.0);
    EXPECT_EQ(findBackbone("efficientnetv2s")->flops, 2 * 2'849'895'872.0);
    // Of GPT-2, for a token: 24 * 768^2 in each block and the words, and the attention to all tokens.
    const double tokens = 2048;
    EXPECT_EQ(backboneAt(*findBackbone("gpt2"), 2048)->flops,
              tokens * (12 * (24.0 * 768 * 768 + 4.0 * tokens * 768) + 2.0 * 768 * 50'257));
    // ViT-B/16: torchvision says 17.56 thousand million multiply-adds.
    const double places = 197;
    EXPECT_EQ(findBackbone("vitb16")->flops,
              2.0 * 196 * 768 * 768 + places * 12 * (24.0 * 768 * 768 + 4.0 * places * 768) + 2.0 * 768 * 1000);
    EXPECT_NEAR(findBackbone("vitb16")->flops, 2 * 17.56e9, 2e7);
}

TEST(Backbones, AnotherImageScalesTheSlotsAndKeepsTheParameters)
{
    for (const Backbone& backbone : backbones()) {
        const auto twice = backboneAt(backbone, 2 * backbone.image);
        ASSERT_TRUE(twice) << backbone.name;
        EXPECT_EQ(twice->image, 2 * backbone.image);
        EXPECT_EQ(twice->parameters, backbone.parameters);
        ASSERT_EQ(twice->slots.size(), backbone.slots.size());
        for (std::size_t i = 0; i < backbone.slots.size(); ++i) {
            const std::int64_t before = backbone.slots[i].height;
            const bool patches = backbone.slots[i].sequence && !backbone.sequence; // and a token for the class
            EXPECT_EQ(twice->slots[i].height, patches ? 4 * (before - 1) + 1 : 2 * before) << backbone.name;
        }
    }
    EXPECT_FALSE(backboneAt(*findBackbone("resnet18"), 230));
    EXPECT_FALSE(backboneAt(*findBackbone("resnet18"), 0));
}

TEST(Backbones, AnotherNumberOfClassesChangesTheClassifier)
{
    EXPECT_EQ(backboneAt(*findBackbone("resnet18"), 224, 10)->parameters, 11'689'512 - 990 * 513);
    EXPECT_EQ(backboneAt(*findBackbone("gpt2"), 1024, 256)->parameters, 124'439'808 - 50'001 * 768);
    EXPECT_EQ(backboneAt(*backboneAt(*findBackbone("resnet18"), 32, 10), 224, 1000)->parameters, 11'689'512);
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
    EXPECT_EQ(findBackbone("vitb16")->parameters, 86'567'656);
    EXPECT_EQ(findBackbone("resnext29")->parameters, 19'306'404); // with 100 classes, and a last stage of one block
}

TEST(Backbones, TheLargestOfTwoOriginalLayersStandsForASharedShape)
{
    const auto shapes = distinctShapes(*findBackbone("resnet18"));
    EXPECT_EQ(shapes[1].kernel, 3);
    EXPECT_EQ(shapes[1].stride, 2);
    EXPECT_EQ(shapes[2].stride, 1);
}

} // namespace
