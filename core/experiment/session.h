// What is behind Experiment. A tour:
//
//   session.cpp      life: opening, the search threads, closing
//   candidates.cpp   from a proposal to a stored candidate
//   evaluation.cpp   from a stored candidate to its reward: the jobs
//   fidelity.cpp     who trains, and for how long: the proxy's filter and successive halving (halving.h)
//   keeping.cpp      what is written regularly, and how all of it comes back
//
// Locks: `mutex_` guards the small state below it and is never held during a rollout, an evaluation, or a call of the
// engine or the store; these two have their own.
#pragma once

#include "core/experiment/experiment.h"
#include "core/experiment/halving.h"
#include "core/experiment/reward.h"
#include "core/experiment/worker_pool.h"
#include "core/search/synthesizer_space.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <set>
#include <thread>
#include <unordered_map>

namespace synoscope {

// One operator on its way through the evaluation. Shared by its jobs, which run one after the other.
struct EvaluationCase
{
    CandidateId candidate{}; // not valid: the unchanged backbone
    std::string hash;
    std::string operatorText; // empty: the unchanged backbone
    std::uint64_t ticket = 0; // of the search's proposal; 0: it has not asked, or was answered; guarded by the session's mutex
    int batch = 0;            // candidates of one batch are measured, then trained, before the next
    bool waiting = false;     // one of its jobs is queued or runs; guarded by the session's mutex
    bool unkept = false;      // the store did not take what its last job had to say
    int rung = 0;             // of successive halving: how far it trains
    bool hopeless = false;    // a milestone has stopped it
    bool counted = false;     // it has a reward from a shorter training
    RewardComponents components;
};
using CasePtr = std::shared_ptr<EvaluationCase>;

class ExperimentSession
{
public:
    ExperimentSession(std::unique_ptr<Store> store, ExperimentRecord record, std::shared_ptr<const Problem> problem,
                      ExperimentSettings settings, WorkerSettings workers);
    ~ExperimentSession();

    // Replays what the store holds; an empty store is a new experiment.
    Expected<void> restore(OpenFor purpose);
    void start();
    void pause();
    void step();
    void rolloutFrom(std::uint64_t node);
    void close();
    bool running() const;
    const std::string& whyNotSearching() const { return whyNotSearching_; }

    Expected<std::uint64_t> constrain(const Constraint& constraint);
    Expected<void> lift(std::uint64_t constraint);
    Expected<CandidateId> import(const PGraph& graph);
    Expected<void> setStarred(CandidateId candidate, bool starred);
    Expected<void> setNote(CandidateId candidate, const std::string& note);
    Expected<void> setRemoved(CandidateId candidate, bool removed);
    std::vector<CandidateId> candidatesBelow(std::uint64_t node) const;
    CandidateId candidateOf(JobId job) const;
    std::string failureOf(const std::string& hash) const;
    ExperimentChanges changes();
    ExperimentChanges changesBesidesTree();
    ExperimentStatus status() const;

    const std::unique_ptr<Store> store;
    const ExperimentRecord record;
    const std::shared_ptr<const Problem> problem;
    const ExperimentSettings settings;
    std::unique_ptr<SearchEngine> engine;
    Scheduler scheduler;

private:
    // search threads
    void search(std::stop_token stop);
    enum class Task
    {
        none,
        propose,
        rollout
    };
    Task nextTask(std::stop_token stop, std::uint64_t& node);
    bool hasRoom() const; // for one more proposal; expects mutex_ to be held, as does the next
    std::size_t underEvaluation() const;
    void admit(SearchWorker& worker, Proposal proposal);
    void admitRewarded(CandidateRecord candidate, std::uint64_t ticket);
    void admitToEvaluation(CandidateRecord candidate, std::uint64_t ticket);
    CandidateRecord recordOf(SearchWorker& worker, const Proposal& proposal) const;
    std::string movesText(SearchWorker& worker, const std::vector<Move>& path) const;

    // evaluation
    void evaluate(const CasePtr& one);
    std::optional<EvaluationKind> kindAfter(const EvaluationCase& one, std::optional<EvaluationKind> done) const;
    void submit(const CasePtr& one, EvaluationKind kind);
    Expected<void> runJob(const CasePtr& one, EvaluationKind kind, JobContext& job);
    Error notKept(EvaluationCase& one, const Error& why);
    protocol::Request requestFor(const EvaluationCase& one, EvaluationKind kind) const;
    void applyResult(EvaluationCase& one, const protocol::Event& event, EvaluationRecord& record);
    void finished(const CasePtr& one, EvaluationKind kind, const JobSnapshot& job);
    void setWaiting(const CasePtr& one, bool waiting);
    void answerSearch(EvaluationCase& one, const std::function<void(std::uint64_t ticket)>& tell);
    void rewarded(const CasePtr& one);
    void failed(const CasePtr& one, const std::string& reason);
    void withdrawn(const CasePtr& one);
    void evaluateBaseline();
    void evaluateRest();

    // fidelity
    std::filesystem::path checkpointFolder() const;
    std::filesystem::path checkpointOf(const EvaluationCase& one) const;
    void prepareTraining(const EvaluationCase& one, protocol::Request& request) const;
    void removeCheckpoint(const EvaluationCase& one) const;
    void applyProxy(EvaluationCase& one, const protocol::ProxyResult& result, EvaluationRecord& record);
    void trained(const CasePtr& one);
    void promoteAll();
    void promote(std::span<const Halving::Promotion> promotions);
    void restoreEvaluation(const EvaluationRecord& one);
    Expected<void> restoreFidelity(Reader& reader);

    // keeping
    void keep(std::stop_token stop);
    void writeLog();
    using FoundIds = std::unordered_map<std::string, CandidateId>; // by hash
    Expected<void> writeWaiting(FoundIds& found);
    Expected<void> writeFound(FoundIds& found);
    void tellFound(const FoundIds& found);
    CandidateId candidateOf(const std::string& hash) const; // not valid: none
    Expected<void> makeEngine();
    Expected<void> restoreCandidates(Reader& reader);
    Expected<void> restoreTree(Reader& reader);
    Expected<std::vector<ConstraintRecord>> readConstraints(Reader& reader);

    void report(Error error);
    void touched(CandidateId candidate);

    const bool deferred_; // WorkerSettings::deferred
    WorkerPool pool_;
    std::string whyNotSearching_; // set while opening only; empty: it searches
    std::mutex keeping_; // one writer of the log at a time; guards the next four
    std::vector<LogEntry> unwritten_;
    std::vector<CandidateRecord> unwrittenCandidates_;
    std::vector<CandidateMark> unwrittenMarks_;
    bool tellsUnwritten_ = false;

    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    bool running_ = false;
    bool ranOut_ = false; // it would be running, had it not ended: when steering opens something, it goes on
    bool closed_ = false;
    int steps_ = 0;
    std::deque<std::uint64_t> rollouts_;
    int proposing_ = 0; // threads between asking for a task and having booked its proposal
    std::unordered_map<std::uint64_t, CasePtr> inFlight_; // by ticket
    std::unordered_map<std::string, CasePtr> underWay_;   // by hash: those that wait
    std::vector<CandidateRecord> found_; // rewarded, and not written yet
    std::unordered_map<std::string, CandidateId> byHash_;
    std::unordered_map<std::uint64_t, CandidateId> byJob_;
    std::unordered_map<std::string, std::string> failures_; // by hash: why
    std::unordered_map<std::uint64_t, ConstraintId> storedConstraints_;
    std::vector<CandidateId> unevaluated_; // from an earlier run
    std::set<std::int64_t> touched_;
    std::vector<CurveChange> curves_;
    std::vector<Error> errors_;
    bool steeringChanged_ = true;
    std::uint64_t candidates_ = 0;
    std::uint64_t evaluated_ = 0;
    std::uint64_t waiting_ = 0;
    std::optional<double> baselineAccuracy_;
    bool baselineAsked_ = false;
    Halving halving_;
    ProxyFilter proxyFilter_;
    int cases_ = 0;

    std::vector<std::jthread> threads_; // search threads and the keeper
};

} // namespace synoscope
