#include "app/workbench/view_wiring.h"

#include "app/workbench/candidate_commands.h"
#include "app/workbench/steering_commands.h"
#include "widgets/candidates/candidates_view.h"
#include "widgets/code/code_view.h"
#include "widgets/graph/graph_view.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/plots/latency_plot.h"
#include "widgets/plots/pareto_plot.h"
#include "widgets/plots/reward_plot.h"
#include "widgets/steering/primitives_panel.h"
#include "widgets/tree/tree_view.h"

#include <QtGui/QUndoStack>

#include <algorithm>
#include <utility>

namespace synoscope {

namespace {

constexpr int refreshDelay = 400; // milliseconds between a change of the current candidate and asking for its details

SteeringDecision nodeDecision(SteeringDecision::Action action, std::uint64_t node)
{
    SteeringDecision decision;
    decision.action = action;
    decision.node = node;
    return decision;
}

} // namespace

ViewWiring::ViewWiring(SessionPort& port, const Views& views, Docks& docks, QUndoStack& undo, QObject* parent)
    : QObject(parent), port_(port), views_(views), docks_(docks), undo_(undo)
{
    refresh_.setSingleShot(true);
    refresh_.setInterval(refreshDelay);
    connect(&refresh_, &QTimer::timeout, this, [this] {
        if (current_ != 0)
            port_.requestDetails(current_);
    });
    connectSession();
    connectTree();
    connectCandidates();
    connectJobs();
    connectPlotsAndCode();
    connectSteering();
}

void ViewWiring::connectSession()
{
    connect(&port_, &SessionPort::opened, this, &ViewWiring::showOpened);
    connect(&port_, &SessionPort::closed, this, &ViewWiring::clearViews);
    connect(&port_, &SessionPort::treeChanged, this,
            [this](const std::vector<TreeNodeChange>& nodes) { views_.tree->apply(nodes); });
    connect(&port_, &SessionPort::candidatesChanged, this, &ViewWiring::takeCandidates);
    connect(&port_, &SessionPort::jobsChanged, this,
            [this](const std::vector<JobRow>& rows) { views_.jobs->apply(rows); });
    connect(&port_, &SessionPort::curvesChanged, this,
            [this](const std::vector<CurvePoint>& points) { views_.curves->add(points); });
    connect(&port_, &SessionPort::statusChanged, this, &ViewWiring::showWaiting);
    connect(&port_, &SessionPort::operatorDetails, this, &ViewWiring::takeDetails);
    connect(&port_, &SessionPort::jobLog, views_.jobs, &JobsView::showLog);
    connect(&port_, &SessionPort::candidatesBelow, this, [this](std::uint64_t node, const QList<std::int64_t>& ids) {
        views_.candidates->showSubset(tr("Below #%1").arg(node), ids);
        docks_.raise(views_.candidates);
    });
}

void ViewWiring::connectTree()
{
    using Action = SteeringDecision::Action;
    connect(views_.tree, &TreeView::selectionChanged, this, &ViewWiring::selectNode);
    connect(views_.tree, &TreeView::candidateActivated, this, &ViewWiring::activateHash);
    connect(views_.tree, &TreeView::pinRequested, this,
            [this](quint64 node) { steer(nodeDecision(Action::pin, node), true); });
    connect(views_.tree, &TreeView::unpinRequested, this,
            [this](quint64 node) { steer(nodeDecision(Action::pin, node), false); });
    connect(views_.tree, &TreeView::pruneRequested, this,
            [this](quint64 node) { steer(nodeDecision(Action::prune, node), true); });
    connect(views_.tree, &TreeView::unpruneRequested, this,
            [this](quint64 node) { steer(nodeDecision(Action::prune, node), false); });
    connect(views_.tree, &TreeView::rolloutRequested, &port_, &SessionPort::rolloutFrom);
    connect(views_.tree, &TreeView::candidatesBelowRequested, &port_, &SessionPort::requestCandidatesBelow);
}

void ViewWiring::connectCandidates()
{
    CandidatesView* view = views_.candidates;
    connect(view, &CandidatesView::candidateSelected, this, &ViewWiring::selectCandidate);
    connect(view, &CandidatesView::candidateActivated, this, [this](std::int64_t candidate) {
        selectCandidate(candidate);
        docks_.raise(views_.graph);
    });
    connect(view, &CandidatesView::starRequested, this,
            [this](const QList<std::int64_t>& ids, bool starred) { push(starCommand(port_, rowsOf(ids), starred)); });
    connect(view, &CandidatesView::noteRequested, this, [this](std::int64_t id, const QString& note) {
        for (const CandidateRow& row : rowsOf({id}))
            push(noteCommand(port_, row, note));
    });
    connect(view, &CandidatesView::removeRequested, this,
            [this](const QList<std::int64_t>& ids, bool removed) { push(removeCommand(port_, rowsOf(ids), removed)); });
    connect(view, &CandidatesView::showInTreeRequested, this, [this](std::int64_t candidate) {
        const CandidateRow* row = views_.candidates->model()->find(candidate);
        if (row == nullptr || row->node == 0)
            Q_EMIT failed(tr("This candidate is not in the tree: a rollout found it below the nodes that the tree has, "
                             "or it was imported."));
        else
            views_.tree->select(row->node);
    });
    connect(view, &CandidatesView::compareRequested, this,
            [this](const QList<std::int64_t>& ids) { compare(ids[0], ids[1]); });
    connect(view, &CandidatesView::exportRequested, this, &ViewWiring::exportRequested);
    connect(view, &CandidatesView::failed, this, &ViewWiring::failed);
    connect(&port_, &SessionPort::imported, this, [this](std::int64_t candidate) {
        selectCandidate(candidate);
        docks_.raise(views_.graph);
    });
}

void ViewWiring::connectJobs()
{
    connect(views_.jobs, &JobsView::pauseRequested, &port_, &SessionPort::pauseJob);
    connect(views_.jobs, &JobsView::resumeRequested, &port_, &SessionPort::resumeJob);
    connect(views_.jobs, &JobsView::cancelRequested, &port_, &SessionPort::cancelJob);
    connect(views_.jobs, &JobsView::retryRequested, &port_, &SessionPort::retryJob);
    connect(views_.jobs, &JobsView::logRequested, &port_, &SessionPort::requestLog);
    connect(views_.jobs, &JobsView::candidateRequested, this, &ViewWiring::selectCandidate);
}

void ViewWiring::connectPlotsAndCode()
{
    connect(views_.pareto, &ParetoPlot::candidateClicked, this, &ViewWiring::selectCandidate);
    connect(views_.rewards, &RewardPlot::candidateClicked, this, &ViewWiring::selectCandidate);
    connect(views_.histogram, &HistogramPlot::candidatesRequested, this,
            [this](const QString& title, const QList<std::int64_t>& ids) {
                views_.candidates->showSubset(title, ids);
                docks_.raise(views_.candidates);
            });
    for (PlotView* plot : std::initializer_list<PlotView*>{views_.pareto, views_.rewards, views_.histogram,
                                                           views_.curves, views_.latency})
        connect(plot, &PlotView::failed, this, &ViewWiring::failed);
    connect(views_.code, &CodeView::failed, this, &ViewWiring::failed);
    connect(views_.code, &CodeView::verifyRequested, this,
            [this](const QString& format) { port_.verify(current_, format); });
    connect(views_.code, &CodeView::cancelRequested, this, [this] { port_.cancelVerification(current_); });
    connect(views_.graph, &GraphView::savingFailed, this, &ViewWiring::failed);
    connect(views_.inspector, &InspectorView::nodeRequested, views_.tree, &TreeView::select);
}

void ViewWiring::connectSteering()
{
    using Action = SteeringDecision::Action;
    const auto ofKind = [](Action action, int kind) {
        SteeringDecision decision;
        decision.action = action;
        decision.target = SteeringDecision::Target::kind;
        decision.kind = kind;
        return decision;
    };
    connect(views_.primitives, &PrimitivesPanel::pinRequested, this,
            [this, ofKind](int kind, bool on) { steer(ofKind(Action::pin, kind), on); });
    connect(views_.primitives, &PrimitivesPanel::pruneRequested, this,
            [this, ofKind](int kind, bool on) { steer(ofKind(Action::prune, kind), on); });
    connect(views_.primitives, &PrimitivesPanel::liftRequested, this, [this](quint64 id) {
        for (const SteeringDecision& decision : inForce_)
            if (decision.id == id)
                return steer(decision, false);
    });
    connect(views_.primitives, &PrimitivesPanel::liftAllRequested, this, &ViewWiring::liftAll);
    connect(&port_, &SessionPort::constraintsChanged, this, [this](const QList<SteeringDecision>& inForce) {
        inForce_ = inForce;
        showSteering();
    });
    connect(&port_, &SessionPort::primitivesChanged, this, [this](const std::vector<PrimitiveCount>& counts) {
        counts_ = counts;
        showSteering();
    });
}

void ViewWiring::liftAll()
{
    const QList<SteeringDecision> all = inForce_; // which shrinks meanwhile
    if (all.isEmpty())
        return;
    undo_.beginMacro(tr("lift all decisions"));
    for (const SteeringDecision& decision : all)
        steer(decision, false);
    undo_.endMacro();
}

void ViewWiring::showSteering()
{
    std::vector<ActiveConstraint> constraints;
    std::vector<PrimitiveCount> counts = counts_;
    for (const SteeringDecision& decision : inForce_) {
        const bool pin = decision.action == SteeringDecision::Action::pin;
        const bool ofNode = decision.target == SteeringDecision::Target::node;
        constraints.push_back(
            {decision.id, pin, ofNode ? -1 : decision.kind, decision.what, decision.scopeText, decision.since});
        if (decision.target != SteeringDecision::Target::kind || decision.scope != 0)
            continue;
        for (PrimitiveCount& count : counts)
            if (count.kind == decision.kind)
                (pin ? count.pinned : count.pruned) = true;
    }
    views_.primitives->setCounts(counts);
    views_.primitives->setConstraints(constraints);
}

// A tree that stands still looks broken unless somebody says why.
void ViewWiring::showWaiting(const SessionStatus& status)
{
    views_.tree->setNotice(status.standsFor == 0   ? QString()
                           : status.standsFor == 1 ? tr("Waiting for one evaluation")
                                                   : tr("Waiting for %1 evaluations").arg(status.standsFor));
}

QList<CandidateRow> ViewWiring::rowsOf(const QList<std::int64_t>& candidates) const
{
    QList<CandidateRow> rows;
    for (const std::int64_t id : candidates)
        if (const CandidateRow* row = views_.candidates->model()->find(id))
            rows << *row;
    return rows;
}

void ViewWiring::push(std::unique_ptr<QUndoCommand> command)
{
    if (command != nullptr)
        undo_.push(command.release());
}

// The same experiment is opened again when its reward has been changed: what one has done and looked at stays.
void ViewWiring::showOpened(const ExperimentInfo& experiment)
{
    clearViews();
    if (experiment.file == file_)
        return;
    file_ = experiment.file;
    wanted_ = 0;
    undo_.clear();
}

void ViewWiring::clearViews()
{
    if (current_ != 0)
        wanted_ = current_;
    inForce_.clear();
    counts_.clear();
    showSteering();
    comparison_.reset();
    comparing_ = false;
    current_ = 0;
    views_.tree->clear();
    views_.tree->setNotice({});
    views_.candidates->showAll();
    views_.candidates->model()->clear();
    views_.pareto->clear();
    views_.rewards->clear();
    views_.histogram->clear();
    views_.curves->clear();
    views_.latency->clear();
    views_.jobs->clear();
    views_.code->clear();
    views_.inspector->clear();
    views_.graph->clear();
    shown_ = {};
    Q_EMIT currentCandidateChanged(0);
}

void ViewWiring::takeCandidates(const std::vector<CandidateRow>& rows)
{
    views_.candidates->model()->apply(rows);
    std::vector<ParetoPoint> tradeoffs;
    std::vector<RewardPoint> rewards;
    std::vector<HistogramPoint> figures;
    for (const CandidateRow& row : rows) {
        constexpr double none = CandidateRow::unknown; // of what was removed nothing is plotted
        tradeoffs.push_back({row.id, row.name, row.removed ? none : row.speedup, row.removed ? none : row.flopsRatio,
                             row.removed ? none : row.accuracy, row.starred});
        rewards.push_back({row.id, row.name, row.iteration, row.removed ? none : row.reward});
        HistogramPoint& figure = figures.emplace_back(HistogramPoint{row.id, {}});
        figure.values = {row.reward, row.accuracy, row.speedup, row.flopsRatio, static_cast<double>(row.params)};
        if (row.removed)
            figure.values.fill(none);
        if (row.id == current_ && !refresh_.isActive())
            refresh_.start();
    }
    views_.pareto->apply(tradeoffs);
    views_.rewards->apply(rewards);
    views_.histogram->apply(figures);
    if (wanted_ != 0 && current_ == 0 && views_.candidates->model()->find(wanted_) != nullptr)
        selectCandidate(std::exchange(wanted_, 0));
}

void ViewWiring::selectCandidate(std::int64_t candidate)
{
    if (candidate == current_ && !comparing_)
        return;
    current_ = candidate;
    comparing_ = false;
    views_.candidates->select(candidate);
    views_.pareto->setSelected(candidate);
    views_.rewards->setSelected(candidate);
    views_.histogram->setSelected(candidate);
    views_.curves->setFocusCandidate(candidate);
    const CandidateRow* row = views_.candidates->model()->find(candidate);
    if (row != nullptr && row->node != 0)
        views_.tree->select(row->node);
    if (candidate != 0)
        port_.requestDetails(candidate);
    Q_EMIT currentCandidateChanged(candidate);
}

QString ViewWiring::exportName(std::int64_t candidate) const
{
    const CandidateRow* row = views_.candidates->model()->find(candidate);
    return row ? QStringLiteral("operator_%1.py").arg(row->hash.left(8)) : QStringLiteral("exported_operator.py");
}

QStringList ViewWiring::currentLayers() const
{
    QStringList layers;
    if (shown_.candidate != current_)
        return layers;
    for (const InspectorValues::Cost& cost : shown_.costs) {
        const QString number = QString::number(layers.size() + 1); // two layers may have the same sizes
        layers << (cost.count > 1 ? tr("%1. %2 (%3 times)").arg(number, cost.binding).arg(cost.count)
                                  : tr("%1. %2").arg(number, cost.binding));
    }
    return layers;
}

void ViewWiring::takeDetails(const OperatorDetails& details)
{
    if (comparison_ && details.candidate == comparison_->first)
        comparison_->firstDetails = details;
    if (comparison_ && details.candidate == comparison_->second)
        comparison_->secondDetails = details;
    if (comparison_ && comparison_->firstDetails && comparison_->secondDetails) {
        const OperatorDetails& a = *comparison_->firstDetails;
        const OperatorDetails& b = *comparison_->secondDetails;
        views_.inspector->compare(a.inspector, b.inspector);
        views_.graph->compare(*a.graph, a.inspector.name, *b.graph, b.inspector.name);
        docks_.raise(views_.inspector);
        comparison_.reset();
        comparing_ = true;
        return;
    }
    if (details.candidate != current_) // the answer to an older question
        return;
    shown_ = details.inspector;
    if (!comparing_) { // news of one of the two must not end the comparison
        views_.graph->setGraph(*details.graph);
        views_.inspector->setValues(details.inspector);
    }
    views_.code->setDocuments(details.documents);
    views_.latency->setLayers(details.inspector.name, details.inspector.layers);
}

void ViewWiring::compare(std::int64_t first, std::int64_t second)
{
    comparison_ = Comparison{first, second};
    port_.requestDetails(first);
    port_.requestDetails(second);
}

// A node that is a candidate selects it everywhere; the tree itself has already moved there.
void ViewWiring::selectNode(std::uint64_t node)
{
    if (node == 0)
        return;
    for (const CandidateRow& row : views_.candidates->model()->all())
        if (row.node == node)
            return selectCandidate(row.id);
}

void ViewWiring::activateHash(const QString& hash)
{
    for (const CandidateRow& row : views_.candidates->model()->all()) {
        if (row.hash == hash) {
            selectCandidate(row.id);
            docks_.raise(views_.graph);
            return;
        }
    }
}

void ViewWiring::steer(SteeringDecision decision, bool set)
{
    const auto known = std::find(inForce_.begin(), inForce_.end(), decision);
    if (set == (known != inForce_.end()))
        return; // is in force already, or not any more
    if (known != inForce_.end())
        decision = *known; // with its words
    undo_.push(new SteeringCommand(port_, std::move(decision),
                                   set ? SteeringCommand::Step::set : SteeringCommand::Step::lift));
}

} // namespace synoscope
