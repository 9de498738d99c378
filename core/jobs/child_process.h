// A child process with pipes, limits, and an end that can be told in a sentence (POSIX; the limit on memory needs
// Linux).
//
// - The child leads a process group of its own; killing kills the group, so compilers started by it go too.
// - It dies when this process dies (PR_SET_PDEATHSIG). That signal follows the *thread* that forked, so all children
// are
//   started by one thread that lives as long as the process.
// - It inherits nothing but its three standard streams. Writing to a dead child is an error value, never SIGPIPE.
// - Time and memory limits are watched while somebody is in readLine, writeLine or wait, about every 20 ms. Memory is
// the
//   resident memory of the whole group, read from /proc: unlike RLIMIT_AS it does not count what CUDA and allocators
//   merely reserve; a child that allocates very fast can exceed it by what it touches in that time.
// - The destructor kills what still runs and reaps it: no zombies.
//
// A ChildProcess is used by one thread at a time.
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace synoscope {

struct ChildLimits
{
    std::optional<std::chrono::milliseconds> time{}; // from the start, or from the last restartClock()
    std::optional<std::uint64_t> memoryBytes{};
};

struct ChildCommand
{
    std::vector<std::string> words{}; // the program (searched in PATH when it has no slash) and its arguments
    std::vector<std::pair<std::string, std::string>> environment{}; // added to, or replacing, what this process has
    std::filesystem::path workingDirectory{};                       // empty: this process's
    ChildLimits limits{};
};

enum class ChildEnd : std::uint8_t
{
    exited,
    crashed,
    timeLimit,
    memoryLimit,
    killed
};

struct ChildExit
{
    ChildEnd end = ChildEnd::exited;
    int status = 0; // exit status, or the signal's number
    // Goes after the name of the program: "ended normally", "ended with status 2", "crashed: segmentation fault",
    // "was killed after 30 s, the time limit", "exceeded 4 GiB of memory", "was killed".
    std::string sentence;
    std::string errorOutput;           // the end of its standard error, at most 64 KiB
    std::uint64_t peakMemoryBytes = 0; // as far as it was watched

    bool succeeded() const { return end == ChildEnd::exited && status == 0; }
};

enum class ReadStatus : std::uint8_t
{
    line,
    closed, // the child closed its output, or was ended by a limit: wait() tells
    timeout,
    stopped, // the stop token
};

struct ReadResult
{
    ReadStatus status = ReadStatus::closed;
    std::string line{}; // without its newline; the last line may lack one
};

class ChildProcess
{
public:
    static Expected<ChildProcess> start(const ChildCommand& command);
    ~ChildProcess();
    ChildProcess(ChildProcess&&) noexcept;
    ChildProcess& operator=(ChildProcess&&) noexcept;

    // Writes the line and a newline. Fails when the child no longer reads, on a limit, or when stopped.
    Expected<void> writeLine(std::string_view line, std::stop_token stop = {});
    void closeInput();

    // The next line of standard output. Without a timeout it waits until there is one or the child ends.
    ReadResult readLine(std::optional<std::chrono::milliseconds> timeout = {}, std::stop_token stop = {});

    // Waits for the end; output that nobody read is dropped. When `stop` is requested, or the time is over, kills the
    // group.
    ChildExit wait(std::optional<std::chrono::milliseconds> timeout = {}, std::stop_token stop = {});

    void kill();                               // the whole group, at once; wait() then tells
    void restartClock();                       // the time limit counts from now
    void setLimits(const ChildLimits& limits); // and restarts the clock

    bool running();                    // reaps when it has ended
    std::uint64_t memoryBytes() const; // of the group, now
    int processId() const;

private:
    struct State;
    explicit ChildProcess(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// The usual case: run to the end, keep the output.
struct ChildOutput
{
    ChildExit exit;
    std::string output;
};
Expected<ChildOutput> runChild(const ChildCommand& command, std::string_view input = {}, std::stop_token stop = {});

} // namespace synoscope
