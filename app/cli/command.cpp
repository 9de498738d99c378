#include "app/cli/command.h"

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "core/base/resources.h"
#include "core/jobs/child_process.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>
#include <unistd.h>

namespace synoscope::cli {

namespace {

constexpr const char* program = "synoscope-cli";

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is set by a signal handler");

void onInterrupt(int signal)
{
    interrupted.store(true, std::memory_order_relaxed);
    std::signal(signal, SIG_DFL);
}

Json errorJson(const Error& error)
{
    return {
        {"error", {{"message", error.message}, {"file", error.file}, {"line", error.line}, {"column", error.column}}}};
}

// Broken UTF-8 in a message (a file name, say) is replaced, never thrown at the user.
std::string dump(const Json& json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

void complain(const std::string& sentence)
{
    std::fflush(stdout);
    fmt::print(stderr, "{}: {}\n", program, sentence);
}

int finish(Exit status, const std::string& text)
{
    if (text.empty())
        return static_cast<int>(status);
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (written)
        return static_cast<int>(status);
    complain(fmt::format("Standard output cannot be written: {}.", std::strerror(errno)));
    return static_cast<int>(Exit::failure);
}

int print(const Answer& answer, bool json)
{
    if (answer.error) {
        complain(answer.error->text());
        if (answer.exit == Exit::failure && !answer.error->details.empty()) // bad input is told by the sentence alone
            fmt::print(stderr, "{}\n", answer.error->details);
        return finish(answer.exit, json ? dump(errorJson(*answer.error)) : "");
    }
    return finish(answer.exit, json ? dump(answer.json) : answer.text);
}

int usage(const CLI::App& app, const CLI::ParseError& error, bool json)
{
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) { // --help, --version
        std::string text = dynamic_cast<const CLI::CallForVersion*>(&error) ? app.version() + '\n' : "";
        if (text.empty()) {
            const CLI::App* innermost = &app;
            while (!innermost->get_subcommands().empty())
                innermost = innermost->get_subcommands().front();
            text = innermost->help();
        }
        return finish(Exit::success, text);
    }
    const auto chosen = app.get_subcommands();
    std::string sentence = error.what();
    const auto words = app.remaining();
    if (chosen.empty())
        sentence = words.empty() ? "No command was given" : fmt::format("There is no command {}", words.front());
    if (!sentence.empty() && sentence.back() != '.')
        sentence += '.';
    sentence += fmt::format(" See {}{} --help.", program, chosen.empty() ? "" : " " + chosen.front()->get_name());
    return print(Answer(Error{.message = sentence}), json);
}

} // namespace

const std::atomic<bool>& watchInterrupt()
{
    std::signal(SIGINT, onInterrupt);
    std::signal(SIGTERM, onInterrupt);
    return interrupted;
}

Commands::Commands(CLI::App& app, std::vector<std::string> arguments, const TorchServices* torch)
    : app_(app), arguments_(std::move(arguments)), torch_(torch)
{
    app_.add_flag("--json", json_, "Print one JSON object on standard output");
}

CLI::App& Commands::add(const std::string& name, const std::string& description, std::function<Answer()> run)
{
    CLI::App& command = *app_.add_subcommand(name, description);
    command.add_flag("--json", json_, "Print one JSON object on standard output");
    // The last of several wins, so that scripts can append to a given command line.
    command.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    commands_.emplace_back(&command, std::move(run));
    return command;
}

Answer Commands::run()
{
    for (const auto& [command, run] : commands_)
        if (command->parsed())
            return run();
    return Error{.message = "No command was given."};
}

namespace {

// glibc gives memory back after each large tensor and faults it in again for the next: convolutions take twice as
// long. Only the environment of a fresh process changes that for all threads.
const std::vector<std::pair<std::string, std::string>> allocation{{"MALLOC_MMAP_THRESHOLD_", "4294967296"},
                                                                  {"MALLOC_TRIM_THRESHOLD_", "8589934592"},
                                                                  {"MALLOC_TOP_PAD_", "67108864"}};

constexpr std::uint64_t childMemory = std::uint64_t{16} << 30;

} // namespace

Answer Commands::handOver() const
{
    const std::filesystem::path worker = workerProgram();
    for (const auto& [name, value] : allocation)
        ::setenv(name.c_str(), value.c_str(), 0);
    std::vector<char*> words;
    for (const std::string& argument : arguments_)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    ::execv(worker.c_str(), words.data());
    return failed(
        Error{.message = fmt::format("The program that runs libtorch cannot be started: {}.", std::strerror(errno)),
              .file = worker.string()});
}

Answer Commands::askWorker(double seconds) const
{
    ChildCommand command{.words = arguments_, .environment = allocation};
    command.words[0] = workerProgram().string();
    command.limits = {.time = std::chrono::milliseconds(static_cast<std::int64_t>(1000 * seconds)),
                      .memoryBytes = childMemory};
    const auto child = runChild(command);
    if (!child)
        return failed(child.error());
    if (child->exit.end != ChildEnd::exited)
        return failed(Error{.message = fmt::format("The kernel's process {}.", child->exit.sentence),
                            .details = child->exit.errorOutput});
    fmt::print(stderr, "{}", child->exit.errorOutput);
    Answer answer;
    answer.exit = static_cast<Exit>(child->exit.status);
    if (json_)
        answer.json = Json::parse(child->output, nullptr, false);
    else
        answer.text = child->output;
    return answer;
}

int runProgram(int argc, char** argv, const TorchServices* torch)
{
    std::vector<std::string> arguments(argv, argv + argc);
    // Known before the arguments are understood, so that errors about them are JSON too.
    const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    try {
        CLI::App app{"Synthesises, checks, measures and exports neural-network operators.", program};
        app.set_version_flag("--version", std::string(program) + " " SYNOSCOPE_VERSION);
        app.require_subcommand(1);
        Commands commands(app, std::move(arguments), torch);
        addCommands(commands);
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return usage(app, error, json);
        }
        return print(commands.run(), commands.json());
    } catch (const std::bad_alloc&) {
        return print(failed(Error{.message = "There is not enough memory for this."}), json);
    } catch (const std::exception& error) {
        return print(failed(Error{.message = fmt::format("An internal error: {}.", error.what())}), json);
    }
}

} // namespace synoscope::cli
