#include "core/catalog/layer_list.h"

namespace synoscope {

std::int64_t NetworkLayer::parameters() const
{
    switch (kind) {
    case LayerKind::product:
        return tied ? 0 : outChannels * (inChannels / groups) * kernel * kernel + (bias ? outChannels : 0);
    case LayerKind::normalisation:
        return 2 * outChannels;
    case LayerKind::embedding:
        return inChannels * outChannels;
    case LayerKind::attention:
        break;
    }
    return 0;
}

double NetworkLayer::flops() const
{
    const auto places = static_cast<double>(height * width);
    switch (kind) {
    case LayerKind::product:
        return 2.0 * static_cast<double>(outChannels * (inChannels / groups) * kernel * kernel) * places;
    case LayerKind::attention: // scores, and the sums they weight
        return 2.0 * 2.0 * static_cast<double>(outChannels) * places * places;
    case LayerKind::normalisation:
    case LayerKind::embedding:
        break;
    }
    return 0;
}

NetworkLayer& LayerList::add(LayerKind kind, std::int64_t out)
{
    layers_.push_back({.kind = kind, .inChannels = channels_, .outChannels = out, .height = height_, .width = width_});
    channels_ = out;
    return layers_.back();
}

LayerList& LayerList::convolution(std::int64_t out, int kernel, Options options)
{
    pool(options.stride);
    NetworkLayer& layer = add(LayerKind::product, out);
    layer.kernel = kernel;
    layer.stride = options.stride;
    layer.groups = options.groups;
    layer.bias = options.bias;
    layer.slot = options.slot;
    return *this;
}

LayerList& LayerList::shortcut(std::int64_t from, std::int64_t to, int stride, bool slot)
{
    channels_ = from;
    convolution(to, 1, {.slot = slot});
    layers_.back().stride = stride;
    return *this;
}

LayerList& LayerList::select(std::int64_t channels)
{
    channels_ = channels;
    return *this;
}

LayerList& LayerList::normalisation()
{
    add(LayerKind::normalisation, channels_);
    return *this;
}

LayerList& LayerList::pool(int stride)
{
    height_ = (height_ + stride - 1) / stride;
    width_ = (width_ + stride - 1) / stride;
    return *this;
}

LayerList& LayerList::poolAll()
{
    height_ = width_ = 1;
    return *this;
}

LayerList& LayerList::squeeze(std::int64_t channels)
{
    const std::int64_t height = height_;
    const std::int64_t width = width_;
    const std::int64_t outside = channels_;
    poolAll();
    convolution(channels, 1, {.bias = true});
    convolution(outside, 1, {.bias = true});
    height_ = height;
    width_ = width;
    return *this;
}

LayerList& LayerList::concatenate(std::int64_t more)
{
    channels_ += more;
    return *this;
}

LayerList& LayerList::linear(std::int64_t out, bool slot)
{
    return convolution(out, 1, {.bias = true, .slot = slot});
}

LayerList& LayerList::tiedLinear(std::int64_t out)
{
    add(LayerKind::product, out).tied = true;
    return *this;
}

LayerList& LayerList::embedding(std::int64_t entries)
{
    const std::int64_t channels = channels_;
    channels_ = entries;
    add(LayerKind::embedding, channels);
    return *this;
}

LayerList& LayerList::attention()
{
    add(LayerKind::attention, channels_);
    return *this;
}

} // namespace synoscope
