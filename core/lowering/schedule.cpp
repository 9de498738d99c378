#include "core/lowering/schedule.h"

#include <algorithm>
#include <queue>
#include <string>
#include <unordered_map>

namespace synoscope::lowering {

namespace {

constexpr int maxStates = 2000;

class Search
{
public:
    Search(const Network& network, std::span<const Binding> bindings) : network_(network), extents_(network, bindings)
    {}

    Schedule run()
    {
        push(Progress(network_, extents_), -1);
        int looked = 0;
        while (true) {
            const int current = pop();
            if (nodes_[current].progress.finished())
                return schedule(current);
            // Past the limit only the cheapest continuation of the current state is kept: at most one pass to the end.
            if (++looked > maxStates)
                queue_ = {};
            for (Progress& next : nodes_[current].progress.nextStages())
                push(std::move(next), current);
        }
    }

private:
    struct Node
    {
        Progress progress;
        std::vector<Action> actions;
        int parent;
    };
    struct Entry
    {
        Cheapness cost;
        int node;
        bool operator<(const Entry& other) const
        {
            return std::tie(other.cost, other.node) < std::tie(cost, node); // a queue's top is its largest
        }
    };

    void push(Progress progress, int parent)
    {
        const auto [entry, fresh] = best_.try_emplace(std::string(progress.key()), progress.spent());
        if (!fresh && entry->second <= progress.spent() && !queue_.empty())
            return;
        entry->second = progress.spent();
        queue_.push({progress.spent(), static_cast<int>(nodes_.size())});
        std::vector<Action> actions = progress.takeActions();
        nodes_.push_back({std::move(progress), std::move(actions), parent});
    }

    int pop()
    {
        const int node = queue_.top().node;
        queue_.pop();
        return node;
    }

    Schedule schedule(int last)
    {
        Progress end = nodes_[last].progress;
        const Cheapness cost = end.spent();
        end.runRemainingViews();
        Schedule result{end.takeActions(), cost};
        for (int node = last; node >= 0; node = nodes_[node].parent)
            result.actions.insert(result.actions.begin(), nodes_[node].actions.begin(), nodes_[node].actions.end());
        return result;
    }

    const Network& network_;
    Extents extents_;
    std::vector<Node> nodes_;
    std::priority_queue<Entry> queue_;
    std::unordered_map<std::string, Cheapness> best_;
};

} // namespace

Schedule cheapestSchedule(const Network& network, std::span<const Binding> bindings)
{
    return Search(network, bindings).run();
}

} // namespace synoscope::lowering
