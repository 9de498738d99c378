// C++ to a shared library, by the system's compiler, in a process of its own with limits on time and memory.
//
// Libraries are cached by content: source, compiler and options make the name. The cache lies below XDG_CACHE_HOME
// (or ~/.cache) in synoscope/kernels; any number of processes may use it at once. The compiler is that of the
// environment variable SYNOSCOPE_CXX, or c++.
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <filesystem>
#include <string>

namespace synoscope {

struct CompilerLimits
{
    std::chrono::milliseconds time{120'000};
    std::uint64_t memoryBytes = std::uint64_t{4} << 30;
};

// The path of the library. Fails with one sentence: no compiler, a compiler that fails or exceeds a limit, no cache.
Expected<std::filesystem::path> compileToLibrary(const std::string& source, const CompilerLimits& limits = {});

} // namespace synoscope
