// How a command of synoscope-cli answers, and how commands are put together.
//
// A command is one file with one function (commands.h) that declares its options and says what to run. Running it gives
// an Answer: the same facts as text for a person and as JSON for a program, and the exit status. Printing, errors and
// exit statuses are done here, once, for all of them.
#pragma once

#include "core/base/error.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace synoscope::cli {

using Json = nlohmann::ordered_json;

enum class Exit : int
{
    success = 0,
    negative = 1,
    badInput = 2,
    failure = 3
};

struct Answer
{
    Answer() = default;
    Answer(Error what, Exit status = Exit::badInput)
        : exit(status), error(std::move(what)) {} // implicit, as with Expected

    Json json = Json::object();
    std::string text; // ends with a line break unless empty; may be raw bytes (a picture on standard output)
    Exit exit = Exit::success;
    std::optional<Error> error;
};

// An answer for what went wrong while running, through no fault of the input.
inline Answer failed(Error error)
{
    return {std::move(error), Exit::failure};
}

struct TorchServices; // torch.h

// The command line as it is put together: each command adds itself.
class Commands
{
public:
    Commands(CLI::App& app, std::vector<std::string> arguments, const TorchServices* torch);

    // The options are declared on what comes back; `run` is called once they are read.
    CLI::App& add(const std::string& name, const std::string& description, std::function<Answer()> run);

    const TorchServices* torch() const { return torch_; } // null: this program is not linked with libtorch
    // Starts the program that is, with the same arguments, in the place of this one. Returns only when that fails.
    Answer handOver() const;
    // Runs it as a child instead, which may crash, hang or eat memory: its answer, or a sentence.
    Answer askWorker(double seconds) const;

    bool json() const { return json_; }
    Answer run(); // the command that was chosen

private:
    CLI::App& app_;
    std::vector<std::string> arguments_;
    const TorchServices* torch_;
    bool json_ = false;
    std::vector<std::pair<CLI::App*, std::function<Answer()>>> commands_;
};

// The whole program: reads the arguments, runs the command, prints, and returns the exit status.
int runProgram(int argc, char** argv, const TorchServices* torch);

// Set by the first Ctrl-C (or SIGTERM): commands that take long ask it and end with what they have. A second one ends
// the program at once. Call watchInterrupt() before starting threads.
const std::atomic<bool>& watchInterrupt();

} // namespace synoscope::cli
