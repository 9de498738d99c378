// search --surrogate: a search whose rewards are a formula, without workers and without a store.
#pragma once

#include "app/cli/command.h"
#include "core/search/algorithm.h"

namespace synoscope::cli {

struct SurrogateSearch
{
    std::string problem, surrogate;
    SearchOptions search{};
    int threads = 1;
    std::uint64_t iterations = 0, candidates = 0; // 0: no limit
    double seconds = 0;
};

std::string surrogateHelp(); // names them
Answer searchSurrogate(const SurrogateSearch& wanted);

} // namespace synoscope::cli
