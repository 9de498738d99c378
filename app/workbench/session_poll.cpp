// What is new in the experiment, as batches of values.
#include "app/workbench/session_backend.h"
#include "app/workbench/session_values.h"
#include "core/graph/reader.h"
#include "widgets/common/theme.h"

#include <QtCore/QCoreApplication>

#include <limits>

namespace synoscope {

namespace {

constexpr auto statusInterval = std::chrono::milliseconds(250);

} // namespace

void SessionBackend::poll()
{
    if (!experiment_)
        return;
    ExperimentChanges changes = experiment_->changes();
    for (Error& error : changes.errors)
        fail(std::move(error));
    pollTree(changes.tree);
    pollJobs();
    pollCandidates(changes.candidates);
    pollCurves(changes.curves);
    if (changes.steering)
        sendConstraints();
    const auto now = std::chrono::steady_clock::now();
    if (now - statusAt_ < statusInterval)
        return;
    statusAt_ = now;
    pollStatus();
    if (primitivesChanged_)
        sendPrimitives();
}

void SessionBackend::pollTree(const TreeBatch& batch)
{
    if (batch.nodes.empty())
        return;
    std::vector<TreeNodeChange> nodes;
    std::vector<CandidateRow> moved; // rows whose node is now known
    for (const NodeChange& change : batch.nodes) {
        nodes.push_back(session::treeNode(change));
        if (!change.move.empty()) {
            moveOfNode_[change.id] = QString::fromStdString(change.move);
            ++movesByKind_[static_cast<std::size_t>(change.kind)];
            primitivesChanged_ = true;
        }
        if (change.candidate.empty() || !nodeOfHash_.try_emplace(change.candidate, change.id).second)
            continue;
        const auto candidate = candidateOfHash_.find(change.candidate);
        if (candidate == candidateOfHash_.end())
            continue;
        CandidateRow& row = rows_[candidate->second];
        row.node = change.id;
        moved.push_back(row);
    }
    send([nodes = std::move(nodes), moved = std::move(moved)](SessionPort& port) {
        Q_EMIT port.treeChanged(nodes);
        if (!moved.empty())
            Q_EMIT port.candidatesChanged(moved);
    });
}

CandidateStage SessionBackend::stageOf(const CandidateRow& row) const
{
    if (row.reward == row.reward) // not NaN
        return CandidateStage::measured;
    if (const auto stage = stages_.find(row.id); stage != stages_.end())
        return stage->second;
    return experiment_->failureOf(row.hash.toStdString()).empty() ? CandidateStage::found : CandidateStage::failed;
}

void SessionBackend::pollCandidates(std::span<const CandidateId> changed)
{
    if (changed.empty())
        return;
    const auto records = reader_->candidates(changed);
    if (!records)
        return fail(records.error());
    std::vector<CandidateRow> rows;
    for (const CandidateRecord& record : *records) {
        CandidateRow row = session::candidateRow(record);
        row.state = stageOf(row);
        if (const auto node = nodeOfHash_.find(record.hash); node != nodeOfHash_.end())
            row.node = node->second;
        candidateOfHash_[record.hash] = row.id;
        primitivesChanged_ |= !rows_.contains(row.id);
        bestReward_ = std::fmax(bestReward_, row.reward);
        rows_[row.id] = row;
        rows.push_back(std::move(row));
    }
    send([rows = std::move(rows)](SessionPort& port) { Q_EMIT port.candidatesChanged(rows); });
}

void SessionBackend::pollJobs()
{
    const std::uint64_t seen = experiment_->jobs().changeCount();
    if (seen == jobsSeen_)
        return;
    jobsSeen_ = seen;
    std::vector<JobRow> changedJobs;
    std::unordered_map<std::int64_t, CandidateStage> stages;
    for (const JobSnapshot& job : experiment_->jobs().snapshots()) {
        JobRow row = session::jobRow(job, experiment_->candidateOf(job.id));
        if (row.candidate != 0 && !isFinal(job.state)) {
            CandidateStage& stage = stages.try_emplace(row.candidate, CandidateStage::queued).first->second;
            if (job.state == JobState::running)
                stage = CandidateStage::measuring;
        }
        const auto known = jobs_.find(row.id);
        if (known != jobs_.end() && known->second == row)
            continue;
        jobs_[row.id] = row;
        changedJobs.push_back(std::move(row));
    }
    std::vector<CandidateRow> changedRows;
    stages_.swap(stages);
    for (auto& [id, row] : rows_) {
        const CandidateStage stage = stageOf(row);
        if (stage == row.state)
            continue;
        row.state = stage;
        changedRows.push_back(row);
    }
    if (changedJobs.empty() && changedRows.empty())
        return;
    send([changedJobs = std::move(changedJobs), changedRows = std::move(changedRows)](SessionPort& port) {
        Q_EMIT port.jobsChanged(changedJobs);
        if (!changedRows.empty())
            Q_EMIT port.candidatesChanged(changedRows);
    });
}

void SessionBackend::pollCurves(std::span<const CurveChange> curves)
{
    std::vector<CurvePoint> points;
    for (const CurveChange& change : curves) {
        CurvePoint point;
        point.run = change.epoch.evaluation.value;
        point.candidate = change.candidate.value;
        const auto row = rows_.find(change.candidate.value);
        point.title =
            row == rows_.end() ? QCoreApplication::translate("Session", "the unchanged backbone") : row->second.name;
        point.epoch = change.epoch.epoch;
        point.loss = change.epoch.loss;
        point.accuracy = change.epoch.accuracy;
        points.push_back(std::move(point));
    }
    if (!points.empty())
        send([points = std::move(points)](SessionPort& port) { Q_EMIT port.curvesChanged(points); });
}

void SessionBackend::pollStatus()
{
    const ExperimentStatus from = experiment_->status();
    SessionStatus status;
    status.phase = from.search.running           ? SearchPhase::running
                   : from.search.stopped.empty() ? SearchPhase::idle
                                                 : SearchPhase::finished;
    status.reason = QString::fromStdString(from.search.stopped);
    status.iterations = from.search.iterations;
    status.iterationsPerSecond = from.search.iterationsPerSecond;
    status.nodes = from.search.nodes;
    status.candidates = from.candidates;
    status.duplicates = from.search.duplicates;
    status.evaluated = from.evaluated;
    status.waiting = from.waiting;
    status.standsFor = from.standsFor;
    status.bestReward = bestReward_;
    status.memoryBytes = from.search.memoryBytes;
    status.secondsLeft = from.secondsLeft.value_or(std::numeric_limits<double>::quiet_NaN());
    send([status](SessionPort& port) { Q_EMIT port.statusChanged(status); });
}

void SessionBackend::sendConstraints()
{
    QList<SteeringDecision> inForce;
    for (const ConstraintRecord& constraint : experiment_->constraints())
        if (constraint.active) {
            SteeringDecision one = session::decision(constraint, experiment_->problem().variables);
            if (const auto move = moveOfNode_.find(one.node); move != moveOfNode_.end()) // else the node's number
                one.what = QCoreApplication::translate("Session", "%1 (#%2)").arg(move->second).arg(one.node);
            inForce << one;
        }
    send([inForce](SessionPort& port) { Q_EMIT port.constraintsChanged(inForce); });
}

void SessionBackend::sendPrimitives()
{
    primitivesChanged_ = false;
    std::vector<PrimitiveCount> counts;
    for (int kind = 0; kind < moveKinds; ++kind) {
        PrimitiveCount count;
        count.kind = session::themeKind(static_cast<MoveKind>(kind));
        count.moves = movesByKind_[static_cast<std::size_t>(kind)];
        count.steerable = static_cast<MoveKind>(kind) != MoveKind::finalize;
        const int primitive = count.kind == contractionKind ? static_cast<int>(PrimitiveKind::share) : count.kind;
        for (const auto& [id, row] : rows_)
            count.candidates += primitive < primitiveKinds ? (row.primitives >> primitive & 1) : 1;
        counts.push_back(count);
    }
    send([counts = std::move(counts)](SessionPort& port) { Q_EMIT port.primitivesChanged(counts); });
}

} // namespace synoscope
