#include "core/store/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <new>

namespace synoscope::sqlite {

namespace {

constexpr int busyMilliseconds = 5000; // recovery after a crash and the last checkpoint may hold others up

// A path as an SQLite URI: whatever has a meaning there is escaped.
std::string uri(const std::filesystem::path& file, std::string_view parameters)
{
    std::string result = "file:";
    for (const char c : file.string()) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                           c == '-' || c == '_' || c == '.';
        result += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
    return result + std::string(parameters);
}

std::string inputOutputSentence(int systemError)
{
    switch (systemError) {
    case EFBIG:
        return "the file may not grow any further (a limit on the size of files), and the change was not stored";
    case ENOSPC:
    case EDQUOT:
        return "the disk is full, and the change was not stored";
    case EROFS:
        return "the disk is read-only, and the change was not stored";
    case 0: // SQLite does not always know
        return "the file could not be read or written (a broken disk, or a limit on the size of files), and the change "
               "was "
               "not stored";
    default:
        return fmt::format("reading or writing the file failed ({}), and the change was not stored",
                           std::strerror(systemError));
    }
}

std::string constraintSentence(int extendedCode)
{
    switch (extendedCode) {
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return "the change refers to a row that is not in the file";
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
        return "the file already has a row with this key";
    case SQLITE_CONSTRAINT_NOTNULL:
        return "a value that every row needs is missing";
    default:
        return "the change breaks a rule of the file's format";
    }
}

} // namespace

Error fileError(const std::filesystem::path& file, std::string message, std::string details)
{
    Error error;
    error.message = std::move(message);
    error.file = file.string();
    error.details = std::move(details);
    return error;
}

Expected<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file, Access access)
{
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (access == Access::create)
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    else if (access == Access::immutable)
        flags |= SQLITE_OPEN_READONLY;
    else
        flags |= SQLITE_OPEN_READWRITE; // SQLite falls back to read-only where the file is
    sqlite3* handle = nullptr;
    const std::string name = uri(file, access == Access::immutable ? "?immutable=1" : "");
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    if (!handle)
        throw std::bad_alloc();
    std::unique_ptr<Connection> connection(new Connection(file, handle));
    if (code != SQLITE_OK)
        return connection->error(code);
    sqlite3_busy_timeout(handle, busyMilliseconds);
    if (access == Access::query) {
        if (auto done = connection->execute("PRAGMA query_only = ON"); !done)
            return done.error();
    }
    return connection;
}

Connection::~Connection()
{
    for (auto& [sql, cached] : cache_)
        sqlite3_finalize(cached.handle);
    sqlite3_close_v2(handle_);
}

Expected<Statement> Connection::prepare(std::string_view sql)
{
    auto [place, isNew] = cache_.try_emplace(std::string(sql));
    CachedStatement& cached = place->second;
    if (cached.handle && !cached.inUse) {
        cached.inUse = true;
        return Statement(*this, &cached, cached.handle);
    }
    sqlite3_stmt* handle = nullptr;
    const unsigned lifetime = cached.handle ? 0u : unsigned{SQLITE_PREPARE_PERSISTENT};
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), lifetime, &handle, nullptr);
    if (code != SQLITE_OK) {
        if (isNew)
            cache_.erase(place);
        return error(code);
    }
    if (cached.handle) // in use further up: a second one for this call only
        return Statement(*this, nullptr, handle);
    cached = {handle, true};
    return Statement(*this, &cached, handle);
}

Expected<void> Connection::execute(const std::string& sql)
{
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return error(code);
    return {};
}

Expected<std::int64_t> Connection::integer(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return statement.error();
    auto row = statement->step();
    if (!row)
        return row.error();
    return *row ? statement->integer(0) : std::int64_t{0};
}

std::int64_t Connection::lastRow() const
{
    return sqlite3_last_insert_rowid(handle_);
}
std::int64_t Connection::changedRows() const
{
    return sqlite3_changes64(handle_);
}
std::int64_t Connection::changedRowsInAll() const
{
    return sqlite3_total_changes64(handle_);
}
bool Connection::inTransaction() const
{
    return !sqlite3_get_autocommit(handle_);
}

void Connection::keepLogOnClose(bool keep)
{
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

Error Connection::error(int code) const
{
    const std::string details = fmt::format("SQLite {}: {}", code, sqlite3_errmsg(handle_));
    const auto sentence = [&]() -> std::string {
        switch (code & 0xff) {
        case SQLITE_NOMEM:
            throw std::bad_alloc();
        case SQLITE_NOTADB:
            return "this is not a Synoscope store: it is not an SQLite database";
        case SQLITE_CORRUPT:
            return "the file is damaged: its contents contradict each other";
        case SQLITE_FULL:
            return "the disk is full, and the change was not stored";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "the file is in use by another program";
        case SQLITE_READONLY:
            return "the file cannot be changed: it, its folder or its disk is read-only";
        case SQLITE_CANTOPEN:
            return "the file, or one of the files SQLite keeps beside it, cannot be opened";
        case SQLITE_IOERR:
            return inputOutputSentence(sqlite3_system_errno(handle_));
        case SQLITE_CONSTRAINT:
            return constraintSentence(code);
        case SQLITE_TOOBIG:
            return "a text or a list is too large to be stored";
        default:
            return fmt::format("SQLite refuses: {}", sqlite3_errmsg(handle_));
        }
    }();
    return fileError(file_, sentence, details);
}

Error Connection::rowMissing(std::string_view what) const
{
    return fileError(file_, fmt::format("there is no such {} in this file", what));
}

Statement::Statement(Connection& connection, CachedStatement* cached, sqlite3_stmt* own)
    : connection_(&connection), cached_(cached), handle_(own)
{}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_), cached_(std::exchange(other.cached_, nullptr)),
      handle_(std::exchange(other.handle_, nullptr)), nextParameter_(other.nextParameter_)
{}

Statement::~Statement()
{
    if (!handle_)
        return;
    if (!cached_) {
        sqlite3_finalize(handle_);
        return;
    }
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
    cached_->inUse = false;
}

Expected<bool> Statement::step()
{
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    Error error = connection_->error(code);
    sqlite3_reset(handle_);
    return error;
}

Expected<void> Statement::run()
{
    for (;;) {
        auto row = step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
    }
}

void Statement::bindNext(std::int64_t value)
{
    sqlite3_bind_int64(handle_, nextParameter_++, value);
}
void Statement::bindNext(double value)
{
    sqlite3_bind_double(handle_, nextParameter_++, value);
}
void Statement::bindNext(std::nullopt_t)
{
    sqlite3_bind_null(handle_, nextParameter_++);
}

void Statement::bindNext(std::string_view value)
{
    // An empty view may carry a null pointer, which SQLite would take for NULL.
    const char* data = value.data() ? value.data() : "";
    sqlite3_bind_text64(handle_, nextParameter_++, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::bindNext(std::span<const std::byte> value)
{
    if (value.empty())
        sqlite3_bind_zeroblob(handle_, nextParameter_++, 0);
    else
        sqlite3_bind_blob64(handle_, nextParameter_++, value.data(), value.size(), SQLITE_TRANSIENT);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(handle_, column);
}
double Statement::real(int column) const
{
    return sqlite3_column_double(handle_, column);
}
bool Statement::null(int column) const
{
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::string Statement::text(int column) const
{
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))) : std::string();
}

std::span<const std::byte> Statement::blob(int column) const
{
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(handle_, column));
    return {data, data ? static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)) : 0u};
}

std::optional<double> Statement::optionalReal(int column) const
{
    return null(column) ? std::nullopt : std::optional(real(column));
}

std::optional<Timestamp> Statement::optionalTime(int column) const
{
    return null(column) ? std::nullopt : std::optional(time(column));
}

} // namespace synoscope::sqlite
