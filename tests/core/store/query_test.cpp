// Candidates for a table: filters and orders against a plain loop over all of them.
#include "support.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <random>
#include <sstream>

using namespace synoscope;

namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::optional<double> valueOf(const CandidateRecord& c, CandidateColumn column)
{
    switch (column) {
    case CandidateColumn::found:
        return static_cast<double>(c.id.value);
    case CandidateColumn::iteration:
        return static_cast<double>(c.iteration);
    case CandidateColumn::totalFlops:
        return c.totalFlops;
    case CandidateColumn::flopsRatio:
        return c.flopsRatio;
    case CandidateColumn::parameters:
        return static_cast<double>(c.parameters);
    case CandidateColumn::latencyRatio:
        return c.latencyRatio;
    case CandidateColumn::accuracy:
        return c.accuracy;
    case CandidateColumn::reward:
        return c.reward;
    case CandidateColumn::starred:
        return c.starred;
    case CandidateColumn::state: // by their words: active, duplicate, pruned
        return c.state == CandidateState::active ? 0 : c.state == CandidateState::duplicate ? 1 : 2;
    case CandidateColumn::hash:
        break;
    }
    return std::nullopt;
}

bool matches(const CandidateRecord& c, const CandidateQuery& q)
{
    if (q.experiment.valid() && c.experiment != q.experiment)
        return false;
    std::istringstream text(lower(q.text));
    for (std::string word; text >> word;)
        if (!c.hash.starts_with(word) && !c.fingerprint.starts_with(word) &&
            lower(c.moves + ' ' + c.note).find(word) == std::string::npos)
            return false;
    for (const ColumnRange& range : q.ranges) {
        const auto value = valueOf(c, range.column);
        if (!value || (range.minimum && *value < *range.minimum) || (range.maximum && *value > *range.maximum))
            return false;
    }
    return (!q.state || c.state == *q.state) && (!q.starredOnly || c.starred) &&
           (!q.evaluatedOnly || c.latencyRatio || c.accuracy);
}

bool before(const CandidateRecord& a, const CandidateRecord& b, const CandidateQuery& q)
{
    const bool byId = q.descending ? b.id < a.id : a.id < b.id;
    if (q.sortBy == CandidateColumn::hash)
        return a.hash == b.hash ? byId : (a.hash < b.hash) != q.descending;
    const auto x = valueOf(a, q.sortBy);
    const auto y = valueOf(b, q.sortBy);
    if (x.has_value() != y.has_value())
        return x.has_value();
    return x == y ? byId : (*x < *y) != q.descending;
}

// Two experiments; a part of the candidates measured, starred, marked.
void fill(Store& store, std::int64_t count)
{
    const ExperimentId one = must(store.addExperiment(someExperiment("one")));
    const ExperimentId two = must(store.addExperiment(someExperiment("two")));
    auto transaction = must(store.begin());
    for (std::int64_t i = 0; i < count; ++i) {
        CandidateRecord c = someCandidate(i % 10 ? one : two, i);
        c.starred = i % 7 == 0;
        c.state = static_cast<CandidateState>(i % 11 == 0 ? 2 : i % 13 == 0);
        c.note = i % 19 == 0 ? "Remarkable" : "";
        const CandidateId id = must(store.addCandidate(c)).id;
        EvaluationRecord e;
        e.candidate = id;
        e.status = EvaluationStatus::done;
        if (i % 3 == 0)
            e.latencyRatio = 0.25 + static_cast<double>(i * 31 % 101) / 64; // with ties
        if (i % 4 == 0) {
            e.accuracy = static_cast<double>(i * 17 % 1009) / 1009;
            e.reward = *e.accuracy * *e.accuracy;
        }
        if (e.latencyRatio || e.accuracy)
            must(store.addEvaluation(e));
    }
    must(transaction.commit());
}

} // namespace

namespace {

void agreesWithAPlainLoop(Reader& r, int rounds, unsigned seed)
{
    const auto all = must(r.candidates(CandidateQuery{}));
    std::mt19937 random(seed);
    const auto chance = [&](unsigned n) { return random() % n == 0; };
    const std::vector<std::string> texts{"unfold", "K=4", "w0.1 ", "remarkable", "%", "' OR 1 --", "9e37", "_",
                                         "0000000000000000", "00000000000000aA", "k=4, mark"};
    int nonempty = 0;
    for (int round = 0; round < rounds; ++round) {
        CandidateQuery q;
        q.sortBy = static_cast<CandidateColumn>(random() % 11);
        q.descending = chance(2);
        q.experiment = ExperimentId(static_cast<std::int64_t>(random() % 3));
        if (chance(3))
            q.text = texts[random() % texts.size()];
        q.starredOnly = chance(6);
        q.evaluatedOnly = chance(6);
        if (chance(5))
            q.state = static_cast<CandidateState>(random() % 3);
        for (const auto column :
             {CandidateColumn::accuracy, CandidateColumn::latencyRatio, CandidateColumn::flopsRatio}) {
            if (!chance(6))
                continue;
            q.ranges.push_back({column, {}, {}});
            if (chance(2))
                q.ranges.back().minimum = static_cast<double>(random() % 100) / 150;
            if (chance(2))
                q.ranges.back().maximum = static_cast<double>(random() % 100) / 80;
        }
        std::vector<CandidateRecord> expected;
        for (const CandidateRecord& c : all) {
            if (matches(c, q))
                expected.push_back(c);
        }
        std::sort(expected.begin(), expected.end(), [&](const auto& a, const auto& b) { return before(a, b, q); });
        nonempty += !expected.empty();
        EXPECT_EQ(must(r.count(q)), static_cast<std::int64_t>(expected.size()));
        q.offset = static_cast<std::int64_t>(random() % 20);
        q.limit = chance(3) ? -1 : static_cast<std::int64_t>(random() % 50);
        const auto page = must(r.candidates(q));
        std::vector<std::int64_t> got;
        std::vector<std::int64_t> want;
        for (const auto& c : page)
            got.push_back(c.id.value);
        for (std::size_t i = static_cast<std::size_t>(q.offset);
             i < expected.size() && (q.limit < 0 || want.size() < static_cast<std::size_t>(q.limit)); ++i)
            want.push_back(expected[i].id.value);
        ASSERT_EQ(got, want) << "round " << round;
    }
    EXPECT_GE(nonempty, rounds / 3);
}

} // namespace

TEST_F(StoreTest, EveryFilterAndOrderAgreesWithAPlainLoop)
{
    auto store = opened();
    fill(*store, 700);
    Reader r = reader();
    agreesWithAPlainLoop(r, 600, 3);
}

// Packed blocks, what has changed in them since, and a tail; then all of it packed again under a reader's eyes.
TEST_F(StoreTest, BlocksAnswerAsRowsDo)
{
    auto store = opened();
    fill(*store, 8'500);
    Reader r = reader();
    const auto change = [&](std::int64_t from, std::int64_t step) {
        auto transaction = must(store->begin());
        for (std::int64_t id = from; id <= 8'500; id += step) {
            must(store->setReward(CandidateId(id), static_cast<double>(id * 7 % 1000) / 1000));
            must(store->setStarred(CandidateId(id), id % 3 == 0));
            must(store->setState(CandidateId(id), static_cast<CandidateState>(id % 3)));
        }
        must(store->setNote(CandidateId(from), "remarkable after all"));
        must(transaction.commit());
    };
    EXPECT_EQ(must(r.count({.text = "remarkable"})), 448);
    agreesWithAPlainLoop(r, 6, 1);
    change(5, 97); // little
    agreesWithAPlainLoop(r, 6, 2);
    change(2, 1); // much: packed again
    agreesWithAPlainLoop(r, 6, 3);
    for (std::int64_t i = 0; i < 5'000; i += 2'500) { // the tail becomes blocks
        auto transaction = must(store->begin());
        for (std::int64_t k = 0; k < 2'500; ++k)
            must(store->addCandidate(someCandidate(ExperimentId(2), 20'000 + i + k)));
        must(transaction.commit());
        EXPECT_EQ(must(r.count({})), 11'000 + i);
        change(1 + i, 41);
        agreesWithAPlainLoop(r, 3, 4);
    }
    Reader fresh = reader();
    agreesWithAPlainLoop(fresh, 6, 5);
    must(fresh.check());
    EXPECT_EQ(rowsOf(file(), "SELECT count(*), sum(size) FROM blocks"), std::vector<std::string>{"2|8192"});
}

TEST_F(StoreTest, SeveralWordsMustAllOccur)
{
    auto store = opened();
    const ExperimentId experiment = must(store->addExperiment(someExperiment()));
    for (std::int64_t i = 0; i < 40; ++i)
        must(store->addCandidate(someCandidate(experiment, i)));
    Reader r = reader();
    EXPECT_EQ(must(r.count({.text = "  merge   K=3 "})), 10);
    EXPECT_EQ(must(r.count({.text = "merge k=3 nowhere"})), 0);
}

TEST_F(StoreTest, TheSummaryCountsWhatIsThere)
{
    auto store = opened();
    fill(*store, 700);
    Reader r = reader();
    const auto all = must(r.candidates(CandidateQuery{.experiment = ExperimentId(1)}));
    const ExperimentSummary summary = must(r.summary(ExperimentId(1)));
    EXPECT_EQ(summary.candidates, static_cast<std::int64_t>(all.size()));
    const auto number = [&](auto test) { return std::count_if(all.begin(), all.end(), test); };
    EXPECT_EQ(summary.duplicates, number([](const auto& c) { return c.state == CandidateState::duplicate; }));
    EXPECT_EQ(summary.benchmarked, number([](const auto& c) { return c.latencyRatio.has_value(); }));
    EXPECT_EQ(summary.trained, number([](const auto& c) { return c.accuracy.has_value(); }));
    double best = 0;
    double fastest = 100;
    for (const auto& c : all) {
        best = std::max(best, c.accuracy.value_or(0));
        fastest = std::min(fastest, c.latencyRatio.value_or(100));
    }
    EXPECT_EQ(summary.bestAccuracy, best);
    EXPECT_EQ(summary.bestLatencyRatio, fastest);
    EXPECT_EQ(summary.bestReward, best * best);
}
