// Opening a store, and its transactions. The changes themselves are in store_changes.cpp.
#include "core/store/store.h"

#include "core/store/blocks.h"
#include "core/store/schema.h"
#include "core/store/sqlite.h"
#include "core/store/store_file.h"
#include "core/store/writer_lock.h"

#include <fmt/format.h>

#include <cassert>

namespace synoscope {

namespace {

constexpr std::int64_t rowsBetweenPacking = 4096;

} // namespace

Timestamp currentTime()
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// Opening

Expected<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file, OpenMode mode)
{
    return open(file, mode, storeMigrations());
}

Expected<std::unique_ptr<Store>> Store::open(const std::filesystem::path& given, OpenMode mode,
                                             std::span<const Migration> migrations)
{
    auto path = resolveStorePath(given);
    if (!path)
        return path.error();
    const int newest = migrations.back().version;
    auto found = inspectStorePath(*path, true);
    if (!found)
        return found.error();
    if (*found != StoreFile::present && mode == OpenMode::mustExist)
        return sqlite::fileError(*path, *found == StoreFile::missing ? "there is no such file" : "the file is empty");
    if (*found == StoreFile::present) {
        if (auto ours = probeStore(*path, newest, false); !ours)
            return ours.error();
    }
    auto lock = WriterLock::take(*path);
    if (!lock)
        return lock.error();
    found = inspectStorePath(*path, true); // again: another writer may have made it meanwhile
    if (!found)
        return found.error();
    if (*found != StoreFile::present) {
        if (auto made = createStore(*path, migrations); !made)
            return made.error();
    } else if (auto sound = probeStore(*path, newest, true); !sound) { // now that nobody writes
        return sound.error();
    }

    auto db = sqlite::Connection::open(*path, sqlite::Access::write);
    if (!db)
        return db.error();
    (*db)->keepLogOnClose(true); // until the file turns out to be one that may be changed
    const bool unchecked = hasLog(*path) && std::filesystem::file_size(*path) <= wholeCheckLimit;
    if (auto version = storeVersion(**db, newest); !version)
        return version.error();
    if (unchecked) {
        if (auto sound = checkPages(**db, false); !sound)
            return sound.error();
    }
    (*db)->keepLogOnClose(false);
    if (auto done = migrate(**db, migrations); !done)
        return done.error();
    if (auto done = (*db)->execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                                   "PRAGMA cache_size = -64000; PRAGMA journal_size_limit = 67108864;"
                                   "PRAGMA wal_autocheckpoint = 4000"); // pages
        !done)
        return done.error();
    std::unique_ptr<Store> store(new Store(*path, std::move(*lock), std::move(*db)));
    if (auto done = store->interruptStale(); !done)
        return done.error();
    if (auto done = packBlocks(*store->db_); !done) // of a file that was in an older format, all
        return done.error();
    return store;
}

Store::Store(std::filesystem::path file, std::unique_ptr<WriterLock> lock, std::unique_ptr<sqlite::Connection> db)
    : file_(std::move(file)), lock_(std::move(lock)), db_(std::move(db))
{}

Store::~Store() = default;

Expected<void> Store::interruptStale()
{
    auto done = db_->run("UPDATE evaluations SET status = 'interrupted', finished = ?, "
                         "message = 'the program ended before this was done' WHERE status IN ('queued', 'running')",
                         currentTime());
    if (done)
        interrupted_ = db_->changedRows();
    return done;
}

// After each change that is stored for good. What fails here has not failed the change, and is tried again.
void Store::changed()
{
    changes_.fetch_add(1, std::memory_order_relaxed);
    const std::int64_t rows = db_->changedRowsInAll();
    if (rows - packedAt_ < rowsBetweenPacking)
        return;
    packedAt_ = rows;
    (void)packBlocks(*db_);
}

// Transactions

Transaction::Transaction(Store& store, std::unique_lock<std::recursive_mutex> turn, int depth)
    : store_(&store), turn_(std::move(turn)), depth_(depth)
{}

Transaction::Transaction(Transaction&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)), turn_(std::move(other.turn_)), depth_(other.depth_)
{}

Transaction::~Transaction()
{
    if (store_)
        (void)store_->end(depth_, false); // nothing was promised, so there is nothing to report
}

Expected<void> Transaction::commit()
{
    assert(store_ && "a transaction ends once");
    Store* store = std::exchange(store_, nullptr);
    auto done = store->end(depth_, true);
    turn_.unlock();
    return done;
}

Expected<Transaction> Store::begin()
{
    std::unique_lock turn(turn_);
    if (depth_ > 0 && !db_->inTransaction())
        return sqlite::fileError(file_, "an earlier failure has already undone this transaction");
    auto begun = depth_ == 0 ? db_->run("BEGIN IMMEDIATE") : db_->run(fmt::format("SAVEPOINT level{}", depth_));
    if (!begun)
        return begun.error();
    ++depth_;
    return Transaction(*this, std::move(turn), depth_);
}

Expected<void> Store::end(int depth, bool commit)
{
    assert(depth == depth_ && "inner transactions end first");
    depth_ = depth - 1;
    if (!db_->inTransaction()) { // SQLite had to undo the whole
        if (commit)
            return sqlite::fileError(file_,
                                     "an earlier failure has undone this transaction, and nothing of it was stored");
        return {};
    }
    if (depth_ > 0) {
        if (!commit) {
            if (auto undone = db_->run(fmt::format("ROLLBACK TO level{}", depth_)); !undone)
                return undone;
        }
        return db_->run(fmt::format("RELEASE level{}", depth_));
    }
    if (!commit)
        return db_->run("ROLLBACK");
    auto done = db_->run("COMMIT");
    if (done)
        changed();
    else if (db_->inTransaction())
        (void)db_->run("ROLLBACK"); // the commit's own failure is the one to report
    return done;
}

} // namespace synoscope
