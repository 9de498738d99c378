#include "app/workbench/session_backend.h"

#include "app/workbench/session_values.h"
#include "core/base/resources.h"
#include "core/catalog/backbones.h"
#include "core/graph/reader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFileInfo>

namespace synoscope {

namespace {

constexpr auto pollInterval = std::chrono::milliseconds(60);

WorkerSettings workers()
{
    return {{workerProgram().string(), "worker"}};
}

} // namespace

SessionBackend::SessionBackend(SessionPort& port) : port_(port), thread_([this](std::stop_token stop) { run(stop); }) {}

SessionBackend::~SessionBackend()
{
    thread_.request_stop();
    wake_.notify_all();
}

void SessionBackend::post(std::function<void(SessionBackend&)> work)
{
    {
        std::lock_guard lock(mutex_);
        work_.push_back(std::move(work));
    }
    wake_.notify_all();
}

void SessionBackend::postToExperiment(std::function<void(Experiment&)> work)
{
    post([work = std::move(work)](SessionBackend& b) {
        if (Experiment* experiment = b.experimentOrFail())
            work(*experiment);
    });
}

void SessionBackend::run(std::stop_token stop)
{
    auto pollAt = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        std::function<void(SessionBackend&)> work;
        {
            std::unique_lock lock(mutex_);
            wake_.wait_until(lock, stop, pollAt, [this] { return !work_.empty(); });
            if (!work_.empty()) {
                work = std::move(work_.front());
                work_.pop_front();
            }
        }
        if (work)
            work(*this);
        if (std::chrono::steady_clock::now() < pollAt)
            continue;
        if (experiment_ && undelivered_.load() == 0)
            poll();
        pollAt = std::chrono::steady_clock::now() + pollInterval;
    }
    reader_.reset();
    experiment_.reset(); // closes; what it holds is in the file
}

void SessionBackend::fail(Error error)
{
    send([error = std::move(error)](SessionPort& port) { Q_EMIT port.failed(error); });
}

Experiment* SessionBackend::experimentOrFail()
{
    if (!experiment_)
        fail(Error{QCoreApplication::translate("Session", "There is no open experiment.").toStdString()});
    return experiment_.get();
}

void SessionBackend::open(const QString& file)
{
    if (experiment_ && file_ == file)
        return;
    adopt(Experiment::open(file.toStdString(), workers(), OpenFor::viewing), file);
}

void SessionBackend::create(const QString& problemFile, const QString& file)
{
    auto problem = readProblem(problemFile.toStdString());
    if (!problem)
        return fail(problem.error());
    ExperimentSettings settings;
    const Backbone* backbone = findBackbone(problem->backbone);
    settings.train = backbone && backbone->trainable;
    adopt(Experiment::create(file.toStdString(), *problem, settings, workers()), file);
}

void SessionBackend::adopt(Expected<std::unique_ptr<Experiment>> experiment, const QString& file)
{
    if (!experiment)
        return fail(experiment.error());
    close();
    experiment_ = std::move(*experiment);
    file_ = file;
    auto reader = experiment_->reader();
    if (!reader) {
        experiment_.reset();
        return fail(reader.error());
    }
    reader_.emplace(std::move(*reader));
    const Problem& problem = experiment_->problem();
    const Backbone* backbone = findBackbone(problem.backbone);
    ExperimentInfo info;
    info.file = file;
    info.name = QFileInfo(file).completeBaseName();
    info.problem = QString::fromStdString(problem.name);
    info.reward = problem.reward;
    if (backbone)
        info.baseline = QCoreApplication::translate("Session", "%1, %2 MFLOP in its slots")
                            .arg(QString::fromStdString(backbone->title))
                            .arg(backbone->slotFlops / 1e6, 0, 'f', 1);
    send([info](SessionPort& port) { Q_EMIT port.opened(info); });
    if (const std::string& why = experiment_->whyNotSearching(); !why.empty())
        fail(Error{why});
    statusAt_ = {};
    primitivesChanged_ = true;
}

void SessionBackend::close()
{
    if (!experiment_)
        return send([](SessionPort& port) { Q_EMIT port.closed(); });
    reader_.reset();
    experiment_.reset();
    file_.clear();
    rows_.clear();
    bestReward_ = std::numeric_limits<double>::quiet_NaN();
    nodeOfHash_.clear();
    candidateOfHash_.clear();
    stages_.clear();
    moveOfNode_.clear();
    jobs_.clear();
    verifications_.clear();
    ++opening_;
    movesByKind_ = {};
    jobsSeen_ = ~0ull;
    send([](SessionPort& port) { Q_EMIT port.closed(); });
}

void SessionBackend::importOperator(const QString& file)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return;
    const auto graph = readPGraph(file.toStdString());
    if (!graph)
        return fail(graph.error());
    const auto added = experiment->import(*graph);
    if (!added)
        return fail(added.error());
    pollCandidates(std::array{*added});
    send([name = QString::fromStdString(graph->name()), id = added->value](SessionPort& port) {
        Q_EMIT port.imported(id);
        Q_EMIT port.notified(QCoreApplication::translate("Session", "Imported %1; it is being evaluated.").arg(name));
    });
}

Expected<Constraint> SessionBackend::constraintOf(const SteeringDecision& decision) const
{
    Constraint constraint;
    constraint.action = decision.action == SteeringDecision::Action::pin ? SteeringAction::pin : SteeringAction::prune;
    constraint.scope = decision.scope;
    if (decision.target == SteeringDecision::Target::node) {
        constraint.predicate = Predicate::ofNode(decision.node);
        return constraint;
    }
    const auto kind = session::moveKind(decision.kind);
    if (!kind)
        return Error{QCoreApplication::translate("Session", "No move of the search is of this kind.").toStdString()};
    constraint.predicate = Predicate::of(*kind);
    if (decision.target == SteeringDecision::Target::kindWithSize) {
        VariableTable variables = experiment_->problem().variables;
        const auto size = parseSize(decision.size.toStdString(), variables);
        if (!size)
            return size.error();
        constraint.predicate = Predicate::of(*kind, *size);
    }
    return constraint;
}

void SessionBackend::apply(const SteeringDecision& decision)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return;
    const auto constraint = constraintOf(decision);
    if (!constraint)
        return fail(constraint.error());
    if (const auto done = experiment->constrain(*constraint); !done)
        fail(done.error());
    poll();
}

void SessionBackend::lift(const SteeringDecision& decision)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return;
    for (const ConstraintRecord& one : experiment->constraints()) {
        if (!one.active || !(session::decision(one, experiment->problem().variables) == decision))
            continue;
        if (const auto done = experiment->lift(one.id); !done)
            fail(done.error());
    }
    poll();
}

void SessionBackend::setStar(std::int64_t candidate, bool starred)
{
    if (Experiment* experiment = experimentOrFail())
        if (const auto done = experiment->setStarred(CandidateId(candidate), starred); !done)
            fail(done.error());
}

void SessionBackend::setNote(std::int64_t candidate, const QString& note)
{
    if (Experiment* experiment = experimentOrFail())
        if (const auto done = experiment->setNote(CandidateId(candidate), note.toStdString()); !done)
            fail(done.error());
}

void SessionBackend::setRemoved(std::int64_t candidate, bool removed)
{
    if (Experiment* experiment = experimentOrFail())
        if (const auto done = experiment->setRemoved(CandidateId(candidate), removed); !done)
            fail(done.error());
}

void SessionBackend::sendCandidatesBelow(std::uint64_t node)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return;
    QList<std::int64_t> ids;
    for (const CandidateId id : experiment->candidatesBelow(node))
        ids << id.value;
    send([node, ids](SessionPort& port) { Q_EMIT port.candidatesBelow(node, ids); });
}

void SessionBackend::sendLog(std::int64_t job)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return;
    QString text;
    for (const std::string& line : experiment->jobs().log(JobId{static_cast<std::uint64_t>(job)}))
        text += QString::fromStdString(line) + QLatin1Char('\n');
    if (const auto snapshot = experiment->jobs().snapshot(JobId{static_cast<std::uint64_t>(job)}))
        for (const std::string* part : {&snapshot->message, &snapshot->details})
            if (!part->empty())
                text += QString::fromStdString(*part) + QLatin1Char('\n');
    send([job, text](SessionPort& port) { Q_EMIT port.jobLog(job, text); });
}

} // namespace synoscope
