#include "core/catalog/description_layers.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace synoscope {

using namespace jsonDemands;

namespace {

constexpr std::size_t mostLayers = 2000; // with all repeats
constexpr std::int64_t mostChannels = 1 << 16;
constexpr int largestKernel = 31;

// The keys besides "type" and "name", in one word each.
struct KindRow
{
    LayerKind kind;
    std::vector<std::string_view> keys;
};

const std::vector<KindRow>& kindRows()
{
    using enum LayerKind;
    static const std::vector<KindRow> rows{{convolution, {"out", "kernel", "stride", "groups", "bias", "slot", "init"}},
                                           {patches, {"out", "size", "bias", "init"}},
                                           {linear, {"out", "bias", "slot", "init"}},
                                           {tiedLinear, {}},
                                           {embedding, {"entries", "out", "init"}},
                                           {positions, {"entries", "init"}},
                                           {classToken, {"init"}},
                                           {batchNorm, {"epsilon"}},
                                           {layerNorm, {"epsilon"}},
                                           {relu, {}},
                                           {silu, {}},
                                           {gelu, {}},
                                           {geluTanh, {}},
                                           {sigmoid, {}},
                                           {maxPool, {"kernel", "stride"}},
                                           {averagePool, {"size"}},
                                           {globalAverage, {}},
                                           {firstToken, {}},
                                           {flatten, {}},
                                           {attention, {"heads", "causal"}},
                                           {dropout, {"rate"}},
                                           {dropPath, {"rate"}},
                                           {sequence, {"layers", "repeat"}},
                                           {residual, {"layers", "shortcut", "repeat"}},
                                           {concatenate, {"layers", "repeat"}},
                                           {gate, {"layers", "repeat"}}};
    return rows;
}

std::string kindNames()
{
    std::string names;
    for (const KindRow& row : kindRows())
        names += (names.empty() ? "" : ", ") + layerKindName(row.kind);
    return names;
}

Initial readInitial(const Json& json, const std::string& path)
{
    using Kind = Initial::Kind;
    constexpr std::array<std::pair<std::string_view, Kind>, 7> words{{{"uniform", Kind::uniform},
                                                                      {"uniform_out", Kind::uniformOut},
                                                                      {"he_in", Kind::heIn},
                                                                      {"he_out", Kind::heOut},
                                                                      {"lecun", Kind::lecun},
                                                                      {"xavier", Kind::xavier},
                                                                      {"zero", Kind::zero}}};
    if (json.is_number())
        return {Kind::normal, number(json, path, 0, 10)};
    for (const auto& [word, kind] : words)
        if (json == Json(word))
            return {kind, 0};
    throw Refused{
        path,
        fmt::format(
            "'{}' must be uniform, uniform_out, he_in, he_out, lecun, xavier, zero, or a number (the deviation of "
            "a normal distribution), not {}",
            path, shown(json))};
}

class LayerReader
{
public:
    std::vector<NetworkLayer> list(const Json& json, const std::string& path)
    {
        jsonDemands::list(json, path, 1, mostLayers);
        std::vector<NetworkLayer> layers;
        std::set<std::string> names;
        for (std::size_t i = 0; i < json.size(); ++i) {
            const std::string place = fmt::format("{}[{}]", path, i);
            layers.push_back(layer(json[i], place, std::to_string(i)));
            if (!names.insert(layers.back().name).second)
                throw Refused{place,
                              fmt::format("'{}' has the name '{}' of a layer before it", place, layers.back().name)};
        }
        return layers;
    }

private:
    // A layer is an object with a type, or only the name of a type.
    NetworkLayer layer(const Json& json, const std::string& path, std::string number)
    {
        if (!json.is_object() && !json.is_string())
            throw Refused{
                path, fmt::format("'{}' must be a layer: the name of a type, or an object {{\"type\": ...}}, not {}",
                                  path, shown(json))};
        const std::string typePath = json.is_string() ? path : join(path, "type");
        const KindRow& row = rowOf(text(json.is_string() ? json : member(json, "type", path), typePath), typePath);
        const Json options = json.is_string() ? Json::object() : json;
        for (const auto& [key, value] : options.items())
            if (key != "type" && key != "name" && std::ranges::find(row.keys, key) == row.keys.end())
                throw Refused{join(path, key), unknownKey(row, join(path, key))};
        NetworkLayer layer{.kind = row.kind, .name = std::move(number), .place = path};
        if (options.contains("name"))
            layer.name = readName(options["name"], join(path, "name"));
        readOptions(layer, row, options, path);
        countLayers(1, path);
        if (!isGroup(row.kind))
            return layer;
        return repeated(std::move(layer), options, path);
    }

    static const KindRow& rowOf(const std::string& type, const std::string& path)
    {
        const auto row = std::ranges::find(kindRows(), type, [](const KindRow& r) { return layerKindName(r.kind); });
        if (row == kindRows().end())
            throw Refused{path, fmt::format("there is no type of layer '{}'; expected one of: {}", type, kindNames())};
        return *row;
    }

    static std::string unknownKey(const KindRow& row, const std::string& path)
    {
        std::string known = "type, name";
        for (const std::string_view key : row.keys)
            known.append(", ").append(key);
        return fmt::format("'{}' is no key of a layer of type {}; expected one of: {}", path, layerKindName(row.kind),
                           known);
    }

    // As libtorch takes names of modules, which are joined by dots.
    static std::string readName(const Json& json, const std::string& path)
    {
        const std::string name = text(json, path);
        const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
        if (name.size() > 60 || !std::ranges::all_of(name, plain))
            throw Refused{path, fmt::format("'{}' must be a word of at most 60 letters, digits and '_', not {}", path,
                                            shown(json))};
        return name;
    }

    void readOptions(NetworkLayer& layer, const KindRow& row, const Json& json, const std::string& path)
    {
        const auto whole = [&](const char* key, auto& target, std::int64_t least, std::int64_t most) {
            if (json.contains(key))
                target = static_cast<std::remove_reference_t<decltype(target)>>(
                    integer(json[key], join(path, key), least, most));
        };
        const auto flag = [&](const char* key, bool& target) {
            if (json.contains(key))
                target = boolean(json[key], join(path, key));
        };
        setDefaults(layer);
        for (const auto& [key, target] : {std::pair{"out", &layer.channels}, std::pair{"entries", &layer.entries}})
            if (std::ranges::find(row.keys, key) != row.keys.end())
                *target = amount(member(json, key, path), join(path, key),
                                 key == std::string_view("out") ? mostChannels : 1 << 20);
        whole("kernel", layer.kernel, 1, largestKernel);
        whole("stride", layer.stride, 1, largestKernel);
        if (json.contains("size")) {
            whole("size", layer.kernel, 1, 256);
            layer.stride = layer.kernel;
        }
        whole("groups", layer.groups, 1, mostChannels);
        whole("heads", layer.heads, 1, 1024);
        flag("bias", layer.bias);
        flag("slot", layer.slot);
        flag("causal", layer.causal);
        if (json.contains("rate"))
            layer.rate = number(json["rate"], join(path, "rate"), 0, 0.99);
        if (json.contains("epsilon"))
            layer.epsilon = number(json["epsilon"], join(path, "epsilon"), 1e-12, 1);
        if (json.contains("init"))
            layer.initial = readInitial(json["init"], join(path, "init"));
        checkKernel(layer, path);
    }

    static void setDefaults(NetworkLayer& layer)
    {
        if (layer.kind == LayerKind::convolution)
            layer.kernel = 3;
        if (layer.kind == LayerKind::maxPool || layer.kind == LayerKind::averagePool)
            layer.kernel = layer.stride = 2;
        if (layer.kind == LayerKind::patches)
            layer.kernel = layer.stride = 4;
        layer.bias = layer.kind == LayerKind::linear || layer.kind == LayerKind::patches;
        layer.rate = 0.1;
    }

    // What is padded to keep the size has a middle; what is not padded does not overlap.
    static void checkKernel(const NetworkLayer& layer, const std::string& path)
    {
        const bool even = layer.kernel % 2 == 0;
        if (layer.kind == LayerKind::convolution && even)
            throw Refused{join(path, "kernel"),
                          fmt::format("the kernel of a convolution must be odd, not {}", layer.kernel)};
        if (layer.kind == LayerKind::maxPool && even && layer.kernel != layer.stride)
            throw Refused{join(path, "kernel"),
                          fmt::format("the kernel of 'max_pool' must be odd or equal to its stride of {}, not {}",
                                      layer.stride, layer.kernel)};
    }

    // A number, or the word "classes" (0).
    static std::int64_t amount(const Json& json, const std::string& path, std::int64_t most)
    {
        if (json == Json("classes"))
            return 0;
        if (!json.is_number_integer() || json.get<std::int64_t>() < 1 || json.get<std::int64_t>() > most)
            throw Refused{path,
                          fmt::format("'{}' must be a whole number between 1 and {}, or the word \"classes\", not {}",
                                      path, most, shown(json))};
        return json.get<std::int64_t>();
    }

    // Several of the group are a sequence of it; they are named by their numbers.
    NetworkLayer repeated(NetworkLayer layer, const Json& json, const std::string& path)
    {
        const std::size_t before = layers_;
        layer.layers = list(member(json, "layers", path), join(path, "layers"));
        if (json.contains("shortcut"))
            layer.shortcut = list(json["shortcut"], join(path, "shortcut"));
        if (!layer.shortcut.empty() &&
            std::ranges::find(layer.layers, layer.shortcutName, &NetworkLayer::name) != layer.layers.end())
            throw Refused{path, fmt::format("'{}' has a layer named '{}', which is the name of its shortcut", path,
                                            layer.shortcutName)};
        if (!json.contains("repeat"))
            return layer;
        const auto times = static_cast<std::size_t>(integer(json["repeat"], join(path, "repeat"), 1, mostLayers));
        countLayers((times - 1) * (layers_ - before), path);
        NetworkLayer all{.name = layer.name, .place = path};
        for (std::size_t i = 0; i < times; ++i) {
            layer.name = std::to_string(i);
            all.layers.push_back(layer);
        }
        return all;
    }

    void countLayers(std::size_t more, const std::string& path)
    {
        layers_ += more;
        if (layers_ > mostLayers)
            throw Refused{path, fmt::format("with '{}' the network has more than {} layers", path, mostLayers)};
    }

    std::size_t layers_ = 0;
};

} // namespace

std::vector<NetworkLayer> readLayers(const Json& json, const std::string& path)
{
    return LayerReader().list(json, path);
}

} // namespace synoscope
