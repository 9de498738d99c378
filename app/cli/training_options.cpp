#include "app/cli/training_options.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

template <std::size_t count>
std::vector<std::string> words(const std::array<std::string_view, count>& names)
{
    return {names.begin(), names.end()};
}

void addSchedule(CLI::App& command, protocol::TrainRecipe& recipe, const std::string& group)
{
    command.add_option("--schedule", recipe.schedule, "How the learning rate falls after the warm-up")
        ->check(CLI::IsMember(words(protocol::trainSchedules)))->capture_default_str()->group(group);
    command.add_option("--warm-up", recipe.warmUp, "Share of the steps in which the learning rate rises to its peak")
        ->check(CLI::Range(0.0, 0.9))->capture_default_str()->group(group);
    command.add_option("--drop-epochs", recipe.dropEpochs,
                       "With the schedule step: the rate falls after these epochs, as in 30,60 (default: after half and after three quarters)")
        ->delimiter(',')->group(group);
    command.add_option("--drop-factor", recipe.dropFactor, "With the schedule step: to what share the rate falls")
        ->check(CLI::Range(0.0, 1.0))->capture_default_str()->group(group);
}

} // namespace

void addTrainingOptions(CLI::App& command, TrainingOptions& options)
{
    const std::string group = "How it trains";
    protocol::TrainRecipe& recipe = options.recipe;
    command.add_option("--optimizer", recipe.optimizer)
        ->check(CLI::IsMember(words(protocol::trainOptimizers)))->capture_default_str()->group(group);
    command.add_option("--batch", recipe.batchSize, "Images a step")->check(CLI::Range(1, 65536))->capture_default_str()->group(group);
    command.add_option("--rate", options.rate, "The learning rate at its peak (default: sgd 0.1, adamw 0.003)")
        ->check(CLI::PositiveNumber)->group(group);
    command.add_option("--momentum", recipe.momentum, "Of sgd; the first beta of adamw")
        ->check(CLI::Range(0.0, 0.9999))->capture_default_str()->group(group);
    command.add_flag("--nesterov", recipe.nesterov, "With sgd: Nesterov's momentum")->group(group);
    command.add_option("--beta2", recipe.beta2, "The second beta of adamw")
        ->check(CLI::Range(0.0, 0.999999))->capture_default_str()->group(group);
    command.add_option("--weight-decay", options.decay,
                       "Of weights; never of biases and the scales of norms (default: sgd 0.0005, adamw 0.05)")
        ->check(CLI::NonNegativeNumber)->group(group);
    addSchedule(command, recipe, group);
    command.add_option("--label-smoothing", recipe.labelSmoothing, "The share of a label that is spread over all classes")
        ->check(CLI::Range(0.0, 0.99))->capture_default_str()->group(group);
    command.add_option("--clip", recipe.clipNorm, "Gradients beyond this norm are scaled down to it; 0: they are not")
        ->check(CLI::NonNegativeNumber)->capture_default_str()->group(group);
    command.add_option("--device", recipe.device)
        ->check(CLI::IsMember(words(protocol::trainDevices)))->capture_default_str()->group(group);
    command.add_option("--precision", recipe.precision, "On cuda: bfloat16 and float16 are mixed precision, with weights in float32")
        ->check(CLI::IsMember(words(protocol::trainPrecisions)))->capture_default_str()->group(group);
    command.add_option("--milestones", options.milestones,
                       "Stop what is hopeless: EPOCH:ACCURACY,..., as in 1:0.1,3:0.2, or paper: those of the paper's search for ResNet-18")
        ->group(group);
}

Expected<protocol::TrainRecipe> recipeOf(const TrainingOptions& options)
{
    const protocol::TrainRecipe suited = protocol::recipeFor(options.recipe.optimizer);
    protocol::TrainRecipe recipe = options.recipe;
    recipe.learningRate = options.rate.value_or(suited.learningRate);
    recipe.weightDecay = options.decay.value_or(suited.weightDecay);
    if (const auto refusal = protocol::refusalOf(recipe))
        return Error{.message = fmt::format("It cannot be trained in this way: {}.", *refusal)};
    if (const auto milestones = protocol::parseMilestones(options.milestones); !milestones)
        return milestones.error();
    return recipe;
}

Json recipeJson(const protocol::TrainRecipe& recipe)
{
    Json json = Json::object();
    protocol::visitRecipe(recipe, [&](const char* key, const auto& value) { json[key] = value; });
    return json;
}

} // namespace synoscope::cli
