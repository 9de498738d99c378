// A session without engine, store or jobs: it answers like the real one from values that a test gives, and remembers
// what it was asked, as lines of text.
#pragma once

#include "app/workbench/session_port.h"
#include "core/graph/reader.h"

#include <QtCore/QFileInfo>
#include <QtCore/QStringList>

#include <cmath>
#include <filesystem>
#include <map>

namespace synoscope {

class ScriptedSession final : public SessionPort
{
public:
    QStringList asked;
    std::map<std::int64_t, OperatorDetails> details;
    std::map<std::int64_t, QString> logs;
    QList<SteeringDecision> inForce;
    SessionStatus status;
    bool answersClose = true;
    std::uint64_t lastQuestion = 0; // about a reward

    void open(const QString& file) override
    {
        asked << QStringLiteral("open %1").arg(QFileInfo(file).fileName());
        if (!QFileInfo::exists(file)) {
            Q_EMIT failed(
                Error{.message = "There is no such file; an experiment was expected.", .file = file.toStdString()});
            return;
        }
        announce(file);
    }
    void create(const QString& problem, const QString& file) override
    {
        asked << QStringLiteral("create %1 %2").arg(QFileInfo(problem).fileName(), QFileInfo(file).fileName());
        announce(file);
    }
    void openOrCreate(const QString& problem, const QString& file) override
    {
        QFileInfo::exists(file) ? open(file) : create(problem, file);
    }
    void importOperator(const QString& file) override
    {
        asked << QStringLiteral("import %1").arg(QFileInfo(file).fileName());
    }
    void close() override
    {
        asked << QStringLiteral("close");
        if (answersClose)
            Q_EMIT closed();
    }

    void start() override { setPhase(QStringLiteral("start"), SearchPhase::running); }
    void pause() override { setPhase(QStringLiteral("pause"), SearchPhase::idle); }
    void step() override { asked << QStringLiteral("step"); }
    void rolloutFrom(std::uint64_t node) override { asked << QStringLiteral("rollout %1").arg(node); }

    void previewReward(const RewardSettings& reward, std::uint64_t question) override
    {
        asked << QStringLiteral("preview %1").arg(reward.accuracyFloor);
        lastQuestion = question;
    }
    void changeReward(const RewardSettings& reward) override
    {
        asked << QStringLiteral("reward %1 to %2, latency %3 limit %4")
                     .arg(reward.accuracyFloor)
                     .arg(reward.accuracyCeiling)
                     .arg(reward.latency.weight)
                     .arg(reward.latency.limit);
    }
    void cancelRewardChange() override { asked << QStringLiteral("cancel reward"); }

    void apply(const SteeringDecision& decision) override
    {
        asked << QStringLiteral("apply %1").arg(name(decision));
        SteeringDecision set = decision;
        set.id = nextId_++;
        set.what = set.target == SteeringDecision::Target::node ? QStringLiteral("the node #%1").arg(set.node)
                                                                : QStringLiteral("the kind %1").arg(set.kind);
        set.scopeText = QStringLiteral("everywhere");
        inForce << set;
        Q_EMIT constraintsChanged(inForce);
    }
    void lift(const SteeringDecision& decision) override
    {
        asked << QStringLiteral("lift %1").arg(name(decision));
        inForce.removeAll(decision);
        Q_EMIT constraintsChanged(inForce);
    }

    void requestDetails(std::int64_t candidate) override
    {
        asked << QStringLiteral("details %1").arg(candidate);
        if (const auto known = details.find(candidate); known != details.end())
            Q_EMIT operatorDetails(known->second);
    }
    void requestCandidatesBelow(std::uint64_t node) override { asked << QStringLiteral("below %1").arg(node); }
    void setStar(std::int64_t candidate, bool starred) override
    {
        asked << QStringLiteral("star %1 %2").arg(candidate).arg(starred);
    }
    void setNote(std::int64_t candidate, const QString& note) override
    {
        asked << QStringLiteral("note %1 %2").arg(candidate).arg(note);
    }
    void setRemoved(std::int64_t candidate, bool removed) override
    {
        asked << QStringLiteral("remove %1 %2").arg(candidate).arg(removed);
    }
    void verify(std::int64_t candidate, const QString& format) override
    {
        asked << QStringLiteral("verify %1 %2").arg(candidate).arg(format);
    }
    void cancelVerification(std::int64_t candidate) override
    {
        asked << QStringLiteral("cancel verification %1").arg(candidate);
    }
    void exportOperator(std::int64_t candidate, const QString& format, int layer, const QString& file) override
    {
        asked << QStringLiteral("export %1 %2 %3 %4").arg(candidate).arg(format).arg(layer).arg(QFileInfo(file).fileName());
    }

    void pauseJob(std::int64_t job) override { asked << QStringLiteral("pause job %1").arg(job); }
    void resumeJob(std::int64_t job) override { asked << QStringLiteral("resume job %1").arg(job); }
    void cancelJob(std::int64_t job) override { asked << QStringLiteral("cancel job %1").arg(job); }
    void retryJob(std::int64_t job) override { asked << QStringLiteral("retry job %1").arg(job); }
    void requestLog(std::int64_t job) override { Q_EMIT jobLog(job, logs[job]); }

private:
    void announce(const QString& file)
    {
        ExperimentInfo info;
        info.file = file;
        info.name = QFileInfo(file).completeBaseName();
        info.problem = QStringLiteral("conv2d of resnet8, 16x16");
        Q_EMIT opened(info);
        status.phase = SearchPhase::idle;
        status.bestReward = std::nan("");
        status.secondsLeft = std::nan("");
        Q_EMIT statusChanged(status);
    }
    void setPhase(const QString& word, SearchPhase phase)
    {
        asked << word;
        status.phase = phase;
        Q_EMIT statusChanged(status);
    }
    static QString name(const SteeringDecision& decision)
    {
        const QString what = decision.target == SteeringDecision::Target::node
                                 ? QStringLiteral("node %1").arg(decision.node)
                                 : QStringLiteral("kind %1").arg(decision.kind);
        return (decision.action == SteeringDecision::Action::pin ? QStringLiteral("pin ") : QStringLiteral("prune ")) +
               what;
    }

    std::uint64_t nextId_ = 1;
};

// An operator of the zoo with everything a real session tells about one.
inline OperatorDetails zooDetails(std::int64_t candidate, const QString& zooName, const QString& sourceFolder)
{
    const QString path = sourceFolder + QStringLiteral("/resources/operators/") + zooName + QStringLiteral(".pgraph");
    auto graph = readPGraph(std::filesystem::path(path.toStdString()));
    if (!graph)
        qFatal("%s", graph.error().text().c_str());
    OperatorDetails details;
    details.candidate = candidate;
    details.graph = std::make_shared<const PGraph>(*std::move(graph));
    details.documents = {
        {QStringLiteral("pytorch"),
         QStringLiteral("PyTorch"),
         zooName + QStringLiteral(".py"),
         Language::python,
         QStringLiteral("import torch\n\n\nclass Operator(torch.nn.Module):\n    \"\"\"%1\"\"\"\n").arg(zooName),
         {Verification::State::verified, 3.1e-7, 1e-5, {}}}};
    details.inspector.candidate = candidate;
    details.inspector.name = zooName;
    return details;
}

} // namespace synoscope
