// The session's thread: owns the experiment, carries out what the port was asked, and polls for what is new.
//
//     GUI thread    -- post(work) -->   queue   -->  backend thread --> Experiment
//                   <-- queued signals of the port --
//
// While the GUI thread has not taken what was sent, nothing more is polled: a slow reader makes larger batches, not a
// longer queue.
#pragma once

#include "app/workbench/session_port.h"
#include "core/codegen/export.h"
#include "core/experiment/experiment.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <limits>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>

namespace synoscope {

class SessionBackend
{
public:
    explicit SessionBackend(SessionPort& port); // which outlives it
    ~SessionBackend();

    // From the GUI thread; returns at once.
    void post(std::function<void(SessionBackend&)> work);
    void postToExperiment(std::function<void(Experiment&)> work); // failed() when none is open

    // All below: on the backend's thread, through post.
    void open(const QString& file);
    void create(const QString& problemFile, const QString& file);
    void close();
    void importOperator(const QString& file);
    void previewReward(const RewardSettings& reward, std::uint64_t question);
    void changeReward(const RewardSettings& reward, const std::stop_token& stop);
    void apply(const SteeringDecision& decision);
    void lift(const SteeringDecision& decision);
    void sendDetails(std::int64_t candidate);
    void sendCandidatesBelow(std::uint64_t node);
    void sendLog(std::int64_t job);
    void setStar(std::int64_t candidate, bool starred);
    void setNote(std::int64_t candidate, const QString& note);
    void setRemoved(std::int64_t candidate, bool removed);
    void verify(std::int64_t candidate, const QString& format);
    void cancelVerification(std::int64_t candidate);
    void exportOperator(std::int64_t candidate, const QString& format, int layer, const QString& file);

private:
    void run(std::stop_token stop);
    void adopt(Expected<std::unique_ptr<Experiment>> experiment, const QString& file);
    Experiment* experimentOrFail();
    void fail(Error error);
    void endRewardChange(const QString& sentence);
    // `deliver(port)` runs on the GUI thread. The port's destruction drops what is still queued.
    template <typename Deliver>
    void send(Deliver deliver)
    {
        ++undelivered_;
        QMetaObject::invokeMethod(
            &port_,
            [this, deliver = std::move(deliver)] {
                --undelivered_;
                deliver(port_);
            },
            Qt::QueuedConnection);
    }

    // polling
    void poll();
    void pollTree(const TreeBatch& batch);
    void pollCandidates(std::span<const CandidateId> changed);
    void pollJobs();
    void pollCurves(std::span<const CurveChange> curves);
    void pollStatus();
    void sendConstraints();
    void sendPrimitives();
    CandidateStage stageOf(const CandidateRow& row) const;
    Expected<Constraint> constraintOf(const SteeringDecision& decision) const;
    Expected<PGraph> operatorOf(std::int64_t candidate, CandidateRecord& record);
    OperatorDetails detailsOf(const CandidateRecord& record, const PGraph& graph,
                              std::span<const EvaluationRecord> evaluations);
    void exportAsJob(const CandidateRecord& record, const PGraph& graph, ExportFormat format, int layer,
                     const QString& file);
    void sendExported(const QString& file);
    void takeVerification(std::int64_t candidate, const Verification& verification);

    SessionPort& port_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<std::function<void(SessionBackend&)>> work_;
    std::atomic<int> undelivered_{0};

    // the backend thread's own
    std::unique_ptr<Experiment> experiment_;
    std::optional<Reader> reader_;
    QString file_;
    std::unordered_map<std::int64_t, CandidateRow> rows_;
    double bestReward_ = std::numeric_limits<double>::quiet_NaN(); // of them; the search's own leaves out what was imported
    std::unordered_map<std::string, std::uint64_t> nodeOfHash_;
    std::unordered_map<std::string, std::int64_t> candidateOfHash_;
    std::unordered_map<std::int64_t, CandidateStage> stages_; // of candidates with a job that is not over
    std::unordered_map<std::uint64_t, QString> moveOfNode_;
    std::unordered_map<std::int64_t, JobRow> jobs_; // as sent
    struct Verifying
    {
        JobId job{}; // not valid: it has ended
        Verification verification;
    };
    std::unordered_map<std::int64_t, Verifying> verifications_; // by candidate, of this run of the program
    std::uint64_t opening_ = 0; // grows with every experiment: answers to an earlier one's jobs are void
    std::array<std::uint64_t, moveKinds> movesByKind_{};
    std::uint64_t jobsSeen_ = ~0ull;
    std::chrono::steady_clock::time_point statusAt_{};
    bool primitivesChanged_ = false;

    std::jthread thread_; // last: it uses all the others
};

} // namespace synoscope
