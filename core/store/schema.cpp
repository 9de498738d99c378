#include "core/store/schema.h"

#include <fmt/format.h>

#include <array>

namespace synoscope {

namespace {

// Version 1.
//
// - What filters and sorting look at is in `candidates`, with an index per sortable column that answers alone, without
// the
//   table; the long texts that only an inspector wants are in `graphs`.
// - `search_texts` is what the text filter reads through, in lower case, kept by triggers.
// - latency_ratio, accuracy and reward of a candidate repeat its latest evaluations that are done: a table of
// candidates
//   is sorted by them, and a join would be too slow for that. Triggers keep them right.
// - Times are milliseconds since 1970. Paths are the 64-bit keys of the moves, little endian.
constexpr std::string_view version1 = R"sql(
CREATE TABLE experiments (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    problem TEXT NOT NULL,
    backbone TEXT NOT NULL,
    dataset TEXT NOT NULL,
    settings TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE experiment_values (
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (experiment, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE candidates (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    moves TEXT NOT NULL,
    flops TEXT NOT NULL,
    total_flops REAL NOT NULL,
    flops_ratio REAL NOT NULL,
    parameters INTEGER NOT NULL,
    iteration INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    state TEXT NOT NULL,
    latency_ratio REAL,
    accuracy REAL,
    reward REAL,
    note TEXT NOT NULL,
    UNIQUE (experiment, hash)
) STRICT;
CREATE INDEX candidates_found ON candidates (experiment);
CREATE INDEX candidates_fingerprint ON candidates (experiment, fingerprint);
CREATE INDEX candidates_iteration ON candidates (experiment, iteration);
CREATE INDEX candidates_total_flops ON candidates (experiment, total_flops);
CREATE INDEX candidates_flops_ratio ON candidates (experiment, flops_ratio);
CREATE INDEX candidates_parameters ON candidates (experiment, parameters);
CREATE INDEX candidates_starred ON candidates (experiment, starred);
CREATE INDEX candidates_state ON candidates (experiment, state);
CREATE INDEX candidates_latency_ratio ON candidates (experiment, latency_ratio);
CREATE INDEX candidates_accuracy ON candidates (experiment, accuracy);
CREATE INDEX candidates_reward ON candidates (experiment, reward);

CREATE TABLE graphs (
    candidate INTEGER PRIMARY KEY REFERENCES candidates ON DELETE CASCADE,
    pgraph TEXT NOT NULL,
    path BLOB NOT NULL
) STRICT;

CREATE TABLE search_texts (
    candidate INTEGER PRIMARY KEY REFERENCES candidates ON DELETE CASCADE,
    experiment INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TRIGGER candidate_added AFTER INSERT ON candidates
BEGIN
    INSERT INTO search_texts (candidate, experiment, text) VALUES (NEW.id, NEW.experiment,
        lower(NEW.hash || ' ' || NEW.fingerprint || ' ' || NEW.moves || ' ' || NEW.note));
END;
CREATE TRIGGER candidate_noted AFTER UPDATE OF note ON candidates
BEGIN
    UPDATE search_texts SET text = lower(NEW.hash || ' ' || NEW.fingerprint || ' ' || NEW.moves || ' ' || NEW.note)
    WHERE candidate = NEW.id;
END;

CREATE TABLE environments (
    id INTEGER PRIMARY KEY,
    description TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE evaluations (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    candidate INTEGER REFERENCES candidates ON DELETE CASCADE,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    backend TEXT NOT NULL,
    device TEXT NOT NULL,
    dtype TEXT NOT NULL,
    threads INTEGER NOT NULL,
    binding INTEGER NOT NULL,
    request TEXT NOT NULL,
    result TEXT NOT NULL,
    latency_ratio REAL,
    accuracy REAL,
    reward REAL,
    reward_components TEXT NOT NULL,
    message TEXT NOT NULL,
    environment INTEGER REFERENCES environments,
    started INTEGER,
    finished INTEGER
) STRICT;
CREATE INDEX evaluations_candidate ON evaluations (candidate);
CREATE INDEX evaluations_status ON evaluations (status, experiment);

CREATE TRIGGER evaluation_added AFTER INSERT ON evaluations
WHEN NEW.status = 'done' AND NEW.candidate IS NOT NULL
BEGIN
    UPDATE candidates SET latency_ratio = coalesce(NEW.latency_ratio, latency_ratio),
        accuracy = coalesce(NEW.accuracy, accuracy), reward = coalesce(NEW.reward, reward)
    WHERE id = NEW.candidate;
END;
CREATE TRIGGER evaluation_changed AFTER UPDATE ON evaluations
WHEN NEW.status = 'done' AND NEW.candidate IS NOT NULL
BEGIN
    UPDATE candidates SET latency_ratio = coalesce(NEW.latency_ratio, latency_ratio),
        accuracy = coalesce(NEW.accuracy, accuracy), reward = coalesce(NEW.reward, reward)
    WHERE id = NEW.candidate;
END;

CREATE TABLE epochs (
    evaluation INTEGER NOT NULL REFERENCES evaluations ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    loss REAL, -- NULL: not a number, the training diverged
    accuracy REAL NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (evaluation, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE constraints (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    scope TEXT NOT NULL,
    predicate TEXT NOT NULL,
    action TEXT NOT NULL,
    active INTEGER NOT NULL,
    created INTEGER NOT NULL,
    lifted INTEGER
) STRICT;
CREATE INDEX constraints_experiment ON constraints (experiment, active);

CREATE TABLE iterations (
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    path BLOB NOT NULL,
    reward REAL,
    candidate INTEGER REFERENCES candidates ON DELETE SET NULL,
    PRIMARY KEY (experiment, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX iterations_pending ON iterations (experiment, sequence) WHERE reward IS NULL;

CREATE TABLE exports (
    id INTEGER PRIMARY KEY,
    candidate INTEGER NOT NULL REFERENCES candidates ON DELETE CASCADE,
    format TEXT NOT NULL,
    path TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX exports_candidate ON exports (candidate);
)sql";

// Version 2: blocks (blocks.h) take the place of an index for each column and of the texts to search, which made storing
// a candidate slow, and answers slow beyond some 100 000 candidates.
constexpr std::string_view version2 = R"sql(
DROP INDEX candidates_found;
DROP INDEX candidates_iteration;
DROP INDEX candidates_total_flops;
DROP INDEX candidates_flops_ratio;
DROP INDEX candidates_parameters;
DROP INDEX candidates_starred;
DROP INDEX candidates_state;
DROP INDEX candidates_latency_ratio;
DROP INDEX candidates_accuracy;
DROP INDEX candidates_reward;
DROP TRIGGER candidate_added;
DROP TRIGGER candidate_noted;
DROP TABLE search_texts;
CREATE INDEX candidates_noted ON candidates (experiment, note) WHERE note <> '';

CREATE TABLE blocks (
    last INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    stamp INTEGER NOT NULL
) STRICT;

CREATE TABLE block_columns (
    block INTEGER NOT NULL REFERENCES blocks ON DELETE CASCADE,
    part INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (block, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE words (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE block_words (
    word INTEGER NOT NULL REFERENCES words,
    block INTEGER NOT NULL REFERENCES blocks ON DELETE CASCADE,
    members BLOB NOT NULL,
    PRIMARY KEY (word, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE stale (
    candidate INTEGER PRIMARY KEY REFERENCES candidates ON DELETE CASCADE
) STRICT;
CREATE TRIGGER candidate_changed AFTER UPDATE OF latency_ratio, accuracy, reward, starred, state ON candidates
WHEN NEW.id <= (SELECT max(last) FROM blocks) AND NOT EXISTS (SELECT 1 FROM stale WHERE candidate = NEW.id)
BEGIN
    INSERT INTO stale (candidate) VALUES (NEW.id);
END;
)sql";

constexpr std::array<Migration, 2> migrations{
    {{1, "the first tables", version1}, {2, "blocks of columns", version2}}};

Expected<void> applyStep(sqlite::Connection& db, const Migration& step)
{
    if (auto done = db.execute(std::string(step.sql)); !done)
        return done.error();
    auto violations = db.prepare("PRAGMA foreign_key_check");
    if (!violations)
        return violations.error();
    auto row = violations->step();
    if (!row)
        return row.error();
    if (*row)
        return sqlite::fileError(db.file(), "the file is damaged: a row refers to another that is not there");
    return db.execute(fmt::format("PRAGMA user_version = {}", step.version));
}

} // namespace

std::span<const Migration> storeMigrations()
{
    return migrations;
}

Expected<void> migrate(sqlite::Connection& db, std::span<const Migration> steps)
{
    auto version = db.integer("PRAGMA user_version");
    if (!version)
        return version.error();
    if (auto off = db.execute("PRAGMA foreign_keys = OFF"); !off)
        return off;
    for (const Migration& step : steps) {
        if (step.version <= *version)
            continue;
        if (auto begun = db.execute("BEGIN IMMEDIATE"); !begun)
            return begun;
        auto done = applyStep(db, step);
        if (done)
            done = db.execute("COMMIT");
        if (!done) {
            if (db.inTransaction())
                (void)db.execute("ROLLBACK"); // the first error is the one to report
            Error error = done.error();
            error.message = fmt::format("changing the file to format {} ({}) failed, and it was left as it was: {}",
                                        step.version, step.what, error.message);
            return error;
        }
    }
    return db.execute("PRAGMA foreign_keys = ON");
}

Expected<int> storeVersion(sqlite::Connection& db, int newestKnown)
{
    auto application = db.integer("PRAGMA application_id");
    if (!application)
        return application.error();
    if (*application != storeApplicationId)
        return sqlite::fileError(db.file(), "this is not a Synoscope store: another program made this SQLite database");
    auto version = db.integer("PRAGMA user_version");
    if (!version)
        return version.error();
    if (*version > newestKnown)
        return sqlite::fileError(db.file(),
                                 fmt::format("the file was written by a newer Synoscope: its format is {}, and "
                                             "this program knows formats up to {}",
                                             *version, newestKnown));
    if (*version < 1)
        return sqlite::fileError(db.file(), "the file is damaged: it says nothing of its format's version");
    return static_cast<int>(*version);
}

} // namespace synoscope
