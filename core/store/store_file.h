// The file before it is a store: what a path may be, whose database it is, making a new one.
#pragma once

#include "core/base/error.h"
#include "core/store/schema.h"
#include "core/store/sqlite.h"

#include <filesystem>
#include <memory>
#include <span>

namespace synoscope {

// The path without symbolic links and detours: one file has one lock and one log.
Expected<std::filesystem::path> resolveStorePath(const std::filesystem::path& given);

enum class StoreFile : std::uint8_t
{
    missing,
    empty,
    present
};

// Refuses folders, special files, missing parents, and what the permissions forbid.
Expected<StoreFile> inspectStorePath(const std::filesystem::path& file, bool forWriting);

// Looks at the main file only, without locks and without making a file beside it: a foreign, newer or damaged file is
// refused here, and stays as it is. Says nothing where there is a log: ask storeVersion() of a connection too. Large
// files are not checked in full (wholeCheckLimit).
Expected<void> probeStore(const std::filesystem::path& file, int newestKnown, bool checkPages);
inline constexpr std::uintmax_t wholeCheckLimit = 64u << 20;

// Whether there is a write-ahead log with something in it: then the main file alone is not the whole truth.
bool hasLog(const std::filesystem::path& file);

// PRAGMA quick_check; `full` also compares indexes with their tables.
Expected<void> checkPages(sqlite::Connection& db, bool full);

// Builds the file under another name and renames it. Call with the writer's lock held.
Expected<void> createStore(const std::filesystem::path& file, std::span<const Migration> migrations);

// For reading, also from a read-only folder or disk.
Expected<std::unique_ptr<sqlite::Connection>> openForReading(const std::filesystem::path& file, int newestKnown);

} // namespace synoscope
