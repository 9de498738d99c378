#include "core/catalog/backbones.h"
#include "core/synthesis/json_positions.h"
#include "core/synthesis/problem.h"
#include "core/synthesis/rules.h"

#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace synoscope {

namespace {

using Json = nlohmann::ordered_json;

// What is wrong with the value at a path. Thrown inside this file only: the reader is a long sequence of small demands,
// and the one place that knows the text turns the first that is not met into an Error.
struct Refused
{
    std::string path;
    std::string message;
};

std::string join(const std::string& path, const std::string& key)
{
    return path.empty() ? key : path + '.' + key;
}

const Json& member(const Json& object, const std::string& key, const std::string& path)
{
    const auto found = object.find(key);
    if (found == object.end())
        throw Refused{path, fmt::format("the key '{}' is missing", join(path, key))};
    return *found;
}

void onlyKeys(const Json& object, const std::string& path, std::initializer_list<std::string_view> known)
{
    if (!object.is_object())
        throw Refused{path, fmt::format("'{}' must be an object {{...}}", path.empty() ? "the problem" : path)};
    for (const auto& [key, value] : object.items())
        if (std::ranges::find(known, key) == known.end())
            throw Refused{join(path, key), fmt::format("unknown key '{}'; expected one of: {}", join(path, key),
                                                       fmt::join(known, ", "))};
}

std::int64_t integer(const Json& value, const std::string& path, std::int64_t least, std::int64_t most)
{
    if (!value.is_number_integer() || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most)
        throw Refused{path, fmt::format("'{}' must be a whole number between {} and {}, not {}", path, least, most,
                                        value.dump())};
    return value.get<std::int64_t>();
}

double number(const Json& value, const std::string& path, double least, double most)
{
    if (!value.is_number() || !(value.get<double>() >= least && value.get<double>() <= most))
        throw Refused{path,
                      fmt::format("'{}' must be a number between {} and {}, not {}", path, least, most, value.dump())};
    return value.get<double>();
}

bool boolean(const Json& value, const std::string& path)
{
    if (!value.is_boolean())
        throw Refused{path, fmt::format("'{}' must be true or false, not {}", path, value.dump())};
    return value.get<bool>();
}

std::string text(const Json& value, const std::string& path)
{
    if (!value.is_string() || value.get<std::string>().empty())
        throw Refused{path, fmt::format("'{}' must be a text, not {}", path, value.dump())};
    return value.get<std::string>();
}

const Json& list(const Json& value, const std::string& path, std::size_t least, std::size_t most)
{
    if (!value.is_array() || value.size() < least || value.size() > most)
        throw Refused{path, fmt::format("'{}' must be a list [...] of {} to {} entries", path, least, most)};
    return value;
}

class ProblemReader
{
public:
    explicit ProblemReader(const Json& json) : json_(json) {}

    Problem read()
    {
        onlyKeys(json_, "",
                 {"name", "backbone", "image", "input", "output", "fixed", "interchangeable", "primary", "coefficient",
                  "bindings", "limits", "rules", "reward"});
        problem_.name = text(member(json_, "name", ""), "name");
        if (json_.contains("backbone"))
            readBackbone();
        readVariables();
        problem_.input = readShape("input");
        problem_.output = readShape("output");
        problem_.fixed = readPairs("fixed", problem_.input, problem_.output);
        for (const auto& [in, out] : problem_.fixed)
            if (problem_.input[in].size != problem_.output[out].size)
                throw Refused{"fixed", "'fixed' must pair axes of the same size"};
        problem_.interchangeable = readPairs("interchangeable", problem_.input, problem_.input);
        readLayers();
        if (json_.contains("limits"))
            readLimits(json_["limits"]);
        readRules();
        readReward();
        setBaseline();
        return std::move(problem_);
    }

private:
    void readBackbone()
    {
        problem_.backbone = text(json_["backbone"], "backbone");
        backbone_ = findBackbone(problem_.backbone);
        if (!backbone_)
            throw Refused{"backbone", fmt::format("there is no backbone '{}'; expected one of: {}", problem_.backbone,
                                                  backboneNames())};
        problem_.image =
            json_.contains("image") ? static_cast<int>(integer(json_["image"], "image", 1, 1 << 20)) : backbone_->image;
    }

    void addVariable(Expected<VariableId> id, const std::string& path, int allowance)
    {
        if (!id)
            throw Refused{path, id.error().message};
        problem_.allowance[id->index] = allowance;
    }

    void readVariables()
    {
        if (json_.contains("primary")) {
            onlyObject("primary");
            for (const auto& [name, uses] : json_["primary"].items()) {
                const std::string path = join("primary", name);
                addVariable(problem_.variables.addPrimary(name), path, static_cast<int>(integer(uses, path, 0, 16)));
            }
        }
        if (!json_.contains("coefficient"))
            return;
        onlyObject("coefficient");
        for (const auto& [name, settings] : json_["coefficient"].items()) {
            const std::string path = join("coefficient", name);
            onlyKeys(settings, path, {"value", "uses"});
            const std::int64_t value = integer(member(settings, "value", path), path + ".value", 2, 1 << 20);
            const int uses =
                settings.contains("uses") ? static_cast<int>(integer(settings["uses"], path + ".uses", 0, 16)) : 1;
            addVariable(problem_.variables.addCoefficient(name, value), path, uses);
        }
    }

    void onlyObject(const std::string& key)
    {
        if (!json_[key].is_object())
            throw Refused{key, fmt::format("'{}' must be an object {{...}}", key)};
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
        if (isIdentifier(word) && !problem_.variables.find(word))
            addVariable(problem_.variables.addPrimary(word), path, 0);
        const auto size = parseSize(word, problem_.variables);
        if (!size)
            throw Refused{path, size.error().message};
        if (!isLegal(*size, problem_.variables))
            throw Refused{path, fmt::format("'{}' is no legal size", word)};
        return *size;
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
        const auto size = parseSize(text(name, path), problem_.variables);
        for (int axis = 0; size && axis < static_cast<int>(shape.size()); ++axis)
            if (shape[axis].size == *size && std::ranges::find(used, axis) == used.end()) {
                used.push_back(axis);
                return axis;
            }
        throw Refused{
            path, fmt::format("'{}' must name an axis of the shape that is not used yet, not {}", path, name.dump())};
    }

    void addLayer(Binding binding, int count)
    {
        binding.fillDefaults(problem_.variables);
        for (Layer& layer : problem_.layers)
            if (layer.binding == binding) {
                layer.count += count;
                return;
            }
        problem_.layers.push_back({binding, count});
    }

    void readLayers()
    {
        if (json_.contains("bindings"))
            readBindings();
        else if (backbone_)
            bindBackbone();
        else
            throw Refused{"", "the key 'bindings' is missing (only a problem with a 'backbone' may leave it out)"};
        for (const Layer& layer : problem_.layers)
            checkLayer(layer.binding);
    }

    void checkLayer(const Binding& binding)
    {
        for (const auto* shape : {&problem_.input, &problem_.output})
            for (const ShapeAxis& axis : *shape) {
                for (int v = 0; v < problem_.variables.size(); ++v) {
                    const VariableId id{static_cast<std::uint8_t>(v)};
                    if (axis.size.exponent(id) != 0 && !binding.bound(id))
                        throw Refused{"bindings",
                                      fmt::format("a binding gives no number for '{}'", problem_.variables[id].name)};
                }
                if (!evaluate(axis.size, binding))
                    throw Refused{"bindings", fmt::format("under a binding the axis '{}' is no whole number",
                                                          toString(axis.size, problem_.variables))};
            }
    }

    void readBindings()
    {
        const Json& all = list(json_["bindings"], "bindings", 1, 1000);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::string path = fmt::format("bindings[{}]", i);
            if (!all[i].is_object())
                throw Refused{path, fmt::format("'{}' must be an object of numbers, one for each variable", path)};
            Binding binding;
            for (const auto& [name, value] : all[i].items()) {
                const std::string inner = join(path, name);
                const auto id = problem_.variables.find(name);
                if (!id)
                    throw Refused{inner,
                                  fmt::format("'{}' binds a variable that no shape and no coefficient has", inner)};
                binding.set(*id, integer(value, inner, 1, std::int64_t{1} << 40));
            }
            addLayer(binding, 1);
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
            set("N", 1);
            for (const char* name : {"C_in", "D"})
                set(name, slot.inChannels);
            set("C_out", slot.outChannels);
            for (const char* name : {"H", "L"})
                set(name, slot.height);
            set("W", slot.width);
            addLayer(binding, slot.count);
        }
    }

    void readLimits(const Json& json)
    {
        Limits& limits = problem_.limits;
        onlyKeys(json, "limits",
                 {"depth",
                  "weights",
                  "reductions",
                  "merges",
                  "splits",
                  "shifts",
                  "strides",
                  "unfolds",
                  "expands",
                  "chain",
                  "variables_in_size",
                  "powers_in_size",
                  "flops_ratio",
                  "max_params",
                  "max_peak_bytes",
                  "pooling",
                  "min_weight_params",
                  "outer_product",
                  "low_rank",
                  "unfold_ratio",
                  "unfold_max",
                  "odd_windows",
                  "reduce_ratio",
                  "shift_reshape",
                  "repeat",
                  "tile"});
        const auto whole = [&](const char* key, auto& target, std::int64_t least, std::int64_t most) {
            if (json.contains(key))
                target = static_cast<std::remove_reference_t<decltype(target)>>(
                    integer(json[key], join("limits", key), least, most));
        };
        const auto real = [&](const char* key, double& target, double least, double most) {
            if (json.contains(key))
                target = number(json[key], join("limits", key), least, most);
        };
        whole("depth", limits.depth, 1, 32);
        whole("weights", limits.weights, 0, 8);
        whole("reductions", limits.reductions, 0, 8);
        whole("chain", limits.chain, 1, 32);
        for (auto [key, target] : {std::pair{"merges", &limits.merges},
                                   {"splits", &limits.splits},
                                   {"shifts", &limits.shifts},
                                   {"strides", &limits.strides},
                                   {"unfolds", &limits.unfolds},
                                   {"expands", &limits.expands}})
            whole(key, *target, 0, 16);
        whole("variables_in_size", limits.variablesInSize, 1, maxVariables);
        whole("powers_in_size", limits.powersInSize, 1, 64);
        whole("pooling", limits.pooling, 1, 1 << 20);
        whole("min_weight_params", limits.minWeightParameters, 1, 1 << 30);
        whole("outer_product", limits.outerProduct, 1, std::int64_t{1} << 40);
        whole("unfold_max", limits.unfoldMax, 2, 1 << 20);
        whole("shift_reshape", limits.shiftReshape, 1, 1 << 20);
        whole("repeat", limits.repeat, 1, 1 << 20);
        real("unfold_ratio", limits.unfoldRatio, 1, 1e6);
        real("reduce_ratio", limits.reduceRatio, 1e-6, 1e6);
        real("max_params", limits.maxParameters, 0, 1e15);
        real("max_peak_bytes", limits.maxPeakBytes, 0, 1e15);
        if (json.contains("odd_windows"))
            limits.oddWindows = boolean(json["odd_windows"], "limits.odd_windows");
        if (json.contains("tile"))
            limits.tile = boolean(json["tile"], "limits.tile");
        if (json.contains("low_rank")) {
            const Json& pair = list(json["low_rank"], "limits.low_rank", 2, 2);
            limits.lowRank = {integer(pair[0], "limits.low_rank[0]", 1, 1 << 30),
                              integer(pair[1], "limits.low_rank[1]", 1, 1 << 30)};
            if (limits.lowRank.first > limits.lowRank.second)
                throw Refused{"limits.low_rank", "'limits.low_rank' must be [least, largest]"};
        }
        if (json.contains("flops_ratio")) {
            const Json& pair = list(json["flops_ratio"], "limits.flops_ratio", 2, 2);
            limits.flopsLow = number(pair[0], "limits.flops_ratio[0]", 0, 1e6);
            limits.flopsHigh = number(pair[1], "limits.flops_ratio[1]", 0, 1e6);
            if (limits.flopsLow >= limits.flopsHigh)
                throw Refused{"limits.flops_ratio", "'limits.flops_ratio' must be [least, largest]"};
        }
    }

    void readRules()
    {
        if (!json_.contains("rules"))
            return;
        onlyObject("rules");
        for (const auto& [name, on] : json_["rules"].items()) {
            const std::string path = join("rules", name);
            if (!isRuleName(name))
                throw Refused{path, fmt::format("there is no rule '{}' that could be switched", name)};
            problem_.rules[name] = boolean(on, path);
        }
    }

    void readReward()
    {
        if (!json_.contains("reward"))
            return;
        const Json& json = json_["reward"];
        onlyKeys(json, "reward", {"accuracy", "power"});
        if (json.contains("accuracy")) {
            const Json& pair = list(json["accuracy"], "reward.accuracy", 2, 2);
            problem_.reward.accuracyFloor = number(pair[0], "reward.accuracy[0]", 0, 1);
            problem_.reward.accuracyCeiling = number(pair[1], "reward.accuracy[1]", 0, 1);
            if (problem_.reward.accuracyFloor >= problem_.reward.accuracyCeiling)
                throw Refused{"reward.accuracy", "'reward.accuracy' must be [floor, ceiling], the floor below"};
        }
        if (json.contains("power"))
            problem_.reward.power = number(json["power"], "reward.power", 0.01, 100);
    }

    // Without a backbone the slots' own operator is taken to be a dense one: every output element reads all of the
    // input's unordered axes, through a window of 3 on each ordered axis that is not fixed.
    void setBaseline()
    {
        if (backbone_) {
            problem_.baselineFlops = backbone_->slotFlops;
            problem_.restFlops = backbone_->flops - backbone_->slotFlops;
            return;
        }
        for (const Layer& layer : problem_.layers) {
            double flops = 2.0 * layer.count;
            for (const ShapeAxis& axis : problem_.output)
                flops *= static_cast<double>(*evaluate(axis.size, layer.binding));
            for (int axis = 0; axis < static_cast<int>(problem_.input.size()); ++axis) {
                if (std::ranges::find(problem_.fixed, axis, &std::pair<int, int>::first) != problem_.fixed.end())
                    continue;
                const ShapeAxis& in = problem_.input[axis];
                flops *= in.unordered ? static_cast<double>(*evaluate(in.size, layer.binding)) : 3.0;
            }
            problem_.baselineFlops += flops;
        }
    }

    const Json& json_;
    Problem problem_;
    const Backbone* backbone_ = nullptr;
};

constexpr std::uintmax_t largestFile = 4 << 20;
constexpr int deepestNesting = 32;

} // namespace

Expected<Problem> parseProblem(std::string_view source, std::string_view fileName)
{
    const auto failure = [&](std::string message, TextPosition position) {
        return Error{std::move(message), std::string(fileName), position.line, position.column};
    };
    Json json;
    try {
        const auto shallow = [](int depth, Json::parse_event_t, Json&) {
            if (depth > deepestNesting) // what follows recurses
                throw Refused{"", "the problem is nested too deeply"};
            return true;
        };
        json = Json::parse(source, shallow, true, true);
    } catch (const Refused& refused) {
        return failure(refused.message, {1, 1});
    } catch (const nlohmann::json::parse_error& error) {
        const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
        return failure(source.find_first_not_of(" \t\r\n") == std::string_view::npos
                           ? "the file is empty; expected a problem as a JSON object {...}"
                           : "this is not well-formed JSON; expected a problem as a JSON object {...}",
                       positionAt(source, offset));
    }
    try {
        Problem problem = ProblemReader(json).read();
        problem.text = json.dump(4); // without comments: what the store keeps is plain JSON
        return problem;
    } catch (const Refused& refused) {
        return failure(refused.message, positionOf(source, refused.path));
    }
}

Expected<Problem> readProblem(const std::filesystem::path& path)
{
    std::error_code status;
    if (std::filesystem::is_directory(path, status))
        return Error{"this is a folder; expected a problem file (JSON)", path.string()};
    const auto size = std::filesystem::file_size(path, status);
    if (!status && size > largestFile)
        return Error{fmt::format("the file has {} bytes; a problem has at most {}", size, largestFile), path.string()};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{"the file cannot be opened for reading", path.string()};
    std::string content(largestFile + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > largestFile)
        return Error{fmt::format("the file is larger than {} bytes", largestFile), path.string()};
    return parseProblem(content, path.string());
}

} // namespace synoscope
