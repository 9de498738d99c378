// The store: one SQLite file (suffix `.synoscope`) that holds all an experiment has produced.
//
// One writer. Store::open takes an advisory lock on `<file>-lock`, which the system drops when the process ends,
// however it ends; a second writer, in this process or another, gets a sentence. Readers (reader.h) are not limited.
//
// Durability. When a call outside a transaction returns, or commit() returns, the change survives the end of the
// process at any moment, `kill -9` included: it is in the write-ahead log, in the system's cache. `synchronous` is
// NORMAL, so a power cut or a crash of the system may take the last moments' commits, but never damages the file. A new
// file is built under another name and renamed into place: it exists whole or not at all.
//
// Threads. Every call may come from any thread; a mutex makes them take turns. A Transaction keeps the turn until it
// ends: keep it short, and end it on the thread that began it.
//
// Errors are sentences that name the file. When a change fails, nothing of it is stored; inside a transaction a failed
// change leaves what went before it, unless SQLite had to undo the whole (full disk): then every further call of that
// transaction fails, and nothing of it is stored.
#pragma once

#include "core/store/reader.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>

namespace synoscope {

class WriterLock;
struct Migration;

enum class OpenMode : std::uint8_t
{
    openOrCreate,
    mustExist
};

struct AddedCandidate
{
    CandidateId id;
    bool isNew = false; // false: the experiment already had this hash; the stored one is unchanged
};

class Store;

// Several changes as one, and much faster than one by one. What is not committed is rolled back. May be nested: an
// inner one rolls back alone, and is durable when the outermost commits.
class [[nodiscard]] Transaction
{
public:
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Expected<void> commit();

private:
    friend class Store;
    Transaction(Store& store, std::unique_lock<std::recursive_mutex> turn, int depth);

    Store* store_; // null: ended
    std::unique_lock<std::recursive_mutex> turn_;
    int depth_;
};

class Store
{
public:
    static Expected<std::unique_ptr<Store>> open(const std::filesystem::path& file,
                                                 OpenMode mode = OpenMode::openOrCreate);
    // With other migrations than the program's: for the tests of migrating.
    static Expected<std::unique_ptr<Store>> open(const std::filesystem::path& file, OpenMode mode,
                                                 std::span<const Migration> migrations);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    const std::filesystem::path& file() const { return file_; }
    Expected<Reader> reader() const { return Reader::open(file_); }
    Expected<Transaction> begin();
    // Grows with every stored change: views compare it and ask again only when it moved. Any thread, no lock.
    std::uint64_t changeCount() const { return changes_.load(std::memory_order_relaxed); }
    // Evaluations that were queued or running when the previous writer ended, now marked interrupted.
    std::int64_t interruptedAtOpen() const { return interrupted_; }

    Expected<ExperimentId> addExperiment(const ExperimentRecord& experiment);
    Expected<void> updateSettings(ExperimentId id, const std::string& settings);
    Expected<void> updateProblem(ExperimentId id, const std::string& problem);
    Expected<void> putValue(ExperimentId experiment, const std::string& key, const std::string& value);

    Expected<AddedCandidate> addCandidate(const CandidateRecord& candidate);
    Expected<void> setStarred(CandidateId id, bool starred);
    Expected<void> setNote(CandidateId id, const std::string& note);
    Expected<void> setState(CandidateId id, CandidateState state);
    // What steering closes is pruned, what it opens active; what was removed by hand stays so.
    Expected<void> setPruned(CandidateId id, bool pruned);
    Expected<void> setReward(CandidateId id, double reward); // scoring again what is known

    Expected<EnvironmentId> addEnvironment(const std::string& description); // the same text gives the same id
    Expected<EvaluationId> addEvaluation(const EvaluationRecord& evaluation);
    // Replaces all but candidate, experiment and kind. When the status is done, the candidate's latest values follow.
    Expected<void> updateEvaluation(const EvaluationRecord& evaluation);
    Expected<void> addEpoch(const EpochRecord& epoch); // the same epoch again replaces the first

    Expected<ConstraintId> addConstraint(const StoredConstraint& constraint);
    Expected<void> liftConstraint(ConstraintId id, Timestamp when = currentTime()); // stays in the history

    Expected<void> addIterations(std::span<const IterationRecord> iterations); // all or none
    Expected<void> setIterationReward(ExperimentId experiment, std::int64_t sequence, double reward);

    Expected<ExportId> addExport(const ExportRecord& exported);

private:
    friend class Transaction;
    Store(std::filesystem::path file, std::unique_ptr<WriterLock> lock, std::unique_ptr<sqlite::Connection> db);

    Expected<void> end(int depth, bool commit);
    Expected<void> interruptStale();
    void changed();
    // Runs `change` with the turn held, refusing it when the surrounding transaction is already lost, and counts it.
    template <typename Change>
    auto write(Change&& change) -> decltype(change());

    std::filesystem::path file_;
    std::unique_ptr<WriterLock> lock_; // before db_: released after the connection is closed
    std::unique_ptr<sqlite::Connection> db_;
    std::recursive_mutex turn_;
    int depth_ = 0; // of nested transactions; guarded by turn_
    std::atomic<std::uint64_t> changes_{0};
    std::int64_t interrupted_ = 0;
    std::int64_t packedAt_ = 0; // rows that had changed when the blocks were last looked after
};

} // namespace synoscope
