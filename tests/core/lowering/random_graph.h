// Random well-formed operators for tests: statements applied top-down at random, far wilder than any search would:
// Shares of one weight above and below views, diagonals, bare reductions, expanded axes reduced or put out as they are,
// even windows.
#pragma once

#include "core/base/random.h"
#include "core/graph/interpreter.h"

namespace synoscope::test {

struct RandomGraphOptions
{
    int statements = 8;
    int bindings = 2;
    double mostPoints = 60000; // of output and reductions together, per binding: what the interpreter walks over
    bool weightsRequired = false;
};

PGraph randomGraph(Random& random, const RandomGraphOptions& options = {});

// How many rounds of random operators a test does: so many, or SYNOSCOPE_TEST_ROUNDS times as many.
int rounds(int usual);

Array randomArray(std::vector<std::int64_t> shape, Random& random);

struct Arguments
{
    Array input;
    std::vector<Array> weights;
};
Arguments randomArguments(const PGraph& graph, const Binding& binding, Random& random);

// max |a - b| / max(1, max |b|)
double deviation(const Array& a, const Array& b);

double largest(const Array& array); // of the absolute values
Array absolute(Array array);
std::vector<Array> absolute(std::vector<Array> arrays);

} // namespace synoscope::test
