// Whole files: read at once, and written so that others find the old one or the new one, never a part of one.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace synoscope {

struct WriteFailure
{
    Error error;
    bool opened = false; // false: there is no such place, or it may not be written to
};

// An ordinary file is replaced at once, when all of it is on the disk: after a failure the old one is still there. A
// link stays a link; a device or a pipe is written to as it is. Safe against others that write the same file at the same
// time, on this machine or on one that shares the folder: one of them wins.
std::optional<WriteFailure> writeWholeFile(const std::filesystem::path& path, std::string_view bytes);

// Fails with a sentence also when there is more than `most` bytes.
Expected<std::string> readWholeFile(const std::filesystem::path& path, std::uint64_t most = std::uint64_t{1} << 30);

} // namespace synoscope
