// Small random problems: few enough states to look at all of them.
#pragma once

#include "core/base/random.h"
#include "core/synthesis/problem.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace synoscope::test {

// One or two ordered axes and channels under two bindings, with random limits. The same seed gives the same problem;
// `rules` is the inside of the rules object.
inline std::shared_ptr<Problem> randomProblem(std::uint64_t seed, const std::string& rules)
{
    Random random(seed);
    const auto number = [&](int least, int most) {
        return least + static_cast<int>(random.below(static_cast<std::uint32_t>(most - least + 1)));
    };
    const bool plane = number(0, 2) == 0;
    const bool more = number(0, 2) == 0;
    const std::string axes = plane ? R"(,"H","H")" : R"(,"H")";
    const auto binding = [&] {
        return fmt::format(R"({{"N":1,"C_in":{},"C_out":{},"H":{}}})", 4 * number(1, 4), 4 * number(1, 4),
                           number(5, 10));
    };
    std::string text =
        fmt::format(R"({{"name":"random","input":["N","C_in:unordered"{0}],"output":["N","C_out:unordered"{0}],)"
                    R"("fixed":[["N","N"]]{1},"bindings":[{2},{3}],)",
                    axes, plane ? R"(,"interchangeable":[["H","H"]])" : "", binding(), binding());
    text += fmt::format(R"("primary":{{"C_in":{},"C_out":{},"H":{}}},"coefficient":{{"k":{{"value":3,"uses":{}}},)"
                        R"("s":{{"value":2,"uses":{}}}{}}},)",
                        number(1, 2), number(1, 3), number(0, 5) == 0 ? 1 : 0, number(0, 2), number(0, 2),
                        more ? R"(,"g":{"value":4,"uses":1})" : "");
    const bool repeats = number(0, 3) == 0;
    text += fmt::format(
        R"("limits":{{"depth":{},"weights":{},"reductions":{},"merges":{},"splits":{},"shifts":{},"strides":{},)"
        R"("unfolds":{},"expands":{},"chain":{},"pooling":{},"repeat":{},"tile":{},"shift_reshape":{},)"
        R"("flops_ratio":[0,100],"min_weight_params":2,"low_rank":[2,4],"unfold_ratio":1.4,"odd_windows":{}}},)",
        number(4, 7), number(1, 2), number(1, 3), number(0, 2), number(0, 2), number(0, 1), number(0, 5) == 0 ? 1 : 0,
        number(0, 2), number(1, 3), number(3, 6), number(1, 8), repeats ? 4 : 1, repeats && number(0, 1), number(2, 3),
        number(0, 2) > 0);
    text += fmt::format(R"("rules":{{{}}}}})", rules);
    auto problem = parseProblem(text, "random.json");
    EXPECT_TRUE(problem) << problem.error().text() << "\n" << text;
    return problem ? std::make_shared<Problem>(std::move(*problem)) : nullptr;
}

} // namespace synoscope::test
