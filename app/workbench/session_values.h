// The engine's values as the views' values.
#pragma once

#include "app/workbench/session_port.h"
#include "app/workbench/session_text.h"
#include "core/experiment/experiment.h"

namespace synoscope::session {

int themeKind(MoveKind kind);                    // a colour of the theme
std::optional<MoveKind> moveKind(int themeKind); // nothing: no move is of this kind

TreeNodeChange treeNode(const NodeChange& change);
CandidateRow candidateRow(const CandidateRecord& record); // stage and node are the caller's
JobRow jobRow(const JobSnapshot& job, CandidateId candidate);
SteeringDecision decision(const ConstraintRecord& constraint, const VariableTable& variables);

QString bindingText(const Binding& binding, const VariableTable& variables);
InspectorValues inspector(const CandidateRecord& record, const PGraph& graph, const Problem& problem,
                          std::span<const EvaluationRecord> evaluations, Reader& reader);
QList<CodeDocument> documents(const PGraph& graph);

} // namespace synoscope::session
