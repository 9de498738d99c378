// CIFAR-10 and CIFAR-100 in their binary form (cs.toronto.edu/~kriz/cifar.html): records without a head, each the label (for
// CIFAR-100 a coarse and a fine one, of which the fine one counts) and 32x32 bytes of red, green and blue.
#include "core/data/image_set.h"
#include "core/data/sources.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

constexpr int side = 32;
constexpr std::size_t imageBytes = 3 * side * side;

struct Format
{
    std::string title, folder, namesFile;
    int classes = 10;
    std::size_t labelBytes = 1;
    std::array<std::vector<std::string>, 2> files; // by DataPart
};

Format formatOf(std::string_view kind)
{
    if (kind == "cifar10")
        return {"CIFAR-10", "cifar-10-batches-bin", "batches.meta.txt", 10, 1,
                {{{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
                  {"test_batch.bin"}}}};
    return {"CIFAR-100", "cifar-100-binary", "fine_label_names.txt", 100, 2, {{{"train.bin"}, {"test.bin"}}}};
}

Expected<void> appendFile(const fs::path& file, const Format& format, ImageSet& set)
{
    const auto bytes = readDataFile(file);
    if (!bytes)
        return bytes.error();
    const auto wrong = [&](std::string message) { return Error{.message = std::move(message), .file = file.string()}; };
    const std::size_t record = format.labelBytes + imageBytes;
    if (bytes->empty() || bytes->size() % record != 0)
        return wrong(fmt::format("The file has {} bytes, expected a multiple of {}, the size of a record of {}: it is "
                                 "truncated, or another kind of file.", bytes->size(), record, format.title));
    const std::size_t count = bytes->size() / record;
    set.pixels.reserve(set.pixels.size() + count * imageBytes);
    for (std::size_t i = 0; i < count; ++i) {
        const auto* at = reinterpret_cast<const std::uint8_t*>(bytes->data()) + i * record;
        const int label = at[format.labelBytes - 1];
        if (label >= format.classes)
            return wrong(fmt::format("Record {} has the label {}, expected 0 to {}: this is no file of {}.", i + 1, label,
                                     format.classes - 1, format.title));
        set.labels.push_back(static_cast<std::uint8_t>(label));
        set.pixels.insert(set.pixels.end(), at + format.labelBytes, at + record);
    }
    return {};
}

// The published files to train on are equally long, and together five times the test's; one that was cut between two records is
// noticed by that.
Expected<void> checkSizes(const std::array<std::vector<fs::path>, 2>& files)
{
    std::error_code error;
    std::uintmax_t largest = 0;
    for (const fs::path& file : files[0])
        largest = std::max(largest, fs::file_size(file, error));
    const std::uintmax_t testSize = fs::file_size(files[1][0], error);
    for (const fs::path& file : files[0])
        if (const auto size = fs::file_size(file, error); size != largest)
            return Error{.message = fmt::format("The file has {} bytes, expected {} as in the others: it is truncated.", size, largest),
                         .file = file.string()};
    if (5 * testSize != files[0].size() * largest)
        return Error{.message = fmt::format("The file has {} bytes, expected {}, a fifth of what there is to train on: it or {} is truncated, "
                                            "or another kind of file.", testSize, files[0].size() * largest / 5, files[0][0].filename().string()),
                     .file = files[1][0].string()};
    return {};
}

std::vector<std::string> readClassNames(const std::vector<fs::path>& folders, const Format& format)
{
    std::vector<std::string> names;
    if (const auto file = findDataFile(folders, {format.namesFile}))
        if (const auto text = readDataFile(*file, 1 << 16)) {
            std::istringstream lines(*text);
            for (std::string line; std::getline(lines, line);)
                if (const auto end = line.find_last_not_of(" \r"); end != std::string::npos)
                    names.push_back(line.substr(0, end + 1));
        }
    names.resize(static_cast<std::size_t>(format.classes));
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i].empty())
            names[i] = fmt::format("class {}", i);
    return names;
}

void keepOnly(ImageSet& set, const std::vector<int>& chosen)
{
    std::size_t kept = 0;
    for (const int i : chosen) {
        std::copy_n(set.image(i), set.imageBytes(), set.pixels.data() + kept * set.imageBytes());
        set.labels[kept++] = set.labels[static_cast<std::size_t>(i)];
    }
    set.labels.resize(kept);
    set.pixels.resize(kept * set.imageBytes());
}

} // namespace

Expected<DataSetPtr> openCifar(const DataRequest& request)
{
    const Format format = formatOf(request.name.kind);
    const fs::path root = request.name.path;
    const std::vector<fs::path> folders{root, root / format.folder};
    std::array<std::vector<fs::path>, 2> files;
    for (std::size_t part = 0; part < 2; ++part)
        for (const std::string& name : format.files[part]) {
            auto file = findDataFile(folders, {name});
            if (!file)
                return file.error();
            files[part].push_back(std::move(*file));
        }
    if (auto sizes = checkSizes(files); !sizes)
        return sizes.error();

    ImageParts parts;
    for (const DataPart part : dataParts) {
        const auto i = static_cast<std::size_t>(part);
        parts[i].side = side;
        for (const fs::path& file : files[i])
            if (auto read = appendFile(file, format, parts[i]); !read)
                return read.error();
        const auto chosen = chooseItems(request.name, part, parts[i].count(), request.items[i]);
        if (!chosen)
            return chosen.error();
        keepOnly(parts[i], *chosen);
    }
    DataFacts facts{.name = request.name, .classes = format.classes, .size = request.size,
                    .classNames = readClassNames(folders, format)};
    measureChannels(parts[0], facts);
    return keepInMemory(std::move(parts), std::move(facts), ImageAugmentation::shiftAndFlip);
}

} // namespace synoscope
