// What flows from layer to layer, and where layers do not fit together.
#include "core/catalog/network.h"

#include <fmt/format.h>

namespace synoscope {

namespace {

using Form = Flow::Form;

constexpr std::int64_t mostChannels = 1 << 24; // what follows multiplies them by each other

[[noreturn]] void refuse(const NetworkLayer& layer, std::string message)
{
    throw Misfit{layer.place, std::move(message)};
}

std::string nameOf(const NetworkLayer& layer)
{
    return "'" + layerKindName(layer.kind) + "'";
}

void demand(const NetworkLayer& layer, bool met, const char* expected)
{
    if (!met)
        refuse(layer,
               fmt::format("{} expects {}, but what comes before gives {}", nameOf(layer), expected, layer.in.text()));
}

void demandImage(const NetworkLayer& layer)
{
    demand(layer, layer.in.form == Form::image, "an image");
}

void divide(const NetworkLayer& layer, Flow& flow, int stride)
{
    if (flow.height % stride != 0 || flow.width % stride != 0)
        refuse(layer, fmt::format("{} has a stride of {}, which does not divide the {} x {} places before it",
                                  nameOf(layer), stride, flow.height, flow.width));
    flow.height /= stride;
    flow.width /= stride;
    flow.reduction *= stride;
}

class Fitter
{
public:
    explicit Fitter(std::int64_t classes) : classes_(classes) {}

    Flow fit(NetworkLayer& layer, const Flow& in)
    {
        layer.in = in;
        if (in.form == Form::words && layer.kind != LayerKind::embedding && !isGroup(layer.kind))
            refuse(layer, fmt::format("{} cannot read words; expected 'embedding' as the first layer", nameOf(layer)));
        layer.out = output(layer, in);
        if (layer.out.channels > mostChannels)
            refuse(layer, fmt::format("{} gives {} channels; there may be {}", nameOf(layer), layer.out.channels,
                                      mostChannels));
        return layer.out;
    }

private:
    Flow output(NetworkLayer& layer, const Flow& in)
    {
        switch (layer.kind) {
        case LayerKind::convolution:
        case LayerKind::patches:
        case LayerKind::linear:
        case LayerKind::tiedLinear:
            return product(layer, in);
        case LayerKind::embedding:
        case LayerKind::positions:
        case LayerKind::classToken:
            return lookup(layer, in);
        case LayerKind::batchNorm:
            demandImage(layer);
            return in;
        case LayerKind::maxPool:
        case LayerKind::averagePool: {
            demandImage(layer);
            Flow out = in;
            divide(layer, out, layer.stride);
            return out;
        }
        case LayerKind::globalAverage:
        case LayerKind::firstToken:
        case LayerKind::flatten:
            return vector(layer, in);
        case LayerKind::attention:
            return attention(layer, in);
        case LayerKind::sequence:
        case LayerKind::residual:
        case LayerKind::concatenate:
        case LayerKind::gate:
            return group(layer, in);
        default: // each element by itself
            return in;
        }
    }

    Flow product(NetworkLayer& layer, Flow flow)
    {
        if (layer.kind == LayerKind::tiedLinear) {
            demand(layer, flow.form == Form::tokens && embedded_ == flow.channels,
                   "tokens of as many channels as the network's 'embedding' gives");
            flow.channels = words_;
            return flow;
        }
        const std::int64_t channels = layer.channels == 0 ? classes_ : layer.channels;
        if (layer.kind == LayerKind::linear) {
            demand(layer, flow.form == Form::tokens || flow.form == Form::vector, "tokens or a vector");
            if (layer.slot)
                demand(layer, flow.form == Form::tokens, "tokens where it is a slot");
        } else {
            demandImage(layer);
            if (flow.channels % layer.groups != 0 || channels % layer.groups != 0)
                refuse(layer,
                       fmt::format("{} has {} groups, which do not divide the {} channels before it and its own {}",
                                   nameOf(layer), layer.groups, flow.channels, channels));
            divide(layer, flow, layer.stride);
        }
        flow.channels = channels;
        if (layer.kind == LayerKind::patches) // a token each
            flow = {.form = Form::tokens,
                    .channels = flow.channels,
                    .height = flow.places(),
                    .width = 1,
                    .reduction = flow.reduction};
        return flow;
    }

    Flow lookup(NetworkLayer& layer, Flow flow)
    {
        if (layer.kind == LayerKind::embedding) {
            demand(layer, flow.form == Form::words, "the words of a text");
            words_ = layer.in.channels = layer.entries == 0 ? classes_ : layer.entries;
            embedded_ = layer.channels;
            return {.form = Form::tokens, .channels = layer.channels, .height = flow.height, .width = 1};
        }
        demand(layer, flow.form == Form::tokens, "tokens");
        if (layer.kind == LayerKind::classToken)
            ++flow.height;
        return flow;
    }

    Flow vector(const NetworkLayer& layer, const Flow& in)
    {
        if (layer.kind == LayerKind::firstToken)
            demand(layer, in.form == Form::tokens, "tokens");
        else if (layer.kind == LayerKind::flatten)
            demandImage(layer);
        else
            demand(layer, in.form == Form::image || in.form == Form::tokens, "an image or tokens");
        const std::int64_t channels = layer.kind == LayerKind::flatten ? in.channels * in.places() : in.channels;
        return {.form = Form::vector, .channels = channels, .height = 1, .width = 1, .reduction = in.reduction};
    }

    Flow attention(const NetworkLayer& layer, Flow flow)
    {
        demand(layer, flow.form == Form::tokens, "tokens");
        if (flow.channels % (3 * layer.heads) != 0)
            refuse(
                layer,
                fmt::format(
                    "'attention' of {} heads expects queries, keys and values of as many channels, a multiple of {} in "
                    "all; what comes before gives {}",
                    layer.heads, 3 * layer.heads, flow.text()));
        flow.channels /= 3;
        return flow;
    }

    Flow chain(std::vector<NetworkLayer>& layers, Flow flow)
    {
        for (NetworkLayer& layer : layers)
            flow = fit(layer, flow);
        return flow;
    }

    Flow group(NetworkLayer& layer, const Flow& in)
    {
        if (layer.kind != LayerKind::sequence && in.form == Form::words)
            refuse(layer, fmt::format("{} cannot read words; expected 'embedding' as the first layer", nameOf(layer)));
        Flow out = chain(layer.layers, in);
        if (layer.kind == LayerKind::residual) {
            const Flow beside = chain(layer.shortcut, in);
            if (!beside.sameShape(out))
                refuse(layer,
                       fmt::format(
                           "the layers of the 'residual' give {}, but what they are added to is {}; expected the same "
                           "shape (a 'shortcut' may change it)",
                           out.text(), beside.text()));
        } else if (layer.kind == LayerKind::concatenate) {
            if (in.form != out.form || in.height != out.height || in.width != out.width)
                refuse(layer, fmt::format("the layers of the 'concatenate' give {}, which cannot stand beside {}; "
                                          "expected as many places",
                                          out.text(), in.text()));
            out.channels += in.channels;
        } else if (layer.kind == LayerKind::gate) {
            const bool each = out.form == Form::vector && out.channels == in.channels && in.form == Form::image;
            if (!each && !out.sameShape(in))
                refuse(layer,
                       fmt::format(
                           "the layers of the 'gate' give {}, which cannot multiply {}; expected the same shape or one "
                           "number a channel",
                           out.text(), in.text()));
            return in;
        }
        return out;
    }

    std::int64_t classes_;
    std::int64_t embedded_ = 0; // channels of the embedding
    std::int64_t words_ = 0;
};

} // namespace

void fit(NetworkLayer& network, const Flow& input, std::int64_t classes)
{
    Fitter(classes).fit(network, input);
}

} // namespace synoscope
