#include "core/experiment/import.h"

#include "core/graph/fingerprint.h"
#include "core/graph/writer.h"
#include "core/lowering/plan.h"
#include "core/synthesis/equivalence.h"
#include "core/synthesis/translate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace synoscope {

namespace {

Expected<PGraph> inTermsOf(const Problem& problem, const PGraph& graph)
{
    const auto translation = Translation::find(graph, problem);
    return translation ? translation->rebuild(graph, problem) : translation.error();
}

// The candidate that is the same operator, if there is one.
Expected<std::optional<CandidateRecord>> known(Store& store, const CandidateRecord& candidate)
{
    auto reader = store.reader();
    if (!reader)
        return reader.error();
    auto found = reader->candidateByHash(candidate.experiment, candidate.hash);
    if (!found || *found)
        return found;
    return reader->candidateByFingerprint(candidate.experiment, candidate.fingerprint);
}

} // namespace

CandidateRecord describeCandidate(const PGraph& graph, const Problem& problem, ExperimentId experiment)
{
    CandidateRecord candidate;
    candidate.experiment = experiment;
    candidate.pgraph = writePGraph(graph);
    const Plan plan = lower(graph);
    double parameters = 0;
    for (std::size_t layer = 0; layer < problem.layers.size(); ++layer) {
        const Cost one = cost(plan, graph.bindings()[layer]);
        candidate.flops.push_back(one.flops);
        candidate.totalFlops += one.flops * problem.layers[layer].count;
        parameters += one.parameters * problem.layers[layer].count;
    }
    candidate.parameters = std::llround(parameters);
    candidate.flopsRatio = problem.baselineFlops > 0 ? candidate.totalFlops / problem.baselineFlops : 0;
    return candidate;
}

Expected<ImportedOperator> importOperator(Store& store, ExperimentId experiment, std::shared_ptr<const Problem> problem,
                                          const PGraph& graph, OutsideSpace outside)
{
    const auto translated = inTermsOf(*problem, graph);
    if (!translated) // a good operator, but none of this problem's
        return ImportedOperator{{}, false, {false, {}, "problem", translated.error().message}};
    auto path = findPath(graph, problem);
    if (!path)
        return path.error();
    ImportedOperator imported{describeCandidate(*translated, *problem, experiment), false, std::move(*path)};
    CandidateRecord& candidate = imported.candidate;
    candidate.hash = canonicalHash(*translated);
    candidate.fingerprint = fingerprint(*translated, equivalenceOf(*problem));
    candidate.note = graph.name();
    candidate.moves = imported.path.reachable
                          ? fmt::format("{}", fmt::join(imported.path.moves, "; "))
                          : fmt::format("outside the space: {} ({})", imported.path.reason, imported.path.refusedBy);

    auto before = known(store, candidate);
    if (!before)
        return before.error();
    if (*before) {
        candidate = std::move(**before);
        return imported;
    }
    if (!imported.path.reachable && outside == OutsideSpace::refuse)
        return imported;
    const auto added = store.addCandidate(candidate);
    if (!added)
        return added.error();
    candidate.id = added->id;
    imported.isNew = added->isNew;
    return imported;
}

} // namespace synoscope
