// An experiment: the engine without a screen (DESIGN 3, 5, 6). Both programs are faces of this.
//
//      search threads --propose--> candidate --stored--> benchmark job --> training job --> reward --+
//            ^                                                                                       |
//            +---------------------------------- the tree <------------------------------------------+
//
// Order of things: a candidate is in the store before anybody hears of it; an evaluation's result is stored before the
// search is rewarded. Closing, or being killed, therefore loses nothing that was announced. Opening again replays the
// log of iterations, restores steering, and evaluates again what was interrupted. Where the store takes nothing (a full
// disk), the search pauses with a sentence; what was not written is kept, and written when it can be.
//
// Threads: all public functions may be called from any thread and return soon (opening and closing take longer: do them
// off the GUI thread). What happens is told as values by `changes()`, which one reader polls, at most 20 times a
// second.
#pragma once

#include "core/experiment/settings.h"
#include "core/graph/pgraph.h"
#include "core/jobs/scheduler.h"
#include "core/search/engine.h"
#include "core/store/store.h"
#include "core/synthesis/problem.h"

#include <filesystem>
#include <memory>

namespace synoscope {

struct CurveChange
{
    CandidateId candidate{}; // not valid: the unchanged backbone
    EpochRecord epoch;
};

// What has happened since the last call.
struct ExperimentChanges
{
    TreeBatch tree;
    std::vector<CandidateId> candidates; // new or changed, some thousands at most: read them from the store
    std::vector<CurveChange> curves;
    std::vector<Error> errors;
    bool steering = false; // the constraints in force have changed
};

struct ExperimentStatus
{
    SearchStatus search;
    std::uint64_t candidates = 0; // in the store, duplicates not counted
    std::uint64_t evaluated = 0;  // with a reward, failures included
    std::uint64_t waiting = 0;    // evaluations queued or running
    std::uint64_t standsFor = 0;  // evaluations one of which must end before the search goes on; 0: it does not stand
    std::optional<double> baselineAccuracy;
    std::optional<double> secondsLeft;
};

enum class OpenFor : std::uint8_t
{
    searching, // what cannot go on is not opened
    viewing,   // it is opened all the same: whyNotSearching() tells why it stays as it is
};

class ExperimentSession; // everything behind the face

class Experiment
{
public:
    // Whether there is an experiment to open. False where create() may begin one: no file, an empty one, or a store
    // whose creation was cut short. What cannot be read counts as one: open() says what is wrong with it.
    static bool existsIn(const std::filesystem::path& file);
    // A new experiment in a new file, or in an empty one.
    static Expected<std::unique_ptr<Experiment>> create(const std::filesystem::path& file, const Problem& problem,
                                                        const ExperimentSettings& settings, WorkerSettings workers);
    // The experiment of an existing file, as it was.
    static Expected<std::unique_ptr<Experiment>> open(const std::filesystem::path& file, WorkerSettings workers,
                                                      OpenFor purpose = OpenFor::searching);
    ~Experiment(); // closes

    const Problem& problem() const;
    const ExperimentSettings& settings() const;
    const ExperimentRecord& record() const;
    Expected<Reader> reader() const; // a new one: for one thread

    // A sentence where a search, opened for viewing, cannot go on: it was made under other rules, or its log is damaged.
    // Then its tree is empty, its candidates are there, and what would search, steer or import says this. Else empty.
    const std::string& whyNotSearching() const;

    void start();
    void pause(); // no new proposals; evaluations under way go on
    void step();  // one proposal, when paused
    void rolloutFrom(std::uint64_t node);
    bool running() const;
    void setStops(std::vector<std::unique_ptr<StopCondition>> stops);
    // Stops the search, cancels the jobs, writes what is left. Afterwards only reading makes sense.
    void close();

    Expected<std::uint64_t> constrain(const Constraint& constraint);
    Expected<void> lift(std::uint64_t constraint);
    std::vector<ConstraintRecord> constraints() const;

    // An operator from outside becomes a candidate and is evaluated.
    Expected<CandidateId> import(const PGraph& graph);
    Expected<void> setStarred(CandidateId candidate, bool starred);
    Expected<void> setNote(CandidateId candidate, const std::string& note);
    // From what is shown, and back again. Nothing is lost: what was measured stays, and what the search has learnt.
    Expected<void> setRemoved(CandidateId candidate, bool removed);

    std::vector<CandidateId> candidatesBelow(std::uint64_t node) const;
    Scheduler& jobs();
    CandidateId candidateOf(JobId job) const;             // not valid: of the unchanged backbone, or none
    std::string failureOf(const std::string& hash) const; // why its evaluation failed; empty: it has not
    ExperimentChanges changes();
    // The same without the tree's, for who shows none: to describe them takes a part of a core.
    ExperimentChanges changesBesidesTree();
    ExperimentStatus status() const;

private:
    explicit Experiment(std::unique_ptr<ExperimentSession> session);
    std::unique_ptr<ExperimentSession> session_;
};

} // namespace synoscope
