#include "core/catalog/network.h"

#include <array>
#include <fmt/format.h>

namespace synoscope {

namespace {

// In the order of the enumeration.
constexpr std::array<const char*, 27> names{
    "convolution", "patches",      "linear",         "tied_linear", "embedding", "positions", "class_token",
    "batch_norm",  "layer_norm",   "relu",           "silu",        "gelu",      "gelu_tanh", "sigmoid",
    "max_pool",    "average_pool", "global_average", "first_token", "flatten",   "attention", "dropout",
    "drop_path",   "sequence",     "residual",       "concatenate", "gate",      ""};

} // namespace

std::string layerKindName(LayerKind kind)
{
    return names[static_cast<std::size_t>(kind)];
}

bool isGroup(LayerKind kind)
{
    return kind >= LayerKind::sequence;
}

bool isProduct(LayerKind kind)
{
    return kind <= LayerKind::linear;
}

bool Flow::sameShape(const Flow& other) const
{
    return form == other.form && channels == other.channels && height == other.height && width == other.width;
}

std::string Flow::text() const
{
    switch (form) {
    case Form::words:
        return fmt::format("{} words", height);
    case Form::tokens:
        return fmt::format("{} tokens of {} channels", height, channels);
    case Form::image:
        return fmt::format("an image of {} x {} x {}", channels, height, width);
    case Form::vector:
        break;
    }
    return fmt::format("a vector of {} channels", channels);
}

std::int64_t NetworkLayer::parameters() const
{
    switch (kind) {
    case LayerKind::convolution:
    case LayerKind::patches:
    case LayerKind::linear:
        return out.channels * (in.channels / groups) * kernel * kernel + (bias ? out.channels : 0);
    case LayerKind::embedding:
        return in.channels * out.channels;
    case LayerKind::positions:
        return entries * out.channels;
    case LayerKind::classToken:
        return out.channels;
    case LayerKind::batchNorm:
    case LayerKind::layerNorm:
        return 2 * out.channels;
    default:
        return 0;
    }
}

double NetworkLayer::flops() const
{
    const auto places = static_cast<double>(out.places());
    switch (kind) {
    case LayerKind::convolution:
    case LayerKind::patches:
    case LayerKind::linear:
    case LayerKind::tiedLinear:
        return 2.0 * static_cast<double>(out.channels * (in.channels / groups) * kernel * kernel) * places;
    case LayerKind::attention: // scores, and the sums they weight
        return 2.0 * 2.0 * static_cast<double>(out.channels) * places * places;
    default:
        return 0;
    }
}

} // namespace synoscope
