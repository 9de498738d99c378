// Rewards by real training, kept in a table: search algorithms ask for the same operators again and again, and for each a
// training in earnest is paid once. The table is a text file of lines "HASH<tab>ACCURACY", where hash is the canonical one; it
// belongs to one problem and one recipe, and is added to as soon as a training ends, so that a break loses nothing.
#pragma once

#include "core/base/error.h"
#include "core/evaluation/protocol/protocol.h"
#include "core/graph/pgraph.h"
#include "core/jobs/line_worker.h"

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace synoscope {

class TrainedRewards
{
public:
    // The table may be missing: it is made. The request says how long and on what is trained; `worker` is the program that trains.
    static Expected<std::unique_ptr<TrainedRewards>> open(const std::filesystem::path& table, protocol::Request request,
                                                          std::string worker);

    // On the test images, in [0, 1]; an operator that cannot be trained has 0. Thread-safe: as many trainings at once as threads ask.
    double accuracy(const std::string& hash, const PGraph& graph);

    std::size_t trainings() const { return trainings_; } // since it was opened

private:
    TrainedRewards(protocol::Request request, std::string worker) : request_(std::move(request)), program_(std::move(worker)) {}
    Expected<void> read(const std::filesystem::path& table);
    double train(const PGraph& graph);

    protocol::Request request_;
    std::string program_;
    std::mutex mutex_;
    std::condition_variable ended_; // a training that another thread waited for
    std::unordered_map<std::string, double> known_;
    std::unordered_set<std::string> running_;
    std::vector<std::unique_ptr<LineWorker>> free_;
    std::ofstream table_;
    std::size_t trainings_ = 0;
};

} // namespace synoscope
