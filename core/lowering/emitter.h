// Turns a schedule into steps of a plan: keeps track of which label is which axis of the data tensor.
//
// Unfolds are written out as late as possible: a window that a convolution contracts is never written out at all.
#pragma once

#include "core/lowering/convolution.h"
#include "core/lowering/plan_builder.h"
#include "core/lowering/schedule.h"

namespace synoscope::lowering {

enum class Contractions : std::uint8_t
{
    recognised, // convolutions are steps of their own
    einsums
};

class Emitter
{
public:
    Emitter(const Network& network, const VariableTable& variables, std::span<const Binding> bindings,
            Naming naming = Naming::full, Contractions contractions = Contractions::recognised);
    Plan run(std::span<const Action> actions);

private:
    // An item is a label, or, from labels.size() on, an axis of a weight that has not met its label yet.
    int dangling(int weightAxis) const { return static_cast<int>(network_.labels.size()) + weightAxis; }
    int labelOf(int item) const;
    Axis axisOf(int item) const;
    std::vector<Axis> axesOf(std::span<const int> items) const;
    bool present(int item) const;
    int position(int item) const;

    void view(const View& view);
    void split(const View& view);
    void merge(const View& view);
    void unfold(const View& view);
    void stride(const View& view);
    void shift(const View& view);
    PendingUnfold* pendingWindow(int label);
    bool plain(const PendingUnfold& unfold) const;
    bool staysExpanded(const View& view) const;

    void multiply(const Action& action);
    ValueId bringIn(const Action& action, std::vector<int>& items);
    void meetDangling(const Action& action);
    void contract(ValueId weight, const std::vector<int>& items, const std::vector<int>& summed);
    void convolve(const ConvolutionRoles& roles, ValueId weight, const std::vector<int>& items);
    void sum(const std::vector<int>& labels);

    void writeOut(std::size_t unfold);
    void writeOutTouching(std::span<const int> items);
    void materialise(int label, int at);
    void materialiseInOrder(int label);
    void arrange(std::vector<int> order);
    void finishOutput();

    // Where an item wants to stand among others: the place its data takes in the output.
    std::vector<int> rank(int item);
    std::vector<int> rankOfLabel(int label);
    std::vector<int> rankOfReduced(int label);

    const Network& network_;
    std::span<const Binding> bindings_;
    Contractions contractions_;
    PlanBuilder plan_;
    ValueId data_;
    std::vector<int> axes_; // items, in the order of the data tensor's axes
    std::vector<PendingUnfold> unfolds_;
    std::vector<bool> broughtIn_;
    std::vector<std::vector<int>> ranks_; // by label; empty: not known yet
    std::vector<bool> ranking_;
};

} // namespace synoscope::lowering
