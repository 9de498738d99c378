// An experiment on the tiny problem in a folder of its own, for each test.
#pragma once

#include "core/experiment/experiment.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <thread>

namespace synoscope {

using namespace std::chrono_literals;

class ExperimentTest : public testing::Test
{
protected:
    ExperimentTest()
    {
        std::string name = (std::filesystem::temp_directory_path() / "synoscope-experiment-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        settings_.benchmark = false;
        settings_.train = false; // rewards follow from the FLOPs
    }
    ~ExperimentTest() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file() const { return folder_ / "test.synoscope"; }

    static WorkerSettings workers()
    {
        return {{SYNOSCOPE_BINARY_DIR "/libexec/synoscope/synoscope-worker", "worker"}};
    }

    // One that takes requests and never answers.
    static WorkerSettings deafWorkers() { return {{"/bin/sh", "-c", "while read line; do :; done"}}; }

    std::unique_ptr<Experiment> create(WorkerSettings by = workers())
    {
        auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
        EXPECT_TRUE(problem) << problem.error().text();
        auto experiment = Experiment::create(file(), *problem, settings_, std::move(by));
        EXPECT_TRUE(experiment) << experiment.error().text();
        return std::move(*experiment);
    }

    std::unique_ptr<Experiment> open(WorkerSettings by = workers())
    {
        auto experiment = Experiment::open(file(), std::move(by));
        EXPECT_TRUE(experiment) << experiment.error().text();
        return std::move(*experiment);
    }

    template <typename Condition>
    static bool eventually(Condition&& condition, std::chrono::seconds atMost = 120s)
    {
        const auto end = std::chrono::steady_clock::now() + atMost;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            std::this_thread::sleep_for(5ms);
        }
        return true;
    }

    static void runIterations(Experiment& experiment, std::uint64_t iterations)
    {
        std::vector<std::unique_ptr<StopCondition>> stops;
        stops.push_back(stopAfterIterations(experiment.status().search.iterations + iterations));
        experiment.setStops(std::move(stops));
        experiment.start();
        EXPECT_TRUE(eventually([&] { return !experiment.running(); }));
    }

    std::filesystem::path folder_;
    ExperimentSettings settings_;
};

} // namespace synoscope
