#include "core/nn/networks.h"

#include <algorithm>
#include <fmt/format.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>

namespace synoscope {

namespace {

// What tells one ResNet of basic blocks from another.
struct ResNetLayout
{
    std::int64_t stemChannels = 64;
    int stemKernel = 7;
    int stemStride = 2;
    bool stemPooling = true;
    std::vector<std::int64_t> stages; // channels; all but the first halve the image
    int blocksPerStage = 2;
    bool shortcutsAreSlots = true; // the 1x1 convolutions beside a block
};

// Passes the modules of a network to its parts, and keeps the first refusal.
class SlotSource
{
public:
    explicit SlotSource(const SlotFactory& factory) : factory_(factory) {}

    TensorModulePtr slot(const SlotShape& shape) { return make(factory_, shape); }
    TensorModulePtr convolution(const SlotShape& shape) { return make(originalSlots(), shape); }
    const std::optional<Error>& refusal() const { return refusal_; }

private:
    TensorModulePtr make(const SlotFactory& factory, const SlotShape& shape)
    {
        auto module = factory(shape);
        if (module)
            return *module;
        if (!refusal_)
            refusal_ = module.error();
        return *originalSlots()(shape); // the network is dropped; until then it is whole
    }

    const SlotFactory& factory_;
    std::optional<Error> refusal_;
};

class Shortcut : public TensorModule
{
public:
    Shortcut(TensorModulePtr convolution, std::int64_t channels)
        : convolution_(register_module("0", convolution)), norm_(register_module("1", torch::nn::BatchNorm2d(channels)))
    {
    }

    torch::Tensor forward(const torch::Tensor& input) override { return norm_(convolution_->forward(input)); }

private:
    TensorModulePtr convolution_;
    torch::nn::BatchNorm2d norm_;
};

class BasicBlock : public TensorModule
{
public:
    // `side` is that of the block's output.
    BasicBlock(SlotSource& source, const ResNetLayout& layout, std::int64_t in, std::int64_t out, std::int64_t side, int stride)
    {
        SlotShape shape{.inChannels = in, .outChannels = out, .height = side, .width = side, .stride = stride};
        first_ = register_module("conv1", source.slot(shape));
        firstNorm_ = register_module("bn1", torch::nn::BatchNorm2d(out));
        second_ = register_module("conv2", source.slot({.inChannels = out, .outChannels = out, .height = side, .width = side}));
        secondNorm_ = register_module("bn2", torch::nn::BatchNorm2d(out));
        if (stride == 1 && in == out)
            return;
        shape.kernel = 1;
        const auto convolution = layout.shortcutsAreSlots ? source.slot(shape) : source.convolution(shape);
        shortcut_ = register_module("downsample", std::make_shared<Shortcut>(convolution, out));
    }

    torch::Tensor forward(const torch::Tensor& input) override
    {
        torch::Tensor x = firstNorm_(first_->forward(input)).relu_();
        x = secondNorm_(second_->forward(x));
        return x.add_(shortcut_ ? shortcut_->forward(input) : input).relu_();
    }

private:
    TensorModulePtr first_, second_;
    std::shared_ptr<Shortcut> shortcut_;
    torch::nn::BatchNorm2d firstNorm_{nullptr}, secondNorm_{nullptr};
};

class ResNet : public TensorModule
{
public:
    ResNet(SlotSource& source, const ResNetLayout& layout, std::int64_t image, std::int64_t classes)
        : pooling_(layout.stemPooling)
    {
        std::int64_t side = image / layout.stemStride;
        stem_ = register_module("conv1", source.convolution({.inChannels = 3, .outChannels = layout.stemChannels, .height = side,
                                                             .width = side, .kernel = layout.stemKernel, .stride = layout.stemStride}));
        norm_ = register_module("bn1", torch::nn::BatchNorm2d(layout.stemChannels));
        if (pooling_)
            side /= 2;
        std::int64_t channels = layout.stemChannels;
        for (std::size_t stage = 0; stage < layout.stages.size(); ++stage) {
            torch::nn::Sequential blocks;
            for (int block = 0; block < layout.blocksPerStage; ++block) {
                const int stride = stage > 0 && block == 0 ? 2 : 1;
                side /= stride;
                const auto made = std::make_shared<BasicBlock>(source, layout, channels, layout.stages[stage], side, stride);
                blocks->push_back(made);
                blocks_.push_back(made);
                channels = layout.stages[stage];
            }
            register_module(fmt::format("layer{}", stage + 1), blocks);
        }
        classifier_ = register_module("fc", torch::nn::Linear(channels, classes));
    }

    torch::Tensor forward(const torch::Tensor& input) override
    {
        torch::Tensor x = norm_(stem_->forward(input)).relu_();
        if (pooling_)
            x = torch::max_pool2d(x, 3, 2, 1);
        for (const auto& block : blocks_)
            x = block->forward(x);
        return classifier_(x.mean({2, 3}));
    }

private:
    bool pooling_;
    TensorModulePtr stem_;
    torch::nn::BatchNorm2d norm_{nullptr};
    std::vector<std::shared_ptr<BasicBlock>> blocks_;
    torch::nn::Linear classifier_{nullptr};
};

std::optional<ResNetLayout> layoutOf(std::string_view name)
{
    if (name == "resnet8")
        return ResNetLayout{.stemChannels = 16, .stemKernel = 3, .stemStride = 1, .stemPooling = false,
                            .stages = {16, 32, 64}, .blocksPerStage = 1, .shortcutsAreSlots = false};
    if (name == "resnet18")
        return ResNetLayout{.stages = {64, 128, 256, 512}};
    return std::nullopt;
}

} // namespace

Expected<TensorModulePtr> makeBackbone(std::string_view name, const SlotFactory& slots, int classes)
{
    const Backbone* backbone = findBackbone(name);
    if (!backbone)
        return Error{fmt::format("There is no backbone '{}'; there are {}.", name, backboneNames())};
    const auto layout = layoutOf(name);
    if (!layout)
        return Error{fmt::format("The backbone '{}' is known by its shapes only: it cannot be built and trained.", name)};
    SlotSource source(slots);
    const auto network = std::make_shared<ResNet>(source, *layout, backbone->image, classes > 0 ? classes : backbone->classes);
    if (source.refusal())
        return *source.refusal();
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
