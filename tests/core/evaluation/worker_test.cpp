// The worker as a process of its own, spoken to as the scheduler does.
#include "core/base/random.h"
#include "core/evaluation/line_pipe.h"
#include "core/evaluation/protocol/protocol.h"
#include "tests/core/evaluation/operators.h"

#include <csignal>
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace synoscope;
using namespace synoscope::protocol;
using testing::HasSubstr;

namespace {

class WorkerProcess
{
public:
    WorkerProcess()
    {
        std::array<int, 2> in{};
        std::array<int, 2> out{};
        if (pipe(in.data()) != 0 || pipe(out.data()) != 0)
            std::abort();
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, in[0], 0);
        posix_spawn_file_actions_adddup2(&actions, out[1], 1);
        for (const int descriptor : {in[0], in[1], out[0], out[1]})
            posix_spawn_file_actions_addclose(&actions, descriptor);
        std::string path = SYNOSCOPE_BINARY_DIR "/bin/evaluation_worker";
        char* arguments[] = {path.data(), nullptr};
        EXPECT_EQ(posix_spawn(&process_, path.c_str(), &actions, nullptr, arguments, environ), 0);
        posix_spawn_file_actions_destroy(&actions);
        close(in[0]);
        close(out[1]);
        input_ = in[1];
        reader_.emplace(out[0]);
        writer_.emplace(input_);
        output_ = out[0];
    }
    ~WorkerProcess()
    {
        end();
        close(output_);
    }

    void send(const std::string& line) { writer_->writeLine(line); }

    // The next event, progress left out; nothing when the worker has closed its output.
    std::optional<Event> event()
    {
        while (const auto line = reader_->readLine()) {
            auto event = eventFromJson(*line);
            if (!event) {
                ADD_FAILURE() << *line;
                return std::nullopt;
            }
            if (!std::holds_alternative<Progress>(event->what))
                return *event;
        }
        return std::nullopt;
    }
    std::optional<Event> finalEvent()
    {
        auto answer = event();
        while (answer && !answer->final())
            answer = event();
        return answer;
    }

    void closeInput()
    {
        if (input_ >= 0)
            close(std::exchange(input_, -1));
    }

    // Closes its input and waits; the exit status, or minus the signal.
    int end()
    {
        closeInput();
        if (process_ > 0) {
            waitpid(process_, &status_, 0);
            process_ = -1;
        }
        return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
    }

private:
    pid_t process_ = -1;
    int input_ = -1, output_ = -1;
    int status_ = 0;
    std::optional<LineReader> reader_;
    std::optional<LineWriter> writer_;
};

Request trainRequest(std::int64_t id, int epochs = 2)
{
    Request request;
    request.id = id;
    request.kind = RequestKind::train;
    request.operatorText = conv2dText;
    request.backbone = "resnet8";
    request.epochs = epochs;
    request.trainImages = 512;
    request.testImages = 128;
    return request;
}

std::string failure(const std::optional<Event>& event)
{
    const auto* failed = event ? std::get_if<Failed>(&event->what) : nullptr;
    return failed ? failed->message : "no failure";
}

TEST(Worker, TrainsAndMeasuresOneJobAfterTheOther)
{
    WorkerProcess worker;
    worker.send(toJson(trainRequest(1)));
    std::vector<Epoch> epochs;
    auto event = worker.event();
    ASSERT_TRUE(event);
    EXPECT_EQ(*event, (Event{1, Started{}}));
    for (event = worker.event(); event && !event->final(); event = worker.event())
        epochs.push_back(std::get<Epoch>(event->what));
    ASSERT_TRUE(event);
    EXPECT_EQ(std::get<TrainResult>(event->what).epochs, epochs);
    EXPECT_EQ(epochs.size(), 2u);

    Request bench{.id = 2, .kind = RequestKind::bench, .operatorText = conv2dText, .backbone = "resnet8", .minSeconds = 0.02};
    worker.send(toJson(bench));
    event = worker.finalEvent();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->id, 2);
    EXPECT_EQ(std::get<BenchResult>(event->what).bindings.size(), 5u);
    EXPECT_EQ(worker.end(), 0);
}

TEST(Worker, AJobCanBePausedResumedAndCancelledWhileItRuns)
{
    WorkerProcess worker;
    worker.send(toJson(trainRequest(5, 100'000)));
    ASSERT_TRUE(std::holds_alternative<Started>(worker.event()->what));
    ASSERT_TRUE(std::holds_alternative<Epoch>(worker.event()->what));
    worker.send(toJson(Control{5, Action::pause}));
    worker.send(toJson(Control{4, Action::cancel})); // another job: ignored
    worker.send(R"({"type":"request","id":6,"kind":"ping"})");
    auto event = worker.event();
    bool ponged = false;
    for (; event && !std::holds_alternative<Paused>(event->what); event = worker.event())
        ponged = ponged || *event == Event{6, Pong{}}; // else an epoch that was under way
    ASSERT_TRUE(event);
    EXPECT_EQ(event->id, 5);
    if (!ponged) {
        EXPECT_EQ(*worker.event(), (Event{6, Pong{}}));
    }
    worker.send(toJson(trainRequest(7)));
    event = worker.event();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->id, 7);
    EXPECT_THAT(failure(event), HasSubstr("busy"));
    worker.send(toJson(Control{5, Action::resume}));
    ASSERT_TRUE(std::holds_alternative<Epoch>(worker.event()->what));
    worker.send(toJson(Control{5, Action::cancel}));
    event = worker.finalEvent();
    ASSERT_TRUE(event);
    EXPECT_EQ(*event, (Event{5, Cancelled{}}));
    worker.send(toJson(trainRequest(8, 1))); // and it lives on
    EXPECT_TRUE(std::holds_alternative<TrainResult>(worker.finalEvent()->what));
}

TEST(Worker, BadLinesAndBadRequestsAreAnsweredAndSurvived)
{
    WorkerProcess worker;
    worker.send("nonsense");
    auto event = worker.event();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->id, 0);
    EXPECT_THAT(failure(event), HasSubstr("no JSON object"));
    worker.send(R"({"type":"request","id":3,"kind":"train"})");
    event = worker.event();
    EXPECT_EQ(event->id, 3);
    EXPECT_THAT(failure(event), HasSubstr("backbone"));

    Request request = trainRequest(4);
    request.operatorText = "pgraph 1\nname x\ninput n:N\n";
    worker.send(toJson(request));
    EXPECT_THAT(failure(worker.finalEvent()), HasSubstr("operator:3"));
    request = trainRequest(5);
    request.threads = 2; // the first job that was begun had one
    worker.send(toJson(request));
    EXPECT_THAT(failure(worker.finalEvent()), HasSubstr("Start another worker"));
    EXPECT_EQ(worker.end(), 0);
}

TEST(Worker, TooLittleMemoryFailsTheJobAndNotTheWorker)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "A sanitizer's own memory exceeds the limit, and then it ends the process.";
#endif
    WorkerProcess worker;
    Request request = trainRequest(1, 1);
    request.recipe.batchSize = 512;
    request.maxBytes = 8 << 20;
    worker.send(toJson(request));
    EXPECT_THAT(failure(worker.finalEvent()), HasSubstr("memory"));
    worker.send(toJson(trainRequest(2, 1)));
    EXPECT_TRUE(std::holds_alternative<TrainResult>(worker.finalEvent()->what));
}

TEST(Worker, TheEndOfItsInputEndsItEvenDuringAJob)
{
    WorkerProcess worker;
    worker.send(toJson(trainRequest(1, 100'000)));
    ASSERT_TRUE(worker.event());
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(worker.end(), 0);
    EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 4);
}

TEST(Worker, QuitEndsIt)
{
    WorkerProcess worker;
    worker.send(R"({"type":"request","id":1,"kind":"quit"})");
    EXPECT_FALSE(worker.event());
    EXPECT_EQ(worker.end(), 0);
}

TEST(LinePipe, LinesOfAnyLengthArriveAndTooLongOnesAreCut)
{
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const std::string longLine(LineReader::maxLine + 100'000, 'x');
    std::thread writer([&] {
        LineWriter out(ends[1]);
        for (const auto* line : {"", "short"})
            out.writeLine(line);
        out.writeLine(longLine);
        out.writeLine("after");
        [[maybe_unused]] const auto written = write(ends[1], "unfinished", 10);
        close(ends[1]);
    });
    LineReader in(ends[0]);
    EXPECT_EQ(in.readLine(), "");
    EXPECT_EQ(in.readLine(), "short");
    EXPECT_EQ(in.readLine()->size(), LineReader::maxLine);
    EXPECT_EQ(in.readLine(), "after");
    EXPECT_EQ(in.readLine(), "unfinished");
    EXPECT_EQ(in.readLine(), std::nullopt);
    writer.join();
    close(ends[0]);
}

} // namespace
