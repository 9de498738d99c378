#include "core/graph/writer.h"

#include "core/base/hash.h"
#include "core/graph/canonical.h"

#include <algorithm>
#include <array>
#include <bit>

namespace synoscope {

namespace {

enum class Content : bool
{
    everything,
    operatorOnly
};

// Names for a scope: the wanted one, or with a number when it is taken. The strings it fills must stay where they are.
class NameScope
{
public:
    explicit NameScope(std::size_t most) : taken_(std::bit_ceil(2 * most + 1)) {}

    void assign(std::string& name, std::string_view wanted)
    {
        static constexpr std::array<std::string_view, 9> keywords{"pgraph", "name",   "primary", "coefficient", "input",
                                                                  "weight", "reduce", "output",  "bind"};
        name = wanted;
        if (std::ranges::find(keywords, wanted) != keywords.end())
            name += '_';
        const std::size_t base = name.size();
        const bool digit = name.back() >= '0' && name.back() <= '9';
        for (int next = 1; !insert(name); ++next) {
            name.resize(base);
            if (digit)
                name += '_';
            name += std::to_string(next);
        }
    }

private:
    bool insert(const std::string& name)
    {
        for (std::size_t slot = hashText(name);; ++slot) {
            const std::string*& entry = taken_[slot & (taken_.size() - 1)];
            if (entry == nullptr)
                entry = &name;
            if (entry == &name || *entry == name)
                return entry == &name;
        }
    }

    std::vector<const std::string*> taken_; // by hash; never full
};

// "C_in*g^-1" -> "c_in_g": the size's variables in lower case.
std::string nameOfSize(std::string_view size)
{
    constexpr std::size_t longest = 16;
    std::string name;
    bool exponent = false;
    for (const char c : size) {
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
        : graph_(graph), variables_(graph.variables()), content_(content), sizes_(graph),
          order_(canonicalOrder(graph, sizes_)), names_(graph.dimensions().size()), stems_(graph.dimensions().size()),
          weightNames_(graph.weights().size()), axisNames_(graph.dimensions().size() + graph.weights().size())
    {
        for (std::uint32_t rank = 0; rank < sizes_.count(); ++rank)
            sizeNames_.push_back(nameOfSize(sizes_.text(rank)));
    }

    std::string write()
    {
        text_.reserve(1024);
        text_ = "pgraph 1\n";
        if (content_ == Content::everything)
            writeName();
        writeVariables();
        writeTensors();
        for (const PrimitiveId id : order_.primitives)
            writePrimitive(id);
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
        text_ += "name " + name + '\n';
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
        std::ranges::sort(ids, {}, [&](VariableId id) -> const std::string& { return variables_[id].name; });
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
            for (const VariableId id : coefficients) {
                text_ += ' ' + variables_[id].name;
                if (variables_[id].value)
                    text_ += '=' + std::to_string(*variables_[id].value);
            }
            text_ += '\n';
        }
    }

    void name(DimensionId id, NameScope& scope, std::string stem)
    {
        stems_[id.index] = std::move(stem);
        scope.assign(names_[id.index], stems_[id.index]);
    }

    const std::string& sizeName(DimensionId id) const { return sizeNames_[sizes_.rank(id)]; }

    void writeTensors()
    {
        for (std::size_t i = 0; i < order_.weights.size(); ++i) // "w1" for a weight and an axis would confuse people
            axisNames_.assign(weightNames_[order_.weights[i].index], 'w' + std::to_string(i));
        text_ += "input";
        for (const DimensionId id : graph_.input()) {
            name(id, axisNames_, sizeName(id));
            writeAxis(id);
        }
        for (std::size_t i = 0; i < order_.weights.size(); ++i) {
            text_ += "\nweight " + weightNames_[order_.weights[i].index];
            NameScope scope(order_.axes[i].size());
            for (const DimensionId id : order_.axes[i]) {
                name(id, scope, weightAxisStem(id));
                writeAxis(id);
            }
        }
        text_ += '\n';
    }

    std::string weightAxisStem(DimensionId id) const
    {
        const AxisOrigin& origin = order_.origins[id.index];
        const auto input = static_cast<std::size_t>(origin.position);
        const bool window = origin.role == AxisRole::window && input < graph_.input().size();
        return window ? sizeName(id) + '_' + stems_[graph_.input()[input].index] : sizeName(id);
    }

    void writeAxis(DimensionId id)
    {
        text_ += ' ';
        text_ += names_[id.index];
        text_ += ':';
        text_ += sizes_.text(sizes_.rank(id));
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

    void writePrimitive(PrimitiveId id)
    {
        const Primitive& p = graph_[id];
        nameBottoms(p);
        text_ += names_[p.bottomIds[0].index];
        if (p.bottom().size() == 2)
            text_ += ", " + names_[p.bottomIds[1].index];
        text_ += " = ";
        text_ += toString(p.kind);
        text_ += ' ';
        if (!p.top().empty())
            text_ += names_[p.topIds[0].index] + ' ';
        switch (p.kind) {
        case PrimitiveKind::merge:
            text_ += names_[p.topIds[1].index];
            break;
        case PrimitiveKind::shift:
            text_ += std::to_string(p.amount);
            break;
        case PrimitiveKind::share:
            text_ += weightNames_[graph_[p.topIds[1]].weight.index] + '.' + names_[p.topIds[1].index];
            break;
        default:
            text_ += sizes_.text(sizes_.rank(id));
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
                    text_ += ' ' + variables_[id].name + '=' + std::to_string(binding[id]);
            text_ += '\n';
        }
    }

    const PGraph& graph_;
    const VariableTable& variables_;
    Content content_;
    SizeTexts sizes_;
    CanonicalOrder order_;
    std::vector<std::string> sizeNames_; // by rank
    std::vector<std::string> names_;     // by dimension
    std::vector<std::string> stems_;     // without the number
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
