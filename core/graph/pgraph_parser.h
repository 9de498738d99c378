// The parser behind reader.h: one pass over the lines, a PGraph::Builder filled on the way, and for each axis a note of
// where it stands, so that what turns out at the end (an axis never used) is reported there. One object parses once.
#pragma once

#include "core/graph/pgraph.h"
#include "core/graph/text_line.h"

#include <unordered_map>

namespace synoscope {

class PGraphParser
{
public:
    explicit PGraphParser(std::string_view text) : text_(text), builder_({}, {}) {}

    Expected<PGraph> parse();

private:
    using AxisScope = std::unordered_map<std::string, DimensionId>;

    static Error failure(std::string message, TextPlace place);
    static Error failure(const TextLine& line, const TextToken& token, std::string message);

    // pgraph_parser.cpp: the document, its variables and layers
    Expected<void> statement(TextLine& line);
    Expected<void> version(TextLine& line);
    Expected<void> name(TextLine& line, const TextToken& keyword);
    Expected<void> primaries(TextLine& line);
    Expected<void> coefficients(TextLine& line);
    Expected<void> bind(TextLine& line, const TextToken& keyword);
    Expected<std::int64_t> positive(TextLine& line);
    Expected<void> endOf(const TextLine& line);
    Expected<void> checkUse();
    Expected<void> checkLayers();
    Expected<PGraph> finish();

    // pgraph_statements.cpp: the axes and what is done with them
    Expected<void> input(TextLine& line, const TextToken& keyword);
    Expected<void> weight(TextLine& line);
    Expected<void> reduce(TextLine& line);
    Expected<void> output(TextLine& line, const TextToken& keyword);
    Expected<void> definition(TextLine& line);
    Expected<std::vector<DimensionId>> apply(TextLine& line, const TextToken& kind,
                                             const std::vector<std::string>& names);
    Expected<DimensionId> axisDeclaration(TextLine& line, WeightId weight, AxisScope& scope);
    Expected<DimensionId> operand(TextLine& line);
    Expected<DimensionId> weightOperand(TextLine& line);
    Expected<std::string> newName(TextLine& line);
    Expected<Size> size(TextLine& line);
    Expected<void> note(AxisScope& scope, DimensionId id, const TextLine& line, const TextToken& token);

    struct Layer
    {
        Binding binding;
        TextPlace place;
    };

    std::string_view text_;
    PGraph::Builder builder_;
    TextPlace end_{1, 1};
    bool versioned_ = false;
    bool named_ = false;
    bool hasInput_ = false;
    bool hasOutput_ = false;
    std::string name_;
    AxisScope axes_; // of the data
    std::unordered_map<std::string, WeightId> weights_;
    std::vector<AxisScope> weightAxes_; // by weight
    std::vector<TextPlace> places_;     // by dimension
    std::vector<Layer> layers_;
    int largeNumbers_ = 0;
};

} // namespace synoscope
