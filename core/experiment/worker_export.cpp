#include "core/experiment/worker_export.h"

#include "core/base/resources.h"
#include "core/graph/writer.h"
#include "core/jobs/child_process.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

constexpr auto timeLimit = std::chrono::seconds(120);

// A folder of one's own, gone with what is in it when this goes.
class PrivateFolder
{
public:
    PrivateFolder()
    {
        std::error_code ignored;
        std::string pattern = (fs::temp_directory_path(ignored) / "synoscope-export-XXXXXX").string();
        if (::mkdtemp(pattern.data()))
            path_ = pattern;
        else
            error_ =
                Error{.message = fmt::format("No folder for temporary files could be made: {}.", std::strerror(errno)),
                      .file = pattern};
    }
    ~PrivateFolder()
    {
        std::error_code ignored;
        if (!path_.empty())
            fs::remove_all(path_, ignored);
    }
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;

    bool made() const { return !path_.empty(); }
    const Error& error() const { return error_; }
    fs::path file(const char* name) const { return path_ / name; }

private:
    fs::path path_;
    Error error_;
};

// What the worker program said, or how it ended.
Error failure(const ChildOutput& child)
{
    const auto answer = nlohmann::json::parse(child.output, nullptr, false);
    if (answer.is_object() && answer.contains("error"))
        return Error{.message = answer["error"].value("message", ""), .details = child.exit.errorOutput};
    return Error{.message = fmt::format("The process that runs libtorch {}.", child.exit.sentence),
                 .details = child.exit.errorOutput};
}

} // namespace

Expected<std::string> exportInWorker(const PGraph& graph, ExportFormat format, std::size_t layer, std::stop_token stop)
{
    const auto one = withOneLayer(graph, layer);
    if (!one)
        return one.error();
    const PrivateFolder folder;
    if (!folder.made())
        return folder.error();
    const fs::path input = folder.file("operator.pgraph");
    const fs::path output = folder.file("exported");
    if (!(std::ofstream(input, std::ios::binary) << writePGraph(*one)).flush())
        return Error{.message = "The operator could not be handed to the process that runs libtorch: no space left?",
                     .file = input.string()};
    ChildCommand command;
    command.words = {workerProgram().string(),         "export",   input.string(),  "--format",
                     std::string(infoOf(format).name), "--output", output.string(), "--json"};
    command.limits.time = timeLimit;
    const auto child = runChild(command, {}, stop);
    if (!child)
        return child.error();
    std::ifstream file(output, std::ios::binary);
    if (!child->exit.succeeded() || !file)
        return failure(*child);
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

} // namespace synoscope
