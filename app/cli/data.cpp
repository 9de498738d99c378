// data: which data sets there are to train on, whether one is whole, what it looks like, and how fast it is read.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "core/data/loader.h"
#include "core/data/preview.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string dataset, preview;
    PreviewSettings sheet;
    bool read = false, test = false;
    int size = 0, threads = 0, batch = 64;
    std::uint64_t seed = 1;
};

Answer list()
{
    Answer answer;
    Json& all = answer.json["datasets"] = Json::array();
    for (const DataKind& kind : dataKinds()) {
        const std::string name = std::string(kind.name) + (kind.path ? kind.text ? ":PATH" : ":FOLDER" : "");
        all.push_back({{"name", kind.name},
                       {"path", kind.path},
                       {"classes", kind.classes},
                       {"side", kind.side},
                       {"train_items", kind.trainItems},
                       {"test_items", kind.testItems},
                       {"what", kind.what}});
        const std::string classes = kind.classes > 0 ? fmt::format("{} classes", kind.classes) : "";
        const std::string side = kind.side > 0 ? fmt::format("{0}x{0}", kind.side) : "";
        answer.text += fmt::format("{:<22} {:<12} {:<6} {}\n", name, classes, side, kind.what);
    }
    return answer;
}

void describe(const DataFacts& facts, Answer& answer)
{
    answer.json = {{"dataset", facts.name.text()},
                   {"classes", facts.classes},
                   {"size", facts.size},
                   {"train_items", facts.itemsOf(DataPart::train)},
                   {"test_items", facts.itemsOf(DataPart::test)},
                   {"class_names", facts.classNames}};
    answer.text = fmt::format("{}: {} {} to train on, {} to test with\n", facts.name.text(), facts.itemsOf(DataPart::train),
                              facts.text ? fmt::format("windows of {} bytes", facts.size)
                                         : fmt::format("images of {} classes at {}x{}", facts.classes, facts.size, facts.size),
                              facts.itemsOf(DataPart::test));
    if (!facts.classNames.empty())
        answer.text += fmt::format("classes: {}\n", fmt::join(facts.classNames, "; "));
}

std::optional<Answer> drawPreview(const Options& options, const DataSet& data, Answer& answer)
{
    const auto picture = previewOf(data, options.sheet);
    if (!picture)
        return picture.error();
    const std::string bytes = encodePng(*picture);
    answer.json["file"] = options.preview;
    answer.json["bytes"] = bytes.size();
    return writeFile(options.preview, bytes);
}

// Everything once, as training reads it: what is damaged is found, and the speed is known.
std::optional<Answer> readAll(const Options& options, const DataSetPtr& data, Answer& answer)
{
    ProgressLine progress;
    Json& parts = answer.json["read"] = Json::object();
    for (const DataPart part : dataParts) {
        const auto start = Clock::now();
        Loader loader(data, {.part = part, .batchSize = options.batch, .seed = options.seed, .threads = options.threads});
        int items = 0;
        for (int i = 0; i < loader.batches(); ++i) {
            const auto batch = loader.next();
            if (!batch)
                return batch.error();
            items += batch->items;
            progress.show(fmt::format("{} of {}", items, data->facts().itemsOf(part)));
        }
        const double seconds = since(start), speed = items / std::max(seconds, 1e-9);
        const char* name = part == DataPart::train ? "train" : "test";
        parts[name] = {{"items", items}, {"seconds", seconds}, {"items_per_second", speed}};
        answer.text += fmt::format("{}: {} items read{} in {:.2f} s, {:.0f} a second\n", name, items,
                                   part == DataPart::train ? " with augmentation" : "", seconds, speed);
    }
    return std::nullopt;
}

Answer run(Options options)
{
    if (options.dataset.empty() && options.preview.empty() && !options.read)
        return list();
    const auto name = readDataName(options.dataset.empty() ? "builtin" : options.dataset);
    if (!name)
        return name.error();
    const auto data = openDataSet({.name = *name, .size = options.size, .seed = options.seed});
    if (!data)
        return data.error();
    Answer answer;
    describe((*data)->facts(), answer);
    options.sheet.part = options.test ? DataPart::test : DataPart::train;
    options.sheet.seed = options.seed;
    if (!options.preview.empty())
        if (auto wrong = drawPreview(options, **data, answer))
            return *wrong;
    if (options.read)
        if (auto wrong = readAll(options, *data, answer))
            return *wrong;
    return answer;
}

} // namespace

void addData(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("data", "List the data sets; open one, check it and draw what is in it", [options] { return run(*options); });
    command.add_option("--dataset", options->dataset, dataSetHelp);
    command.add_option("--preview", options->preview, "Draw images of each class into this PNG file");
    command.add_option("--columns", options->sheet.columns, "Images of each class")->check(CLI::Range(1, 64))->capture_default_str();
    command.add_option("--rows", options->sheet.rows, "Classes, at most")->check(CLI::Range(1, 1000))->capture_default_str();
    command.add_flag("--augmented", options->sheet.augmented, "Draw the images as training sees them");
    command.add_flag("--test", options->test, "Draw the test's images");
    command.add_flag("--read", options->read, "Read everything once, as training does: tells what is damaged, and how fast it is");
    command.add_option("--size", options->size, "What the network reads: pixels of each side, or tokens; 0: as the data are")
        ->check(CLI::Range(0, 1 << 14))
        ->capture_default_str();
    command.add_option("--batch", options->batch, "Items of a batch")->check(CLI::Range(1, 65536))->capture_default_str();
    command.add_option("--threads", options->threads, "That read; 0: as many as training uses")->check(CLI::Range(0, 256))->capture_default_str();
    command.add_option("--seed", options->seed)->capture_default_str();
}

} // namespace synoscope::cli
