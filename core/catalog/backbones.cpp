#include "core/catalog/backbones.h"

#include "core/catalog/description.h"
#include "core/catalog/networks.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <numeric>

namespace synoscope {

std::int64_t SlotShape::parameters() const
{
    return outChannels * (inChannels / groups) * kernel * kernel;
}

double SlotShape::flops() const
{
    return 2.0 * static_cast<double>(parameters()) * static_cast<double>(height * width);
}

SlotShape slotOf(const NetworkLayer& layer)
{
    return {.inChannels = layer.in.channels,
            .outChannels = layer.out.channels,
            .height = layer.out.height,
            .width = layer.out.width,
            .kernel = layer.kernel,
            .stride = layer.stride,
            .count = 1,
            .groups = layer.groups,
            .bias = layer.bias,
            .sequence = layer.out.form == Flow::Form::tokens,
            .initial = layer.initial};
}

namespace {

struct Entry
{
    const char* name;
    const char* title;
    bool sequence;
    int image, classes; // as published
    Layers (*make)();
};
constexpr std::array<Entry, 10> entries{{{"resnet8", "ResNet-8 (tiny)", false, 16, 10, resnet8},
                                         {"tinygpt", "GPT of bytes (tiny)", true, 128, 256, tinyGpt},
                                         {"tinyvit", "ViT (tiny)", false, 16, 10, tinyVit},
                                         {"resnet18", "ResNet-18", false, 224, 1000, resnet18},
                                         {"resnet34", "ResNet-34", false, 224, 1000, resnet34},
                                         {"resnext29", "ResNeXt-29 2x64d", false, 224, 100, resnext29},
                                         {"densenet121", "DenseNet-121", false, 224, 1000, densenet121},
                                         {"efficientnetv2s", "EfficientNetV2-S", false, 224, 1000, efficientnetv2s},
                                         {"gpt2", "GPT-2 small", true, 1024, 50'257, gpt2},
                                         {"vitb16", "ViT-B/16", false, 224, 1000, vitB16}}};

std::vector<Backbone> makeAll()
{
    std::vector<Backbone> all;
    for (const Entry& entry : entries) {
        Backbone backbone{.name = entry.name,
                          .title = entry.title,
                          .sequence = entry.sequence,
                          .image = entry.image,
                          .classes = entry.classes,
                          .trainable = !entry.sequence,
                          .key = entry.name};
        backbone.network.layers = entry.make();
        fitBackbone(backbone);
        all.push_back(std::move(backbone));
    }
    return all;
}

const Backbone* builtIn(std::string_view name)
{
    const auto all = backbones();
    const auto it = std::ranges::find(all, name, &Backbone::name);
    return it == all.end() ? nullptr : &*it;
}

// Backbones by the text of their descriptions.
class Described
{
public:
    Expected<const Backbone*> of(const std::string& text, std::string_view fileName)
    {
        const std::scoped_lock lock(mutex_);
        if (const auto known = byText_.find(text); known != byText_.end())
            return known->second.get();
        auto backbone = parseBackbone(text, fileName);
        if (!backbone)
            return backbone.error();
        return (byText_[text] = std::make_unique<const Backbone>(std::move(*backbone))).get();
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::unique_ptr<const Backbone>> byText_;
};

} // namespace

std::span<const Backbone> backbones()
{
    static const std::vector<Backbone> all = makeAll();
    return all;
}

Expected<const Backbone*> backboneFor(std::string_view which)
{
    static Described described;
    if (const Backbone* known = builtIn(which))
        return known;
    if (which.starts_with('{'))
        return described.of(std::string(which), "");
    if (!isDescriptionPath(which))
        return Error{fmt::format("There is no backbone '{}'; there are {}, and description files (.json).", which,
                                 backboneNames())};
    const auto text = descriptionText(which);
    if (!text)
        return text.error();
    return described.of(*text, which);
}

const Backbone* findBackbone(std::string_view which)
{
    const auto found = backboneFor(which);
    return found ? *found : nullptr;
}

Expected<Backbone> backboneAt(const Backbone& known, int image, int classes)
{
    if (image < 1 || image % known.granularity != 0)
        return Error{
            fmt::format("The images of the backbone '{1}' must have a side that is a multiple of {0}, not {2}.",
                        known.granularity, known.name, image)};
    if (image == known.image && (classes == 0 || classes == known.classes))
        return known;
    Backbone backbone = known;
    backbone.image = image;
    if (classes > 0)
        backbone.classes = classes;
    try {
        fitBackbone(backbone);
    } catch (const Misfit& misfit) {
        return Error{fmt::format("The backbone '{}' cannot be made for {} instead of {}: {}.", known.name, image,
                                 known.image, misfit.message)};
    }
    return backbone;
}

std::string backboneNames()
{
    std::string names;
    for (const Backbone& backbone : backbones())
        names += (names.empty() ? "" : ", ") + backbone.name;
    return names;
}

std::vector<SlotShape> distinctShapes(const Backbone& backbone)
{
    std::vector<SlotShape> distinct;
    for (const SlotShape& slot : backbone.slots) {
        const auto same = std::ranges::find_if(distinct, [&](const SlotShape& other) {
            return other.inChannels == slot.inChannels && other.outChannels == slot.outChannels &&
                   other.height == slot.height && other.width == slot.width;
        });
        if (same == distinct.end()) {
            distinct.push_back(slot);
            continue;
        }
        same->count += slot.count;
        // The largest original layer stands for all of them; a stride that only some have is none.
        same->kernel = std::max(same->kernel, slot.kernel);
        if (same->stride != slot.stride)
            same->stride = 1;
        if (same->groups != slot.groups)
            same->groups = 1;
    }
    return distinct;
}

} // namespace synoscope
