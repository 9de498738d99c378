#include "core/data/data_set.h"

#include "core/data/builtin_data.h"
#include "core/data/sources.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

constexpr auto binary = "the binary files of CIFAR, as they are published";
constexpr auto idx = "IDX files, as they are published or unpacked";

constexpr DataKind kinds[]{
    {.name = "builtin10-16", .classes = 10, .side = 16, .trainItems = 4096, .testItems = 1024, .what = "generated"},
    {.name = "builtin10-32", .classes = 10, .side = 32, .trainItems = 4096, .testItems = 1024, .what = "generated"},
    {.name = "builtin100-16", .classes = 100, .side = 16, .trainItems = 16384, .testItems = 4000, .what = "generated"},
    {.name = "builtin100-32", .classes = 100, .side = 32, .trainItems = 16384, .testItems = 4000, .what = "generated"},
    {.name = "cifar10", .path = true, .classes = 10, .side = 32, .what = binary},
    {.name = "cifar100", .path = true, .classes = 100, .side = 32, .what = binary},
    {.name = "mnist", .path = true, .classes = 10, .side = 28, .what = idx},
    {.name = "fashion-mnist", .path = true, .classes = 10, .side = 28, .what = idx},
    {.name = "imagefolder", .path = true, .what = "PNG and JPEG files, one sub-folder per class, below train and val or alone"},
    {.name = "text", .path = true, .text = true, .classes = 256, .what = "bytes as tokens: a file, or a folder of .txt files"}};

std::string kindNames()
{
    std::string names;
    for (const DataKind& kind : kinds)
        names += fmt::format("{}{}{}", names.empty() ? "" : ", ", kind.name, kind.path ? (kind.text ? ":PATH" : ":FOLDER") : "");
    return names;
}

} // namespace

std::span<const DataKind> dataKinds()
{
    return kinds;
}

const DataKind* findDataKind(std::string_view name)
{
    const auto it = std::ranges::find(kinds, name == "builtin" ? kinds[0].name : name, &DataKind::name);
    return it == std::end(kinds) ? nullptr : &*it;
}

Expected<DataName> readDataName(std::string_view text)
{
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const std::string_view path = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    const DataKind* kind = findDataKind(name);
    if (!kind)
        return Error{fmt::format("There is no data set '{}'; there are {}.", name, kindNames())};
    if (!kind->path) {
        if (colon != std::string_view::npos)
            return Error{fmt::format("The data set '{}' is generated and has no folder, but '{}' was given.", name, path)};
        return DataName{std::string(kind->name)};
    }
    if (path.empty())
        return Error{fmt::format("The data set '{0}' is read from a folder: write {0}:FOLDER.", name)};
    std::error_code error;
    const fs::path absolute = fs::absolute(fs::path(path), error).lexically_normal();
    const bool file = fs::is_regular_file(absolute, error);
    if (!fs::is_directory(absolute, error) && !(kind->text && file))
        return Error{.message = fmt::format("There is no such folder{}; the data set '{}' was expected there.",
                                            kind->text ? " or file" : "", name),
                     .file = absolute.string()};
    return DataName{std::string(name), absolute.string()};
}

Expected<DataName> dataNameFor(std::string_view text, bool sequence)
{
    auto name = readDataName(text);
    if (name && findDataKind(name->kind)->text != sequence)
        return Error{fmt::format("The network reads {}, but the data set '{}' is {}.", sequence ? "text" : "images", text,
                                 sequence ? "images; expected text:PATH" : "text")};
    return name;
}

Expected<DataSetPtr> openBuiltin(const DataRequest& request)
{
    const DataKind& kind = *findDataKind(request.name.kind);
    DataFacts facts{.name = request.name, .classes = kind.classes, .size = request.size};
    for (int i = 0; i < kind.classes; ++i)
        facts.classNames.push_back(builtinClassName(kind.classes, i));
    ImageParts parts;
    for (const DataPart part : dataParts) {
        const auto i = static_cast<std::size_t>(part);
        const int usual = part == DataPart::train ? kind.trainItems : kind.testItems;
        const int count = request.items[i] > 0 ? request.items[i] : usual;
        parts[i] = generateImages(kind.classes, kind.side, part, count, request.seed);
    }
    return keepInMemory(std::move(parts), std::move(facts), ImageAugmentation::shiftAndFlip);
}

Expected<DataSetPtr> openDataSet(const DataRequest& request)
{
    const std::string_view kind = request.name.kind;
    if (kind.starts_with("cifar"))
        return openCifar(request);
    if (kind.ends_with("mnist"))
        return openIdx(request);
    if (kind == "imagefolder")
        return openImageFolder(request);
    if (kind == "text")
        return openText(request);
    return openBuiltin(request);
}

} // namespace synoscope
