#include "core/store/store_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace synoscope {

namespace fs = std::filesystem;
using sqlite::fileError;

namespace {

bool allowed(const fs::path& path, int mode)
{
    return faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

Error unwritable(const fs::path& file, std::string_view what)
{
    return fileError(
        file, fmt::format("the file cannot be opened for writing: {} is read-only ({})", what, std::strerror(errno)));
}

Expected<void> damaged(const fs::path& file, std::string details)
{
    return fileError(file, "the file is damaged: its contents contradict each other", std::move(details));
}

} // namespace

Expected<fs::path> resolveStorePath(const fs::path& given)
{
    if (given.empty())
        return Error{"the store needs the name of a file"};
    std::error_code failure;
    fs::path resolved = fs::weakly_canonical(fs::absolute(given, failure), failure);
    if (failure)
        return fileError(given, fmt::format("the file cannot be reached ({})", failure.message()));
    return resolved;
}

Expected<StoreFile> inspectStorePath(const fs::path& file, bool forWriting)
{
    std::error_code failure;
    const fs::file_status status = fs::status(file, failure);
    const fs::path folder = file.parent_path();
    if (status.type() == fs::file_type::none)
        return fileError(file, fmt::format("the file cannot be reached ({})", failure.message()));
    if (status.type() == fs::file_type::directory)
        return fileError(file, "this is a folder, and a Synoscope store is a file");
    if (status.type() == fs::file_type::not_found) {
        if (!fs::is_directory(folder, failure))
            return fileError(file, fmt::format("the folder {} does not exist", folder.string()));
        if (forWriting && !allowed(folder, W_OK | X_OK))
            return unwritable(file, "its folder");
        return StoreFile::missing;
    }
    if (status.type() != fs::file_type::regular)
        return fileError(file, "this is not a regular file, and a Synoscope store is one");
    if (!allowed(file, R_OK))
        return fileError(file, fmt::format("the file may not be read ({})", std::strerror(errno)));
    if (forWriting && !allowed(file, W_OK))
        return unwritable(file, "it");
    if (forWriting && !allowed(folder, W_OK | X_OK)) // the log and the lock live beside the file
        return unwritable(file, "its folder");
    const std::uintmax_t size = fs::file_size(file, failure);
    if (failure)
        return fileError(file, fmt::format("the file cannot be reached ({})", failure.message()));
    return size == 0 ? StoreFile::empty : StoreFile::present;
}

bool hasLog(const fs::path& file)
{
    std::error_code failure;
    const std::uintmax_t size = fs::file_size(file.string() + "-wal", failure);
    return !failure && size > 0;
}

Expected<void> probeStore(const fs::path& file, int newestKnown, bool wantPages)
{
    // Where there is a log, the main file alone may be in the middle of being brought up to date: only a connection
    // that reads the log can judge it.
    if (hasLog(file))
        return {};
    std::error_code failure;
    if (fs::file_size(file, failure) < 100) // SQLite's header; it would take a shorter file for a new database
        return fileError(file, "this is not a Synoscope store: it is not an SQLite database");
    const auto judge = [&]() -> Expected<void> {
        auto db = sqlite::Connection::open(file, sqlite::Access::immutable);
        if (!db)
            return db.error();
        if (auto version = storeVersion(**db, newestKnown); !version)
            return version.error();
        if (wantPages && fs::file_size(file, failure) <= wholeCheckLimit)
            return checkPages(**db, false);
        return {};
    };
    auto verdict = judge();
    if (!verdict && hasLog(file)) // a writer began meanwhile
        return {};
    return verdict;
}

Expected<void> checkPages(sqlite::Connection& db, bool full)
{
    auto statement = db.prepare(full ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
    if (!statement)
        return statement.error();
    auto row = statement->step();
    if (!row)
        return row.error();
    const std::string verdict = *row ? statement->text(0) : std::string("no verdict");
    if (verdict != "ok")
        return damaged(db.file(), verdict);
    if (!full)
        return {};
    auto orphans = db.prepare("PRAGMA foreign_key_check");
    if (!orphans)
        return orphans.error();
    auto orphan = orphans->step();
    if (!orphan)
        return orphan.error();
    if (*orphan)
        return damaged(db.file(), fmt::format("a row of {} refers to a row of {} that is not there", orphans->text(0),
                                              orphans->text(2)));
    return {};
}

namespace {

Expected<void> build(const fs::path& file, std::span<const Migration> migrations)
{
    auto opened = sqlite::Connection::open(file, sqlite::Access::create);
    if (!opened)
        return opened.error();
    sqlite::Connection& db = **opened;
    if (auto done = db.execute("PRAGMA journal_mode = MEMORY"); !done) // nobody else sees this file yet
        return done;
    if (auto done = db.execute(fmt::format("PRAGMA application_id = {}", storeApplicationId)); !done)
        return done;
    if (auto done = migrate(db, migrations); !done)
        return done;
    auto mode = db.prepare("PRAGMA journal_mode = WAL");
    if (!mode)
        return mode.error();
    auto row = mode->step();
    if (!row)
        return row.error();
    if (!*row || mode->text(0) != "wal")
        return fileError(file, "this file system cannot hold a Synoscope store: it does not support shared memory, "
                               "which SQLite's write-ahead log needs; choose a local disk");
    return {};
}

void removeUnfinished(const fs::path& file)
{
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        std::error_code ignored; // what cannot be removed shows itself when the file is built
        fs::remove(file.string() + suffix, ignored);
    }
}

} // namespace

Expected<void> createStore(const fs::path& file, std::span<const Migration> migrations)
{
    const fs::path unfinished = file.string() + "-new";
    removeUnfinished(unfinished); // of a writer that was killed
    if (auto built = build(unfinished, migrations); !built) {
        removeUnfinished(unfinished);
        Error error = built.error();
        error.file = file.string();
        return error;
    }
    std::error_code failure;
    fs::rename(unfinished, file, failure);
    if (failure) {
        removeUnfinished(unfinished);
        return fileError(file, fmt::format("the file cannot be made ({})", failure.message()));
    }
    return {};
}

Expected<std::unique_ptr<sqlite::Connection>> openForReading(const fs::path& file, int newestKnown)
{
    const bool writable = allowed(file, W_OK) && allowed(file.parent_path(), W_OK | X_OK);
    // Without a log the main file is complete, and in a read-only place nobody can begin one.
    const auto access = writable || hasLog(file) ? sqlite::Access::query : sqlite::Access::immutable;
    auto db = sqlite::Connection::open(file, access);
    if (!db)
        return db;
    (*db)->keepLogOnClose(true); // until it turns out to be ours
    // SQLite opens lazily; reading the schema shows what is wrong now and not in the middle of a view.
    if (auto tables = (*db)->integer("SELECT count(*) FROM sqlite_master"); !tables)
        return tables.error();
    if (auto version = storeVersion(**db, newestKnown); !version)
        return version.error();
    (*db)->keepLogOnClose(false);
    if (auto done = (*db)->execute("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000"); !done)
        return done.error();
    return db;
}

} // namespace synoscope
