#include "core/graph/writer.h"

#include "core/base/hash.h"
#include "core/graph/canonical.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace synoscope {

namespace {

enum class Content : bool
{
    everything,
    operatorOnly
};

// Names for a scope: the wanted one, or with a number when it is taken.
class NameScope
{
public:
    std::string unique(const std::string& wanted)
    {
        static const std::unordered_set<std::string> keywords{"pgraph", "name",   "primary", "coefficient", "input",
                                                              "weight", "reduce", "output",  "bind"};
        const std::string base = keywords.contains(wanted) ? wanted + '_' : wanted;
        const bool digit = base.back() >= '0' && base.back() <= '9';
        std::string name = base;
        for (int next = 1; !taken_.insert(name).second; ++next)
            name = fmt::format("{}{}{}", base, digit ? "_" : "", next);
        return name;
    }

private:
    std::unordered_set<std::string> taken_;
};

// "C_in*g^-1" -> "c_in_g": the size's variables in lower case.
std::string nameOfSize(const Size& size, const VariableTable& variables)
{
    constexpr std::size_t longest = 16;
    std::string name;
    bool exponent = false;
    for (const char c : toString(size, variables)) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        exponent = c == '^' || (exponent && (digit || c == '-'));
        if (exponent || name.size() >= longest)
            continue;
        if (letter || c == '_' || (digit && !name.empty()))
            name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        else if (c == '*' && !name.empty() && name.back() != '_')
            name += '_';
    }
    while (!name.empty() && name.back() == '_')
        name.pop_back();
    return name.empty() ? "a" : name;
}

class Writer
{
public:
    Writer(const PGraph& graph, Content content)
        : graph_(graph), variables_(graph.variables()), content_(content), order_(canonicalOrder(graph)),
          names_(graph.dimensions().size()), stems_(graph.dimensions().size()), weightNames_(graph.weights().size())
    {}

    std::string write()
    {
        text_ = "pgraph 1\n";
        if (content_ == Content::everything)
            writeName();
        writeVariables();
        writeTensors();
        for (const PrimitiveId id : order_.primitives)
            writePrimitive(graph_[id]);
        if (!order_.reductions.empty())
            writeAxes("reduce", order_.reductions);
        writeAxes("output", graph_.output());
        if (content_ == Content::everything)
            writeLayers();
        return std::move(text_);
    }

private:
    void writeName()
    {
        std::string name;
        for (const char c : graph_.name())
            name += static_cast<unsigned char>(c) < 0x20 || c == '#' || c == 0x7F ? '_' : c;
        const std::size_t begin = name.find_first_not_of(' ');
        if (begin == std::string::npos)
            return;
        name = name.substr(begin, name.find_last_not_of(' ') + 1 - begin);
        if (name.front() == '=' || name.front() == ',') // would read as a definition
            name.front() = '_';
        text_ += fmt::format("name {}\n", name);
    }

    bool used(VariableId id) const
    {
        return std::ranges::any_of(graph_.dimensions(), [&](const Dimension& d) { return d.size.exponent(id) != 0; });
    }

    // Of one kind, by name.
    std::vector<VariableId> ordered(VariableKind kind) const
    {
        std::vector<VariableId> ids;
        for (int i = 0; i < variables_.size(); ++i)
            if (const VariableId id{static_cast<std::uint8_t>(i)}; variables_[id].kind == kind)
                if (content_ == Content::everything || used(id))
                    ids.push_back(id);
        std::ranges::sort(ids, {}, [&](VariableId id) { return variables_[id].name; });
        return ids;
    }

    void writeVariables()
    {
        if (const auto primaries = ordered(VariableKind::primary); !primaries.empty()) {
            text_ += "primary";
            for (const VariableId id : primaries)
                text_ += ' ' + variables_[id].name;
            text_ += '\n';
        }
        if (const auto coefficients = ordered(VariableKind::coefficient); !coefficients.empty()) {
            text_ += "coefficient";
            for (const VariableId id : coefficients)
                text_ += variables_[id].value ? fmt::format(" {}={}", variables_[id].name, *variables_[id].value)
                                              : ' ' + variables_[id].name;
            text_ += '\n';
        }
    }

    void name(DimensionId id, NameScope& scope, std::string stem)
    {
        stems_[id.index] = std::move(stem);
        names_[id.index] = scope.unique(stems_[id.index]);
    }

    std::string sizeName(DimensionId id) const { return nameOfSize(graph_[id].size, variables_); }

    void writeTensors()
    {
        for (std::size_t i = 0; i < order_.weights.size(); ++i) // "w1" for a weight and an axis would confuse people
            weightNames_[order_.weights[i].index] = axisNames_.unique(fmt::format("w{}", i));
        text_ += "input";
        for (const DimensionId id : graph_.input()) {
            name(id, axisNames_, sizeName(id));
            writeAxis(id);
        }
        const std::vector<AxisOrigin> origins = axisOrigins(graph_);
        for (std::size_t i = 0; i < order_.weights.size(); ++i) {
            text_ += "\nweight " + weightNames_[order_.weights[i].index];
            NameScope scope;
            for (const DimensionId id : order_.axes[i]) {
                const AxisOrigin& origin = origins[id.index];
                const auto input = static_cast<std::size_t>(origin.position);
                const bool window = origin.role == AxisRole::window && input < graph_.input().size();
                const std::string of = window ? '_' + stems_[graph_.input()[input].index] : "";
                name(id, scope, sizeName(id) + of);
                writeAxis(id);
            }
        }
        text_ += '\n';
    }

    void writeAxis(DimensionId id)
    {
        text_ += fmt::format(" {}:{}", names_[id.index], toString(graph_[id].size, variables_));
    }

    // An axis that stays the same axis keeps its stem; a new one is named by its size.
    void nameBottoms(const Primitive& p)
    {
        const std::string stem = p.top().empty() ? "" : stems_[p.topIds[0].index];
        const bool keeps =
            p.kind != PrimitiveKind::split && p.kind != PrimitiveKind::merge && p.kind != PrimitiveKind::expand;
        name(p.bottomIds[0], axisNames_, keeps ? stem : sizeName(p.bottomIds[0]));
        if (p.kind == PrimitiveKind::unfold)
            name(p.bottomIds[1], axisNames_, sizeName(p.bottomIds[1]) + '_' + stem);
        if (p.kind == PrimitiveKind::split)
            name(p.bottomIds[1], axisNames_, sizeName(p.bottomIds[1]));
    }

    void writePrimitive(const Primitive& p)
    {
        nameBottoms(p);
        text_ += names_[p.bottomIds[0].index];
        if (p.bottom().size() == 2)
            text_ += ", " + names_[p.bottomIds[1].index];
        text_ += fmt::format(" = {}", toString(p.kind));
        if (!p.top().empty())
            text_ += ' ' + names_[p.topIds[0].index];
        switch (p.kind) {
        case PrimitiveKind::merge:
            text_ += ' ' + names_[p.topIds[1].index];
            break;
        case PrimitiveKind::shift:
            text_ += fmt::format(" {}", p.amount);
            break;
        case PrimitiveKind::share:
            text_ += fmt::format(" {}.{}", weightNames_[graph_[p.topIds[1]].weight.index], names_[p.topIds[1].index]);
            break;
        default:
            text_ += ' ' + toString(p.parameter, variables_);
        }
        text_ += '\n';
    }

    void writeAxes(std::string_view word, std::span<const DimensionId> axes)
    {
        text_ += word;
        for (const DimensionId id : axes)
            text_ += ' ' + names_[id.index];
        text_ += '\n';
    }

    // Coefficients appear where the layer has another value than the declaration.
    void writeLayers()
    {
        std::vector<VariableId> ids = ordered(VariableKind::primary);
        for (const VariableId id : ordered(VariableKind::coefficient))
            ids.push_back(id);
        for (const Binding& binding : graph_.bindings()) {
            text_ += "bind";
            for (const VariableId id : ids)
                if (binding.bound(id) && binding[id] != variables_[id].value)
                    text_ += fmt::format(" {}={}", variables_[id].name, binding[id]);
            text_ += '\n';
        }
    }

    const PGraph& graph_;
    const VariableTable& variables_;
    Content content_;
    CanonicalOrder order_;
    std::vector<std::string> names_; // by dimension
    std::vector<std::string> stems_; // without the number
    std::vector<std::string> weightNames_;
    NameScope axisNames_;
    std::string text_;
};

} // namespace

std::string writePGraph(const PGraph& graph)
{
    return Writer(graph, Content::everything).write();
}

std::string canonicalHash(const PGraph& graph)
{
    return hexDigest(Writer(graph, Content::operatorOnly).write());
}

} // namespace synoscope
