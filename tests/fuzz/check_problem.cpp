#include "checks.h"

#include "core/synthesis/problem.h"

#include <cmath>
#include <fmt/format.h>

namespace synoscope::test {

namespace {

std::optional<std::string> faultOfLayers(const Problem& problem)
{
    if (problem.layers.empty())
        return "a problem without layers";
    for (const Layer& layer : problem.layers) {
        if (layer.count < 1)
            return "a layer that never occurs";
        for (const auto* shape : {&problem.input, &problem.output})
            for (const ShapeAxis& axis : *shape) {
                if (!isLegal(axis.size, problem.variables))
                    return "an axis whose size is none";
                if (evaluate(axis.size, layer.binding).value_or(0) < 1)
                    return fmt::format("an axis {} without a number under a layer",
                                       toString(axis.size, problem.variables));
            }
    }
    return std::nullopt;
}

// What engines take for granted.
std::optional<std::string> faultOfNumbers(const Problem& problem)
{
    const auto [least, most] = problem.flopsWindow();
    if (!std::isfinite(least) || !std::isfinite(most) || least > most)
        return fmt::format("a FLOPs window from {} to {}", least, most);
    if (!std::isfinite(problem.baselineFlops) || problem.baselineFlops <= 0 || problem.restFlops < 0)
        return fmt::format("baseline FLOPs of {} and {}", problem.baselineFlops, problem.restFlops);
    for (const auto& [in, out] : problem.fixed)
        if (in < 0 || out < 0 || in >= static_cast<int>(problem.input.size()) ||
            out >= static_cast<int>(problem.output.size()))
            return "a fixed axis that no shape has";
    for (const auto& [a, b] : problem.interchangeable)
        if (a == b || std::max(a, b) >= static_cast<int>(problem.input.size()))
            return "interchangeable axes that the input does not have";
    return std::nullopt;
}

// The store keeps the text and nothing else.
std::optional<std::string> faultOfText(const Problem& problem)
{
    const auto again = parseProblem(problem.text, "kept.json");
    if (!again)
        return fmt::format("its text cannot be read again: {}", again.error().text());
    if (again->text != problem.text || again->variables != problem.variables ||
        again->layers.size() != problem.layers.size() || again->flopsWindow() != problem.flopsWindow())
        return fmt::format("its text reads as another problem:\n{}", problem.text);
    return std::nullopt;
}

} // namespace

std::optional<std::string> faultOfProblem(std::string_view bytes)
{
    const auto problem = parseProblem(bytes, "fuzz.json");
    if (!problem) {
        const Error& error = problem.error();
        if (error.line < 1 || error.column < 1 || error.message.empty())
            return fmt::format("an error without a place or a sentence: {}", error.text());
        return std::nullopt;
    }
    for (const auto check : {faultOfLayers, faultOfNumbers, faultOfText})
        if (auto fault = check(*problem))
            return fault;
    return std::nullopt;
}

} // namespace synoscope::test
