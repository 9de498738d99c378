// Reads `.pgraph` text (DESIGN 8.1).
//
// Whatever the bytes are, the answer is an operator or an Error with file, line and column of the offending token and
// one sentence that says what was expected there. A rule of use: what a statement names must stand above it; apart from
// that, and from 'pgraph 1' which comes first, statements may come in any order.
#pragma once

#include "core/graph/pgraph.h"

#include <filesystem>

namespace synoscope {

inline constexpr std::size_t maxPGraphBytes = std::size_t{1} << 20;
inline constexpr int maxPGraphDimensions = 256; // far beyond any operator; keeps the canonical form quick

Expected<PGraph> parsePGraph(std::string_view text, std::string_view fileName);
Expected<PGraph> readPGraph(const std::filesystem::path& path);

} // namespace synoscope
