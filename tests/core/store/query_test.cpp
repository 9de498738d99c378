// Candidates for a table: filters and orders against a plain loop over all of them, and at the size of a large
// experiment.
#include "support.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <random>

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
    if (!q.text.empty() && lower(c.hash + ' ' + c.moves + ' ' + c.note).find(lower(q.text)) == std::string::npos)
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

TEST_F(StoreTest, EveryFilterAndOrderAgreesWithAPlainLoop)
{
    auto store = opened();
    fill(*store, 700);
    Reader r = reader();
    const auto all = must(r.candidates(CandidateQuery{}));
    ASSERT_EQ(all.size(), 700u);
    std::mt19937 random(3);
    const auto chance = [&](unsigned n) { return random() % n == 0; };
    const std::vector<std::string> texts{"unfold", "K=4", "w0.1 ", "remarkable", "%", "' OR 1 --", "9e37", "_"};
    int nonempty = 0;
    for (int round = 0; round < 600; ++round) {
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
        std::string expectedText = q.text;
        std::vector<CandidateRecord> expected;
        CandidateQuery plain = q;
        plain.text.erase(std::find_if(plain.text.rbegin(), plain.text.rend(), [](char c) { return c != ' '; }).base(),
                         plain.text.end());
        if (plain.text == "' OR 1 --") // several words: each must occur, and none does
            plain.text = "' or";
        for (const CandidateRecord& c : all) {
            if (matches(c, plain))
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
    EXPECT_GT(nonempty, 200);
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

// The figures are printed, not asserted: they depend on the build and the machine.
TEST_F(StoreTest, AHundredThousandCandidatesAreAnsweredInFull)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr std::int64_t size = 10'000; // ten times as slow there
#else
    constexpr std::int64_t size = 100'000;
#endif
    constexpr std::size_t ofOne = size * 9 / 10;
    using Clock = std::chrono::steady_clock;
    const auto timed = [](const char* what, auto action) {
        const auto begin = Clock::now();
        auto result = action();
        std::printf("%8.1f ms  %s\n", std::chrono::duration<double, std::milli>(Clock::now() - begin).count(), what);
        return result;
    };
    {
        auto store = opened();
        timed("fill, in one transaction", [&] { return fill(*store, size), 0; });
        timed("store 1000 more, each durable by itself", [&] {
            for (std::int64_t i = 0; i < 1000; ++i)
                must(store->addCandidate(someCandidate(ExperimentId(2), size + i)));
            return 0;
        });
    }
    std::printf("%8.1f MB\n", static_cast<double>(std::filesystem::file_size(file())) / 1e6);
    auto store = timed("open for writing", [&] { return opened(); });
    Reader r = timed("open for reading", [&] { return reader(); });
    const ExperimentId one(1);
    const auto ids = [&](CandidateQuery q) { return must(r.candidateIds(q)); };
    EXPECT_EQ(timed("all ids", [&] { return ids({.experiment = one}); }).size(), ofOne);
    for (int column = 0; column <= static_cast<int>(CandidateColumn::state); ++column) {
        for (const bool descending : {false, true}) {
            const auto name = "all ids by column " + std::to_string(column) + (descending ? ", descending" : "");
            const CandidateQuery q{
                .experiment = one, .sortBy = static_cast<CandidateColumn>(column), .descending = descending};
            EXPECT_EQ(timed(name.c_str(), [&] { return ids(q); }).size(), ofOne);
        }
    }
    timed("ids by text, common",
          [&] { return ids({.experiment = one, .text = "unfold", .sortBy = CandidateColumn::reward}); });
    timed("ids by text, rare",
          [&] { return ids({.experiment = one, .text = "remarkable k=3", .sortBy = CandidateColumn::reward}); });
    timed("ids by range, by accuracy", [&] {
        return ids({.experiment = one,
                    .ranges = {{CandidateColumn::flopsRatio, 0.2, 0.5}, {CandidateColumn::latencyRatio, {}, 0.9}},
                    .sortBy = CandidateColumn::accuracy,
                    .descending = true});
    });
    timed("ids of all experiments by reward",
          [&] { return ids({.sortBy = CandidateColumn::reward, .descending = true}); });
    timed("count by text", [&] { return must(r.count({.experiment = one, .text = "unfold"})); });
    const auto page = timed("page of 50 by reward, deep down", [&] {
        return must(r.candidates({.experiment = one,
                                  .sortBy = CandidateColumn::reward,
                                  .descending = true,
                                  .offset = size * 8 / 10,
                                  .limit = 50}));
    });
    EXPECT_EQ(page.size(), 50u);
    EXPECT_EQ(timed("summary", [&] { return must(r.summary(one)); }).candidates, static_cast<std::int64_t>(ofOne));
}
