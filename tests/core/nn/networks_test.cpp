#include "core/nn/networks.h"

#include "core/base/resources.h"
#include "core/nn/steps.h"
#include "tests/core/nn/operators.h"

#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <torch/nn/modules/activation.h>

using namespace synoscope;
using testing::HasSubstr;

namespace {

constexpr int fewClasses = 10; // where the classifier is not what is tested: GPT-2's takes long

TensorModulePtr built(std::string_view name, const SlotFactory& slots, int classes = 0, int image = 0)
{
    auto network = makeBackbone(name, slots, classes, image);
    EXPECT_TRUE(network) << (network ? "" : network.error().text());
    return *network;
}

// Small, but with more than one place in the last layers.
int smallInput(const Backbone& backbone)
{
    return backbone.sequence ? 6 : std::min(backbone.image, 2 * backbone.granularity);
}

torch::Tensor inputFor(const Backbone& backbone, int image, torch::ScalarType type)
{
    if (backbone.sequence)
        return torch::randint(0, fewClasses, {1, image}, torch::kInt64);
    return torch::randn({1, 3, image, image}, type);
}

const std::string linearText = "pgraph 1\nname linear\nprimary N L D_in D_out\ninput n:N l:L i:D_in\nweight w0 o:D_out i:D_in\n"
                               "a = share i w0.i\ne = expand D_out\nf = share e w0.o\nreduce a\noutput n l f\n";

// The linear operator where there are tokens, else conv2d with its window as large as the slot's kernel, so that it can stand
// for 1x1 shortcuts too.
SlotFactory originalsAsGraphs()
{
    return [convolution = parse(conv2dText), linear = parse(linearText)](const SlotShape& slot) -> Expected<TensorModulePtr> {
        const PGraph& graph = slot.sequence ? linear : convolution;
        auto binding = bindingForSlot(graph, slot);
        if (!binding)
            return binding.error();
        if (!slot.sequence)
            binding->set(*graph.variables().find("k"), slot.kernel);
        return operatorInSlot(slot, std::make_shared<OperatorModule>(graph, lower(graph), *binding));
    };
}

// "conv1.module.operator.w0" is the weight of "conv1.module".
std::string originalName(std::string name)
{
    for (const std::string_view part : {"operator.w0", "w0"})
        if (name.ends_with(part))
            return name.replace(name.size() - part.size(), part.size(), "weight");
    return name;
}

// A weight of groups as one without: zeros where groups do not meet.
torch::Tensor ungrouped(const torch::Tensor& weight, c10::IntArrayRef shape)
{
    torch::Tensor dense = torch::zeros(shape, weight.options());
    const std::int64_t groups = shape[1] / weight.size(1);
    const std::int64_t outputs = shape[0] / groups;
    for (std::int64_t g = 0; g < groups; ++g)
        dense.slice(0, g * outputs, (g + 1) * outputs)
            .slice(1, g * weight.size(1), (g + 1) * weight.size(1))
            .copy_(weight.slice(0, g * outputs, (g + 1) * outputs));
    return dense;
}

// Returns how many of them are an operator's.
int copyParameters(const torch::nn::Module& from, const torch::nn::Module& to)
{
    const torch::NoGradGuard noGrad;
    int operators = 0;
    auto originals = from.named_parameters();
    for (auto& parameter : to.named_parameters()) {
        const std::string name = originalName(parameter.key());
        operators += name != parameter.key();
        torch::Tensor* original = originals.find(name);
        if (!original) {
            ADD_FAILURE() << parameter.key();
            return 0;
        }
        parameter.value().copy_(original->sizes() == parameter.value().sizes() ? *original
                                                                               : ungrouped(*original, parameter.value().sizes()));
    }
    EXPECT_EQ(originals.size(), to.parameters().size());
    return operators;
}

int slotsOf(const Backbone& backbone)
{
    int count = 0;
    for (const SlotShape& slot : backbone.slots)
        count += slot.count;
    return count;
}

std::string exampleFile()
{
    return (resourceFolder() / "backbones" / "bottleneck-tiny.json").string();
}

std::vector<std::string> allBackbones()
{
    std::vector<std::string> names{exampleFile()};
    for (const Backbone& backbone : backbones())
        names.push_back(backbone.name);
    return names;
}

class EachNetwork : public testing::TestWithParam<std::string>
{
protected:
    const Backbone& backbone() const { return *findBackbone(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(All, EachNetwork, testing::ValuesIn(allBackbones()), [](const auto& info) {
    return info.param == exampleFile() ? "Described" : info.param;
});

// How torchvision and transformers call the parameters, and how many tensors there are.
struct KnownNames
{
    std::string backbone;
    std::size_t count;
    std::vector<std::string> some;
};

const std::vector<KnownNames>& knownNames()
{
    static const std::vector<KnownNames> all{
        {"resnet18", 62, {"conv1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer2.0.downsample.0.weight",
                          "layer2.0.downsample.1.weight", "layer4.1.bn2.weight", "fc.weight", "fc.bias"}},
        {"densenet121", 364, {"features.conv0.weight", "features.denseblock1.denselayer1.norm1.weight", "features.transition3.conv.weight",
                              "features.denseblock4.denselayer16.conv2.weight", "features.norm5.bias", "classifier.weight"}},
        {"efficientnetv2s", 452, {"features.0.0.weight", "features.1.0.block.0.0.weight", "features.2.3.block.1.1.weight",
                                  "features.4.0.block.2.fc1.weight", "features.6.14.block.3.1.bias", "features.7.0.weight",
                                  "classifier.1.weight"}},
        {"gpt2", 148, {"wte.weight", "wpe.weight", "h.0.ln_1.weight", "h.0.attn.c_attn.weight", "h.0.attn.c_attn.bias",
                       "h.11.mlp.c_proj.weight", "ln_f.bias"}},
        {"vitb16", 152, {"conv_proj.weight", "encoder.layers.encoder_layer_0.ln_1.weight",
                         "encoder.layers.encoder_layer_11.self_attention.out_proj.weight", "encoder.layers.encoder_layer_11.mlp.3.bias",
                         "encoder.ln.weight", "heads.head.weight"}}};
    return all;
}

TEST_P(EachNetwork, HasTheCatalogsParametersAndSlotsUnderTheirUsualNames)
{
    std::vector<SlotShape> asked;
    const auto network = built(GetParam(), [&](const SlotShape& slot) {
        asked.push_back(slot);
        return originalSlots()(slot);
    });
    EXPECT_EQ(parameterCount(*network), backbone().parameters);
    std::vector<SlotShape> listed;
    for (SlotShape slot : backbone().slots) {
        const int count = std::exchange(slot.count, 1);
        listed.insert(listed.end(), static_cast<std::size_t>(count), slot);
    }
    EXPECT_THAT(asked, testing::UnorderedElementsAreArray(listed));
    const auto known = std::ranges::find(knownNames(), GetParam(), &KnownNames::backbone);
    if (known == knownNames().end())
        return;
    const auto named = network->named_parameters();
    EXPECT_EQ(named.size(), known->count);
    for (const std::string& name : known->some)
        EXPECT_TRUE(named.contains(name)) << name;
}

// Sees the shapes that pass through the slots.
class Spy : public TensorModule
{
public:
    Spy(TensorModulePtr module, SlotShape slot, double& flops) : module_(register_module("m", module)), slot_(slot), flops_(flops) {}
    torch::Tensor forward(const torch::Tensor& input) override
    {
        torch::Tensor output = module_->forward(input);
        if (slot_.sequence) {
            EXPECT_EQ(input.sizes(), (std::vector<std::int64_t>{1, slot_.height, slot_.inChannels}));
            EXPECT_EQ(output.sizes(), (std::vector<std::int64_t>{1, slot_.height, slot_.outChannels}));
        } else {
            EXPECT_EQ(input.sizes(), (std::vector<std::int64_t>{1, slot_.inChannels, slot_.height * slot_.stride, slot_.width * slot_.stride}));
            EXPECT_EQ(output.sizes(), (std::vector<std::int64_t>{1, slot_.outChannels, slot_.height, slot_.width}));
        }
        flops_ += slot_.flops();
        return output;
    }

private:
    TensorModulePtr module_;
    SlotShape slot_;
    double& flops_;
};

TEST_P(EachNetwork, ShowsItsSlotsTheListedShapes)
{
    const c10::InferenceMode inference;
    const int image = smallInput(backbone());
    double flops = 0;
    const auto network = built(GetParam(), [&](const SlotShape& slot) -> Expected<TensorModulePtr> {
        return TensorModulePtr(std::make_shared<Spy>(*originalSlots()(slot), slot, flops));
    }, fewClasses, image);
    network->eval();
    const auto scores = network->forward(inputFor(backbone(), image, torch::kFloat32));
    const auto expected = backbone().sequence ? std::vector<std::int64_t>{1, image, fewClasses} : std::vector<std::int64_t>{1, fewClasses};
    EXPECT_EQ(scores.sizes(), expected);
    EXPECT_DOUBLE_EQ(flops, backboneAt(backbone(), image)->slotFlops);
}

TEST_P(EachNetwork, IsReproducedByTheOriginalsGraphsInItsSlots)
{
    torch::manual_seed(5);
    const int image = smallInput(backbone());
    const auto original = built(GetParam(), pooledSlots(), fewClasses, image);
    const auto filled = built(GetParam(), originalsAsGraphs(), fewClasses, image);
    ASSERT_EQ(copyParameters(*original, *filled), slotsOf(backbone()));
    const bool large = backbone().parameters > 50'000'000; // takes long in double precision
    const auto type = large ? torch::kFloat32 : torch::kFloat64;
    for (const auto& network : {original, filled}) {
        network->to(type);
        network->eval();
    }
    const torch::NoGradGuard noGrad;
    const auto input = inputFor(backbone(), image, type);
    const auto a = original->forward(input);
    const double size = a.abs().max().item<double>();
    EXPECT_GT(size, 0);
    EXPECT_LT((a - filled->forward(input)).abs().max().item<double>(), (large ? 1e-5 : 1e-9) * size);
    for (auto& parameter : filled->named_parameters())
        if (originalName(parameter.key()) != parameter.key())
            parameter.value().mul_(0.5); // and the operators matter
    EXPECT_GT((a - filled->forward(input)).abs().max().item<double>(), (large ? 1e-3 : 1e-6) * size);
}

TEST(Networks, AreTheSameFromTheSameSeed)
{
    for (const std::string name : {"resnet8", "tinygpt", "tinyvit"}) {
        torch::manual_seed(5);
        const auto first = built(name, originalSlots())->parameters();
        torch::manual_seed(5);
        const auto second = built(name, originalSlots())->parameters();
        for (std::size_t i = 0; i < first.size(); ++i)
            EXPECT_TRUE(first[i].equal(second[i])) << name;
    }
}

double deviation(const torch::nn::Module& network, const std::string& name)
{
    return network.named_parameters()[name].square().mean().sqrt().item<double>();
}

TEST(Networks, StartAsTheirAuthorsHadThem)
{
    torch::manual_seed(5);
    const auto gpt = built("tinygpt", originalSlots());
    EXPECT_NEAR(deviation(*gpt, "wte.weight"), 0.02, 0.001);
    EXPECT_NEAR(deviation(*gpt, "h.1.attn.c_attn.weight"), 0.02, 0.001);
    EXPECT_NEAR(deviation(*gpt, "h.1.mlp.c_proj.weight"), 0.01, 0.0005); // two blocks: 0.02 / sqrt(4)
    EXPECT_EQ(deviation(*gpt, "h.1.attn.c_attn.bias"), 0);
    const auto vit = built("tinyvit", originalSlots());
    EXPECT_NEAR(deviation(*vit, "encoder.layers.encoder_layer_0.mlp.0.weight"), std::sqrt(2.0 / (64 + 256)), 0.002);
    EXPECT_EQ(deviation(*vit, "class_token.weight"), 0);
    const auto resnet = built("resnet8", originalSlots());
    EXPECT_NEAR(deviation(*resnet, "layer3.0.conv2.weight"), std::sqrt(2.0 / (64 * 9)), 0.001); // He, over outgoing connections
    EXPECT_NEAR(deviation(*resnet, "fc.weight"), std::sqrt(1.0 / 3 / 64), 0.01);
    EXPECT_EQ(deviation(*resnet, "bn1.weight"), 1);
}

TEST(Networks, WhatComesLaterInATextChangesNothingBefore)
{
    torch::manual_seed(5);
    const c10::InferenceMode inference;
    const auto gpt = built("tinygpt", originalSlots());
    const auto text = torch::randint(0, 256, {2, 20}, torch::kInt64);
    auto other = text.clone();
    other.select(1, 12).add_(1).remainder_(256);
    const auto difference = (gpt->forward(text) - gpt->forward(other)).abs().amax({0, 2});
    EXPECT_LT(difference.slice(0, 0, 12).max().item<double>(), 1e-6);
    EXPECT_GT(difference.slice(0, 12).min().item<double>(), 1e-6);
}

TEST(Networks, AttentionIsThatOfTheLibrary)
{
    torch::manual_seed(5);
    const c10::InferenceMode inference;
    torch::nn::MultiheadAttention theirs(torch::nn::MultiheadAttentionOptions(24, 3));
    const auto input = torch::randn({2, 7, 24});
    const auto first = input.transpose(0, 1); // tokens first
    const auto expected = std::get<0>(theirs->forward(first, first, first)).transpose(0, 1);
    const NetworkLayer layer{.kind = LayerKind::attention, .heads = 3};
    torch::nn::Module home;
    const auto inner = sequenceStep(layer, home).step(torch::linear(input, theirs->in_proj_weight, theirs->in_proj_bias));
    const auto ours = torch::linear(inner, theirs->out_proj->weight, theirs->out_proj->bias);
    EXPECT_LT((ours - expected).abs().max().item<double>(), 1e-5);
}

TEST(Networks, DropPathDropsWholeSamplesInTrainingOnly)
{
    torch::manual_seed(5);
    torch::nn::Module home;
    const auto step = imageStep({.kind = LayerKind::dropPath, .name = "drop", .rate = 0.25}, home, false).step;
    const auto ones = torch::ones({4000, 3, 2, 2});
    const auto sums = step(ones).sum({1, 2, 3});
    EXPECT_TRUE(((sums == 0) | ((sums - 16).abs() < 1e-4)).all().item<bool>()); // 12 / 0.75
    EXPECT_NEAR(sums.mean().item<double>(), 12, 0.5);
    home.eval();
    EXPECT_TRUE(step(ones).equal(ones));
}

// Overwriting in place must not change what a network computes: pre-activation blocks read their input twice.
TEST(Networks, AnActivationThatOpensAResidualLeavesTheShortcutAsItWas)
{
    const auto network = built(R"({"name": "own", "image": 4, "classes": 4, "layers": [
        {"type": "convolution", "out": 4, "name": "stem"},
        {"type": "residual", "layers": ["relu", {"type": "convolution", "out": 4, "slot": true, "init": "zero"}]},
        "global_average", {"type": "linear", "out": "classes", "name": "last"}]})", originalSlots());
    const auto input = torch::randn({2, 3, 4, 4});
    const auto named = network->named_parameters();
    const auto stem = torch::conv2d(input, named["stem.weight"], {}, 1, 1);
    const auto expected = torch::linear(stem.mean({2, 3}), named["last.weight"], named["last.bias"]);
    const auto scores = network->forward(input);
    EXPECT_LT((scores - expected).abs().max().item<double>(), 1e-5);
    scores.sum().backward();
}

TEST(Networks, GradientsReachEveryParameter)
{
    torch::manual_seed(5);
    for (const std::string name : {"tinygpt", "tinyvit", "efficientnetv2s", "densenet121"}) {
        const Backbone& backbone = *findBackbone(name);
        const int image = smallInput(backbone);
        const auto network = built(name, originalSlots(), fewClasses, image);
        auto input = inputFor(backbone, image, torch::kFloat32);
        if (!backbone.sequence)
            input = torch::randn({4, 3, image, image});
        network->eval(); // drops nothing
        network->forward(input).square().sum().backward();
        int zeros = 0;
        for (const auto& parameter : network->named_parameters()) {
            ASSERT_TRUE(parameter.value().grad().defined()) << name << " " << parameter.key();
            zeros += parameter.value().grad().abs().max().item<double>() == 0;
        }
        EXPECT_EQ(zeros, 0) << name;
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
    EXPECT_THAT(refusal("resnet19", originalSlots()), HasSubstr("resnet8, tinygpt"));
    EXPECT_THAT(refusal("nowhere/own.json", originalSlots()), HasSubstr("cannot be opened"));
    EXPECT_THAT(makeBackbone("tinygpt", originalSlots(), 0, 129).error().message, HasSubstr("128 positions"));
    EXPECT_THAT(makeBackbone("resnet8", originalSlots(), 0, 30).error().message, HasSubstr("multiple of 4"));
    EXPECT_THAT(refusal("tinyvit", operatorSlots(parse(conv2dText))), HasSubstr("expected [1, 17, 64]"));
    std::string text = conv2dText;
    text.replace(text.find("k=3"), 3, "k=3 q=5"); // unused, hence harmless
    EXPECT_EQ(refusal("resnet8", operatorSlots(parse(text))), "accepted");
    std::string grouped = shiftedText;
    grouped.replace(grouped.find("g=4"), 3, "g=24");
    grouped.replace(grouped.find("C_in=16"), 7, "C_in=48");
    EXPECT_THAT(refusal("resnet8", operatorSlots(parse(grouped))), HasSubstr("C_in=16"));
}

} // namespace
