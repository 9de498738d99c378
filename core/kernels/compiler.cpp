#include "core/kernels/compiler.h"

#include "core/base/hash.h"
#include "core/jobs/child_process.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <unistd.h>

namespace synoscope {

namespace {

const std::vector<std::string> options{"-std=c++17", "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC"};

std::string compiler()
{
    const char* chosen = std::getenv("SYNOSCOPE_CXX");
    return chosen && *chosen ? chosen : "c++";
}

Expected<std::filesystem::path> cacheFolder()
{
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    std::filesystem::path folder = cache && *cache ? std::filesystem::path(cache)
                                   : home && *home ? std::filesystem::path(home) / ".cache"
                                                   : std::filesystem::temp_directory_path();
    folder = folder / "synoscope" / "kernels";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return Error{.message = fmt::format("The folder for compiled kernels cannot be made: {}.", error.message()),
                     .file = folder.string()};
    return folder;
}

// What the compiler calls itself, and the processor it compiles for. Asked once.
Expected<std::string> compilerIdentity(const CompilerLimits& limits)
{
    const ChildCommand command{.words = {compiler(), "-march=native", "-E", "-v", "-x", "c++", "/dev/null"},
                               .environment = {{"LC_ALL", "C"}},
                               .limits = {.time = limits.time}};
    const auto asked = runChild(command);
    if (!asked)
        return Error{
            .message = fmt::format(
                "The C++ compiler {} cannot be started; kernels need one (SYNOSCOPE_CXX names another).", compiler()),
            .details = asked.error().text()};
    if (!asked->exit.succeeded())
        return Error{.message = fmt::format("The C++ compiler {} {}.", compiler(), asked->exit.sentence),
                     .details = asked->exit.errorOutput};
    return asked->exit.errorOutput;
}

Expected<void> compile(const std::filesystem::path& source, const std::filesystem::path& library,
                       const CompilerLimits& limits)
{
    ChildCommand command{.words = {compiler()}, .environment = {{"LC_ALL", "C"}}};
    command.words.insert(command.words.end(), options.begin(), options.end());
    command.words.insert(command.words.end(), {source.string(), "-o", library.string()});
    command.limits = {.time = limits.time, .memoryBytes = limits.memoryBytes};
    const auto run = runChild(command);
    if (!run)
        return Error{.message = fmt::format("The C++ compiler {} cannot be started.", compiler()),
                     .details = run.error().text()};
    if (!run->exit.succeeded())
        return Error{.message = fmt::format("The C++ compiler {} {} on the kernel.", compiler(), run->exit.sentence),
                     .details = run->exit.errorOutput};
    return {};
}

} // namespace

Expected<std::filesystem::path> compileToLibrary(const std::string& source, const CompilerLimits& limits)
{
    const auto folder = cacheFolder();
    if (!folder)
        return folder.error();
    const auto identity = compilerIdentity(limits);
    if (!identity)
        return identity.error();
    const std::string name = hexDigest(fmt::format("{}\n{}\n{}", *identity, fmt::join(options, " "), source));
    const std::filesystem::path library = *folder / (name + ".so");
    if (std::filesystem::exists(library))
        return library;

    // Under a name of this process's own until it is complete.
    const std::string own = fmt::format("{}.{}", name, ::getpid());
    const std::filesystem::path text = *folder / (own + ".cpp");
    const std::filesystem::path unfinished = *folder / (own + ".so");
    if (!(std::ofstream(text) << source))
        return Error{.message = "The source of a kernel cannot be written.", .file = text.string()};
    auto compiled = compile(text, unfinished, limits);
    std::error_code error;
    std::filesystem::remove(text, error);
    if (compiled)
        std::filesystem::rename(unfinished, library, error);
    else
        std::filesystem::remove(unfinished, error);
    if (!compiled)
        return compiled.error();
    if (error)
        return Error{.message = fmt::format("A compiled kernel cannot be stored: {}.", error.message()),
                     .file = library.string()};
    return library;
}

} // namespace synoscope
