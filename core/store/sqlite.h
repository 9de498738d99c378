// SQLite as C++ values: connections and statements that clean up after themselves, errors as sentences.
// For the store's own sources only; nothing outside core/store sees it.
#pragma once

#include "core/base/error.h"
#include "core/store/records.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace synoscope::sqlite {

class Connection;

struct CachedStatement
{
    sqlite3_stmt* handle = nullptr;
    bool inUse = false;
};

// A prepared statement, borrowed from the connection's cache; handed back, reset, when it goes.
// Parameters are bound in order; columns are read in order, from 0.
class Statement
{
public:
    Statement(Connection& connection, CachedStatement* cached, sqlite3_stmt* own);
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    template <typename... Values>
    Statement& bind(const Values&... values)
    {
        (bindNext(values), ...);
        return *this;
    }

    Expected<bool> step(); // true: there is a row
    Expected<void> run();  // to the end

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    std::span<const std::byte> blob(int column) const; // until the next step
    bool null(int column) const;
    std::optional<double> optionalReal(int column) const;
    std::optional<Timestamp> optionalTime(int column) const;
    Timestamp time(int column) const { return Timestamp(std::chrono::milliseconds(integer(column))); }
    template <typename Id>
    Id id(int column) const
    {
        return Id(null(column) ? 0 : integer(column));
    }

private:
    void bindNext(std::int64_t value);
    void bindNext(int value) { bindNext(static_cast<std::int64_t>(value)); }
    void bindNext(bool value) { bindNext(static_cast<std::int64_t>(value)); }
    void bindNext(double value);
    void bindNext(std::string_view value);
    void bindNext(const std::string& value) { bindNext(std::string_view(value)); }
    void bindNext(const char* value) { bindNext(std::string_view(value)); }
    void bindNext(std::span<const std::byte> value);
    void bindNext(std::nullopt_t);
    void bindNext(Timestamp value) { bindNext(static_cast<std::int64_t>(value.time_since_epoch().count())); }
    template <typename Tag>
    void bindNext(RowId<Tag> id)
    {
        if (id.valid())
            bindNext(id.value);
        else
            bindNext(std::nullopt);
    }
    template <typename Value>
    void bindNext(const std::optional<Value>& value)
    {
        if (value)
            bindNext(*value);
        else
            bindNext(std::nullopt);
    }

    Connection* connection_;
    CachedStatement* cached_; // null: the handle is this statement's own
    sqlite3_stmt* handle_;
    int nextParameter_ = 1;
};

enum class Access : std::uint8_t
{
    create,    // read and write; made when it is not there
    write,     // read and write
    query,     // no changes; but shares the write-ahead log, which may need a writable folder
    immutable, // the main file as it is: no log, no locks, no file beside it
};

class Connection
{
public:
    static Expected<std::unique_ptr<Connection>> open(const std::filesystem::path& file, Access access);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Expected<Statement> prepare(std::string_view sql); // from the cache where it can
    Expected<void> execute(const std::string& sql);    // any number of statements, no parameters
    Expected<std::int64_t> integer(std::string_view sql);
    template <typename... Values>
    Expected<void> run(std::string_view sql, const Values&... values)
    {
        auto statement = prepare(sql);
        if (!statement)
            return statement.error();
        return statement->bind(values...).run();
    }

    std::int64_t lastRow() const;
    std::int64_t changedRows() const; // by the last statement
    std::int64_t changedRowsInAll() const; // since the connection was opened
    bool inTransaction() const;
    // Whether closing the last connection may write the log back into the main file (it may, unless told otherwise).
    void keepLogOnClose(bool keep);

    Error error(int code) const; // what the last failed call with this code means to a person
    Error rowMissing(std::string_view what) const;
    const std::filesystem::path& file() const { return file_; }

private:
    Connection(std::filesystem::path file, sqlite3* handle) : file_(std::move(file)), handle_(handle) {}

    std::filesystem::path file_;
    sqlite3* handle_;
    std::unordered_map<std::string, CachedStatement> cache_;
};

// "path/to/file: sentence" as an Error.
Error fileError(const std::filesystem::path& file, std::string message, std::string details = {});

} // namespace synoscope::sqlite
