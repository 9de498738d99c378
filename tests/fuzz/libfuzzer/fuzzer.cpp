// A libFuzzer program for one of the checks, which SYNOSCOPE_FUZZ_CHECK names.
#include "tests/fuzz/checks.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto fault = synoscope::test::SYNOSCOPE_FUZZ_CHECK(bytes)) {
        std::fprintf(stderr, "%s\n", fault->c_str());
        std::abort();
    }
    return 0;
}
