// Operators become candidates: those that the search found, and those that somebody brings in.
#pragma once

#include "core/graph/pgraph.h"
#include "core/store/store.h"
#include "core/synthesis/path.h"

#include <memory>

namespace synoscope {

// An operator in the problem's variables and layers as a row of the store: text and costs. Who found it, and how, and what
// identifies it (hash, fingerprint) is for the caller to add.
CandidateRecord describeCandidate(const PGraph& graph, const Problem& problem, ExperimentId experiment);

enum class OutsideSpace : std::uint8_t
{
    refuse,
    keep // as a candidate whose moves say "outside the space", and why
};

struct ImportedOperator
{
    CandidateRecord candidate; // with its id, if it is in the store
    bool isNew = false;        // false, with an id: it was there before, perhaps in another form (equal fingerprints)
    PathResult path;           // how the search would come to it, or what refuses it
};

// An operator from outside, translated into the problem's variables, becomes a candidate. One that the search could not
// reach is stored only when it may be kept; one of other shapes or variables never is (refused by "problem", without a
// hash). A candidate that was brought in has no path of moves, and its operator's name for a note. An error: the store
// cannot be read or takes nothing.
Expected<ImportedOperator> importOperator(Store& store, ExperimentId experiment, std::shared_ptr<const Problem> problem,
                                          const PGraph& graph, OutsideSpace outside);

} // namespace synoscope
