// What must hold for any bytes whatever that are given to a reader. libFuzzer calls these with bytes of its own making
// (libfuzzer/, the preset `fuzz`), corpus_test.cpp with those that once were interesting, in every build.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace synoscope::test {

// What went wrong, in a sentence; nothing when the reader kept its promises. Crashes, hangs and undefined behaviour are
// for the sanitizers to find.
std::optional<std::string> faultOfPGraph(std::string_view bytes);
std::optional<std::string> faultOfProblem(std::string_view bytes);

} // namespace synoscope::test
