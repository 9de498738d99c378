#include "core/evaluation/environment.h"

#include <ATen/Parallel.h>
#include <climits>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <malloc.h>
#include <torch/version.h>

namespace synoscope {

namespace {

std::string processorName()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name"))
            if (const auto colon = line.find(": "); colon != std::string::npos)
                return line.substr(colon + 2);
    return "unknown";
}

// The file from which the process has its matrix product; empty when nothing loaded exports one.
std::filesystem::path blasFile()
{
    void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info info{};
    if (!symbol || dladdr(symbol, &info) == 0 || !info.dli_fname)
        return {};
    std::error_code failed;
    const auto real = std::filesystem::canonical(info.dli_fname, failed); // Debian's alternatives are links
    return failed ? std::filesystem::path(info.dli_fname) : real;
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

std::string blasName(const std::filesystem::path& file)
{
    const std::string text = file.string();
    if (text.empty())
        return "built into libtorch";
    for (const auto& [part, name] : {std::pair{"openblas", "OpenBLAS"}, {"blis", "BLIS"}, {"mkl", "MKL"}, {"atlas", "ATLAS"}, {"torch", "built into libtorch"}})
        if (contains(text, part))
            return name;
    return "reference BLAS";
}

} // namespace

protocol::Environment environmentNow()
{
    protocol::Environment environment;
    environment.cpu = processorName();
    environment.libtorch = TORCH_VERSION;
    environment.blas = blasName(blasFile());
#if defined(__clang__)
    environment.compiler = "Clang " __clang_version__;
#else
    environment.compiler = "GCC " __VERSION__;
#endif
    environment.threads = at::get_num_threads();
    environment.warning = blasWarning();
    return environment;
}

std::string blasWarning()
{
    const std::filesystem::path file = blasFile();
    if (blasName(file) != "reference BLAS")
        return {};
    return fmt::format("libtorch multiplies matrices with the unoptimised reference BLAS ({}), up to fifty times slower than it "
                       "could: install OpenBLAS (on Debian the package libopenblas0-pthread).", file.string());
}

void setThreads(int threads)
{
    at::set_num_threads(threads);
    for (const char* name : {"openblas_set_num_threads", "bli_thread_set_num_threads", "MKL_Set_Num_Threads"})
        if (void* symbol = dlsym(RTLD_DEFAULT, name)) {
            if (std::string_view(name).starts_with("bli")) // BLIS counts in its own, wide integers
                reinterpret_cast<void (*)(long)>(symbol)(threads);
            else
                reinterpret_cast<void (*)(int)>(symbol)(threads);
        }
}

void tuneAllocator()
{
    // mallopt takes an int. One arena: only it can grow without bounds.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_ARENA_MAX, 1);
}

} // namespace synoscope
