// A problem (DESIGN 8.2): which operators to look for, and within which limits. Immutable after reading; shared by
// threads.
#pragma once

#include "core/base/error.h"
#include "core/symbolic/size.h"

#include <array>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace synoscope {

struct ShapeAxis
{
    Size size;
    bool unordered = false; // any permutation along this axis gives an equivalent operator (channels)
};

// A distinct layer of the backbone, and how often it occurs there.
struct Layer
{
    Binding binding;
    int count = 1;
    double baselineFlops = 0; // of its own operators, the count and the batch included
};

struct Limits
{
    int depth = 12;  // primitives, a contraction counting as one
    int weights = 2; // contractions
    int reductions = 5;
    int merges = 1;
    int splits = 3;
    int shifts = 2;
    int strides = 0;
    int unfolds = 4;
    int expands = 4; // outer axes of contractions and repeats together
    int chain = 6;   // primitives on any way up from the output
    int variablesInSize = 3;
    int powersInSize = 16;
    double flopsLow = 0.0; // as shares of the backbone's FLOPs (Problem::flopsWindow has them as numbers)
    double flopsHigh = 1.0;
    double maxParameters = 0; // per backbone, all slots together; 0: no limit
    double maxPeakBytes = 0;  // of one layer; 0: no limit
    int pooling = 8;          // largest product of reductions that meet no weight
    int minWeightParameters = 100;
    std::int64_t outerProduct = 2048;                    // largest product of all outer axes
    std::pair<std::int64_t, std::int64_t> lowRank{8, 8}; // least and largest size of an outer axis over a reduction
    double unfoldRatio = 2.3;                            // an axis is at least this many times its window
    std::int64_t unfoldMax = 30;
    bool oddWindows = true;
    double reduceRatio = 4.0; // product of the reductions against the input's elements (batch aside)
    int shiftReshape = 2;     // a Shift by 1 may meet a reshape with a block of at most this
    std::int64_t repeat = 1;  // largest product of all repeats; 1: none
    bool tile = false;
};

// What a ratio to the baseline, below 1 is better, does to a reward: nothing by default.
struct RatioObjective
{
    double limit = std::numeric_limits<double>::infinity(); // above it there is no reward
    double target = 0.5;                                    // from here on down the reward is whole
    double weight = 0;                                      // above it the reward falls by (target / ratio) ^ weight

    friend bool operator==(const RatioObjective&, const RatioObjective&) = default;
};

struct RewardSettings
{
    double accuracyFloor = 0.4;
    double accuracyCeiling = 0.7;
    double power = 4;
    RatioObjective latency{}, flops{};

    friend bool operator==(const RewardSettings&, const RewardSettings&) = default;
};

struct Problem
{
    std::string name;
    std::string backbone; // what findBackbone knows it by (its name, or its description as JSON); empty: shapes only
    int image = 0;        // side of the backbone's images (a sequence: its tokens)
    int batch = 1;        // of the layers that are taken from the backbone
    VariableTable variables;
    std::vector<ShapeAxis> input;
    std::vector<ShapeAxis> output;
    std::vector<std::pair<int, int>> fixed;           // (input axis, output axis): passed through untouched
    std::vector<std::pair<int, int>> interchangeable; // pairs of input axes; the same axes by size in the output
    std::array<int, maxVariables> allowance{};        // how often one operator may use a variable
    std::vector<Layer> layers;
    Limits limits;
    std::map<std::string, bool> rules; // switched rules by name (rules.h)
    RewardSettings reward;
    double baselineFlops = 0; // of all layers: 1 multiply-add = 2
    double restFlops = 0;     // of the rest of the backbone, likewise
    std::string text;         // the JSON it was read from, without comments, with all that other files said

    // Least and largest FLOPs of an operator summed over all layers, counts included.
    std::pair<double, double> flopsWindow() const;
};

// Reads problem.json. Errors name the key's path ("limits.depth") and what was expected, with line and column where the
// text is malformed. Bindings that the file does not give are taken from the backbone (core/catalog).
Expected<Problem> parseProblem(std::string_view text, std::string_view fileName);
Expected<Problem> readProblem(const std::filesystem::path& path);
// As "reward" in problem.json; what stands for "none" is left out.
std::string toJson(const RewardSettings& reward);
// The same problem with another "reward", an object as in problem.json. Errors as above.
Expected<Problem> withReward(const Problem& problem, std::string_view reward, std::string_view fileName);

} // namespace synoscope
