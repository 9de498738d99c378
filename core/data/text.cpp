// Bytes as tokens, for language models: no vocabulary to be learned or shipped, 256 classes. Items are windows side by side; the
// label of each byte is the byte after it.
#include "core/data/sources.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

namespace fs = std::filesystem;

constexpr int usualTokens = 128;
constexpr int testShare = 10; // the last tenth, where the parts are not files of their own

class Text : public DataSet
{
public:
    Text(std::array<std::string, 2> parts, DataFacts facts) : DataSet(std::move(facts)), parts_(std::move(parts)) {}

    Expected<void> write(DataPart part, int index, Random*, const ItemTarget& target) const override
    {
        const std::string& text = parts_[static_cast<std::size_t>(part)];
        const auto tokens = static_cast<std::size_t>(facts_.size);
        const char* window = text.data() + static_cast<std::size_t>(index) * tokens;
        for (std::size_t i = 0; i < tokens; ++i) {
            target.tokens[i] = static_cast<std::uint8_t>(window[i]);
            target.labels[i] = static_cast<std::uint8_t>(window[i + 1]);
        }
        return {};
    }

    int label(DataPart, int) const override { return 0; }

private:
    std::array<std::string, 2> parts_;
};

std::vector<fs::path> textFiles(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_regular_file(error) && entry.path().extension() == ".txt")
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

// A folder with train.txt and validation.txt (or valid.txt, val.txt, test.txt) says what is what; of all else the last tenth is
// for the test.
Expected<std::array<std::string, 2>> readParts(const fs::path& path)
{
    std::error_code error;
    const bool folder = fs::is_directory(path, error);
    if (folder) {
        const auto train = findDataFile({path}, {"train.txt"});
        const auto test = findDataFile({path}, {"validation.txt", "valid.txt", "val.txt", "test.txt"});
        if (train && test) {
            auto first = readDataFile(*train), second = readDataFile(*test);
            if (!first || !second)
                return !first ? first.error() : second.error();
            return std::array{std::move(*first), std::move(*second)};
        }
    }
    const std::vector<fs::path> files = folder ? textFiles(path) : std::vector{path};
    if (files.empty())
        return Error{.message = "There is no .txt file in this folder, expected text to learn from.", .file = path.string()};
    std::string all;
    for (const fs::path& file : files) {
        auto bytes = readDataFile(file);
        if (!bytes)
            return bytes.error();
        all += *bytes;
    }
    const std::size_t border = all.size() - all.size() / testShare;
    return std::array{all.substr(0, border), all.substr(border)};
}

} // namespace

Expected<DataSetPtr> openText(const DataRequest& request)
{
    auto parts = readParts(request.name.path);
    if (!parts)
        return parts.error();
    DataFacts facts{.name = request.name, .text = true, .classes = 256, .size = request.size > 0 ? request.size : usualTokens};
    for (const DataPart part : dataParts) {
        const auto i = static_cast<std::size_t>(part);
        const std::size_t bytes = (*parts)[i].size(), tokens = static_cast<std::size_t>(facts.size);
        if (bytes <= tokens)
            return Error{.message = fmt::format("There are {} bytes of text to {}, expected at least {}: a window of {} tokens and the "
                                                "byte after it.", bytes, part == DataPart::train ? "train on" : "test with", tokens + 1, tokens),
                         .file = request.name.path};
        const std::size_t windows = std::min<std::size_t>((bytes - 1) / tokens, 1 << 30);
        const int wanted = request.items[i];
        if (wanted > static_cast<int>(windows))
            return Error{.message = fmt::format("The text has {} windows of {} tokens to {}, but {} were asked for.", windows, tokens,
                                                part == DataPart::train ? "train on" : "test with", wanted),
                         .file = request.name.path};
        facts.items[i] = wanted > 0 ? wanted : static_cast<int>(windows);
    }
    return DataSetPtr(std::make_shared<Text>(std::move(*parts), std::move(facts)));
}

} // namespace synoscope
