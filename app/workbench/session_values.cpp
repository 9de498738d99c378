#include "app/workbench/session_values.h"

#include "app/workbench/export_choice.h"
#include "core/codegen/export.h"
#include "core/graph/formula.h"
#include "core/graph/reader.h"
#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

#include <cmath>

namespace synoscope::session {

namespace {

double orUnknown(const std::optional<double>& value)
{
    return value.value_or(CandidateRow::unknown);
}

} // namespace

QString translated(const char* text)
{
    return QCoreApplication::translate("Session", text);
}

int themeKind(MoveKind kind)
{
    switch (kind) {
    case MoveKind::reduce:
        return static_cast<int>(PrimitiveKind::reduce);
    case MoveKind::contraction:
        return contractionKind;
    case MoveKind::shift:
        return static_cast<int>(PrimitiveKind::shift);
    case MoveKind::stride:
        return static_cast<int>(PrimitiveKind::stride);
    case MoveKind::split:
        return static_cast<int>(PrimitiveKind::split);
    case MoveKind::unfold:
        return static_cast<int>(PrimitiveKind::unfold);
    case MoveKind::expand:
        return static_cast<int>(PrimitiveKind::expand);
    case MoveKind::merge:
        return static_cast<int>(PrimitiveKind::merge);
    case MoveKind::finalize:
        break;
    }
    return finalizeKind;
}

std::optional<MoveKind> moveKind(int kind)
{
    for (int i = 0; i < moveKinds; ++i)
        if (themeKind(static_cast<MoveKind>(i)) == kind)
            return static_cast<MoveKind>(i);
    if (kind == static_cast<int>(PrimitiveKind::share)) // a Share is made by a contraction
        return MoveKind::contraction;
    return std::nullopt;
}

TreeNodeChange treeNode(const NodeChange& change)
{
    TreeNodeChange node;
    node.id = change.id;
    node.parent = change.parent;
    node.move = text(change.move);
    node.kind = themeKind(change.kind);
    node.visits = change.visits;
    node.mean = change.mean;
    node.best = change.best;
    node.state = static_cast<TreeNodeState>(change.state); // the same states in the same order
    node.reason = text(change.reason);
    node.candidate = text(change.candidate);
    return node;
}
static_assert(static_cast<int>(TreeNodeState::complete) == static_cast<int>(NodeState::final));
static_assert(static_cast<int>(TreeNodeState::pruned) == static_cast<int>(NodeState::pruned));

CandidateRow candidateRow(const CandidateRecord& record)
{
    CandidateRow row;
    row.id = record.id.value;
    row.hash = text(record.hash);
    row.name = row.hash.left(8);
    row.iteration = record.iteration;
    row.flops = record.totalFlops;
    row.flopsRatio = record.flopsRatio;
    row.params = record.parameters;
    if (record.latencyRatio && *record.latencyRatio > 0)
        row.speedup = 1.0 / *record.latencyRatio;
    row.accuracy = orUnknown(record.accuracy);
    row.reward = orUnknown(record.reward);
    row.starred = record.starred;
    row.pruned = record.state == CandidateState::pruned;
    row.removed = record.state == CandidateState::removed;
    row.note = text(record.note);
    if (const auto graph = parsePGraph(record.pgraph, record.hash))
        for (const Primitive& primitive : graph->primitives())
            row.primitives |= static_cast<std::uint16_t>(1u << static_cast<int>(primitive.kind));
    return row;
}

namespace {

// The engine has no translations: its titles are "operator 3f9a01c2", "operator 3f9a01c2, to epoch 6" and one sentence.
QString jobTitle(const std::string& title)
{
    static const QRegularExpression pattern(QStringLiteral("^operator (\\w+)(?:, to epoch (\\d+))?$"));
    if (title == "the unchanged backbone")
        return translated(QT_TRANSLATE_NOOP("Session", "the unchanged backbone"));
    const QRegularExpressionMatch parts = pattern.match(text(title));
    if (!parts.hasMatch())
        return text(title);
    return parts.hasCaptured(2) ? translated(QT_TRANSLATE_NOOP("Session", "operator %1, to epoch %2"))
                                      .arg(parts.captured(1), parts.captured(2))
                                : translated(QT_TRANSLATE_NOOP("Session", "operator %1")).arg(parts.captured(1));
}

} // namespace

JobRow jobRow(const JobSnapshot& job, CandidateId candidate)
{
    JobRow row;
    row.id = static_cast<std::int64_t>(job.id.value);
    row.candidate = candidate.value;
    row.kind = job.kind == "benchmark"      ? JobKind::benchmark
               : job.kind == "proxy"        ? JobKind::proxy
               : job.kind == "verification" ? JobKind::verification
               : job.kind == "export"       ? JobKind::exporting
                                            : JobKind::training;
    switch (job.state) {
    case JobState::queued:
        row.state = JobRowState::queued;
        break;
    case JobState::running:
        row.state = JobRowState::running;
        break;
    case JobState::paused:
        row.state = JobRowState::paused;
        break;
    case JobState::done:
        row.state = JobRowState::done;
        break;
    case JobState::failed:
        row.state = JobRowState::failed;
        break;
    case JobState::cancelled:
        row.state = JobRowState::cancelled;
        break;
    }
    row.pausable = job.state == JobState::queued || job.state == JobState::paused;
    row.progress = job.progress;
    if (job.timeLeft)
        row.secondsLeft = static_cast<double>(job.timeLeft->count());
    row.title = jobTitle(job.title);
    row.message = text(job.message.empty() ? job.lastLine : job.message);
    return row;
}

SteeringDecision decision(const ConstraintRecord& constraint, const VariableTable& variables)
{
    const Constraint& c = constraint.constraint;
    SteeringDecision decision;
    decision.action = c.action == SteeringAction::pin ? SteeringDecision::Action::pin : SteeringDecision::Action::prune;
    decision.id = constraint.id;
    decision.scope = c.scope <= 1 ? 0 : c.scope;
    decision.scopeText = decision.scope == 0
                             ? translated(QT_TRANSLATE_NOOP("Session", "everywhere"))
                             : translated(QT_TRANSLATE_NOOP("Session", "below #%1")).arg(decision.scope);
    if (c.predicate.what == Predicate::What::node) {
        decision.target = SteeringDecision::Target::node;
        decision.node = c.predicate.node;
        decision.what = translated(QT_TRANSLATE_NOOP("Session", "the node #%1")).arg(c.predicate.node);
        return decision;
    }
    decision.kind = themeKind(c.predicate.kind);
    decision.what = text(toString(c.predicate.kind));
    decision.target = SteeringDecision::Target::kind;
    if (c.predicate.what == Predicate::What::kindWithSize) {
        decision.target = SteeringDecision::Target::kindWithSize;
        decision.size = text(toString(c.predicate.size, variables));
        decision.what = translated(QT_TRANSLATE_NOOP("Session", "%1 with size %2")).arg(decision.what, decision.size);
    }
    return decision;
}

QList<CodeDocument> documents(const PGraph& graph)
{
    QList<CodeDocument> documents;
    for (const FormatInfo& format : formats()) {
        if (format.binary || format.format == ExportFormat::dot || format.format == ExportFormat::svg)
            continue; // no text for people; the dimension graph shows what dot and svg show
        const auto exported = exportOperator(graph, format.format);
        CodeDocument document;
        document.format = text(format.name);
        document.title = exportTitle(format);
        document.fileName = text(exportFileName(graph, format.format));
        document.text = text(exported ? *exported : exported.error().message);
        const bool code = format.format == ExportFormat::pytorch || format.format == ExportFormat::libtorch;
        document.language = format.format == ExportFormat::pytorch    ? Language::python
                            : format.format == ExportFormat::libtorch ? Language::cpp
                            : format.format == ExportFormat::halide   ? Language::cpp
                            : format.format == ExportFormat::pgraph   ? Language::pgraph
                                                                      : Language::plain;
        if (code)
            document.verification.state = Verification::State::notVerified;
        documents << document;
    }
    return documents;
}

} // namespace synoscope::session
