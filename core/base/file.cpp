#include "core/base/file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace synoscope {

namespace fs = std::filesystem;

namespace {

struct CloseFile
{
    void operator()(std::FILE* file) const { std::fclose(file); }
};

WriteFailure failure(const fs::path& path, std::string_view what, bool opened)
{
    return {Error{.message = fmt::format("The file cannot be {}: {}.", what, std::strerror(errno)),
                  .file = path.string()},
            opened};
}

// Process numbers are unique on one machine only.
std::string writerName()
{
    char host[64] = "";
    ::gethostname(host, sizeof host - 1);
    return fmt::format("{}-{}", host, ::getpid());
}

// A name is on the disk when its folder is. Some file systems cannot do this for folders; nothing is to be done then.
void syncFolder(const fs::path& file)
{
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    if (const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
        ::fsync(handle);
        ::close(handle);
    }
}

} // namespace

std::optional<WriteFailure> writeWholeFile(const fs::path& path, std::string_view bytes)
{
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    const bool replace = !fs::exists(status) || fs::is_regular_file(status);
    const fs::path target = replace && fs::exists(status) ? fs::canonical(path, ignored) : path;
    const fs::path written = replace ? fs::path(fmt::format("{}.{}.part", target.string(), writerName())) : target;

    std::unique_ptr<std::FILE, CloseFile> file(std::fopen(written.c_str(), "wb"));
    if (!file)
        return failure(path, "opened for writing", false);
    const bool complete = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() &&
                          std::fflush(file.get()) == 0 && (!replace || ::fsync(::fileno(file.get())) == 0);
    if (complete && std::fclose(file.release()) == 0 && !replace)
        return std::nullopt;
    if (complete && std::rename(written.c_str(), target.c_str()) == 0) {
        syncFolder(target);
        return std::nullopt;
    }
    WriteFailure failed = failure(path, "written", true);
    if (replace)
        fs::remove(written, ignored);
    return failed;
}

Expected<std::string> readWholeFile(const fs::path& path, std::uint64_t most)
{
    std::error_code error;
    if (fs::is_directory(path, error))
        return Error{.message = "This is a folder; expected a file.", .file = path.string()};
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{.message = fmt::format("The file cannot be read: {}.", std::strerror(errno)),
                     .file = path.string()};
    std::string bytes;
    char block[1 << 16];
    while (file.read(block, sizeof block) || file.gcount() > 0) {
        bytes.append(block, static_cast<std::size_t>(file.gcount()));
        if (bytes.size() > most)
            return Error{.message = fmt::format("The file is larger than {} bytes.", most), .file = path.string()};
    }
    if (file.bad())
        return Error{.message = "The file could not be read to its end.", .file = path.string()};
    return bytes;
}

} // namespace synoscope
