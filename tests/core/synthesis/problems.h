// Small problems for the tests.
#pragma once

#include "core/synthesis/problem.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace synoscope::test {

// One ordered axis and channels; `limits` is the inside of the limits object.
inline std::shared_ptr<Problem> lineProblem(const std::string& limits, const std::string& rules = "")
{
    const std::string text = R"({
        "name": "line",
        "input": ["N", "C_in:unordered", "H"], "output": ["N", "C_out:unordered", "H"], "fixed": [["N", "N"]],
        "primary": {"C_in": 2, "C_out": 2, "H": 0},
        "coefficient": {"k": {"value": 3, "uses": 2}, "s": {"value": 2, "uses": 2}},
        "bindings": [{"N": 1, "C_in": 8, "C_out": 12, "H": 10}, {"N": 2, "C_in": 12, "C_out": 16, "H": 8}],
        "limits": {"flops_ratio": [0, 100], "min_weight_params": 4, "low_rank": [2, 4], "unfold_ratio": 1.5, )" +
                             limits + R"(}, "rules": {)" + rules + "}}";
    auto problem = parseProblem(text, "line.json");
    EXPECT_TRUE(problem) << problem.error().text();
    return std::make_shared<Problem>(std::move(*problem));
}

inline std::shared_ptr<Problem> shippedProblem(const std::string& name)
{
    auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/" + name + ".json");
    EXPECT_TRUE(problem) << problem.error().text();
    return std::make_shared<Problem>(std::move(*problem));
}

} // namespace synoscope::test
