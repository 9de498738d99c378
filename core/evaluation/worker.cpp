// Two threads: this one works; a reader takes lines from the parent, turns controls into flags of the running job, and
// answers what needs no work.
#include "core/evaluation/worker.h"

#include "core/evaluation/benchmark.h"
#include "core/evaluation/environment.h"
#include "core/evaluation/line_pipe.h"
#include "core/evaluation/proxies.h"
#include "core/evaluation/training.h"
#include "core/graph/reader.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <optional>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace synoscope {

namespace {

using namespace protocol;

// The private writable memory that the process has taken so far, in bytes.
std::int64_t memoryTaken()
{
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmData:"))
            return 1024 * std::strtoll(line.c_str() + 7, nullptr, 10);
    return 0;
}

// While it lives, the process can take that much more memory than it has; then allocation fails, which ends the job only.
class MemoryLimit
{
public:
    explicit MemoryLimit(std::int64_t bytes)
    {
        if (bytes <= 0 || getrlimit(RLIMIT_DATA, &before_) != 0)
            return;
        rlimit limit = before_;
        limit.rlim_cur = std::min<rlim_t>(before_.rlim_max, static_cast<rlim_t>(memoryTaken() + bytes));
        set_ = setrlimit(RLIMIT_DATA, &limit) == 0;
    }
    ~MemoryLimit()
    {
        if (set_)
            setrlimit(RLIMIT_DATA, &before_);
    }
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;

private:
    rlimit before_{};
    bool set_ = false;
};

class Worker
{
public:
    Worker(int in, int out) : in_(in), out_(out) {}

    int run()
    {
        std::thread reader([this] { readMessages(); });
        while (const auto request = nextRequest())
            work(*request);
        reader.join();
        return 0;
    }

private:
    void answer(std::int64_t id, decltype(Event::what) what) { out_.writeLine(toJson(Event{id, std::move(what)})); }

    // --- the reader's side ---

    void readMessages()
    {
        while (const auto line = in_.readLine()) {
            if (line->empty())
                continue;
            const auto message = messageFromJson(*line);
            if (!message)
                answer(idInJson(*line), Failed{message.error().message, message.error().details});
            else if (const auto* request = std::get_if<Request>(&*message)) {
                if (request->kind == RequestKind::quit)
                    break;
                take(*request);
            } else {
                apply(std::get<Control>(*message));
            }
        }
        leave();
    }

    void take(const Request& request)
    {
        if (request.kind == RequestKind::ping)
            return answer(request.id, Pong{});
        std::unique_lock lock(mutex_);
        if (running_) {
            lock.unlock();
            return answer(request.id, Failed{"The worker is busy with another job; it takes one at a time.", ""});
        }
        running_ = request;
        control_ = std::make_shared<JobControl>([this, id = request.id] { answer(id, Paused{}); });
        waiting_ = true;
        changed_.notify_all();
    }

    void apply(const Control& control)
    {
        const std::scoped_lock lock(mutex_);
        if (!running_ || running_->id != control.id)
            return; // that job is over: the answer has crossed the question
        switch (control.action) {
        case Action::cancel: return control_->cancel();
        case Action::pause: return control_->pause();
        case Action::resume: return control_->resume();
        }
    }

    // Nobody listens any more. A job looks at its control between batches; one that does not is ended with the process.
    void leave()
    {
        std::unique_lock lock(mutex_);
        leaving_ = true;
        if (control_)
            control_->cancel();
        changed_.notify_all();
        if (!changed_.wait_for(lock, std::chrono::seconds(2), [this] { return !running_ || waiting_; }))
            _exit(0);
    }

    // --- the working side ---

    std::optional<Request> nextRequest()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_ || leaving_; });
        if (leaving_)
            return std::nullopt;
        waiting_ = false;
        return running_;
    }

    void work(const Request& request)
    {
        answer(request.id, Started{});
        decltype(Event::what) result = outcome(request);
        {
            // Before the answer, so that whoever has it may ask again at once.
            const std::scoped_lock lock(mutex_);
            running_.reset();
            changed_.notify_all();
        }
        answer(request.id, std::move(result));
    }

    decltype(Event::what) outcome(const Request& request)
    {
        if (threads_ == 0) {
            threads_ = request.threads;
            setThreads(threads_);
        }
        if (threads_ != request.threads)
            return Failed{fmt::format("This worker computes with {} thread(s); changing that in a process spoils its measurements. "
                                      "Start another worker for {}.", threads_, request.threads), ""};
        std::optional<PGraph> graph;
        if (!request.operatorText.empty()) {
            auto parsed = parsePGraph(request.operatorText, "operator");
            if (!parsed)
                return Failed{parsed.error().text(), parsed.error().details};
            graph = std::move(*parsed);
        }
        const MemoryLimit limit(request.maxBytes);
        return request.kind == RequestKind::bench ? runBench(request, graph) : runTraining(request, graph);
    }

    decltype(Event::what) runBench(const Request& request, const std::optional<PGraph>& graph)
    {
        const BenchSettings settings{.backbone = request.backbone, .repeats = request.repeats,
                                     .minSeconds = request.minSeconds, .maxSeconds = request.maxSeconds,
                                     .device = request.recipe.device, .backend = request.backend};
        return widen(bench(graph, settings, *control_, progressOf(request)));
    }

    decltype(Event::what) runTraining(const Request& request, const std::optional<PGraph>& graph)
    {
        const TrainSettings settings{.backbone = request.backbone, .dataset = request.dataset, .seed = request.seed,
                                     .trainImages = request.trainImages, .testImages = request.testImages,
                                     .recipe = request.recipe, .epochs = request.epochs, .untilEpoch = request.untilEpoch,
                                     .milestones = request.milestones, .maxSeconds = request.maxSeconds,
                                     .checkpoint = request.checkpoint, .resume = request.resume, .restart = request.restart};
        if (request.kind == RequestKind::proxies)
            return widen(proxies(graph, settings, *control_));
        const TrainObserver observer{.progress = progressOf(request),
                                     .epoch = [this, id = request.id](const Epoch& epoch) { answer(id, epoch); }};
        return widen(train(graph, settings, *control_, observer));
    }

    BenchProgress progressOf(const Request& request)
    {
        return [this, id = request.id](double fraction, const std::string& message) { answer(id, Progress{fraction, message}); };
    }

    template <typename Outcome>
    static decltype(Event::what) widen(Outcome outcome)
    {
        return std::visit([](auto& value) -> decltype(Event::what) { return std::move(value); }, outcome);
    }

    LineReader in_;
    LineWriter out_;
    int threads_ = 0; // 0: no job so far

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Request> running_; // from its arrival to its answer
    std::shared_ptr<JobControl> control_;
    bool waiting_ = false; // running_ has not been begun
    bool leaving_ = false;
};

} // namespace

int workerMain(int in, int out)
{
    std::signal(SIGPIPE, SIG_IGN); // a parent that has gone shows as a failed write, then as the end of `in`
    tuneAllocator();
    return Worker(in, out).run();
}

} // namespace synoscope
