#include "core/cluster/slurm.h"

#include "core/cluster/result_file.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <sstream>

namespace synoscope {

namespace {

// A controller that is down lets its commands wait for a minute or more.
constexpr auto patience = std::chrono::seconds(30);

bool oneLine(const std::string& text)
{
    return text.find_first_of("\r\n") == std::string::npos;
}

std::string shellQuoted(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string lastLine(const std::string& text)
{
    const std::string lines = trimmed(text);
    const auto end = lines.rfind('\n');
    return end == std::string::npos ? lines : lines.substr(end + 1);
}

// What a command has complained of: "sbatch: error: the reason" in its last line.
Error complaint(const std::string& what, const std::string& output)
{
    std::string reason = lastLine(output);
    if (const auto mark = reason.find(": error: "); mark != std::string::npos)
        reason = reason.substr(mark + 9);
    while (reason.ends_with('.'))
        reason.pop_back();
    return Error{.message = fmt::format("{}: {}.", what, reason),
                 .details = trimmed(output).find('\n') == std::string::npos ? "" : trimmed(output)};
}

// States in which a task may still bring results; all others are ends.
bool alive(std::string_view word)
{
    constexpr std::array<std::string_view, 14> words{
        "PENDING",     "RUNNING",  "CONFIGURING",  "COMPLETING", "SUSPENDED", "REQUEUED",   "REQUEUE_HOLD",
        "REQUEUE_FED", "RESIZING", "SPECIAL_EXIT", "STAGE_OUT",  "SIGNALING", "STOPPED", "RESV_DEL_HOLD"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

void readExit(const std::string& text, TaskStatus& status) // "status:signal"
{
    std::sscanf(text.c_str(), "%d:%d", &status.exitStatus, &status.signal);
}

// "0-3,7%2" as numbers.
std::vector<int> taskNumbers(std::string text)
{
    std::vector<int> numbers;
    text = text.substr(0, text.find('%'));
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        int first = 0, last = 0;
        const int read = std::sscanf(part.c_str(), "%d-%d", &first, &last);
        for (int i = first; read >= 1 && i <= (read == 2 ? last : first); ++i)
            numbers.push_back(i);
    }
    return numbers;
}

// "17;cluster" as what commands take.
std::pair<std::string, std::vector<std::string>> jobAndCluster(const std::string& job)
{
    const auto end = job.find(';');
    if (end == std::string::npos)
        return {job, {}};
    return {job.substr(0, end), {"-M", job.substr(end + 1)}};
}

std::string nodeOf(const std::string& list)
{
    return list == "(null)" || list.starts_with("None") ? "" : list;
}

} // namespace

Expected<std::string> batchScript(const SlurmRequest& request, const std::string& jobName, int tasks,
                                  const std::filesystem::path& program)
{
    std::string text = "#!/bin/bash\n";
    std::optional<Error> refused;
    const auto ask = [&](const std::string& words) {
        if (!oneLine(words) && !refused)
            refused = Error{.message = fmt::format("What begins with '{}' cannot be passed on to sbatch: it has several lines.",
                                                   words.substr(0, words.find_first_of("\r\n")))};
        text += "#SBATCH " + words + '\n';
    };
    ask("--job-name=" + jobName);
    ask(fmt::format("--array=0-{}{}", tasks - 1, request.atOnce > 0 ? fmt::format("%{}", request.atOnce) : ""));
    ask(fmt::format("--output={}", (array_names::log(0).parent_path() / "%a.txt").string()));
    ask("--open-mode=append"); // a task that is put back into the queue goes on in its log
    ask("--requeue");
    ask(fmt::format("--cpus-per-task={}", request.cpus));
    if (!request.partition.empty())
        ask("--partition=" + request.partition);
    if (!request.time.empty())
        ask("--time=" + request.time);
    if (!request.memory.empty())
        ask("--mem=" + request.memory);
    if (request.gpus > 0)
        ask(fmt::format("--gres=gpu:{}", request.gpus));
    for (const std::string& words : request.extra)
        ask(words);
    if (refused)
        return *refused;
    text += fmt::format("\n# In the place of this shell, so that Slurm's signals arrive.\n"
                        "exec {} evaluate \"{}/$SLURM_ARRAY_TASK_ID.json\" --results {}\n",
                        shellQuoted(program.string()), array_names::job(0).parent_path().string(), array_names::results);
    return text;
}

void readScontrol(std::string_view text, std::map<int, TaskStatus>& known)
{
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        TaskStatus status;
        std::string numbers;
        std::istringstream words(line);
        for (std::string word; words >> word;) {
            const auto end = word.find('=');
            if (end == std::string::npos)
                continue;
            const std::string key = word.substr(0, end), value = word.substr(end + 1);
            if (key == "ArrayTaskId")
                numbers = value;
            else if (key == "JobState")
                status.word = value;
            else if (key == "NodeList")
                status.node = nodeOf(value);
            else if (key == "ExitCode")
                readExit(value, status);
        }
        status.ended = !alive(status.word);
        for (const int number : taskNumbers(numbers))
            known[number] = status;
    }
}

void readSacct(std::string_view text, std::map<int, TaskStatus>& known)
{
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream parts(line);
        std::string id, state, exit, node;
        std::getline(parts, id, '|');
        std::getline(parts, state, '|');
        std::getline(parts, exit, '|');
        std::getline(parts, node, '|');
        const auto mark = id.find('_');
        if (mark == std::string::npos || state.empty())
            continue;
        std::string numbers = id.substr(mark + 1);
        std::erase_if(numbers, [](char c) { return c == '[' || c == ']'; });
        TaskStatus status;
        status.word = state.substr(0, state.find(' ')); // "CANCELLED by 1000"
        status.node = nodeOf(node);
        status.ended = !alive(status.word);
        readExit(exit, status);
        for (const int number : taskNumbers(numbers))
            known[number] = status;
    }
}

Expected<ChildOutput> Slurm::ask(std::vector<std::string> words, const std::filesystem::path& folder) const
{
    const std::string name = words.front();
    ChildCommand command{.words = std::move(words), .workingDirectory = folder, .limits = {.time = patience}};
    auto child = runChild(command);
    if (!child)
        return Error{.message = fmt::format("Slurm cannot be asked: {}.", child.error().message),
                     .details = child.error().details};
    if (child->exit.end == ChildEnd::exited)
        return child;
    return Error{.message = fmt::format("Slurm does not answer: {} {}.", name, child->exit.sentence),
                 .details = child->exit.errorOutput};
}

Expected<std::string> Slurm::submit(const std::filesystem::path& folder, const std::string& script) const
{
    const auto child = ask({"sbatch", "--parsable", script}, folder);
    if (!child)
        return child.error();
    if (!child->exit.succeeded())
        return complaint("sbatch refuses the array", child->exit.errorOutput);
    const std::string id = lastLine(child->output);
    if (id.empty() || id.find_first_not_of("0123456789") == 0)
        return Error{.message = fmt::format("sbatch answers '{}'; expected a job's number.", id)};
    return id;
}

Expected<std::vector<TaskStatus>> Slurm::tasks(const std::string& job, int count) const
{
    const auto [id, cluster] = jobAndCluster(job);
    std::vector<std::string> words{"scontrol"};
    words.insert(words.end(), cluster.begin(), cluster.end());
    words.insert(words.end(), {"show", "job", "--oneliner", id});
    const auto child = ask(words);
    if (!child)
        return child.error();
    std::map<int, TaskStatus> known;
    if (child->exit.succeeded())
        readScontrol(child->output, known);
    else if (child->exit.errorOutput.find("Invalid job id") == std::string::npos)
        return complaint("Slurm does not answer", child->exit.errorOutput);
    // Slurm forgets ended jobs after minutes; its accounting, where there is one, does not.
    if (static_cast<int>(known.size()) < count) {
        words = {"sacct"};
        words.insert(words.end(), cluster.begin(), cluster.end());
        words.insert(words.end(), {"-nPX", "-o", "JobID,State,ExitCode,NodeList", "-j", id});
        std::map<int, TaskStatus> booked;
        if (const auto accounting = ask(words); accounting && accounting->exit.succeeded())
            readSacct(accounting->output, booked);
        known.merge(booked); // what the controller says goes first
    }
    std::vector<TaskStatus> tasks(static_cast<std::size_t>(count), TaskStatus{.ended = true});
    for (const auto& [number, status] : known)
        if (number >= 0 && number < count)
            tasks[static_cast<std::size_t>(number)] = status;
    return tasks;
}

Expected<std::string> Slurm::find(const std::string& jobName) const
{
    const auto child = ask({"squeue", "-h", "-o", "%F", "--name=" + jobName});
    if (!child)
        return child.error();
    if (!child->exit.succeeded())
        return complaint("Slurm does not answer", child->exit.errorOutput);
    return lastLine(child->output);
}

} // namespace synoscope
