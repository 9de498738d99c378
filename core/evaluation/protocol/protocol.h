// What is asked of a worker process and what it answers (DESIGN 5.3), as JSON lines: one object a line, UTF-8, no line
// break inside.
//
//     parent --- Request, Control ---> stdin  of  `synoscope-cli worker`
//     parent <--- Events ------------- stdout of it
//
// One request at a time. While a job runs, the worker reads controls; they name the job by its id, and one for another id
// is ignored. Every bench, train or proxies request is answered by `started`, any number of `progress` and `epoch` (and `paused`:
// from here on it waits, until it is told to resume; the batch under way when it was told to pause is done), and exactly
// one of `bench_result`, `train_result`, `proxy_result`, `failed`, `cancelled`. A ping is answered by `pong` (also while a job runs).
// `quit` and the end of stdin end the worker; a running job is abandoned. A line that cannot be read, and a request
// while a job runs, are answered by `failed` with the line's id, or id 0 where there is none.
//
//   {"type":"request","id":7,"kind":"bench","operator":"pgraph 1\n...","backbone":"resnet8","threads":1,"repeats":20,"min_seconds":0.5}
//   {"type":"request","id":8,"kind":"train","operator":"pgraph 1\n...","backbone":"resnet8","dataset":"builtin10-16","epochs":3,"seed":1}
//   {"type":"control","id":8,"action":"cancel"}
//   {"type":"progress","id":8,"fraction":0.4,"message":"epoch 2 of 3"}
//   {"type":"epoch","id":8,"index":1,"loss":1.71,"accuracy":0.44,"seconds":1.3,"waiting":0.002}
//   {"type":"failed","id":8,"message":"The loss became infinite in epoch 1.","details":""}
//
// Unknown keys are ignored (a newer program may talk to an older worker); missing ones take the defaults below, except
// `id`, `kind` and what the kind needs.
#pragma once

#include "core/base/error.h"
#include "core/evaluation/protocol/train_recipe.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace synoscope::protocol {

enum class RequestKind { bench, train, proxies, ping, quit };

// What can run an operator in a benchmark: the lowered operator, the same without the library's convolutions, the same as
// a frozen script, kernels of our own, Halide with our schedule, and with each of its own schedulers.
inline constexpr std::array<std::string_view, 8> benchBackends{
    "libtorch", "einsum", "torchscript", "cpp", "halide", "halide-adams", "halide-li", "halide-mullapudi"};

struct Request
{
    std::int64_t id = 0; // chosen by the parent, positive
    RequestKind kind = RequestKind::ping;

    // bench, train, proxies
    std::string operatorText; // .pgraph; empty: the original network (the baseline itself)
    std::string backbone;     // bench: empty means the operator's own bindings, against a convolution of its shapes
    int threads = 1;          // a worker keeps the count of its first job: another count needs another worker
    double maxSeconds = 0;        // the job fails when it takes longer; 0: no limit
    std::int64_t maxBytes = 0;    // of the worker's memory; 0: no limit

    // bench (on the device of the recipe below): a measurement takes at least `repeats` runs of each side, and goes on until `minSeconds` are spent on it
    int repeats = 20;
    double minSeconds = 0.5;
    std::string backend = "libtorch"; // one of benchBackends

    // train, proxies (of a first batch)
    std::string dataset = "builtin10-16"; // "cifar10:/a/folder" (core/data/data_set.h)
    std::uint64_t seed = 1;
    int trainImages = 0; // 0: the data set's default
    int testImages = 0;
    TrainRecipe recipe{}; // its members are members of the line

    // train
    int epochs = 3;     // the schedule's length
    int untilEpoch = 0; // training ends here, to be resumed; 0: with the last
    std::vector<Milestone> milestones{}; // below one of them the job ends early, as a result
    // A file that the training's state is written to after every epoch, once a minute, and when it is cancelled; empty: none.
    std::string checkpoint{};
    bool resume = false;  // from that file, where it is there: the figures are those of a training without a break
    bool restart = false; // begin anew where the file is damaged or of other settings, instead of failing

    friend bool operator==(const Request&, const Request&) = default;
};

enum class Action { cancel, pause, resume };

struct Control
{
    std::int64_t id = 0; // the request's
    Action action = Action::cancel;
    friend bool operator==(const Control&, const Control&) = default;
};

using Message = std::variant<Request, Control>;

// --- answers ---

struct Started
{
    friend bool operator==(const Started&, const Started&) = default;
};

struct Progress
{
    double fraction = 0; // of the job, in [0, 1]
    std::string message;
    friend bool operator==(const Progress&, const Progress&) = default;
};

struct Epoch
{
    int index = 0; // from 1
    double loss = 0;     // mean training loss
    double accuracy = 0; // on the test images, in [0, 1]
    double seconds = 0;
    double waiting = 0; // share of it that was spent waiting for data, in [0, 1]
    friend bool operator==(const Epoch&, const Epoch&) = default;
};

// Where figures were taken: a measurement says nothing without it.
struct Environment
{
    std::string cpu, libtorch, blas, compiler;
    std::string device = "cpu";
    int threads = 1;
    std::string warning; // a sentence when something slows the machine down (the reference BLAS); usually empty
    friend bool operator==(const Environment&, const Environment&) = default;
};

struct BenchBinding
{
    std::string label; // "C_in=64 C_out=64 H=56 W=56"
    int count = 1;     // how often the backbone has this slot
    double medianUs = 0, p10Us = 0, p90Us = 0; // microseconds of one forward pass
    double gflops = 0; // of the operator's own FLOPs, per second
    double peakGflops = 0; // of as many threads, measured in turns with it; 0: not known, as there is no compiler
    double bytes = 0;  // of input, weights and output together: what it moves at least
    double copyUs = 0; // of copying as many bytes (half of them read, half written) by as many threads
    double baselineUs = 0, baselineP10Us = 0, baselineP90Us = 0;
    double ratio = 0; // medianUs / baselineUs: below 1 is faster than the baseline (as with flops_ratio)
    double ratioLow = 0, ratioHigh = 0; // where it lies with a confidence of 95 % (timing.h)
    int repeats = 0;
    int disturbed = 0; // runs left out: the system had taken the processor away meanwhile
    std::string baseline{}; // which of the library's forms was the fastest
    friend bool operator==(const BenchBinding&, const BenchBinding&) = default;
};

struct BenchResult
{
    std::vector<BenchBinding> bindings;
    double ratio = 0; // sum of count * medianUs over sum of count * baselineUs
    double ratioLow = 0, ratioHigh = 0; // where it lies with a confidence of 95 %
    double peakGflops = 0; // the most of the bindings'
    // One pass through the whole backbone with the operator in all slots, against the original; without a backbone: none.
    std::optional<BenchBinding> network{};
    Environment environment;
    double seconds = 0;
    friend bool operator==(const BenchResult&, const BenchResult&) = default;
};

struct TrainResult
{
    double accuracy = 0; // of the last epoch, on the test images
    std::vector<Epoch> epochs; // those before a break too
    std::int64_t parameters = 0; // of the network with the operator in place
    double seconds = 0;
    bool stoppedEarly = false; // by a milestone
    friend bool operator==(const TrainResult&, const TrainResult&) = default;
};

// How promising a network is before it is trained; more is better. NaN where a score is beyond all numbers.
struct ProxyResult
{
    double gradientNorm = 0;
    double synflow = 0; // its logarithm
    double naswot = 0;
    double seconds = 0; // of all three
    friend bool operator==(const ProxyResult&, const ProxyResult&) = default;
};

// "gradient-norm", "synflow", "naswot".
inline constexpr std::array<std::string_view, 3> proxyNames{"gradient-norm", "synflow", "naswot"};
double scoreOf(const ProxyResult& result, std::string_view proxy);

struct Failed
{
    std::string message; // a sentence
    std::string details; // for the log
    friend bool operator==(const Failed&, const Failed&) = default;
};

struct Cancelled
{
    friend bool operator==(const Cancelled&, const Cancelled&) = default;
};

struct Paused
{
    friend bool operator==(const Paused&, const Paused&) = default;
};

struct Pong
{
    friend bool operator==(const Pong&, const Pong&) = default;
};

struct Event
{
    std::int64_t id = 0;
    std::variant<Started, Progress, Epoch, BenchResult, TrainResult, ProxyResult, Failed, Cancelled, Paused, Pong> what;

    bool final() const; // the request's last event
    friend bool operator==(const Event&, const Event&) = default;
};

// One line, without the line break. Text that is no UTF-8 is repaired; numbers that are not finite are written as null.
std::string toJson(const Request& request);
std::string toJson(const Control& control);
std::string toJson(const Event& event);

// An unknown, malformed or impossible line is an error with one sentence; `details` holds the line's beginning.
Expected<Message> messageFromJson(std::string_view line);
Expected<Event> eventFromJson(std::string_view line);

// The id in a line that messageFromJson refused, 0 when it has none: so that the refusal can be addressed.
std::int64_t idInJson(std::string_view line);

std::string_view toString(RequestKind kind);
std::string_view toString(Action action);

} // namespace synoscope::protocol
