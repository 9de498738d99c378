// What the window knows of an experiment: values that arrive and intentions that leave. The session behind it owns the
// search, the store and the jobs, on other threads; everything here happens on the GUI thread.
//
//     MainWindow  -- prune(...), requestDetails(...), cancelJob(...) -->  SessionPort  --> engine, store, jobs
//                 <-- treeChanged, candidatesChanged, jobsChanged, ... --              <--
//
// Rules for who implements it:
//   - No function blocks: what takes longer answers by a signal. Signals come on the GUI thread, batches at most 20
//   times
//     a second.
//   - After opened(), everything that is known already comes as batches, like everything that is new.
//   - A refusal is one failed(); the values shown stay as they are.
//   - Steering decisions are values. prune/pin take effect, and constraintsChanged() tells the whole list that is in
//   force.
#pragma once

#include "core/base/error.h"
#include "core/graph/pgraph.h"
#include "core/synthesis/problem.h"
#include "widgets/candidates/candidate_row.h"
#include "widgets/code/code_document.h"
#include "widgets/code/inspector_view.h"
#include "widgets/jobs/job_row.h"
#include "widgets/plots/loss_curves.h"
#include "widgets/steering/steering_values.h"
#include "widgets/tree/tree_node.h"

#include <QtCore/QObject>

#include <memory>
#include <vector>

namespace synoscope {

// What the window's title and its first view need to know.
struct ExperimentInfo
{
    QString file; // the database
    QString name;
    QString problem;  // one line for people: "conv2d of resnet8, 16x16"
    QString baseline; // one line: "31.2 MFLOP, 77 850 parameters"
    RewardSettings reward{};
};

enum class SearchPhase
{
    none, // no experiment
    idle, // paused, or not started
    running,
    finished // stopped by itself: see SessionStatus::reason
};

// The figures of the status bar.
struct SessionStatus
{
    SearchPhase phase = SearchPhase::none;
    QString reason; // why the search ended by itself
    std::uint64_t iterations = 0;
    double iterationsPerSecond = 0;
    std::uint64_t nodes = 0;
    std::uint64_t candidates = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t evaluated = 0;
    std::uint64_t waiting = 0; // evaluations that are queued or run
    std::uint64_t standsFor = 0; // the search stands still until one of so many evaluations ends; 0: it does not
    double bestReward = 0;     // NaN: none yet
    std::uint64_t memoryBytes = 0;
    double secondsLeft = 0; // until a stop condition; NaN: no limit
};

// One decision of DESIGN 3.2: an action on a node, a kind, or a kind with a size; everywhere or below a node.
struct SteeringDecision
{
    enum class Action
    {
        prune,
        pin
    };
    enum class Target
    {
        node,
        kind,
        kindWithSize
    };

    Action action = Action::prune;
    Target target = Target::node;
    std::uint64_t node = 0;  // Target::node
    int kind = -1;           // the other targets: PrimitiveKind, or the theme's contractionKind
    QString size{};          // Target::kindWithSize: "k"
    std::uint64_t scope = 0; // the node below which it holds; 0: everywhere

    // Given by the session with constraintsChanged(), for people; no part of the decision's identity.
    std::uint64_t id = 0;
    QString what{};      // "unfold with window k", "the node merge C_out by g"
    QString scopeText{}; // "everywhere", "below unfold H by k"
    QString since{};     // "12:04:31"

    friend bool operator==(const SteeringDecision& a, const SteeringDecision& b)
    {
        return a.action == b.action && a.target == b.target && a.node == b.node && a.kind == b.kind &&
               a.size == b.size && a.scope == b.scope;
    }
};

// What another reward would change: an estimate from the candidates' figures. Shorter trainings are not looked at.
struct RewardPreview
{
    std::uint64_t question = 0; // the number it was asked with: the latest one counts
    std::int64_t candidates = 0; // with a reward
    std::int64_t changed = 0;
    std::int64_t zeros = 0; // that would have none
    QString bestNow{}, bestThen{}; // names; empty: none
    double bestRewardNow = 0, bestRewardThen = 0;
};

// All about one operator: for the dimension graph, the code and the inspector.
struct OperatorDetails
{
    std::int64_t candidate = 0;
    std::shared_ptr<const PGraph> graph; // never null
    QList<CodeDocument> documents;
    InspectorValues inspector;
};

class SessionPort : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    // The experiment. Each answers with opened() or failed(); the one that was open stays open on failure.
    virtual void open(const QString& databaseFile) = 0;
    virtual void create(const QString& problemFile, const QString& databaseFile) = 0;
    // Goes on with the file's experiment, or begins one where there is none yet.
    virtual void openOrCreate(const QString& problemFile, const QString& databaseFile) = 0;
    // Brings an operator (.pgraph) into the open experiment as a candidate.
    virtual void importOperator(const QString& pgraphFile) = 0;
    // Stops everything and keeps it; answers with closed().
    virtual void close() = 0;

    // The search.
    virtual void start() = 0;
    virtual void pause() = 0;
    virtual void step() = 0; // one iteration, when paused
    virtual void rolloutFrom(std::uint64_t node) = 0;

    // The reward. Changing it closes the experiment and opens it again, the search going on if it ran: closed(),
    // opened(), and in the end rewardChangeEnded(). All rewards are changed, or none, as when it is cancelled.
    virtual void previewReward(const RewardSettings& reward, std::uint64_t question) = 0;
    virtual void changeReward(const RewardSettings& reward) = 0;
    virtual void cancelRewardChange() = 0;

    // Steering. `lift` takes back a decision that is in force.
    virtual void apply(const SteeringDecision& decision) = 0;
    virtual void lift(const SteeringDecision& decision) = 0;

    // Candidates. The answers are operatorDetails() and candidatesBelow().
    virtual void requestDetails(std::int64_t candidate) = 0;
    virtual void requestCandidatesBelow(std::uint64_t node) = 0;
    virtual void setStar(std::int64_t candidate, bool starred) = 0;
    virtual void setNote(std::int64_t candidate, const QString& note) = 0;
    virtual void setRemoved(std::int64_t candidate, bool removed) = 0; // from what is shown; nothing is lost
    // A job, whose state comes with the document in operatorDetails().
    virtual void verify(std::int64_t candidate, const QString& format) = 0;
    virtual void cancelVerification(std::int64_t candidate) = 0;
    // `format`: by its name, as on the command line. `layer`: which of the operator's bindings, for formats that have
    // numbers for sizes. What takes longer becomes a job; the answer is notified().
    virtual void exportOperator(std::int64_t candidate, const QString& format, int layer, const QString& file) = 0;

    // Jobs. The answer to requestLog is jobLog().
    virtual void pauseJob(std::int64_t job) = 0;
    virtual void resumeJob(std::int64_t job) = 0;
    virtual void cancelJob(std::int64_t job) = 0;
    virtual void retryJob(std::int64_t job) = 0;
    virtual void requestLog(std::int64_t job) = 0;

Q_SIGNALS:
    void opened(const synoscope::ExperimentInfo& experiment); // whatever was shown before is void
    void closed();

    void treeChanged(const std::vector<synoscope::TreeNodeChange>& nodes);
    void candidatesChanged(const std::vector<synoscope::CandidateRow>& rows);
    void jobsChanged(const std::vector<synoscope::JobRow>& rows);
    void curvesChanged(const std::vector<synoscope::CurvePoint>& points);
    void statusChanged(const synoscope::SessionStatus& status);
    void constraintsChanged(const QList<synoscope::SteeringDecision>& inForce);
    void
    primitivesChanged(const std::vector<synoscope::PrimitiveCount>& counts); // the switches follow from the constraints

    void rewardPreview(const synoscope::RewardPreview& preview);
    void rewardProgress(double share); // 0 to 1
    // `sentence`: what has changed. Empty: nothing, as it was cancelled, or as the failed() before says.
    void rewardChangeEnded(const QString& sentence);

    void operatorDetails(const synoscope::OperatorDetails& details);
    void candidatesBelow(std::uint64_t node, const QList<std::int64_t>& candidates);
    void jobLog(std::int64_t job, const QString& text);
    void imported(std::int64_t candidate); // its row came before

    void failed(const synoscope::Error& error);
    void notified(const QString& sentence); // something went well that cannot be seen elsewhere: "Exported to ..."
};

} // namespace synoscope
