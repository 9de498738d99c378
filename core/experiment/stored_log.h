// The search's log as it lies in the store, entry by entry.
#pragma once

#include "core/search/engine.h"
#include "core/store/reader.h"

#include <string>
#include <unordered_map>

namespace synoscope {

using HashesById = std::unordered_map<std::int64_t, std::string>; // of candidates

// Hands all iterations to `visit`, in order, on the calling thread. Reading and decoding go ahead on a thread of its own, which
// has the reader until this returns: they are a quarter of what a resume takes. Ends with the first error of either.
Expected<void> visitLog(Reader& reader, ExperimentId experiment, const HashesById& hashes,
                        const SearchEngine::LogVisitor& visit);

} // namespace synoscope
