// Which backbones there are, as data (DESIGN 5.1): their slots, parameters and FLOPs. No tensors here: problem files, the
// synthesis and the command line need the numbers without libtorch. core/nn builds the networks and is tested against
// this table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synoscope {

// One kind of place in a backbone where an operator can stand, and how often it occurs.
//
// A strided slot becomes average pooling by the stride, then the operator at stride 1. `height` and `width` are those of
// the operator's output, which are those of its input after the pooling: what the operator sees. The original
// convolution there reads stride*height x stride*width. In a sequence model `height` counts tokens and `width` is 1.
struct SlotShape
{
    std::int64_t inChannels = 0;
    std::int64_t outChannels = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
    int kernel = 3; // of the original layer; 1: a 1x1 convolution or a linear layer
    int stride = 1; // of the original layer
    int count = 1;
    int groups = 1; // of the original layer

    std::int64_t parameters() const; // of one original layer, without a bias
    double flops() const;            // of one original layer at batch 1, one multiply-add counts 2

    friend bool operator==(const SlotShape&, const SlotShape&) = default;
};

enum class LayerKind : std::uint8_t { product, normalisation, embedding, attention }; // product: convolution or linear

// One layer of a network, as far as parameters and FLOPs go. `height` and `width` are those of its output.
struct NetworkLayer
{
    LayerKind kind = LayerKind::product;
    std::int64_t inChannels = 0; // embedding: its entries
    std::int64_t outChannels = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
    int kernel = 1;
    int stride = 1;
    int groups = 1;
    bool bias = false;
    bool tied = false; // its parameters are another layer's
    bool slot = false; // an operator can stand here

    std::int64_t parameters() const;
    double flops() const; // at batch 1, convolutions and matrix products, one multiply-add counts 2
};

struct Backbone
{
    std::string name;
    std::string title;       // for people
    bool sequence = false;   // tokens instead of images
    int image = 0;           // side of the square input image; sequence: tokens
    int granularity = 1;     // image is a multiple of it
    int classes = 0;         // sequence: size of the vocabulary
    bool trainable = false;  // core/nn can build and train it
    std::vector<NetworkLayer> layers;

    // Of these layers:
    std::int64_t parameters = 0;
    double flops = 0;
    double slotFlops = 0;         // the slots' share of it
    std::vector<SlotShape> slots{}; // in the order of the network, each with its count
};

std::span<const Backbone> backbones(); // in order of size
const Backbone* findBackbone(std::string_view name); // nullptr when there is none
// The network for images of another side (a sequence: for so many tokens); nothing for a name that is not there, and a
// side that its strides do not divide.
std::optional<Backbone> backboneAt(std::string_view name, int image);
std::string backboneNames(); // "resnet8, resnet18, ...", for error sentences

// The shapes an operator sees, in order of first appearance: slots of equal channels, height and width are one, with their
// counts added. Where the original layers differ, the largest kernel stands for them, and stride and groups are 1.
// These are a problem's bindings, with their weights.
std::vector<SlotShape> distinctShapes(const Backbone& backbone);

} // namespace synoscope
