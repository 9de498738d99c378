#include "core/nn/networks.h"

#include "core/nn/initial.h"
#include "core/nn/steps.h"

#include <fmt/format.h>

namespace synoscope {

namespace {

// Builds the tree's layers: modules with parameters under their names, and a step for each layer. Keeps the first refusal
// of a slot; the network is dropped then, until then it is whole.
class NetworkBuilder
{
public:
    explicit NetworkBuilder(const SlotFactory& slots) : slots_(slots) {}

    Made chain(const std::vector<NetworkLayer>& layers, torch::nn::Module& home, bool fresh)
    {
        std::vector<TensorStep> steps;
        for (const NetworkLayer& layer : layers) {
            Made made = build(layer, home, fresh);
            fresh = made.fresh;
            steps.push_back(std::move(made.step));
        }
        return {[steps = std::move(steps)](const torch::Tensor& input) {
                    torch::Tensor x = input;
                    for (const TensorStep& step : steps)
                        x = step(x);
                    return x;
                }, fresh};
    }

    const std::optional<Error>& refusal() const { return refusal_; }

private:
    Made build(const NetworkLayer& layer, torch::nn::Module& home, bool fresh)
    {
        if (isGroup(layer.kind))
            return group(layer, home, fresh);
        if (isProduct(layer.kind))
            return product(layer, home);
        if (layer.kind == LayerKind::tiedLinear)
            return {tiedStep(embedding_), true};
        if (layer.kind == LayerKind::positions && layer.entries < layer.in.height)
            refuse(Error{fmt::format("The network has {} positions: it cannot be built for {} tokens.", layer.entries, layer.in.height)});
        Made made = imageStep(layer, home, fresh);
        if (layer.kind == LayerKind::embedding)
            embedding_ = home.named_parameters()[layer.name + ".weight"];
        return made;
    }

    Made group(const NetworkLayer& layer, torch::nn::Module& home, bool fresh)
    {
        torch::nn::Module& inner = within(home, layer.name);
        Made layers = chain(layer.layers, inner, fresh && layer.kind == LayerKind::sequence); // others need their input again
        TensorStep shortcut;
        if (!layer.shortcut.empty())
            shortcut = chain(layer.shortcut, within(inner, layer.shortcutName), false).step;
        return groupStep(layer.kind, std::move(layers), std::move(shortcut));
    }

    static torch::nn::Module& within(torch::nn::Module& home, const std::string& name)
    {
        return name.empty() ? home : *home.register_module(name, std::make_shared<torch::nn::Module>(name));
    }

    Made product(const NetworkLayer& layer, torch::nn::Module& home)
    {
        if (layer.kind == LayerKind::patches)
            return patches(layer, home);
        SlotShape shape = slotOf(layer);
        shape.sequence = layer.kind == LayerKind::linear;
        auto module = layer.slot ? slots_(shape) : originalSlots()(shape);
        if (!module) {
            refuse(module.error());
            module = originalSlots()(shape);
        }
        home.register_module(layer.name, *module);
        return {[module = *module](const torch::Tensor& input) { return module->forward(input); }, !layer.slot};
    }

    // Each patch is a place of one long convolution.
    static Made patches(const NetworkLayer& layer, torch::nn::Module& home)
    {
        auto& inner = within(home, layer.name);
        const std::int64_t side = layer.kernel;
        const torch::Tensor weight = inner.register_parameter("weight", torch::empty({layer.out.channels, layer.in.channels, side, side}));
        const double fanIn = static_cast<double>(layer.in.channels * side * side);
        initialise(weight, initialOr(layer.initial, {Initial::Kind::lecun}), fanIn, static_cast<double>(layer.out.channels));
        const torch::Tensor bias = layer.bias ? inner.register_parameter("bias", torch::zeros({layer.out.channels})) : torch::Tensor();
        return {[=](const torch::Tensor& input) {
            return torch::conv2d(input, weight, bias, side).flatten(2).transpose(1, 2);
        }};
    }

    void refuse(Error error)
    {
        if (!refusal_)
            refusal_ = std::move(error);
    }

    const SlotFactory& slots_;
    torch::Tensor embedding_;
    std::optional<Error> refusal_;
};

class Network : public TensorModule
{
public:
    Network(NetworkBuilder& builder, const std::vector<NetworkLayer>& layers) : step_(builder.chain(layers, *this, false).step) {}

    torch::Tensor forward(const torch::Tensor& input) override { return step_(input); }

private:
    TensorStep step_;
};

} // namespace

Expected<TensorModulePtr> makeBackbone(std::string_view backbone, const SlotFactory& slots, int classes, int image)
{
    const auto known = backboneFor(backbone);
    if (!known)
        return known.error();
    const auto fitted = backboneAt(**known, image > 0 ? image : (*known)->image, classes);
    if (!fitted)
        return fitted.error();
    NetworkBuilder builder(slots);
    const auto network = std::make_shared<Network>(builder, fitted->network.layers);
    if (builder.refusal())
        return *builder.refusal();
    return TensorModulePtr(network);
}

std::int64_t parameterCount(const torch::nn::Module& module)
{
    std::int64_t count = 0;
    for (const torch::Tensor& parameter : module.parameters())
        count += parameter.numel();
    return count;
}

} // namespace synoscope
