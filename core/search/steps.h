// The moves the search has seen, each once: an edge or an iteration then names a move by 32 bits.
#pragma once

#include "core/base/id.h"
#include "core/search/id_index.h"
#include "core/synthesis/move.h"

#include <vector>

namespace synoscope {

using StepId = Id<struct StepTag>;

class StepTable
{
public:
    // Two moves are one step when they do the same (key, kind) at the same positions.
    StepId intern(const Move& move);
    const Move& operator[](StepId id) const { return moves_[id.index]; }
    std::size_t size() const { return moves_.size(); }
    std::size_t memoryBytes() const { return moves_.capacity() * sizeof(Move) + index_.memoryBytes(); }

private:
    std::vector<Move> moves_;
    IdIndex index_;
};

} // namespace synoscope
