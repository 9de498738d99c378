#include "core/codegen/einsum_text.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace synoscope::codegen {

namespace {

// A letter of the axis' name where one is free, else of the alphabet.
char letter(const std::string& name, const std::map<int, char>& taken)
{
    std::string wishes;
    for (const char c : name)
        if (std::isalpha(static_cast<unsigned char>(c)))
            wishes += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    wishes += "ijklmnopqrstuvwxyzabcdefghIJKLMNOPQRSTUVWXYZABCDEFGH";
    for (const char wish : wishes)
        if (std::ranges::none_of(taken, [&](const auto& entry) { return entry.second == wish; }))
            return wish;
    return '?'; // more axes than einsum has letters
}

} // namespace

std::string einsumEquation(const Plan& plan, const Step& step)
{
    std::map<int, char> letters;
    const auto choose = [&](const std::vector<int>& labels, const std::vector<std::string>& names) {
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (!letters.contains(labels[i]))
                letters[labels[i]] = letter(names[i], letters);
    };
    choose(step.labels.back(), step.axisNames);
    for (std::size_t o = 0; o < step.operands.size(); ++o)
        choose(step.labels[o], plan[step.operands[o]].axisNames);
    std::string text;
    for (std::size_t i = 0; i < step.labels.size(); ++i) {
        if (i > 0)
            text += i + 1 == step.labels.size() ? "->" : ",";
        for (const int label : step.labels[i])
            text += letters[label];
    }
    return text;
}

std::vector<int> plainSum(const Step& step)
{
    if (step.operands.size() != 1)
        return {};
    std::vector<int> summed;
    std::vector<int> kept;
    for (std::size_t i = 0; i < step.labels[0].size(); ++i) {
        const int label = step.labels[0][i];
        if (std::ranges::count(step.labels[0], label) > 1)
            return {};
        if (std::ranges::find(step.labels[1], label) == step.labels[1].end())
            summed.push_back(static_cast<int>(i));
        else
            kept.push_back(label);
    }
    return kept == step.labels[1] ? summed : std::vector<int>{};
}

} // namespace synoscope::codegen
