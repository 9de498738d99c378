#include "core/evaluation/protocol/train_recipe.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

namespace synoscope::protocol {

namespace {

// Epochs and accuracies of the published search for ResNet-18 (Zhuo et al., ASPLOS '25, its search scripts).
constexpr std::array<Milestone, 6> paperMilestones{{{1, 0.1}, {3, 0.2}, {5, 0.25}, {10, 0.3}, {30, 0.5}, {60, 0.6}}};

std::optional<std::string> refusedWord(std::string_view key, std::string_view word, std::span<const std::string_view> words)
{
    if (std::ranges::find(words, word) != words.end())
        return std::nullopt;
    return fmt::format("'{}' is '{}', expected one of {}", key, word, fmt::join(words, ", "));
}

// Not a number is in no range.
std::optional<std::string> outside(std::string_view key, double value, double least, double most)
{
    if (value >= least && value <= most)
        return std::nullopt;
    return fmt::format("'{}' must be between {:g} and {:g}", key, least, most);
}

template <typename Number>
bool readNumber(std::string_view text, Number& number)
{
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size();
}

std::optional<Milestone> parseOne(std::string_view word)
{
    const std::size_t colon = word.find(':');
    Milestone one;
    if (colon == std::string_view::npos || !readNumber(word.substr(0, colon), one.epoch) ||
        !readNumber(word.substr(colon + 1), one.accuracy))
        return std::nullopt;
    const bool possible = one.epoch >= 1 && one.accuracy >= 0 && one.accuracy <= 1;
    return possible ? std::optional(one) : std::nullopt;
}

} // namespace

TrainRecipe recipeFor(std::string_view optimizer)
{
    TrainRecipe recipe;
    recipe.optimizer = optimizer;
    if (optimizer == "adamw") {
        recipe.learningRate = 3e-3;
        recipe.weightDecay = 0.05;
    }
    return recipe;
}

std::optional<std::string> refusalOf(const TrainRecipe& recipe)
{
    constexpr double largest = 1e30;
    const std::optional<std::string> refusals[]{
        refusedWord("optimizer", recipe.optimizer, trainOptimizers),
        refusedWord("schedule", recipe.schedule, trainSchedules),
        refusedWord("precision", recipe.precision, trainPrecisions),
        refusedWord("device", recipe.device, trainDevices),
        recipe.batchSize >= 1 ? std::nullopt : std::optional<std::string>("'batch_size' must be at least 1"),
        recipe.learningRate > 0 && recipe.learningRate <= largest
            ? std::nullopt
            : std::optional<std::string>("'learning_rate' must be above 0"),
        outside("momentum", recipe.momentum, 0, 0.9999),
        outside("beta2", recipe.beta2, 0, 0.999999),
        outside("weight_decay", recipe.weightDecay, 0, largest),
        outside("warm_up", recipe.warmUp, 0, 0.9),
        outside("drop_factor", recipe.dropFactor, 0, 1),
        outside("label_smoothing", recipe.labelSmoothing, 0, 0.99),
        outside("clip_norm", recipe.clipNorm, 0, largest),
    };
    for (const auto& refusal : refusals)
        if (refusal)
            return refusal;
    if (recipe.nesterov && (recipe.optimizer != "sgd" || recipe.momentum == 0))
        return "'nesterov' needs the optimizer sgd with a momentum above 0";
    if (recipe.precision != "float32" && recipe.device != "cuda")
        return "'precision' must be float32 on the CPU: mixed precision needs the device cuda";
    if (!std::ranges::is_sorted(recipe.dropEpochs) || (!recipe.dropEpochs.empty() && recipe.dropEpochs.front() < 1))
        return "'drop_epochs' must be rising whole numbers of at least 1";
    return std::nullopt;
}

Expected<std::vector<Milestone>> parseMilestones(std::string_view text)
{
    if (text == "paper")
        return std::vector<Milestone>(paperMilestones.begin(), paperMilestones.end());
    std::vector<Milestone> milestones;
    while (true) {
        const std::size_t begin = text.find_first_not_of(", ");
        if (begin == std::string_view::npos)
            return milestones;
        text.remove_prefix(begin);
        const std::string_view word = text.substr(0, text.find_first_of(", "));
        text.remove_prefix(word.size());
        const auto one = parseOne(word);
        if (!one || (!milestones.empty() && one->epoch <= milestones.back().epoch))
            return Error{.message = fmt::format("The milestone '{}' cannot be read; expected EPOCH:ACCURACY with rising epochs "
                                                "and accuracies between 0 and 1, as in 1:0.1,3:0.2, or the word paper.", word)};
        milestones.push_back(*one);
    }
}

std::string toText(const std::vector<Milestone>& milestones)
{
    std::string text;
    for (const Milestone& one : milestones)
        text += fmt::format("{}{}:{}", text.empty() ? "" : " ", one.epoch, one.accuracy);
    return text;
}

} // namespace synoscope::protocol
