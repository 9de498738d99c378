#include "core/jobs/spawn.h"

#include <fmt/format.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <mutex>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace synoscope {

void Descriptor::close()
{
    if (number_ >= 0)
        ::close(std::exchange(number_, -1));
}

namespace {

// The thread that forks. It never ends, because its end would kill all the children it started (PR_SET_PDEATHSIG).
class Forker
{
public:
    static Forker& instance()
    {
        static Forker* forker =
            new Forker; // lives as long as the process: other static objects may still have children
        return *forker;
    }

    void run(const std::function<void()>& task)
    {
        std::unique_lock lock(mutex_);
        moved_.wait(lock, [this] { return !task_; });
        task_ = &task;
        moved_.notify_all();
        moved_.wait(lock, [&] { return task_ != &task; });
    }

private:
    Forker()
    {
        std::thread([this] { serve(); }).detach();
    }

    void serve()
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            moved_.wait(lock, [this] { return task_ != nullptr; });
            (*task_)();
            task_ = nullptr;
            moved_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable moved_;
    const std::function<void()>* task_ = nullptr;
};

struct Pipe
{
    Descriptor read;
    Descriptor write;
};

// Above the three standard numbers, or setting those up in the child would overwrite it.
Descriptor aboveStandard(int number)
{
    Descriptor given(number);
    if (number > STDERR_FILENO)
        return given;
    return Descriptor(fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

Expected<Pipe> makePipe()
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return Error{fmt::format("no pipe to a child process could be made ({})", std::strerror(errno))};
    Pipe pipe{aboveStandard(ends[0]), aboveStandard(ends[1])};
    if (!pipe.read.open() || !pipe.write.open())
        return Error{fmt::format("no pipe to a child process could be made ({})", std::strerror(errno))};
    return pipe;
}

std::string findProgram(const std::string& name)
{
    if (name.find('/') != std::string::npos)
        return name;
    const char* variable = std::getenv("PATH");
    const std::string_view path = variable ? variable : "/usr/local/bin:/usr/bin:/bin";
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        const std::string candidate = fmt::format("{}/{}", end > begin ? path.substr(begin, end - begin) : ".", name);
        if (access(candidate.c_str(), X_OK) == 0)
            return candidate;
        begin = end + 1;
    }
    return {};
}

// Ours, with the command's variables in place of those of the same name.
std::vector<std::string> mergedEnvironment(const ChildCommand& command)
{
    std::vector<std::string> result;
    for (char** entry = environ; *entry; ++entry) {
        const std::string_view text = *entry;
        const std::string_view name = text.substr(0, text.find('='));
        bool replaced = false;
        for (const auto& [key, value] : command.environment)
            replaced = replaced || key == name;
        if (!replaced)
            result.emplace_back(text);
    }
    for (const auto& [key, value] : command.environment)
        result.push_back(key + "=" + value);
    return result;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// All that the child needs between fork and exec, made before the fork: other threads may hold the allocator's lock.
struct Launch
{
    const char* program;
    char* const* words;
    char* const* environment;
    const char* folder; // null: stay
    int input, output, errors, report;
    pid_t parent;
};

// Only async-signal-safe calls from here to exec.
[[noreturn]] void becomeChild(const Launch& launch)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launch.parent) // it died in between, and the signal will not come
        _exit(127);
    struct sigaction standard
    {};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal)
        sigaction(signal, &standard, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    bool ready = dup2(launch.input, STDIN_FILENO) >= 0 && dup2(launch.output, STDOUT_FILENO) >= 0 &&
                 dup2(launch.errors, STDERR_FILENO) >= 0;
    close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC); // libraries forget the flag
    ready = ready && (!launch.folder || chdir(launch.folder) == 0);
    if (ready)
        execve(launch.program, launch.words, launch.environment);
    const int why = errno;
    [[maybe_unused]] const ssize_t told = write(launch.report, &why, sizeof why);
    _exit(127);
}

// Why exec failed; 0 when it did not (then the pipe was closed by it).
int readReport(int descriptor)
{
    int why = 0;
    ssize_t length = 0;
    do
        length = read(descriptor, &why, sizeof why);
    while (length < 0 && errno == EINTR);
    return length == static_cast<ssize_t>(sizeof why) ? why : 0;
}

} // namespace

Expected<SpawnedChild> spawn(const ChildCommand& command)
{
    if (command.words.empty())
        return Error{"a child process needs a program to run"};
    const std::string program = findProgram(command.words.front());
    if (program.empty())
        return Error{fmt::format("the program {} is not installed (it is nowhere in PATH)", command.words.front())};
    auto input = makePipe();
    auto output = makePipe();
    auto errors = makePipe();
    auto report = makePipe();
    for (const auto* pipe : {&input, &output, &errors, &report}) {
        if (!*pipe)
            return pipe->error();
    }
    for (const int ours : {input->write.number(), output->read.number(), errors->read.number()})
        fcntl(ours, F_SETFL, O_NONBLOCK);

    std::vector<std::string> words = command.words;
    std::vector<std::string> environment = mergedEnvironment(command);
    const std::vector<char*> wordPointers = pointersTo(words);
    const std::vector<char*> environmentPointers = pointersTo(environment);
    const Launch launch{program.c_str(),
                        wordPointers.data(),
                        environmentPointers.data(),
                        command.workingDirectory.empty() ? nullptr : command.workingDirectory.c_str(),
                        input->read.number(),
                        output->write.number(),
                        errors->write.number(),
                        report->write.number(),
                        getpid()};
    pid_t pid = -1;
    int why = 0;
    Forker::instance().run([&] {
        pid = fork();
        if (pid == 0)
            becomeChild(launch);
        why = errno;
    });
    if (pid < 0)
        return Error{
            fmt::format("the program {} could not be started ({})", command.words.front(), std::strerror(why))};
    report->write.close();
    if (const int failure = readReport(report->read.number()); failure != 0) {
        waitpid(pid, nullptr, 0);
        return Error{
            fmt::format("the program {} could not be started ({})", command.words.front(), std::strerror(failure))};
    }
    return SpawnedChild{pid, std::move(input->write), std::move(output->read), std::move(errors->read)};
}

namespace {

// The group and the resident pages in /proc/<pid>/stat: the 5th and the 24th field. The 2nd, the program's name in
// parentheses, may contain anything, so the fields are counted from the last parenthesis.
bool readStat(const std::string& pid, int& group, std::uint64_t& pages)
{
    std::ifstream file("/proc/" + pid + "/stat");
    std::string text;
    if (!std::getline(file, text))
        return false;
    const std::size_t name = text.rfind(')');
    if (name == std::string::npos)
        return false;
    std::size_t place = name + 1;
    for (int field = 3; field <= 24; ++field) {
        place = text.find_first_not_of(' ', place);
        if (place == std::string::npos)
            return false;
        if (field == 5)
            group = std::atoi(text.c_str() + place);
        if (field == 24)
            pages = std::strtoull(text.c_str() + place, nullptr, 10);
        place = text.find(' ', place);
    }
    return true;
}

std::uint64_t pageBytes()
{
    return static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

} // namespace

std::uint64_t residentBytes(int pid)
{
    int group = 0;
    std::uint64_t pages = 0;
    return readStat(std::to_string(pid), group, pages) ? pages * pageBytes() : 0;
}

std::uint64_t residentBytesOfGroup(int wanted)
{
    std::uint64_t total = 0;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", failure)) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos)
            continue;
        int group = 0;
        std::uint64_t pages = 0;
        if (readStat(name, group, pages) && group == wanted)
            total += pages * pageBytes();
    }
    return total;
}

} // namespace synoscope
