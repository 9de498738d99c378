#include "core/jobs/child_process.h"

#include "core/jobs/spawn.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds slice{20};          // how late a stop, an end or a limit may be noticed
constexpr milliseconds groupInterval{200}; // looking at all processes takes a millisecond or two
constexpr std::size_t keptErrorOutput = 64u << 10;
constexpr std::size_t longestLine = 64u << 20;

std::string durationText(milliseconds time)
{
    if (time < milliseconds(1000))
        return fmt::format("{} ms", time.count());
    if (time < milliseconds(120'000))
        return fmt::format("{:.3g} s", static_cast<double>(time.count()) / 1000);
    return fmt::format("{:.3g} min", static_cast<double>(time.count()) / 60'000);
}

std::string bytesText(std::uint64_t bytes)
{
    const double mebibytes = static_cast<double>(bytes) / (1 << 20);
    return mebibytes < 1024 ? fmt::format("{:.4g} MiB", mebibytes) : fmt::format("{:.4g} GiB", mebibytes / 1024);
}

std::string signalText(int signal)
{
    switch (signal) {
    case SIGSEGV:
        return "crashed: segmentation fault";
    case SIGABRT:
        return "crashed: it aborted itself";
    case SIGFPE:
        return "crashed: arithmetic error (a division by zero, for example)";
    case SIGILL:
        return "crashed: illegal instruction (compiled for another processor?)";
    case SIGBUS:
        return "crashed: bus error";
    case SIGKILL:
        return "was killed from outside (perhaps the system ran out of memory)";
    default:
        return fmt::format("was ended by signal {} ({})", signal, strsignal(signal));
    }
}

// Holds SIGPIPE back on this thread for a write, and takes away the one that the write made.
class WithoutPipeSignal
{
public:
    WithoutPipeSignal()
    {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        wasPending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~WithoutPipeSignal()
    {
        const timespec now{};
        if (!wasPending_) {
            while (sigtimedwait(&pipe_, nullptr, &now) < 0 && errno == EINTR) {
            }
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t pipe_;
    sigset_t before_;
    bool wasPending_;
};

} // namespace

struct ChildProcess::State
{
    std::string name;
    SpawnedChild child;
    ChildLimits limits;
    Clock::time_point clockStart = Clock::now();
    Clock::time_point lastGroupLook = Clock::now();
    std::string output;      // read, not yet asked for
    std::size_t scanned = 0; // of it, known to hold no newline
    std::string errors;
    std::uint64_t peak = 0;
    std::optional<ChildEnd> verdict; // why we killed it
    std::string verdictSentence;
    std::optional<ChildExit> exit; // reaped

    ~State()
    {
        killGroup(ChildEnd::killed, "was killed");
        reap();
    }

    void killGroup(ChildEnd why, std::string sentence)
    {
        if (exit)
            return;
        if (!verdict && !ended()) {
            verdict = why;
            verdictSentence = std::move(sentence);
        }
        ::kill(-child.pid, SIGKILL);
    }

    // Whether the leader has ended; it stays unreaped, so that its number, which is the group's, stays ours.
    bool ended() const
    {
        if (exit)
            return true;
        siginfo_t info{};
        return waitid(P_PID, static_cast<id_t>(child.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
    }

    void watchLimits();
    void readSome(Descriptor& from, bool keepOutput);
    void pump(milliseconds atMost, bool wantOutput, bool wantInput);
    void reap();
    std::optional<std::string> takeLine();
};

void ChildProcess::State::watchLimits()
{
    if (verdict || exit)
        return;
    const auto now = Clock::now();
    if (limits.time && now - clockStart > *limits.time) {
        killGroup(ChildEnd::timeLimit, fmt::format("was killed after {}, the time limit", durationText(*limits.time)));
        return;
    }
    if (!limits.memoryBytes)
        return;
    std::uint64_t used = residentBytes(child.pid);
    if (now - lastGroupLook > groupInterval) {
        used = std::max(used, residentBytesOfGroup(child.pid));
        lastGroupLook = now;
    }
    peak = std::max(peak, used);
    if (used > *limits.memoryBytes)
        killGroup(ChildEnd::memoryLimit, fmt::format("exceeded {} of memory", bytesText(*limits.memoryBytes)));
}

// What is there now. Closes the descriptor at its end.
void ChildProcess::State::readSome(Descriptor& from, bool keepOutput)
{
    char buffer[65536];
    for (int reads = 0; from.open() && reads < 64; ++reads) { // then let the limits be looked at
        const ssize_t length = read(from.number(), buffer, sizeof buffer);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 && errno == EAGAIN)
            return;
        if (length <= 0) {
            from.close();
            return;
        }
        const std::string_view bytes(buffer, static_cast<std::size_t>(length));
        if (&from == &child.errors) {
            errors += bytes;
            if (errors.size() > 2 * keptErrorOutput)
                errors.erase(0, errors.size() - keptErrorOutput);
        } else if (keepOutput) {
            output += bytes;
            if (output.size() > longestLine) {
                killGroup(ChildEnd::killed, fmt::format("was killed: it wrote more than {} that nobody could use",
                                                        bytesText(longestLine)));
                return;
            }
        }
    }
}

// Waits until something can be done, at most a slice, does it, and looks at the limits.
void ChildProcess::State::pump(milliseconds atMost, bool wantOutput, bool wantInput)
{
    pollfd waiting[3] = {{child.output.number(), POLLIN, 0},
                         {child.errors.number(), POLLIN, 0},
                         {wantInput ? child.input.number() : -1, POLLOUT, 0}};
    const auto time = std::clamp(atMost, milliseconds(0), slice);
    poll(waiting, 3, static_cast<int>(time.count())); // closed ones are negative, and skipped
    readSome(child.output, wantOutput);
    readSome(child.errors, false);
    watchLimits();
}

void ChildProcess::State::reap()
{
    if (exit)
        return;
    siginfo_t info{};
    while (waitid(P_PID, static_cast<id_t>(child.pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    readSome(child.errors, false);
    ::kill(-child.pid, SIGKILL); // what it left behind
    int status = 0;
    rusage usage{};
    while (wait4(child.pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    child.input.close();
    ChildExit result;
    result.errorOutput = errors.size() > keptErrorOutput ? errors.substr(errors.size() - keptErrorOutput) : errors;
    result.peakMemoryBytes = std::max(peak, static_cast<std::uint64_t>(usage.ru_maxrss) * 1024);
    if (verdict) {
        result.end = *verdict;
        result.status = SIGKILL;
        result.sentence = verdictSentence;
    } else if (WIFSIGNALED(status)) {
        result.end = ChildEnd::crashed;
        result.status = WTERMSIG(status);
        result.sentence = signalText(result.status);
    } else {
        result.status = WEXITSTATUS(status);
        result.sentence = result.status == 0 ? "ended normally" : fmt::format("ended with status {}", result.status);
    }
    exit = std::move(result);
}

std::optional<std::string> ChildProcess::State::takeLine()
{
    const std::size_t end = output.find('\n', scanned);
    if (end == std::string::npos) {
        scanned = output.size();
        return std::nullopt;
    }
    std::string line = output.substr(0, end);
    output.erase(0, end + 1);
    scanned = 0;
    return line;
}

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChildProcess::~ChildProcess() = default;
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;

Expected<ChildProcess> ChildProcess::start(const ChildCommand& command)
{
    auto spawned = spawn(command);
    if (!spawned)
        return spawned.error();
    auto state = std::make_unique<State>();
    state->name = command.words.front();
    state->child = std::move(*spawned);
    state->limits = command.limits;
    return ChildProcess(std::move(state));
}

Expected<void> ChildProcess::writeLine(std::string_view line, std::stop_token stop)
{
    State& s = *state_;
    std::string text(line);
    text += '\n';
    for (std::size_t written = 0; written < text.size();) {
        if (stop.stop_requested())
            return Error{fmt::format("writing to {} was cancelled", s.name)};
        if (s.verdict)
            return Error{fmt::format("{} {}", s.name, s.verdictSentence)};
        if (!s.child.input.open())
            return Error{fmt::format("{} no longer reads what it is sent", s.name)};
        ssize_t length = 0;
        int why = 0;
        {
            const WithoutPipeSignal quiet;
            length = write(s.child.input.number(), text.data() + written, text.size() - written);
            why = errno;
        }
        if (length >= 0)
            written += static_cast<std::size_t>(length);
        else if (why == EAGAIN)
            s.pump(slice, true, true); // reading meanwhile, or both sides might wait for each other
        else if (why != EINTR)
            s.child.input.close();
    }
    return {};
}

void ChildProcess::closeInput()
{
    state_->child.input.close();
}

ReadResult ChildProcess::readLine(std::optional<milliseconds> timeout, std::stop_token stop)
{
    State& s = *state_;
    const auto begin = Clock::now();
    for (;;) {
        if (auto line = s.takeLine())
            return {ReadStatus::line, std::move(*line)};
        if (!s.child.output.open()) {
            if (s.output.empty())
                return {ReadStatus::closed};
            s.scanned = 0;
            return {ReadStatus::line, std::exchange(s.output, {})};
        }
        if (stop.stop_requested())
            return {ReadStatus::stopped};
        const auto passed = std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
        if (timeout && passed >= *timeout)
            return {ReadStatus::timeout};
        // Asked before reading: after the end nothing of the child's own can come, and what a process that it left
        // behind may yet write is not waited for.
        const bool over = s.ended();
        s.pump(over ? milliseconds(0) : (timeout ? *timeout - passed : slice), true, false);
        if (over) {
            s.readSome(s.child.output, true);
            s.child.output.close();
        }
    }
}

ChildExit ChildProcess::wait(std::optional<milliseconds> timeout, std::stop_token stop)
{
    State& s = *state_;
    const auto begin = Clock::now();
    while (!s.ended()) {
        if (stop.stop_requested() || (timeout && Clock::now() - begin >= *timeout))
            kill();
        s.pump(slice, false, false);
    }
    s.reap();
    return *s.exit;
}

void ChildProcess::kill()
{
    state_->killGroup(ChildEnd::killed, "was killed");
}

void ChildProcess::restartClock()
{
    state_->clockStart = Clock::now();
}

void ChildProcess::setLimits(const ChildLimits& limits)
{
    state_->limits = limits;
    restartClock();
}

bool ChildProcess::running()
{
    if (!state_->ended())
        return true;
    state_->reap();
    return false;
}

std::uint64_t ChildProcess::memoryBytes() const
{
    return state_->exit ? 0 : residentBytesOfGroup(state_->child.pid);
}

int ChildProcess::processId() const
{
    return state_->child.pid;
}

Expected<ChildOutput> runChild(const ChildCommand& command, std::string_view input, std::stop_token stop)
{
    auto child = ChildProcess::start(command);
    if (!child)
        return child.error();
    if (!input.empty())
        (void)child->writeLine(input, stop); // a child that needs less than it is given is right to leave early
    child->closeInput();
    ChildOutput result;
    for (;;) {
        ReadResult read = child->readLine({}, stop);
        if (read.status != ReadStatus::line)
            break;
        result.output += read.line;
        result.output += '\n';
    }
    result.exit = child->wait({}, stop);
    return result;
}

} // namespace synoscope
