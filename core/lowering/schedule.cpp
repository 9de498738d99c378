#include "core/lowering/schedule.h"

#include <algorithm>
#include <tuple>

namespace synoscope::lowering {

namespace {

constexpr int maxStates = 2000;

class Search
{
public:
    Search(const Network& network, const Extents& extents) : progress_(network, extents)
    {
        states_.reserve(32 * progress_.state().size());
        nodes_.reserve(32);
        queue_.reserve(32);
        table_.assign(64, -1);
    }

    Cheapness run()
    {
        add(-1, {});
        int looked = 0;
        while (true) {
            last_ = pop();
            progress_.restore(state(last_), nodes_[last_].spent);
            if (progress_.finished())
                return nodes_[last_].spent;
            // Past the limit only the cheapest continuation of the current state is kept: one pass to the end.
            if (++looked > maxStates)
                queue_.clear();
            progress_.findStages(stages_);
            for (std::size_t i = 0; i < stages_.size(); ++i) {
                if (i > 0)
                    progress_.restore(state(last_), nodes_[last_].spent);
                progress_.run(stages_[i]);
                add(last_, stages_[i]);
            }
        }
    }

    // The stages that led to the last state.
    std::vector<Stage> path() const
    {
        std::vector<Stage> path;
        for (int node = last_; nodes_[node].parent >= 0; node = nodes_[node].parent)
            path.push_back(nodes_[node].stage);
        std::ranges::reverse(path);
        return path;
    }

private:
    struct Node
    {
        Cheapness spent;
        int parent;
        Stage stage; // from the parent
    };
    struct Entry
    {
        Cheapness cost;
        int node;
        // std::push_heap keeps the largest in front: the cheapest is to be it, and of equal ones the first.
        bool operator<(const Entry& other) const { return std::tie(other.cost, other.node) < std::tie(cost, node); }
    };

    Progress::State state(int node) const
    {
        const std::size_t length = progress_.state().size();
        return {&states_[static_cast<std::size_t>(node) * length], length};
    }

    // Where the state stands in the table, or is to stand.
    std::size_t slot(Progress::State wanted) const
    {
        std::uint64_t hash = 0xcbf29ce484222325;
        for (const std::uint8_t byte : wanted)
            hash = (hash ^ byte) * 0x100000001b3;
        std::size_t at = hash & (table_.size() - 1);
        while (table_[at] >= 0 && !std::ranges::equal(state(table_[at]), wanted))
            at = (at + 1) & (table_.size() - 1);
        return at;
    }

    // The state that progress_ has reached, unless it has been reached as cheaply before.
    void add(int parent, Stage stage)
    {
        if (2 * nodes_.size() >= table_.size())
            grow();
        const std::size_t at = slot(progress_.state());
        if (table_[at] >= 0 && nodes_[table_[at]].spent <= progress_.spent() && !queue_.empty())
            return;
        const int node = static_cast<int>(nodes_.size());
        table_[at] = node;
        states_.insert(states_.end(), progress_.state().begin(), progress_.state().end());
        nodes_.push_back({progress_.spent(), parent, stage});
        queue_.push_back({progress_.spent(), node});
        std::push_heap(queue_.begin(), queue_.end());
    }

    void grow()
    {
        table_.assign(2 * table_.size(), -1);
        for (std::size_t node = 0; node < nodes_.size(); ++node) // a later node of one state is the cheaper one
            table_[slot(state(static_cast<int>(node)))] = static_cast<int>(node);
    }

    int pop()
    {
        std::pop_heap(queue_.begin(), queue_.end());
        const int node = queue_.back().node;
        queue_.pop_back();
        return node;
    }

    Progress progress_;
    std::vector<std::uint8_t> states_; // node by node
    std::vector<Node> nodes_;
    std::vector<int> table_; // open addressing, by state: a node, or -1
    std::vector<Entry> queue_;
    std::vector<Stage> stages_;
    int last_ = 0;
};

} // namespace

Cheapness cheapest(const Network& network, const Extents& extents)
{
    return Search(network, extents).run();
}

Schedule cheapestSchedule(const Network& network, std::span<const Binding> bindings)
{
    const Extents extents(network, bindings);
    Search search(network, extents);
    Schedule schedule{{}, search.run()};
    // Once more along the cheapest path, now writing down what is done.
    Progress progress(network, extents, &schedule.actions);
    for (const Stage& stage : search.path())
        progress.run(stage);
    progress.runRemainingViews();
    return schedule;
}

} // namespace synoscope::lowering
