// MNIST and its likes: IDX files, as they are or gzipped (yann.lecun.com/exdb/mnist). A head of numbers with four bytes, the
// highest first (what it is, how many, rows, columns), then bytes. Grey becomes red, green and blue alike.
#include "core/data/image_set.h"
#include "core/data/sources.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t headOfImages = 16, headOfLabels = 8;
constexpr std::uint64_t most = std::uint64_t{1} << 33; // bytes that such a file may have: a damaged head says anything

constexpr std::array<std::string_view, 10> clothes{"T-shirt", "trouser", "pullover", "dress", "coat",
                                                   "sandal",  "shirt",   "sneaker",  "bag",   "ankle boot"};

std::uint64_t numberAt(std::string_view bytes, std::size_t at)
{
    std::uint64_t value = 0;
    for (const char byte : bytes.substr(at, 4))
        value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
}

// "train-images-idx3-ubyte" and the other ways in which it is spelled.
std::vector<std::string> spellings(std::string_view part, std::string_view what, int axes)
{
    const std::string usual = fmt::format("{}-{}-idx{}-ubyte", part, what, axes);
    const std::string dotted = fmt::format("{}-{}.idx{}-ubyte", part, what, axes);
    return {usual, usual + ".gz", dotted, dotted + ".gz"};
}

struct IdxFile
{
    fs::path path;
    std::string bytes;

    Error wrong(std::string message) const { return {.message = std::move(message), .file = path.string()}; }
};

Expected<IdxFile> readIdx(const fs::path& folder, DataPart part, std::string_view what, int axes, std::size_t head)
{
    const auto path = findDataFile({folder}, spellings(part == DataPart::train ? "train" : "t10k", what, axes));
    if (!path)
        return path.error();
    auto bytes = readDataFile(*path, most);
    if (!bytes)
        return bytes.error();
    IdxFile file{*path, std::move(*bytes)};
    if (file.bytes.size() < head)
        return file.wrong(fmt::format("The file has {} bytes, expected a head of {} bytes and {}.", file.bytes.size(), head, what));
    const std::uint64_t magic = numberAt(file.bytes, 0), expected = 0x800u + static_cast<unsigned>(axes);
    if (magic != expected)
        return file.wrong(fmt::format("The file begins with 0x{:08x}, expected 0x{:08x}, an IDX file of {}.", magic, expected, what));
    return file;
}

Expected<ImageSet> readPart(const DataRequest& request, DataPart part)
{
    const auto images = readIdx(request.name.path, part, "images", 3, headOfImages);
    if (!images)
        return images.error();
    const auto labels = readIdx(request.name.path, part, "labels", 1, headOfLabels);
    if (!labels)
        return labels.error();
    const std::uint64_t count = numberAt(images->bytes, 4), rows = numberAt(images->bytes, 8), columns = numberAt(images->bytes, 12);
    if (count == 0 || rows != columns || rows == 0 || rows > 1024)
        return images->wrong(fmt::format("The head says {} images of {}x{} pixels, expected square ones of at most 1024 pixels.",
                                         count, columns, rows));
    if (images->bytes.size() != headOfImages + count * rows * columns)
        return images->wrong(fmt::format("The file has {} bytes, expected {} for {} images of {}x{} pixels{}.", images->bytes.size(),
                                         headOfImages + count * rows * columns, count, columns, rows,
                                         images->bytes.size() < headOfImages + count * rows * columns ? ": it is truncated" : ""));
    const std::uint64_t labelCount = numberAt(labels->bytes, 4);
    if (labelCount != count || labels->bytes.size() != headOfLabels + count)
        return labels->wrong(fmt::format("The head says {} labels and the file has {}, expected {} as there are images.", labelCount,
                                         labels->bytes.size() - headOfLabels, count));

    const auto chosen = chooseItems(request.name, part, static_cast<int>(count), request.items[static_cast<std::size_t>(part)]);
    if (!chosen)
        return chosen.error();
    ImageSet set{.side = static_cast<int>(rows)};
    const std::size_t plane = rows * columns;
    set.pixels.reserve(chosen->size() * 3 * plane);
    for (const int i : *chosen) {
        const auto label = static_cast<std::uint8_t>(labels->bytes[headOfLabels + static_cast<std::size_t>(i)]);
        if (label > 9)
            return labels->wrong(fmt::format("Label number {} is {}, expected 0 to 9.", i + 1, label));
        set.labels.push_back(label);
        const auto* grey = reinterpret_cast<const std::uint8_t*>(images->bytes.data()) + headOfImages + static_cast<std::size_t>(i) * plane;
        for (int channel = 0; channel < 3; ++channel)
            set.pixels.insert(set.pixels.end(), grey, grey + plane);
    }
    return set;
}

} // namespace

Expected<DataSetPtr> openIdx(const DataRequest& request)
{
    ImageParts parts;
    for (const DataPart part : dataParts) {
        auto set = readPart(request, part);
        if (!set)
            return set.error();
        parts[static_cast<std::size_t>(part)] = std::move(*set);
    }
    DataFacts facts{.name = request.name, .classes = 10, .size = request.size};
    for (int i = 0; i < 10; ++i)
        facts.classNames.push_back(request.name.kind == "mnist" ? fmt::format("{}", i) : std::string(clothes[static_cast<std::size_t>(i)]));
    measureChannels(parts[0], facts);
    return keepInMemory(std::move(parts), std::move(facts), ImageAugmentation::none);
}

} // namespace synoscope
