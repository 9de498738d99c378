#include "core/data/sources.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <zlib.h>

namespace synoscope {

namespace fs = std::filesystem;

Expected<std::string> readDataFile(const fs::path& file, std::size_t most)
{
    const auto unreadable = [&file](std::string_view why) {
        return Error{.message = fmt::format("The file cannot be read: {}.", why), .file = file.string()};
    };
    std::error_code error;
    if (fs::is_directory(file, error))
        return unreadable("it is a folder");
    gzFile in = gzopen(file.c_str(), "rb"); // what is not gzipped comes as it is
    if (!in)
        return unreadable(std::strerror(errno));
    gzbuffer(in, 1 << 17);
    constexpr std::size_t step = std::size_t{1} << 20, longest = std::size_t{1} << 30;
    std::string bytes, wrong;
    std::size_t asked = std::clamp(static_cast<std::size_t>(fs::file_size(file, error)) + 1, std::size_t{4096}, longest);
    for (bool more = true; more;) {
        const std::size_t had = bytes.size();
        asked = std::min(asked, most + 1 - had);
        bytes.resize(had + asked);
        const int got = gzread(in, bytes.data() + had, static_cast<unsigned>(asked));
        bytes.resize(had + static_cast<std::size_t>(std::max(0, got)));
        if (got < 0) {
            int code = 0;
            gzerror(in, &code);
            wrong = code == Z_ERRNO ? std::strerror(errno) : "its compressed data are damaged";
        }
        more = got == static_cast<int>(asked) && bytes.size() <= most;
        asked = std::clamp(bytes.size(), step, longest);
    }
    const int closed = gzclose_r(in);
    if (wrong.empty() && closed == Z_BUF_ERROR && bytes.size() <= most)
        wrong = "it is truncated, as its compressed data end too early";
    if (!wrong.empty())
        return unreadable(wrong);
    return bytes;
}

Expected<fs::path> findDataFile(const std::vector<fs::path>& folders, const std::vector<std::string>& names)
{
    std::error_code error;
    for (const fs::path& folder : folders)
        for (const std::string& name : names)
            if (fs::is_regular_file(folder / name, error))
                return folder / name;
    return Error{.message = fmt::format("The file is missing{}.",
                                        names.size() > 1 ? fmt::format("; {} would do as well", names[1]) : ""),
                 .file = (folders.front() / names.front()).string()};
}

} // namespace synoscope
