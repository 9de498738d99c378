// How far a lowering has come: which labels exist, which axes of weights have been met. The scheduler searches over
// these states; every step it takes is recorded as an Action that the emitter then turns into steps of the plan.
#pragma once

#include "core/lowering/network.h"

#include <cstdint>
#include <string_view>
#include <utility>

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

// Extents of labels and weight axes under all bindings that the choice is made for.
class Extents
{
public:
    Extents(const Network& network, std::span<const Binding> bindings);

    int bindings() const { return bindings_; }
    const double* label(int index) const { return &labels_[index * bindings_]; }
    const double* axis(int index) const { return &axes_[index * bindings_]; }

private:
    int bindings_;
    std::vector<double> labels_;
    std::vector<double> axes_;
};

class Progress
{
public:
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

    Progress(const Network& network, const Extents& extents);

    bool finished() const;
    std::string_view key() const { return {reinterpret_cast<const char*>(state_.data()), state_.size()}; }
    const Cheapness& spent() const { return spent_; }
    std::vector<Action> takeActions() { return std::exchange(actions_, {}); }

    // The states after each next stage: a multiplication, or a sum that needs views which enlarge the tensor.
    std::vector<Progress> nextStages() const;
    // All that is left when nothing is to be multiplied or summed any more.
    void runRemainingViews();

private:
    struct Reach
    {
        bool possible = false;
        bool enlarges = false;
        bool expanded = false;
    };

    Status status(int label) const { return static_cast<Status>(state_[label]); }
    void setStatus(int label, Status status) { state_[label] = static_cast<std::uint8_t>(status); }
    Meeting meeting(int axis) const { return static_cast<Meeting>(state_[labels() + axis]); }
    void setMeeting(int axis, Meeting m) { state_[labels() + axis] = static_cast<std::uint8_t>(m); }
    int labels() const { return static_cast<int>(network_->labels.size()); }
    int axes() const { return static_cast<int>(network_->weightAxes.size()); }
    bool complete(int label) const;
    bool summable(int label) const;

    std::vector<Reach> reachable() const;
    Reach reachThrough(const View& view, const std::vector<Reach>& reach) const;
    void produce(int label);
    void run(int view);
    void settle();
    bool settleOnce();
    void sum(std::vector<int> summed);
    double points() const; // elements of the data tensor, over all bindings

    bool multipliable(int weight, const std::vector<Reach>& reach, bool partially) const;
    void multiply(int weight, const std::vector<Reach>& reach);
    std::vector<int> openAxes(int weight, const std::vector<Reach>& reach) const;
    double bringIn(int weight, std::span<const int> met);
    void meet(int weight, std::vector<int> axes);

    const Network* network_;
    const Extents* extents_;
    std::vector<std::uint8_t> state_; // Status of each label, then Meeting of each weight axis
    std::vector<Action> actions_;     // since the state this one came from
    Cheapness spent_;
};

} // namespace synoscope::lowering
