// data: which images there are to train on, and what they look like.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/png.h"
#include "app/cli/torch.h"

#include <fmt/format.h>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string preview, dataset = "builtin";
    int columns = 16;
    std::uint64_t seed = 1;
};

Answer list(const TorchServices& torch)
{
    Answer answer;
    Json& all = answer.json["datasets"] = Json::array();
    for (const DataSpec& spec : torch.dataSets()) {
        all.push_back({{"name", spec.name},
                       {"classes", spec.classes},
                       {"side", spec.side},
                       {"train_images", spec.trainImages},
                       {"test_images", spec.testImages}});
        answer.text += fmt::format("{:<16} {:>4} classes, {}x{} pixels, {} images to train on, {} to test\n", spec.name,
                                   spec.classes, spec.side, spec.side, spec.trainImages, spec.testImages);
    }
    return answer;
}

Answer preview(const Options& options, const TorchServices& torch)
{
    const auto spec = torch.findDataSet(options.dataset);
    if (!spec)
        return spec.error();
    std::string picture = torch.preview(*spec, options.columns, options.seed);
    if (options.preview.ends_with(".png"))
        picture = pngFromPpm(picture);
    if (auto wrong = writeFile(options.preview, picture))
        return *wrong;
    Answer answer;
    answer.json = {{"dataset", spec->name}, {"file", options.preview}, {"bytes", picture.size()}};
    return answer;
}

} // namespace

void addData(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("data", "List the data sets, or draw what is in one", [options, &commands] {
        if (!commands.torch())
            return commands.handOver();
        return options->preview.empty() ? list(*commands.torch()) : preview(*options, *commands.torch());
    });
    command.add_option("--preview", options->preview, "Draw images of each class into this file (.png, otherwise PPM)");
    command.add_option("--dataset", options->dataset)->capture_default_str();
    command.add_option("--columns", options->columns, "Images of each class")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command.add_option("--seed", options->seed)->capture_default_str();
}

} // namespace synoscope::cli
