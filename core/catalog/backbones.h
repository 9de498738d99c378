// Which backbones there are, as data (DESIGN 5.1): their layers, slots, parameters and FLOPs. No tensors here: problem files,
// the synthesis and the command line need the numbers without libtorch. core/nn builds the same layers.
#pragma once

#include "core/catalog/network.h"

#include <optional>
#include <span>
#include <string_view>

namespace synoscope {

// One kind of place in a backbone where an operator can stand, and how often it occurs.
//
// A strided slot becomes average pooling by the stride, then the operator at stride 1. `height` and `width` are those of
// the operator's output, which are those of its input after the pooling: what the operator sees. The original
// convolution there reads stride*height x stride*width. In a sequence slot `height` counts tokens and `width` is 1.
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
    bool bias = false;      // of the original layer; it stays when an operator takes the layer's place
    bool sequence = false;  // tokens [N, height, channels] instead of images [N, channels, height, width]
    Initial initial{};      // of the original layer

    std::int64_t parameters() const; // of one original layer, without a bias
    double flops() const;            // of one original layer at batch 1, one multiply-add counts 2

    friend bool operator==(const SlotShape&, const SlotShape&) = default;
};

struct Backbone
{
    std::string name;
    std::string title;       // for people
    bool sequence = false;   // reads words instead of images
    int image = 0;           // side of the square input image; sequence: tokens
    int granularity = 1;     // image is a multiple of it
    int classes = 0;         // sequence: size of the vocabulary
    bool trainable = false;  // on images: all that do not read words
    NetworkLayer network{};  // fitted to such an image
    std::string key{};       // what findBackbone knows it by, in any process: its name, or the text of its description

    // Of the network:
    std::int64_t parameters = 0;
    double flops = 0;
    double slotFlops = 0;           // the slots' share of it
    std::vector<SlotShape> slots{}; // in the order of the network, each with its count
};

SlotShape slotOf(const NetworkLayer& layer); // of a fitted product

// Fits the network to `image` and `classes`, and counts. Throws Misfit, also for a network that does not end in as many
// numbers as there are classes, has no slot, or is beyond all machines.
void fitBackbone(Backbone& backbone);

std::span<const Backbone> backbones(); // the built-in ones, tiny ones first
std::string backboneNames();           // "resnet8, tinygpt, ...", for error sentences

// A backbone by its name, by the path of a description file (a word with '/' or ending in ".json"), or by the text of a description
// (description.h; it begins with '{'). The built-in one or a copy that is kept for good: for each different text there is
// one. Safe from any thread.
Expected<const Backbone*> backboneFor(std::string_view which);
const Backbone* findBackbone(std::string_view which); // nullptr for what backboneFor refuses

// The network for images of another side (a sequence: for so many tokens), and of another number of classes (0: its own).
// Fails where its strides do not divide the side.
Expected<Backbone> backboneAt(const Backbone& known, int image, int classes = 0);

// The shapes an operator sees, in order of first appearance: slots of equal channels, height and width are one, with their
// counts added. Where the original layers differ, the largest kernel stands for them, and stride and groups are 1.
// These are a problem's bindings, with their weights.
std::vector<SlotShape> distinctShapes(const Backbone& backbone);

} // namespace synoscope
