// Turns changes of the tree into values for views (published.h). Under the engine's lock it only copies numbers; the texts
// of the moves are made afterwards, with a space of its own, in the reader's time.
#pragma once

#include "core/search/published.h"
#include "core/search/search_state.h"
#include "core/search/space.h"

namespace synoscope {

class Publisher
{
public:
    Publisher(SearchState& state, std::unique_ptr<Space> space) : state_(state), space_(std::move(space)) {}

    // What changed since the last call, about so many nodes at most: the rest waits for the next. A new node never comes
    // before its parent. Thread-safe.
    TreeBatch drain(std::size_t most);
    // Everything counts as new again: for a reader that begins anew.
    void republish();

private:
    struct Link // how a node hangs on its parent
    {
        TreeNodeId node{};
        TreeNodeId parent{};
        Move move{};
    };
    NodeChange changeOf(TreeNodeId id);
    std::vector<TreeNodeId> unpublishedAbove(TreeNodeId id) const;
    void collectLink(TreeNodeId id);
    bool known(TreeNodeId id) const { return id.index < states_.size() && states_[id.index].valid(); }

    SearchState& state_;
    std::unique_ptr<Space> space_;
    std::mutex mutex_;            // readers, one at a time; always taken before the engine's
    std::vector<StateId> states_; // by node
    std::vector<Link> links_;     // of the batch, parents first
};

} // namespace synoscope
