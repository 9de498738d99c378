// The format of the file: a list of numbered migrations. PRAGMA user_version holds the number of the last one applied,
// PRAGMA application_id marks the file as ours.
//
// To change the format, append a migration to the list in schema.cpp; never touch an older one.
#pragma once

#include "core/base/error.h"
#include "core/store/sqlite.h"

#include <span>
#include <string_view>

namespace synoscope {

struct Migration
{
    int version;           // 1, 2, 3, ... without gaps
    std::string_view what; // for errors
    std::string_view sql;
};

inline constexpr std::int32_t storeApplicationId = 0x53796e6f; // "Syno"

std::span<const Migration> storeMigrations();

// Applies what is missing, each step in a transaction of its own: a step is there wholly or not at all. Foreign keys
// are off while a step runs, so that it may rebuild tables, and checked before it commits.
Expected<void> migrate(sqlite::Connection& db, std::span<const Migration> migrations);

// The version of an open file, or why it is none of ours.
Expected<int> storeVersion(sqlite::Connection& db, int newestKnown);

} // namespace synoscope
