// What the torch exports have in common: which sizes a module is constructed with and which it reads off its input, its
// parameters, and the body of forward() in either language.
#pragma once

#include "core/codegen/size_text.h"
#include "core/lowering/plan.h"

namespace synoscope::codegen {

struct Argument
{
    VariableId variable;
    std::string name;
    std::optional<std::int64_t> standard; // value where none is given
};

struct Parameter
{
    std::string name;
    std::string local; // name of a variable in forward() for a view of it
    std::vector<Size> shape;
    std::vector<std::string> axisNames;
    Size fanIn;
};

struct Statement
{
    std::string target; // the variable assigned
    std::string value;
    std::string comment; // axes of the value
};

class TorchModule
{
public:
    TorchModule(const PGraph& graph, Language language);

    const std::string& className() const { return className_; }
    const std::vector<Argument>& arguments() const { return arguments_; }    // those without a standard value first
    const std::vector<Parameter>& parameters() const { return parameters_; } // by weight
    const std::vector<std::string>& locals() const { return locals_; } // per input axis: the size read off it, or empty
    const std::vector<Statement>& statements() const { return statements_; }
    const Plan& plan() const { return plan_; }

    std::string name(VariableId variable) const { return variableNames_[variable.index]; }
    SizeText plainSizes() const; // variables by their bare names
    std::string axes(std::span<const DimensionId> dimensions, const PGraph& graph) const; // "[n: N, c: C_in]"
    // Pairs (offset, dilation) under which the convolutions of forward() are what the operator says: offset < dilation.
    std::vector<std::pair<int, Size>> conditions() const;

private:
    void nameEverything(const PGraph& graph);
    void chooseArguments(const PGraph& graph);
    bool fromInput(VariableId variable) const; // read off the input's shape

    Language language_;
    Plan plan_;
    std::string className_;
    std::vector<std::string> variableNames_; // by variable
    std::vector<bool> inWeights_;            // by variable
    std::vector<int> pureAxis_;              // by variable: the input axis whose size it is, or -1
    std::vector<Argument> arguments_;
    std::vector<Parameter> parameters_;
    std::vector<std::string> locals_;
    std::vector<Statement> statements_;
};

// The statements that turn the input `x` into the result, left in `x`.
std::vector<Statement> forwardStatements(const Plan& plan, const std::vector<Parameter>& parameters,
                                         const SizeText& sizes, Language language);

} // namespace synoscope::codegen
