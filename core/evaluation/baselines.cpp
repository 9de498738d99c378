#include "core/evaluation/baselines.h"

#include <ATen/Context.h>
#include <c10/core/InferenceMode.h>
#include <torch/types.h>

namespace synoscope {

namespace {

class PackedConvolution : public TensorModule
{
public:
    explicit PackedConvolution(const SlotShape& slot)
        : stride_(slot.stride), padding_(slot.kernel / 2), groups_(slot.groups)
    {
        const torch::Tensor weight =
            torch::randn({slot.outChannels, slot.inChannels / slot.groups, slot.kernel, slot.kernel});
        weight_ = torch::mkldnn_reorder_conv2d_weight(weight.to_mkldnn(), {padding_, padding_}, {stride_, stride_},
                                                      {1, 1}, groups_);
    }

    torch::Tensor forward(const torch::Tensor& input) override
    {
        return torch::mkldnn_convolution(input.to_mkldnn(), weight_, {}, {padding_, padding_}, {stride_, stride_},
                                         {1, 1}, groups_);
    }

private:
    torch::Tensor weight_;
    std::int64_t stride_, padding_, groups_;
};

} // namespace

std::vector<Baseline> baselines(const SlotShape& slot)
{
    const c10::InferenceMode inference;
    std::vector<Baseline> all{{"libtorch", *originalSlots()(slot)}};
    if (at::hasMKLDNN() && !slot.sequence)
        all.push_back({"oneDNN, packed weights", std::make_shared<PackedConvolution>(slot), true});
    return all;
}

} // namespace synoscope
