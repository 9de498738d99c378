// Transformers: GPT-2 (Radford et al. 2019) and ViT (Dosovitskiy et al. 2021), and tiny ones of the same make. No
// dropout: what is trained here sees its data a few times only.
#include "core/catalog/networks.h"

#include <cmath>
#include <fmt/format.h>

namespace synoscope {

namespace {

using Kind = Initial::Kind;

// Something of the normed tokens, added to them.
NetworkLayer normedResidual(std::string normName, double epsilon, NetworkLayer inner)
{
    return group(LayerKind::residual, "", {norm(LayerKind::layerNorm, std::move(normName), epsilon), std::move(inner)});
}

NetworkLayer attention(int heads, bool causal)
{
    return {.kind = LayerKind::attention, .heads = heads, .causal = causal};
}

struct GptSize
{
    std::int64_t positions, channels;
    int heads, blocks;
};

// The slot is the projection to queries, keys and values.
NetworkLayer gptBlock(std::string name, const GptSize& size)
{
    const Initial small{Kind::normal, 0.02};
    const Initial smaller{Kind::normal, 0.02 / std::sqrt(2.0 * size.blocks)}; // what 2 * blocks residuals add up
    return group(
        LayerKind::sequence, std::move(name),
        {normedResidual("ln_1", 1e-5,
                        group(LayerKind::sequence, "attn",
                              {linear("c_attn", 3 * size.channels, {.slot = true, .initial = small}),
                               attention(size.heads, true), linear("c_proj", size.channels, {.initial = smaller})})),
         normedResidual("ln_2", 1e-5,
                        group(LayerKind::sequence, "mlp",
                              {linear("c_fc", 4 * size.channels, {.initial = small}), simple(LayerKind::geluTanh),
                               linear("c_proj", size.channels, {.initial = smaller})}))});
}

Layers gpt(const GptSize& size)
{
    Layers net{{.kind = LayerKind::embedding, .name = "wte", .channels = size.channels, .entries = perClass},
               {.kind = LayerKind::positions, .name = "wpe", .entries = size.positions}};
    Layers blocks;
    for (int block = 0; block < size.blocks; ++block)
        blocks.push_back(gptBlock(std::to_string(block), size));
    append(net, {group(LayerKind::sequence, "h", std::move(blocks)), norm(LayerKind::layerNorm, "ln_f"),
                 simple(LayerKind::tiedLinear)});
    return net;
}

struct VitSize
{
    int patch;
    std::int64_t tokens, channels; // tokens: with that of the class
    int heads, blocks;
};

// The slots are the two linear layers of the perceptron. The classifier starts small but not with zeros, as
// torchvision's does: through zeros no gradient would reach the rest at first.
NetworkLayer vitBlock(std::string name, const VitSize& size)
{
    const Initial xavier{Kind::xavier};
    return group(LayerKind::sequence, std::move(name),
                 {normedResidual("ln_1", 1e-6,
                                 group(LayerKind::sequence, "self_attention",
                                       {linear("in_proj", 3 * size.channels, {.initial = xavier}),
                                        attention(size.heads, false), linear("out_proj", size.channels, {})})),
                  normedResidual(
                      "ln_2", 1e-6,
                      group(LayerKind::sequence, "mlp",
                            {linear("0", 4 * size.channels, {.slot = true, .initial = xavier}), simple(LayerKind::gelu),
                             linear("3", size.channels, {.slot = true, .initial = xavier})}))});
}

Layers vit(const VitSize& size)
{
    Layers layers;
    for (int block = 0; block < size.blocks; ++block)
        layers.push_back(vitBlock(fmt::format("encoder_layer_{}", block), size));
    return {{.kind = LayerKind::patches,
             .name = "conv_proj",
             .channels = size.channels,
             .kernel = size.patch,
             .stride = size.patch,
             .bias = true},
            {.kind = LayerKind::classToken, .name = "class_token"},
            group(LayerKind::sequence, "encoder",
                  {{.kind = LayerKind::positions, .name = "pos_embedding", .entries = size.tokens},
                   group(LayerKind::sequence, "layers", std::move(layers)),
                   norm(LayerKind::layerNorm, "ln", 1e-6)}),
            simple(LayerKind::firstToken),
            group(LayerKind::sequence, "heads", {linear("head", perClass, {.initial = {Kind::normal, 0.02}})})};
}

} // namespace

// 1024 positions as published, whatever the length of the text. The words are the classes.
Layers gpt2()
{
    return gpt({.positions = 1024, .channels = 768, .heads = 12, .blocks = 12});
}

Layers tinyGpt()
{
    return gpt({.positions = 128, .channels = 64, .heads = 4, .blocks = 2});
}

Layers vitB16()
{
    return vit({.patch = 16, .tokens = 197, .channels = 768, .heads = 12, .blocks = 12});
}

// Reads images of 16 x 16 in patches of 4 x 4.
Layers tinyVit()
{
    return vit({.patch = 4, .tokens = 17, .channels = 64, .heads = 4, .blocks = 2});
}

} // namespace synoscope
