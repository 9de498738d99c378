#include "core/base/resources.h"

#include <cstdlib>
#include <system_error>

namespace synoscope {

namespace fs = std::filesystem;

namespace {

bool isFolder(const fs::path& path)
{
    std::error_code error;
    return fs::is_directory(path, error);
}

fs::path find()
{
    if (const char* chosen = std::getenv("SYNOSCOPE_RESOURCES"); chosen && *chosen)
        return chosen; // even when it is none: a wrong setting is to be seen, not to be passed over
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        // bin/synoscope-cli and libexec/synoscope/synoscope-worker
        const fs::path folder = program.parent_path();
        for (const fs::path& prefix : {folder.parent_path(), folder.parent_path().parent_path()})
            if (isFolder(prefix / "share" / "synoscope"))
                return prefix / "share" / "synoscope";
    }
    return SYNOSCOPE_SOURCE_RESOURCES;
}

} // namespace

const fs::path& resourceFolder()
{
    static const fs::path folder = find();
    return folder;
}

fs::path shippedFile(const std::string& word, const char* folder, const char* suffix)
{
    std::error_code error;
    const bool path = word.empty() || word.find_first_of("/.") != std::string::npos;
    if (path || fs::exists(word, error))
        return word;
    const fs::path file = resourceFolder() / folder / (word + suffix);
    return fs::exists(file, error) ? file : fs::path(word);
}

fs::path workerProgram()
{
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    return self.parent_path().parent_path() / SYNOSCOPE_LIBEXEC / "synoscope-worker";
}

} // namespace synoscope
