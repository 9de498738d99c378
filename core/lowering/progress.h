// How far a lowering has come: which labels exist, which axes of weights have been met. The scheduler walks over these
// states; every step can be recorded as an Action that the emitter then turns into steps of the plan.
//
// A state is a row of bytes, so that a search keeps many of them side by side: the Status of each label, then the
// Meeting of each weight axis. One Progress walks from state to state without allocating.
#pragma once

#include "core/lowering/network.h"

#include <cstdint>

namespace synoscope::lowering {

struct Action
{
    enum class Kind : std::uint8_t
    {
        view,     // run the view `index`
        multiply, // meet the axes `axes` of the weight `index` and sum over `labels`
        sum,      // sum over `labels`
    };
    Kind kind = Kind::view;
    int index = 0;
    std::vector<int> axes{};
    std::vector<int> labels{};
};

struct Cheapness
{
    double flops = 0;
    double bytes = 0;
    friend auto operator<=>(const Cheapness&, const Cheapness&) = default;
};

// The next stage, between which the scheduler chooses: a multiplication by a weight, or a sum or a stride that needs
// views which enlarge the tensor.
struct Stage
{
    enum class Kind : std::uint8_t
    {
        multiply,
        sum,
        stride
    };
    Kind kind = Kind::multiply;
    int index = 0; // weight, label, view
};

// Extents of labels under all bindings that the choice is made for. (A weight's axis has its label's.)
class Extents
{
public:
    Extents(const Network& network, std::span<const Binding> bindings);

    int bindings() const { return bindings_; }
    std::span<const double> operator[](int label) const
    {
        return {&values_[static_cast<std::size_t>(label * bindings_)], static_cast<std::size_t>(bindings_)};
    }

private:
    int bindings_;
    std::vector<double> values_;
};

class Progress
{
public:
    using State = std::span<const std::uint8_t>;

    // At the beginning: what is free has been done. What is done is appended to `actions`, if there are any.
    Progress(const Network& network, const Extents& extents, std::vector<Action>* actions = nullptr);

    State state() const { return state_; }
    const Cheapness& spent() const { return spent_; }
    void restore(State state, const Cheapness& spent);

    bool finished() const;
    void findStages(std::vector<Stage>& stages);
    void run(const Stage& stage);
    // All that is left when nothing is to be multiplied or summed any more.
    void runRemainingViews();

private:
    enum class Status : std::uint8_t
    {
        unborn,
        expanded, // exists, but nothing depends on it yet: no axis of the data tensor
        present,  // an axis of the data tensor
        gone,
    };
    enum class Meeting : std::uint8_t
    {
        pending,  // the weight has not been brought in
        dangling, // the weight is in; this axis is an axis of the data tensor and waits for its label
        met,
    };
    // Which labels exist or can be made by views alone.
    struct Reach
    {
        bool possible = false;
        bool enlarges = false; // on the way the tensor grows
        bool expanded = false;
    };

    Status status(int label) const { return static_cast<Status>(state_[static_cast<std::size_t>(label)]); }
    void setStatus(int label, Status s) { state_[static_cast<std::size_t>(label)] = static_cast<std::uint8_t>(s); }
    Meeting meeting(int axis) const { return static_cast<Meeting>(state_[static_cast<std::size_t>(labels_ + axis)]); }
    void setMeeting(int axis, Meeting m)
    {
        state_[static_cast<std::size_t>(labels_ + axis)] = static_cast<std::uint8_t>(m);
    }
    bool complete(int label) const;
    bool summable(int label) const;
    bool open(int axis) const;

    void findReach();
    Reach reachThrough(const View& view) const;
    void produce(int label);
    void runView(int view);
    void settle();
    bool settleOnce();
    void sum(std::span<const int> summed);
    void sumLabel(int label);
    double points(); // elements of the data tensor, over all bindings

    bool multipliable(int weight, bool partially) const;
    void multiply(int weight);
    double bringIn(int weight);
    void meet(int weight);
    void multiplyInto(std::vector<double>& products, int label) const;

    const Network* network_;
    const Extents* extents_;
    int labels_;
    int axes_;
    std::vector<std::uint8_t> state_;
    Cheapness spent_;
    std::vector<Action>* actions_;

    // Scratch, kept for its memory.
    std::vector<Reach> reach_;
    std::vector<double> products_; // by binding
    std::vector<int> met_;         // axes
    std::vector<int> summed_;      // labels
    std::vector<int> lonely_;      // labels
};

} // namespace synoscope::lowering
