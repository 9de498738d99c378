// Folders of pictures, one sub-folder per class, in the way of ImageNet: FOLDER/train/CLASS/x.jpg and FOLDER/val/CLASS/y.jpg;
// without `train`, the classes lie in FOLDER itself, and a tenth of each is for the test. Files are read and decoded whenever
// they are asked for, on the loader's threads.
#include "core/data/image_set.h"
#include "core/data/picture.h"
#include "core/data/resample.h"
#include "core/data/sources.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

constexpr int usualSide = 224;

struct Entry
{
    int label = 0;
    std::string file; // relative to the part's folder
};

struct FolderPart
{
    fs::path folder;
    std::vector<Entry> entries;
};

bool isPictureName(const fs::path& path)
{
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
    return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

std::vector<std::string> sortedNames(const fs::path& folder, bool folders)
{
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        std::string name = it->path().filename().string();
        const bool hidden = name.starts_with('.');
        if (!hidden && (folders ? it->is_directory(error) : isPictureName(it->path()) && it->is_regular_file(error)))
            names.push_back(std::move(name));
    }
    std::ranges::sort(names);
    return names;
}

// All pictures of a part. `classes` is empty at first and filled; then it says which classes may be there.
Expected<FolderPart> listPart(const fs::path& folder, std::vector<std::string>& classes)
{
    const std::vector<std::string> found = sortedNames(folder, true);
    if (classes.empty()) {
        if (found.size() < 2)
            return Error{.message = fmt::format("The folder has {} sub-folders, expected one for each of at least two classes.", found.size()),
                         .file = folder.string()};
        classes = found;
    }
    FolderPart part{.folder = folder, .entries = {}};
    for (const std::string& name : found) {
        const auto known = std::ranges::lower_bound(classes, name);
        if (known == classes.end() || *known != name)
            return Error{.message = "There is no class of this name to train on, expected a sub-folder of train for each of the test's classes.",
                         .file = (folder / name).string()};
        const auto files = sortedNames(folder / name, false);
        if (files.empty())
            return Error{.message = "There is no PNG or JPEG file in this class's folder.", .file = (folder / name).string()};
        for (const std::string& file : files)
            part.entries.push_back({static_cast<int>(known - classes.begin()), name + '/' + file});
    }
    return part;
}

// A tenth of each class, at least one picture, always the same ones.
Expected<FolderPart> splitTest(FolderPart& train, const std::vector<std::string>& classes)
{
    FolderPart test{.folder = train.folder, .entries = {}};
    std::vector<Entry> rest;
    Random random(1);
    for (auto first = train.entries.begin(); first != train.entries.end();) {
        const auto last = std::find_if(first, train.entries.end(), [&](const Entry& e) { return e.label != first->label; });
        const auto count = static_cast<std::uint32_t>(last - first);
        if (count < 2)
            return Error{.message = "There is one picture of this class, expected at least two: one to train on and one to test with.",
                         .file = (train.folder / classes[static_cast<std::size_t>(first->label)]).string()};
        for (std::uint32_t i = 0; i < count; ++i)
            std::iter_swap(first + i, first + i + random.below(count - i));
        const auto border = first + std::max(1u, count / 10);
        test.entries.insert(test.entries.end(), first, border);
        rest.insert(rest.end(), border, last);
        first = last;
    }
    train.entries = std::move(rest);
    return test;
}

// Between 8 and 100 % of the area, no more than 4:3 or 3:4, anywhere: the crop usual for ImageNet (Szegedy et al. 2015).
Crop randomCrop(const PictureSize& size, Random& random)
{
    for (int attempt = 0; attempt < 10; ++attempt) {
        const double area = (0.08 + 0.92 * random.unit()) * size.width * size.height;
        const double ratio = std::exp((2 * random.unit() - 1) * std::log(4.0 / 3));
        const double width = std::round(std::sqrt(area * ratio)), height = std::round(std::sqrt(area / ratio));
        if (width < 1 || height < 1 || width > size.width || height > size.height)
            continue;
        return {std::floor(random.unit() * (size.width - width + 1)), std::floor(random.unit() * (size.height - height + 1)), width, height};
    }
    const double side = std::min(size.width, size.height);
    return {(size.width - side) / 2, (size.height - side) / 2, side, side};
}

// Seven eighths of the shorter side, in the middle.
Crop centralCrop(const PictureSize& size)
{
    const double side = 0.875 * std::min(size.width, size.height);
    return {(size.width - side) / 2, (size.height - side) / 2, side, side};
}

class ImageFolder : public DataSet
{
public:
    ImageFolder(std::array<FolderPart, 2> parts, DataFacts facts) : DataSet(std::move(facts)), parts_(std::move(parts)) {}

    Expected<void> write(DataPart part, int index, Random* random, const ItemTarget& target) const override
    {
        const FolderPart& from = parts_[static_cast<std::size_t>(part)];
        const Entry& entry = from.entries[static_cast<std::size_t>(index)];
        target.labels[0] = entry.label;
        const fs::path file = from.folder / entry.file;
        const auto bytes = readDataFile(file);
        if (!bytes)
            return bytes.error();
        const auto size = readPictureSize(*bytes, file.string());
        if (!size)
            return size.error();
        Crop crop = random ? randomCrop(*size, *random) : centralCrop(*size);
        const bool flip = random && random->below(2) == 1;
        int shrink = 1;
        while (shrink < 8 && std::min(crop.width, crop.height) >= 2 * shrink * facts_.size)
            shrink *= 2;
        const auto picture = decodePicture(*bytes, file.string(), shrink);
        if (!picture)
            return picture.error();
        const double x = static_cast<double>(picture->width) / size->width, y = static_cast<double>(picture->height) / size->height;
        crop = {crop.left * x, crop.top * y, crop.width * x, crop.height * y};
        resample(picture->view(), crop, flip, facts_.size, target.pixels);
        normalise(target.pixels, facts_.mean, facts_.deviation);
        return {};
    }

    int label(DataPart part, int index) const override
    {
        return parts_[static_cast<std::size_t>(part)].entries[static_cast<std::size_t>(index)].label;
    }

private:
    std::array<FolderPart, 2> parts_;
};

} // namespace

Expected<DataSetPtr> openImageFolder(const DataRequest& request)
{
    const fs::path root = request.name.path;
    std::error_code error;
    const bool parted = fs::is_directory(root / "train", error);
    std::vector<std::string> classes;
    auto train = listPart(parted ? root / "train" : root, classes);
    if (!train)
        return train.error();
    fs::path testFolder = root / "val";
    for (const char* name : {"validation", "valid", "test"})
        if (!fs::is_directory(testFolder, error))
            testFolder = root / name;
    if (parted && !fs::is_directory(testFolder, error))
        return Error{.message = "There is a folder train, but none to test with, expected val beside it.", .file = root.string()};
    auto test = parted ? listPart(testFolder, classes) : splitTest(*train, classes);
    if (!test)
        return test.error();

    std::array<FolderPart, 2> parts{std::move(*train), std::move(*test)};
    // ImageNet's means and deviations, as ever since Krizhevsky et al. 2012: pictures of all kinds come near to them.
    DataFacts facts{.name = request.name, .classes = static_cast<int>(classes.size()), .size = request.size > 0 ? request.size : usualSide,
                    .classNames = classes, .mean = {123.7f, 116.3f, 103.5f}, .deviation = {58.4f, 57.1f, 57.4f}, .costly = true};
    for (const DataPart part : dataParts) {
        auto& entries = parts[static_cast<std::size_t>(part)].entries;
        const auto chosen = chooseItems(request.name, part, static_cast<int>(entries.size()), request.items[static_cast<std::size_t>(part)]);
        if (!chosen)
            return chosen.error();
        std::vector<Entry> kept;
        for (const int i : *chosen)
            kept.push_back(std::move(entries[static_cast<std::size_t>(i)]));
        entries = std::move(kept);
        facts.items[static_cast<std::size_t>(part)] = static_cast<int>(entries.size());
    }
    return DataSetPtr(std::make_shared<ImageFolder>(std::move(parts), std::move(facts)));
}

} // namespace synoscope
