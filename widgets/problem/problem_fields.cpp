#include "widgets/problem/problem_fields.h"

#include "widgets/common/theme.h"

#include <QCoreApplication>

namespace synoscope {

namespace {

using Kind = FieldSpec::Kind;

class ProblemFields
{
    Q_DECLARE_TR_FUNCTIONS(ProblemFields)

public:
    static std::vector<FieldSpec> shapes();
    static std::vector<FieldSpec> limits();
    static std::vector<FieldSpec> reward();

private:
    static FieldSpec heading(const QString& title) { return {.kind = Kind::heading, .title = title}; }
    static FieldSpec number(const char* path, const QString& title, const QString& unit, const QString& explanation)
    {
        return {.path = path, .title = title, .unit = unit, .explanation = explanation};
    }
    static FieldSpec flag(const char* path, const QString& title, const QString& explanation)
    {
        return {.kind = Kind::flag, .path = path, .title = title, .explanation = explanation};
    }
    static void addPrimitives(std::vector<FieldSpec>& fields);
    static void addCosts(std::vector<FieldSpec>& fields);
    static void addSizes(std::vector<FieldSpec>& fields);
    static void addWindows(std::vector<FieldSpec>& fields);
    static void addObjective(std::vector<FieldSpec>& fields, const std::string& path, const QString& title);
};

std::vector<FieldSpec> ProblemFields::shapes()
{
    return {
        {Kind::text, "name", tr("Name"), {}, tr("By which reports and lists know the problem")},
        number("image", tr("Image side"), tr("pixels"), tr("A square image; for a network on text, its tokens")),
        number("batch", tr("Batch"), tr("samples"), tr("In the layers that are taken from the backbone")),
        {Kind::sizes,
         "output",
         tr("Output shape"),
         {},
         tr("Sizes with commas between: N, C_out:unordered, H, 2*s. “:unordered” marks channels, which may stand in "
            "any order")},
        {Kind::sizes,
         "input",
         tr("Input shape"),
         {},
         tr("Likewise; a name that no table lists is a new primary variable")},
        {Kind::pairs,
         "fixed",
         tr("Fixed axes"),
         {},
         tr("An input axis = the output axis that it becomes untouched, as N = N")},
        {Kind::pairs,
         "interchangeable",
         tr("Interchangeable axes"),
         {},
         tr("Input axes whose exchange gives the same operator, as height and width: H = W")},
    };
}

// A primitive with a limit of 0 is forbidden, so these are the primitives allowed, too.
void ProblemFields::addPrimitives(std::vector<FieldSpec>& fields)
{
    const QString most = tr("at most");
    const auto kind = [](PrimitiveKind one) { // without its full stop, as all here
        QString sentence = kindDescription(static_cast<int>(one));
        sentence.chop(1);
        return sentence;
    };
    fields.push_back(heading(tr("Primitives of one operator; 0 forbids a kind")));
    for (FieldSpec& field : std::vector<FieldSpec>{
             number("limits.depth", tr("All together"), most,
                    tr("The depth of the search; a contraction counts as one. Each one more makes the space several "
                       "times larger")),
             number("limits.chain", tr("In a chain"), most,
                    tr("On any way from the output up to the input or a weight")),
             number("limits.weights", tr("Contractions"), most, tr("Weight tensors, each multiplied in at once")),
             number("limits.reductions", tr("Reductions"), most, kind(PrimitiveKind::reduce)),
             number("limits.splits", tr("Splits"), most, kind(PrimitiveKind::split)),
             number("limits.merges", tr("Merges"), most, kind(PrimitiveKind::merge)),
             number("limits.shifts", tr("Shifts"), most, kind(PrimitiveKind::shift)),
             number("limits.strides", tr("Strides"), most, kind(PrimitiveKind::stride)),
             number("limits.unfolds", tr("Unfolds"), most, kind(PrimitiveKind::unfold)),
             number("limits.expands", tr("Expands"), most, tr("Outer axes of contractions, and repeats")),
         })
        fields.push_back(std::move(field));
}

void ProblemFields::addCosts(std::vector<FieldSpec>& fields)
{
    const QString share = tr("of the backbone's");
    fields.push_back(heading(tr("Costs in the backbone, all layers together")));
    for (FieldSpec& field : std::vector<FieldSpec>{
             number("limits.flops_ratio[0]", tr("FLOPs, least"), share,
                    tr("0.15: the backbone with the operator in it has at least 15 % of the FLOPs it had")),
             number("limits.flops_ratio[1]", tr("FLOPs, most"), share, tr("1: no more than the backbone had")),
             number("limits.max_params", tr("Parameters, most"), tr("numbers"),
                    tr("In the weights of all layers; 0: no limit")),
             number("limits.max_peak_bytes", tr("Memory, most"), tr("bytes"),
                    tr("For the tensors of the layer that needs most; 0: no limit")),
             number("limits.min_weight_params", tr("A weight, least"), tr("numbers"),
                    tr("Smaller weights could learn too little to be worth a contraction")),
         })
        fields.push_back(std::move(field));
}

void ProblemFields::addSizes(std::vector<FieldSpec>& fields)
{
    fields.push_back(heading(tr("Sizes")));
    for (FieldSpec& field : std::vector<FieldSpec>{
             number("limits.variables_in_size", tr("Variables in a size"), tr("at most"), tr("C_in*k/g has three")),
             number("limits.powers_in_size", tr("Powers in a size"), tr("at most"),
                    tr("The exponents of a size together, whatever their signs: k^2/g has three")),
             number("limits.outer_product", tr("Outer axes together"), tr("elements"),
                    tr("The largest product of all outer axes: what broadcasting may add")),
             number("limits.low_rank[0]", tr("Low rank, least"), tr("elements"),
                    tr("An outer axis that is summed later is a low rank: smaller ones lose too much")),
             number("limits.low_rank[1]", tr("Low rank, most"), tr("elements"), tr("Larger ones cost without need")),
             number("limits.pooling", tr("Pooling"), tr("times"),
                    tr("How many elements may be summed without a weight, all sums together")),
             number("limits.reduce_ratio", tr("Reductions"), tr("× the input"),
                    tr("The product of all reductions against the elements of the input")),
             number("limits.repeat", tr("Repeats"), tr("copies"), tr("The largest product of all repeats; 1: none")),
             flag("limits.tile", tr("Tiling"), tr("Repeats may also put whole copies one after the other")),
         })
        fields.push_back(std::move(field));
}

void ProblemFields::addWindows(std::vector<FieldSpec>& fields)
{
    fields.push_back(heading(tr("Windows and shifts")));
    for (FieldSpec& field : std::vector<FieldSpec>{
             number("limits.unfold_max", tr("A window, most"), tr("elements"), tr("The widest window of an unfold")),
             number("limits.unfold_ratio", tr("An axis"), tr("× its window"),
                    tr("An axis is at least this many times as long as a window on it, or most of it is border")),
             flag("limits.odd_windows", tr("Odd windows only"), tr("So that a window has a middle")),
             number("limits.shift_reshape", tr("Blocks that shifts meet"), tr("elements"),
                    tr("A shift by one hardly matters next to a split or merge with larger blocks")),
         })
        fields.push_back(std::move(field));
}

std::vector<FieldSpec> ProblemFields::limits()
{
    std::vector<FieldSpec> fields;
    addPrimitives(fields);
    addCosts(fields);
    addSizes(fields);
    addWindows(fields);
    return fields;
}

void ProblemFields::addObjective(std::vector<FieldSpec>& fields, const std::string& path, const QString& title)
{
    const QString share = tr("of the baseline's");
    fields.push_back(heading(title));
    fields.push_back(
        number((path + ".target").c_str(), tr("Target"), share, tr("Up to this share the reward is whole")));
    fields.push_back(number((path + ".weight").c_str(), tr("Weight"), {},
                            tr("Above the target the reward falls as (target / share) ^ weight; 0: not at all")));
    fields.push_back(
        number((path + ".limit").c_str(), tr("Limit"), share, tr("Above this share there is no reward; empty: none")));
}

std::vector<FieldSpec> ProblemFields::reward()
{
    std::vector<FieldSpec> fields{
        heading(tr("Accuracy")),
        number("reward.accuracy[0]", tr("Floor"), tr("share of all"),
               tr("Up to this accuracy there is no reward: 0.4 is 40 %")),
        number("reward.accuracy[1]", tr("Ceiling"), tr("share of all"),
               tr("From this accuracy on the reward is whole")),
        number("reward.power", tr("Power"), {},
               tr("How steeply the reward rises between the two: 1 is a straight line")),
    };
    addObjective(fields, "reward.latency", tr("Latency"));
    addObjective(fields, "reward.flops", tr("FLOPs"));
    return fields;
}

} // namespace

std::vector<FieldSpec> shapeFields()
{
    return ProblemFields::shapes();
}

std::vector<FieldSpec> limitFields()
{
    return ProblemFields::limits();
}

std::vector<FieldSpec> rewardFields()
{
    return ProblemFields::reward();
}

} // namespace synoscope
