// A network as the list of what it computes: enough to count its parameters and FLOPs, and to know its slots. (core/nn
// builds networks that run.)
#pragma once

#include "core/catalog/backbones.h"

namespace synoscope {

// Writes the list down layer by layer. Follows channels and side of a square image; a sequence has its tokens in
// `height` and is one wide.
class LayerList
{
public:
    struct Options
    {
        int stride = 1;
        int groups = 1;
        bool bias = false;
        bool slot = false;
    };

    LayerList(std::int64_t channels, std::int64_t height, std::int64_t width)
        : channels_(channels), height_(height), width_(width)
    {}
    static LayerList image(int side) { return {3, side, side}; }

    std::int64_t channels() const { return channels_; }

    // A convolution padded to keep the size, then divided by the stride.
    LayerList& convolution(std::int64_t out, int kernel, Options options);
    LayerList& convolution(std::int64_t out, int kernel) { return convolution(out, kernel, Options{}); }
    // A 1x1 convolution of that many channels of an earlier layer to the shape here; its stride is in the shape
    // already.
    LayerList& shortcut(std::int64_t from, std::int64_t to, int stride, bool slot);
    LayerList& select(std::int64_t channels); // of those there are
    LayerList& normalisation();               // a scale and an offset for each channel
    LayerList& pool(int stride);
    LayerList& poolAll();
    LayerList& squeeze(std::int64_t channels); // squeeze and excitation: two 1x1 layers on the pooled image
    LayerList& concatenate(std::int64_t more); // with that many channels of an earlier layer
    LayerList& linear(std::int64_t out, bool slot = false);
    LayerList& tiedLinear(std::int64_t out); // with the parameters of an embedding
    LayerList& embedding(std::int64_t entries);
    LayerList& attention(); // of each token to each: scores and sums

    std::vector<NetworkLayer> layers() { return std::move(layers_); }

private:
    NetworkLayer& add(LayerKind kind, std::int64_t out);

    std::vector<NetworkLayer> layers_;
    std::int64_t channels_;
    std::int64_t height_;
    std::int64_t width_;
};

// The networks, for images of that side or texts of so many tokens. Names and counts follow torchvision.
Backbone resnet8(int image);
Backbone resnet18(int image);
Backbone resnet34(int image);
Backbone resnext29(int image);
Backbone densenet121(int image);
Backbone efficientnetv2s(int image);
Backbone gpt2(int tokens);

} // namespace synoscope
