// A network as data: a tree of layers. One vocabulary for the built-in backbones (networks.h) and for description files
// (description.h, resources/backbones/README.md); what is counted here is what core/nn builds.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synoscope {

enum class LayerKind : std::uint8_t {
    // Products: a convolution padded to keep the size, then strided; one of patches that do not overlap, which become
    // tokens; a linear layer of tokens or of a vector; the products of tokens with all entries of the embedding.
    convolution, patches, linear, tiedLinear,
    // Parameters looked up: of words; of the place in the sequence (added); a token put before all others.
    embedding, positions, classToken,
    batchNorm, layerNorm,
    relu, silu, gelu, geluTanh, sigmoid,
    maxPool, averagePool,
    globalAverage, firstToken, flatten, // to a vector: means of the channels; the first token; all of an image
    attention,                          // of 3*D channels, queries, keys, values: softmax(q k / sqrt(D / heads)) v
    dropout, dropPath,                  // drops elements; drops all of a sample
    // Groups: one after the other; the same and the input (or its shortcut) added; the input and the same side by
    // side; the input times the same.
    sequence, residual, concatenate, gate
};

// How parameters start. Fan-in and fan-out are of one output and one input element.
struct Initial
{
    enum class Kind : std::uint8_t {
        standard,   // what the kind of layer has where nothing is said
        uniform,    // within 1/sqrt(fan-in), as libtorch's linear layers; the bias too
        uniformOut, // within 1/sqrt(fan-out)
        heIn, heOut, // normal, variance 2/fan-in or 2/fan-out
        lecun,      // normal, variance 1/fan-in
        xavier,     // uniform, variance 2/(fan-in + fan-out)
        normal,     // of this deviation
        zero
    };
    Kind kind = Kind::standard;
    double deviation = 0;

    friend bool operator==(const Initial&, const Initial&) = default;
};

// What flows from layer to layer. Tokens: `height` of them, `width` 1; words are tokens that are still numbers, and
// `channels` says how many of them there are. A vector is 1 x 1.
struct Flow
{
    enum class Form : std::uint8_t { words, tokens, image, vector };
    Form form = Form::image;
    std::int64_t channels = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::int64_t reduction = 1; // of the input image's side: product of all strides

    std::int64_t places() const { return height * width; }
    bool sameShape(const Flow& other) const;
    std::string text() const; // "an image of 16 x 8 x 8"
};

struct NetworkLayer
{
    LayerKind kind = LayerKind::sequence;
    std::string name{};        // of its parameters; a group without a name adds no level to the names within
    std::int64_t channels = 0; // that it gives, where that is its choice; 0: the network's classes
    std::int64_t entries = 0;  // embedding (0: the network's classes), positions
    int kernel = 1;            // of patches: their side
    int stride = 1;
    int groups = 1;
    int heads = 1;
    bool bias = false;
    bool slot = false;   // an operator can stand here
    bool causal = false; // attention to what came before only
    double rate = 0;     // dropout, dropPath
    double epsilon = 1e-5; // norms
    Initial initial{};
    std::vector<NetworkLayer> layers{};   // groups
    std::vector<NetworkLayer> shortcut{}; // residual; none: the input itself
    std::string shortcutName = "downsample";
    std::string place{}; // in the description: "layers[3].layers[0]"

    // Known when fitted:
    Flow in{};
    Flow out{};

    // Of this layer alone, not of those within. FLOPs at batch 1: products, one multiply-add counts 2.
    std::int64_t parameters() const;
    double flops() const;
};

// What a layer cannot work with, and where that layer stands.
struct Misfit
{
    std::string place;
    std::string message; // one sentence
};

// Fills in what flows through the tree, from the input on. Throws Misfit when a layer does not fit to what comes before.
// May be called again, for another input.
void fit(NetworkLayer& network, const Flow& input, std::int64_t classes);

// The name as descriptions have it: "convolution", "batch_norm"...
std::string layerKindName(LayerKind kind);
bool isGroup(LayerKind kind);
bool isProduct(LayerKind kind); // convolution, patches or linear: has a weight that may be a slot's

} // namespace synoscope
