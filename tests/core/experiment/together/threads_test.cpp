// Everything at once: two search threads, evaluations in worker processes, steering, jobs that are paused, cancelled and
// tried again, marks on candidates, and readers. What ThreadSanitizer looks at; without it, that the books are right in the end.
#include "core/experiment/experiment.h"

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <random>
#include <set>
#include <thread>

namespace synoscope {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto runFor = 4s;       // at least: under ThreadSanitizer little happens in that time
constexpr std::size_t enough = 20; // candidates, and nodes

class Together : public testing::TestWithParam<bool>
{
protected:
    Together()
    {
        std::string name = (fs::temp_directory_path() / "synoscope-together-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        settings_.searchThreads = 2;
    }
    ~Together() override
    {
        experiment_.reset();
        fs::remove_all(folder_);
    }

    void create()
    {
        auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
        ASSERT_TRUE(problem) << problem.error().text();
        auto created = Experiment::create(file(), *problem, settings_, {{SEARCH_DRIVER, "worker"}});
        ASSERT_TRUE(created) << created.error().text();
        experiment_ = std::move(*created);
    }
    fs::path file() const { return folder_ / "test.synoscope"; }

    // On a thread of its own, with breaks of up to so long.
    void again(std::chrono::milliseconds longest, std::function<void(std::mt19937_64&)> action)
    {
        threads_.emplace_back([longest, action = std::move(action), seed = threads_.size()](const std::stop_token& stop) {
            std::mt19937_64 random(seed);
            while (!stop.stop_requested()) {
                action(random);
                std::this_thread::sleep_for(std::chrono::milliseconds(1 + random() % longest.count()));
            }
        });
    }

    void disturbAll()
    {
        again(80ms, [this](auto& random) { steer(random); });
        again(10ms, [this](auto& random) { handleJobs(random); });
        again(10ms, [this](auto&) { (void)experiment_->status(); });
        again(10ms, [this](auto& random) {
            (void)experiment_->candidatesBelow(1 + random() % 500);
            if (random() % 4 == 0)
                experiment_->rolloutFrom(1 + random() % 200);
        });
        again(10ms, [this, reader = std::make_shared<Reader>(std::move(*experiment_->reader()))](auto& random) {
            const auto rows = reader->candidates({.sortBy = CandidateColumn::reward, .descending = true, .limit = 20});
            ASSERT_TRUE(rows) << rows.error().text();
            if (rows->empty())
                return;
            const CandidateId id = (*rows)[random() % rows->size()].id;
            EXPECT_TRUE(experiment_->setStarred(id, random() % 2 == 0));
            EXPECT_TRUE(experiment_->setNote(id, "seen"));
        });
    }

    // What is told is kept by the test, and must be in the store in the end.
    void listen()
    {
        again(10ms, [this](auto&) {
            ExperimentChanges changes = experiment_->changes();
            for (const Error& error : changes.errors)
                if (error.message.find("It does not work.") == std::string::npos) // what the worker says of some
                    ADD_FAILURE() << error.text();
            for (const CandidateId id : changes.candidates)
                told_.insert(id.value);
        });
    }

    fs::path folder_;
    ExperimentSettings settings_;
    std::unique_ptr<Experiment> experiment_;
    std::set<std::int64_t> told_;
    std::vector<std::jthread> threads_;

private:
    void steer(std::mt19937_64& random)
    {
        if (constraints_.size() < 2) {
            static constexpr MoveKind kinds[] = {MoveKind::shift, MoveKind::merge, MoveKind::expand};
            const auto set = experiment_->constrain({SteeringAction::prune, Predicate::of(kinds[random() % std::size(kinds)])});
            if (set)
                constraints_.push_back(*set);
            return;
        }
        EXPECT_TRUE(experiment_->lift(constraints_.front()));
        constraints_.erase(constraints_.begin());
    }

    void handleJobs(std::mt19937_64& random)
    {
        const auto jobs = experiment_->jobs().snapshots();
        if (jobs.empty())
            return;
        const JobId id = jobs[random() % jobs.size()].id;
        switch (random() % 4) {
        case 0:
            experiment_->jobs().pause(id);
            break;
        case 1:
            experiment_->jobs().cancel(id);
            break;
        case 2:
            experiment_->jobs().retry(id);
            break;
        default:
            for (const JobSnapshot& job : jobs)
                experiment_->jobs().resume(job.id);
        }
        if (random() % 8 == 0) {
            experiment_->pause();
            experiment_->step();
            experiment_->start();
        }
    }

    std::vector<std::uint64_t> constraints_; // in force
};

std::map<std::uint64_t, std::array<double, 3>> nodesOf(const TreeBatch& batch)
{
    std::map<std::uint64_t, std::array<double, 3>> nodes;
    for (const NodeChange& node : batch.nodes)
        if (node.visits > 0)
            nodes[node.id] = {static_cast<double>(node.visits), node.mean, node.best};
    return nodes;
}

// Until nothing more has changed: a call tells some thousands of nodes.
std::map<std::uint64_t, std::array<double, 3>> allNodes(Experiment& experiment)
{
    std::map<std::uint64_t, std::array<double, 3>> all;
    for (;;) {
        const auto some = nodesOf(experiment.changes().tree);
        if (some.empty())
            return all;
        for (const auto& [id, values] : some)
            all[id] = values;
    }
}

TEST_P(Together, WhatWasToldIsStoredAndComesBack)
{
    settings_.benchmark = settings_.train = GetParam();
    create();
    disturbAll();
    listen();
    experiment_->start();
    std::this_thread::sleep_for(runFor);
    for (int i = 0; i < 60 && experiment_->status().candidates <= enough; ++i)
        std::this_thread::sleep_for(1s);
    threads_.clear(); // stops and joins
    experiment_->close();
    for (const CandidateId id : experiment_->changes().candidates)
        told_.insert(id.value);
    EXPECT_EQ(experiment_->status().search.inFlight, 0u);
    EXPECT_EQ(experiment_->status().waiting, 0u);
    EXPECT_GT(told_.size(), enough);
    auto reader = experiment_->reader();
    ASSERT_TRUE(reader);
    for (const std::int64_t id : told_)
        EXPECT_TRUE(reader->candidate(CandidateId(id)));
    const auto candidates = experiment_->status().candidates;
    EXPECT_EQ(*reader->count({}), static_cast<std::int64_t>(candidates));
    const auto iterations = experiment_->status().search.iterations;
    experiment_.reset();

    auto opened = Experiment::open(file(), {{SEARCH_DRIVER, "worker"}});
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ((*opened)->status().search.iterations, iterations);
    EXPECT_EQ((*opened)->status().candidates, candidates);
    const auto once = allNodes(**opened);
    EXPECT_GT(once.size(), enough);
    opened = Error{""};
    auto another = Experiment::open(file(), {{SEARCH_DRIVER, "worker"}});
    ASSERT_TRUE(another) << another.error().text();
    EXPECT_EQ(allNodes(**another), once);
}

INSTANTIATE_TEST_SUITE_P(Search, Together, testing::Bool(),
                         [](const auto& info) { return info.param ? "WithEvaluations" : "AtFullSpeed"; });

} // namespace
} // namespace synoscope
