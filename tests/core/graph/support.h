// What the tests of this folder share: the zoo, operators in text, random arrays, and a shuffler that writes an
// operator in another of its many forms.
#pragma once

#include "core/graph/reader.h"
#include "tests/core/lowering/random_graph.h"

#include <gtest/gtest.h>

namespace synoscope::test {

std::string readText(const std::filesystem::path& path);

// The operators of resources/operators, by file name.
const std::vector<std::pair<std::string, std::string>>& zooTexts();
std::vector<PGraph> zoo();
PGraph zooOperator(const std::string& file);

// The operator of a text that is known to be right.
PGraph parsed(std::string_view text);

// Another text of the same operator: new names, and another order of variables, weights, axes, statements and
// reductions.
std::string shuffledText(const PGraph& graph, Random& random);

// A random operator of every kind of primitive, small under its one layer; not necessarily a good one.
PGraph randomOperator(Random& random);

std::vector<Array> randomWeights(const PGraph& graph, const Binding& binding, Random& random);
Array randomInput(const PGraph& graph, const Binding& binding, Random& random);
double largestDifference(const Array& a, const Array& b);

} // namespace synoscope::test
