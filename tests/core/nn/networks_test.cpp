#include "core/nn/networks.h"
#include "tests/core/nn/operators.h"

#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>

using namespace synoscope;
using testing::HasSubstr;

namespace {

TensorModulePtr built(std::string_view name, const SlotFactory& slots)
{
    auto network = makeBackbone(name, slots);
    EXPECT_TRUE(network) << (network ? "" : network.error().text());
    return *network;
}

// conv2d with its window as large as the slot's kernel, so that it can stand for 1x1 shortcuts too.
SlotFactory convolutionGraphSlots()
{
    return [graph = parse(conv2dText)](const SlotShape& slot) -> Expected<TensorModulePtr> {
        auto binding = bindingForSlot(graph, slot);
        if (!binding)
            return binding.error();
        binding->set(*graph.variables().find("k"), slot.kernel);
        return operatorInSlot(slot, std::make_shared<OperatorModule>(graph, lower(graph), *binding));
    };
}

TEST(Networks, ParameterCountsAreThoseOfTheCatalog)
{
    int built = 0;
    for (const Backbone& backbone : backbones()) {
        if (!backbone.trainable)
            continue;
        const auto network = makeBackbone(backbone.name, originalSlots());
        ASSERT_TRUE(network) << network.error().text();
        EXPECT_EQ(parameterCount(**network), backbone.parameters) << backbone.name;
        ++built;
    }
    EXPECT_EQ(built, 2);
}

TEST(Networks, NamesOfParametersAreThoseOfTorchvision)
{
    const auto named = built("resnet18", originalSlots())->named_parameters();
    for (const char* name : {"conv1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer2.0.downsample.0.weight",
                             "layer2.0.downsample.1.weight", "layer4.1.bn2.weight", "fc.weight", "fc.bias"})
        EXPECT_TRUE(named.contains(name)) << name;
    EXPECT_EQ(named.size(), 62u);
}

TEST(Networks, AskedSlotsAreThoseOfTheCatalog)
{
    for (const Backbone& backbone : backbones()) {
        if (!backbone.trainable)
            continue;
        std::vector<SlotShape> asked;
        built(backbone.name, [&](const SlotShape& slot) {
            asked.push_back(slot);
            return originalSlots()(slot);
        });
        std::vector<SlotShape> listed;
        for (SlotShape slot : backbone.slots) {
            const int count = std::exchange(slot.count, 1);
            listed.insert(listed.end(), static_cast<std::size_t>(count), slot);
        }
        EXPECT_THAT(asked, testing::UnorderedElementsAreArray(listed)) << backbone.name;
    }
}

// Sees the shapes that pass through the slots.
class Spy : public TensorModule
{
public:
    Spy(TensorModulePtr module, SlotShape slot, double& flops) : module_(register_module("m", module)), slot_(slot), flops_(flops) {}
    torch::Tensor forward(const torch::Tensor& input) override
    {
        torch::Tensor output = module_->forward(input);
        EXPECT_EQ(input.sizes(), (std::vector<std::int64_t>{1, slot_.inChannels, slot_.height * slot_.stride, slot_.width * slot_.stride}));
        EXPECT_EQ(output.sizes(), (std::vector<std::int64_t>{1, slot_.outChannels, slot_.height, slot_.width}));
        flops_ += slot_.flops();
        return output;
    }

private:
    TensorModulePtr module_;
    SlotShape slot_;
    double& flops_;
};

TEST(Networks, TheShapesThatReachTheSlotsAreTheListedOnes)
{
    const c10::InferenceMode inference;
    for (const Backbone& backbone : backbones()) {
        if (!backbone.trainable)
            continue;
        double flops = 0;
        const auto network = built(backbone.name, [&](const SlotShape& slot) -> Expected<TensorModulePtr> {
            return TensorModulePtr(std::make_shared<Spy>(*originalSlots()(slot), slot, flops));
        });
        network->eval();
        const auto scores = network->forward(torch::randn({1, 3, backbone.image, backbone.image}));
        EXPECT_EQ(scores.sizes(), (std::vector<std::int64_t>{1, backbone.classes}));
        EXPECT_DOUBLE_EQ(flops, backbone.slotFlops) << backbone.name;
    }
}

TEST(Networks, TheConv2dGraphInTheSlotsReproducesTheNetwork)
{
    for (const std::string name : {"resnet8", "resnet18"}) {
        torch::manual_seed(5);
        const auto original = built(name, pooledSlots());
        const auto filled = built(name, convolutionGraphSlots());
        const auto from = original->parameters();
        const auto to = filled->parameters();
        ASSERT_EQ(from.size(), to.size());
        const torch::NoGradGuard noGrad;
        for (std::size_t i = 0; i < from.size(); ++i) {
            ASSERT_EQ(from[i].sizes(), to[i].sizes());
            to[i].copy_(from[i]);
        }
        original->to(torch::kFloat64);
        filled->to(torch::kFloat64);
        original->eval();
        filled->eval();
        const int side = findBackbone(name)->image;
        const auto image = torch::randn({2, 3, side, side}, torch::kFloat64);
        const auto a = original->forward(image);
        EXPECT_GT(a.abs().max().item<double>(), 1e-3);
        EXPECT_LT((a - filled->forward(image)).abs().max().item<double>(), 1e-9 * a.abs().max().item<double>()) << name;
    }
}

TEST(Networks, GradientsReachEveryParameterOfAFilledNetwork)
{
    torch::manual_seed(5);
    for (const std::string& text : {conv2dText, lowRankText, shiftedText}) {
        const auto network = built("resnet8", operatorSlots(parse(text)));
        network->forward(torch::randn({4, 3, 16, 16})).square().sum().backward();
        for (const auto& parameter : network->named_parameters()) {
            ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
            EXPECT_GT(parameter.value().grad().abs().max().item<double>(), 0) << parameter.key();
        }
    }
}

TEST(Networks, WhatCannotBeBuiltIsRefusedWithASentence)
{
    const auto refusal = [](std::string_view name, const SlotFactory& slots) {
        const auto network = makeBackbone(name, slots);
        return network ? std::string("accepted") : network.error().message;
    };
    EXPECT_THAT(refusal("resnet19", originalSlots()), HasSubstr("resnet8, resnet18"));
    EXPECT_THAT(refusal("gpt2", originalSlots()), HasSubstr("shapes only"));
    std::string text = conv2dText;
    text.replace(text.find("k=3"), 3, "k=3 q=5"); // unused, hence harmless
    EXPECT_EQ(refusal("resnet8", operatorSlots(parse(text))), "accepted");
    std::string grouped = shiftedText;
    grouped.replace(grouped.find("g=4"), 3, "g=24");
    grouped.replace(grouped.find("C_in=16"), 7, "C_in=48");
    EXPECT_THAT(refusal("resnet8", operatorSlots(parse(grouped))), HasSubstr("C_in=16"));
}

} // namespace
