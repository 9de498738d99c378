#include "tests/bench/trained_rewards.h"

#include "core/graph/writer.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <iostream>

namespace synoscope {

Expected<std::unique_ptr<TrainedRewards>> TrainedRewards::open(const std::filesystem::path& table, protocol::Request request,
                                                               std::string worker)
{
    std::unique_ptr<TrainedRewards> rewards(new TrainedRewards(std::move(request), std::move(worker)));
    if (auto wrong = rewards->read(table); !wrong)
        return wrong.error();
    rewards->table_.open(table, std::ios::app);
    if (!rewards->table_)
        return Error{.message = "The table cannot be written.", .file = table.string()};
    return rewards;
}

Expected<void> TrainedRewards::read(const std::filesystem::path& table)
{
    std::ifstream file(table);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        const std::size_t tab = line.find('\t');
        double accuracy = 0;
        const char* const end = line.data() + line.size();
        if (tab == std::string::npos || std::from_chars(line.data() + tab + 1, end, accuracy).ptr != end)
            return Error{.message = "a line is to be a hash, a tab and an accuracy", .file = table.string(), .line = number};
        known_[line.substr(0, tab)] = accuracy;
    }
    return {};
}

double TrainedRewards::accuracy(const std::string& hash, const PGraph& graph)
{
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [&] { return !running_.contains(hash); });
    if (const auto known = known_.find(hash); known != known_.end())
        return known->second;
    running_.insert(hash);
    lock.unlock();
    const double accuracy = train(graph);
    lock.lock();
    running_.erase(hash);
    known_[hash] = accuracy;
    ++trainings_;
    table_ << fmt::format("{}\t{:.4f}\n", hash, accuracy) << std::flush;
    ended_.notify_all();
    return accuracy;
}

double TrainedRewards::train(const PGraph& graph)
{
    std::unique_ptr<LineWorker> worker;
    {
        std::lock_guard lock(mutex_);
        if (!free_.empty()) {
            worker = std::move(free_.back());
            free_.pop_back();
        }
    }
    if (!worker)
        worker = std::make_unique<LineWorker>("the training", ChildCommand{.words = {program_}});
    protocol::Request request = request_;
    request.operatorText = writePGraph(graph);
    double accuracy = 0;
    const RequestOutcome outcome = worker->request({.line = toJson(request)}, [&](std::string_view line) {
        const auto event = protocol::eventFromJson(line);
        if (!event)
            return LineVerdict::finished;
        if (const auto* result = std::get_if<protocol::TrainResult>(&event->what))
            accuracy = result->accuracy;
        if (const auto* failed = std::get_if<protocol::Failed>(&event->what))
            std::cerr << '\n' << failed->message << '\n';
        return event->final() ? LineVerdict::finished : LineVerdict::more;
    });
    if (!outcome.finished()) { // it says nothing about the operator
        std::cerr << '\n' << outcome.error.text() << '\n';
        std::exit(1);
    }
    std::lock_guard lock(mutex_);
    free_.push_back(std::move(worker));
    return accuracy;
}

} // namespace synoscope
