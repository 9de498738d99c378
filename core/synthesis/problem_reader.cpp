// Reads problem.json (DESIGN 8.2): variables, shapes and layers here, what stands for itself in problem_limits.cpp.
#include "core/base/resources.h"
#include "core/catalog/description.h"
#include "core/synthesis/problem_json.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

using namespace problemJson;

// As the reader of .pgraph has it: what is found must be readable there.
constexpr std::int64_t largestExtent = 1'000'000'000;
constexpr std::size_t longestSize = 100;

class ProblemReader
{
public:
    ProblemReader(const Json& json, const std::filesystem::path& folder) : json_(json), folder_(folder) {}

    Problem read()
    {
        onlyKeys(json_, "",
                 {"name", "backbone", "image", "batch", "input", "output", "fixed", "interchangeable", "primary",
                  "coefficient", "bindings", "limits", "rules", "reward"});
        problem_.name = text(member(json_, "name", ""), "name");
        readBackbone();
        readVariables();
        problem_.input = readShape("input");
        problem_.output = readShape("output");
        readFixed();
        problem_.interchangeable = readPairs("interchangeable", problem_.input, problem_.input);
        readLayers();
        checkInterchangeable();
        if (json_.contains("limits"))
            problem_.limits = readLimits(json_["limits"]);
        if (json_.contains("rules"))
            problem_.rules = readRules(json_["rules"]);
        if (json_.contains("reward"))
            problem_.reward = readReward(json_["reward"]);
        setBaseline();
        return std::move(problem_);
    }

private:
    void readBackbone()
    {
        if (!json_.contains("backbone")) {
            for (const char* key : {"image", "batch"})
                if (json_.contains(key))
                    throw Refused{key, fmt::format("'{}' has no meaning without a 'backbone'", key)};
            return;
        }
        Backbone known = namedBackbone(json_["backbone"]);
        problem_.backbone = known.key;
        problem_.image = known.image;
        if (json_.contains("image"))
            problem_.image = static_cast<int>(integer(json_["image"], "image", 1, 1 << 16));
        if (json_.contains("batch"))
            problem_.batch = static_cast<int>(integer(json_["batch"], "batch", 1, 1 << 16));
        if (problem_.image % known.granularity != 0)
            throw Refused{"image", fmt::format("'image' must be a multiple of {} for the backbone '{}', not {}",
                                               known.granularity, known.name, problem_.image)};
        auto fitted = backboneAt(known, problem_.image);
        if (!fitted)
            throw Refused{"image", fitted.error().message};
        backbone_ = std::move(*fitted);
    }

    // A name, a description file beside the problem or beside the examples, or a description as it stands in such a file.
    Backbone namedBackbone(const Json& json) const
    {
        if (json.is_object())
            return ::synoscope::readBackbone(json, "backbone");
        const std::string which = text(json, "backbone");
        if (!isDescriptionPath(which)) {
            if (const Backbone* known = findBackbone(which))
                return *known;
            throw Refused{"backbone", fmt::format("there is no backbone '{}'; expected one of: {}, or a description file (.json)", which,
                                                  backboneNames())};
        }
        std::filesystem::path path = folder_ / which;
        if (!std::filesystem::exists(path))
            path = resourceFolder() / "backbones" / which;
        const auto content = descriptionText(path);
        if (!content)
            throw Refused{"backbone", fmt::format("the description file '{}' of the backbone: {}", which, content.error().message)};
        auto described = parseBackbone(*content, path.string());
        if (!described)
            throw described.error();
        return std::move(*described);
    }

    void addVariable(Expected<VariableId> id, const std::string& path, const std::string& name, int allowance)
    {
        if (name.size() > longestVariableName)
            throw Refused{path, fmt::format("the name of a variable has at most {} characters", longestVariableName)};
        if (!id)
            throw Refused{path, id.error().message};
        problem_.allowance[id->index] = allowance;
    }

    void readVariables()
    {
        constexpr int mostUses = 16;
        if (json_.contains("primary"))
            for (const auto& [name, uses] : object(json_["primary"], "primary").items()) {
                const std::string path = join("primary", name);
                const auto allowance = static_cast<int>(integer(uses, path, 0, mostUses));
                addVariable(problem_.variables.addPrimary(name), path, name, allowance);
            }
        if (!json_.contains("coefficient"))
            return;
        for (const auto& [name, settings] : object(json_["coefficient"], "coefficient").items()) {
            const std::string path = join("coefficient", name);
            onlyKeys(settings, path, {"value", "uses"});
            const std::int64_t value = integer(member(settings, "value", path), path + ".value", 2, 1 << 20);
            const std::int64_t uses =
                settings.contains("uses") ? integer(settings["uses"], path + ".uses", 0, mostUses) : 1;
            addVariable(problem_.variables.addCoefficient(name, value), path, name, static_cast<int>(uses));
        }
    }

    std::vector<ShapeAxis> readShape(const std::string& key)
    {
        std::vector<ShapeAxis> shape;
        const Json& axes = list(member(json_, key, ""), key, 1, 6);
        for (std::size_t i = 0; i < axes.size(); ++i) {
            const std::string path = fmt::format("{}[{}]", key, i);
            std::string word = text(axes[i], path);
            ShapeAxis axis;
            if (const auto colon = word.find(':'); colon != std::string::npos) {
                if (word.substr(colon) != ":unordered")
                    throw Refused{
                        path, fmt::format("'{}' must be a size, or a size and ':unordered', not \"{}\"", path, word)};
                axis.unordered = true;
                word.resize(colon);
            }
            axis.size = readSize(word, path);
            shape.push_back(axis);
        }
        return shape;
    }

    // Variables of shapes that 'primary' does not list exist, but are never introduced.
    Size readSize(const std::string& word, const std::string& path)
    {
        if (word.size() > longestSize)
            throw Refused{path, fmt::format("'{}' is longer than the {} characters of a size", path, longestSize)};
        if (isIdentifier(word) && !problem_.variables.find(word))
            addVariable(problem_.variables.addPrimary(word), path, word, 0);
        const auto size = parseSize(word, problem_.variables);
        if (!size)
            throw Refused{path, size.error().message};
        if (!isLegal(*size, problem_.variables))
            throw Refused{path, fmt::format("'{}' is no legal size", word)};
        return *size;
    }

    void readFixed()
    {
        problem_.fixed = readPairs("fixed", problem_.input, problem_.output);
        for (std::size_t i = 0; i < problem_.fixed.size(); ++i)
            if (const auto [in, out] = problem_.fixed[i]; problem_.input[in].size != problem_.output[out].size)
                throw Refused{fmt::format("fixed[{}]", i), "'fixed' must pair axes of the same size"};
    }

    // Axes are named by their sizes; of two axes of one size, the first mention is the first axis.
    std::vector<std::pair<int, int>> readPairs(const std::string& key, const std::vector<ShapeAxis>& left,
                                               const std::vector<ShapeAxis>& right)
    {
        std::vector<std::pair<int, int>> pairs;
        if (!json_.contains(key))
            return pairs;
        const Json& all = list(json_[key], key, 0, 6);
        std::vector<int> usedLeft;
        std::vector<int> usedRight;
        std::vector<int>& second = &left == &right ? usedLeft : usedRight;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::string path = fmt::format("{}[{}]", key, i);
            list(all[i], path, 2, 2);
            const int a = findAxis(left, all[i][0], path + "[0]", usedLeft);
            const int b = findAxis(right, all[i][1], path + "[1]", second);
            pairs.emplace_back(a, b);
        }
        return pairs;
    }

    int findAxis(const std::vector<ShapeAxis>& shape, const Json& name, const std::string& path, std::vector<int>& used)
    {
        const std::string word = text(name, path);
        VariableTable variables = problem_.variables; // a name adds none
        const auto size = parseSize(word.substr(0, longestSize), variables);
        for (int axis = 0; size && axis < static_cast<int>(shape.size()); ++axis)
            if (shape[axis].size == *size && std::ranges::find(used, axis) == used.end()) {
                used.push_back(axis);
                return axis;
            }
        throw Refused{
            path, fmt::format("'{}' must name an axis of the shape that is not used yet, not {}", path, shown(name))};
    }

    // What exchanging two axes would give must be an operator of the same shapes.
    void checkInterchangeable()
    {
        for (std::size_t i = 0; i < problem_.interchangeable.size(); ++i) {
            const std::string path = fmt::format("interchangeable[{}]", i);
            const auto [a, b] = problem_.interchangeable[i];
            const ShapeAxis& first = problem_.input[a];
            const ShapeAxis& second = problem_.input[b];
            if (first.unordered != second.unordered)
                throw Refused{path, fmt::format("'{}' pairs an unordered axis with an ordered one", path)};
            for (const Layer& layer : problem_.layers)
                if (evaluate(first.size, layer.binding) != evaluate(second.size, layer.binding))
                    throw Refused{path,
                                  fmt::format("'{}' must pair axes that are equally long under every binding", path)};
            for (const auto& [in, out] : problem_.fixed)
                if (in == a || in == b)
                    throw Refused{path, fmt::format("'{}' must pair axes that are not fixed", path)};
        }
    }

    void readLayers()
    {
        if (json_.contains("bindings"))
            readBindings();
        else if (backbone_)
            bindBackbone();
        else
            throw Refused{"", "the key 'bindings' is missing (only a problem with a 'backbone' may leave it out)"};
    }

    Layer& addLayer(const Binding& binding, int count, const std::string& path)
    {
        checkLayer(binding, path);
        for (Layer& layer : problem_.layers)
            if (layer.binding == binding) {
                layer.count += count;
                return layer;
            }
        return problem_.layers.emplace_back(Layer{binding, count});
    }

    // Numbers for all that may be used, and whole axes.
    void checkLayer(const Binding& binding, const std::string& path)
    {
        for (int v = 0; v < problem_.variables.size(); ++v) {
            const VariableId id{static_cast<std::uint8_t>(v)};
            const auto has = [&](const ShapeAxis& axis) { return axis.size.exponent(id) != 0; };
            const bool used = problem_.allowance[id.index] > 0 || std::ranges::any_of(problem_.input, has) ||
                              std::ranges::any_of(problem_.output, has);
            if (used && !binding.bound(id))
                throw Refused{path, fmt::format("{} gives no number for '{}'",
                                                backboneBinds() ? "the backbone" : "'" + path + "'",
                                                problem_.variables[id].name)};
        }
        for (const auto* shape : {&problem_.input, &problem_.output})
            for (const ShapeAxis& axis : *shape) {
                const auto extent = evaluate(axis.size, binding);
                if (!extent || *extent > largestExtent)
                    throw Refused{path, fmt::format("under a binding the axis '{}' is no whole number up to {}",
                                                    toString(axis.size, problem_.variables), largestExtent)};
            }
    }

    bool backboneBinds() const { return backbone_ && !json_.contains("bindings"); }

    void readBindings()
    {
        const Json& all = list(json_["bindings"], "bindings", 1, 1000);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::string path = fmt::format("bindings[{}]", i);
            Binding binding;
            for (const auto& [name, value] : object(all[i], path).items()) {
                const std::string inner = join(path, name);
                const auto id = problem_.variables.find(name);
                if (!id || problem_.variables[*id].kind == VariableKind::literal)
                    throw Refused{inner,
                                  fmt::format("'{}' binds a variable that no shape and no coefficient has", inner)};
                binding.set(*id, integer(value, inner, 1, largestExtent));
            }
            binding.fillDefaults(problem_.variables);
            addLayer(binding, 1, path);
        }
    }

    void bindBackbone()
    {
        for (const SlotShape& slot : distinctShapes(*backbone_)) {
            Binding binding;
            const auto set = [&](std::string_view name, std::int64_t value) {
                if (const auto id = problem_.variables.find(name))
                    binding.set(*id, value);
            };
            set("N", problem_.batch);
            for (const char* name : {"C_in", "D", "D_in"})
                set(name, slot.inChannels);
            for (const char* name : {"C_out", "D_out"})
                set(name, slot.outChannels);
            for (const char* name : {"H", "L"})
                set(name, slot.height);
            set("W", slot.width);
            binding.fillDefaults(problem_.variables);
            addLayer(binding, slot.count, "").baselineFlops += problem_.batch * slot.count * slot.flops();
            checkSlot(problem_.input, "input", binding, slot.inChannels, slot);
            checkSlot(problem_.output, "output", binding, slot.outChannels, slot);
        }
    }

    // The operator takes and gives what the slot does, whatever the names.
    void checkSlot(const std::vector<ShapeAxis>& shape, const std::string& key, const Binding& binding,
                   std::int64_t channels, const SlotShape& slot)
    {
        double elements = 1;
        for (const ShapeAxis& axis : shape)
            elements *= static_cast<double>(*evaluate(axis.size, binding));
        const auto expected = static_cast<double>(problem_.batch * channels * slot.height * slot.width);
        if (elements != expected)
            throw Refused{key,
                          fmt::format("'{}' has {} elements where the backbone's layer {} -> {} at {} x {} has {}", key,
                                      elements, slot.inChannels, slot.outChannels, slot.height, slot.width, expected)};
    }

    void setBaseline()
    {
        if (backboneBinds()) {
            problem_.restFlops = problem_.batch * (backbone_->flops - backbone_->slotFlops);
        } else {
            for (Layer& layer : problem_.layers)
                layer.baselineFlops = layer.count * denseFlops(layer.binding);
        }
        for (const Layer& layer : problem_.layers)
            problem_.baselineFlops += layer.baselineFlops;
        if (problem_.flopsWindow().second <= 0)
            throw Refused{"limits.flops_ratio",
                          fmt::format("'limits.flops_ratio' leaves nothing to the operator: the rest of the backbone "
                                      "alone has {:.3g} of its FLOPs",
                                      problem_.restFlops / (problem_.baselineFlops + problem_.restFlops))};
    }

    // Where no backbone says what the layers were, they are taken to be dense: every output element reads all of the
    // input's unordered axes, through a window of 3 on each ordered axis that is not fixed.
    double denseFlops(const Binding& binding) const
    {
        double flops = 2;
        for (const ShapeAxis& axis : problem_.output)
            flops *= static_cast<double>(*evaluate(axis.size, binding));
        for (int axis = 0; axis < static_cast<int>(problem_.input.size()); ++axis) {
            if (std::ranges::find(problem_.fixed, axis, &std::pair<int, int>::first) != problem_.fixed.end())
                continue;
            const ShapeAxis& in = problem_.input[axis];
            flops *= in.unordered ? static_cast<double>(*evaluate(in.size, binding)) : 3.0;
        }
        return flops;
    }

    const Json& json_;
    const std::filesystem::path& folder_;
    Problem problem_;
    std::optional<Backbone> backbone_;
};

} // namespace

// What the store keeps is plain JSON: without comments, and with a description in the place of a description file.
Problem problemJson::readDocument(const Json& json, const std::filesystem::path& folder)
{
    Problem problem = ProblemReader(json, folder).read();
    Json kept = json;
    if (problem.backbone.starts_with('{'))
        kept["backbone"] = Json::parse(problem.backbone);
    problem.text = kept.dump(4);
    return problem;
}

} // namespace synoscope
