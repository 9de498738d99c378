#include "core/data/preview.h"

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr int gap = 2; // white pixels between images

// The first images of each class: [class][column].
std::vector<std::vector<int>> firstOfClasses(const DataSet& data, DataPart part, int rows, int columns)
{
    std::vector<std::vector<int>> chosen(static_cast<std::size_t>(rows));
    int missing = rows * columns;
    for (int i = 0; i < data.facts().itemsOf(part) && missing > 0; ++i) {
        const auto label = static_cast<std::size_t>(data.label(part, i));
        if (label < chosen.size() && chosen[label].size() < static_cast<std::size_t>(columns)) {
            chosen[label].push_back(i);
            --missing;
        }
    }
    return chosen;
}

class Sheet
{
public:
    Sheet(int columns, int rows, int side) : side_(side), zoom_(std::clamp(64 / side, 1, 4)), cell_(side * zoom_ + gap)
    {
        picture_.width = columns * cell_ + gap;
        picture_.height = rows * cell_ + gap;
        picture_.rgb.assign(3 * static_cast<std::size_t>(picture_.width) * static_cast<std::size_t>(picture_.height), 255);
    }

    void draw(int column, int row, std::span<const float> image, const DataFacts& facts)
    {
        for (int y = 0; y < side_ * zoom_; ++y)
            for (int x = 0; x < side_ * zoom_; ++x)
                for (int c = 0; c < 3; ++c) {
                    const auto channel = static_cast<std::size_t>(c);
                    const float value = image[static_cast<std::size_t>((c * side_ + y / zoom_) * side_ + x / zoom_)];
                    const float level = value * facts.deviation[channel] + facts.mean[channel];
                    const int at = 3 * ((row * cell_ + gap + y) * picture_.width + column * cell_ + gap + x) + c;
                    picture_.rgb[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0f, 255.0f)));
                }
    }

    Picture take() { return std::move(picture_); }

private:
    int side_, zoom_, cell_;
    Picture picture_;
};

} // namespace

Expected<Picture> previewOf(const DataSet& data, const PreviewSettings& settings)
{
    const DataFacts& facts = data.facts();
    if (facts.text)
        return Error{.message = "This data set is text: there are no pictures of it.", .file = facts.name.path};
    const int rows = std::min(facts.classes, settings.rows);
    const auto chosen = firstOfClasses(data, settings.part, rows, settings.columns);
    Sheet sheet(settings.columns, rows, facts.size);
    std::vector<float> pixels(facts.pixelsPerItem());
    std::int64_t label = 0;
    for (int row = 0; row < rows; ++row) {
        const auto& images = chosen[static_cast<std::size_t>(row)];
        for (std::size_t column = 0; column < images.size(); ++column) {
            Random random(combine(settings.seed, static_cast<std::uint64_t>(images[column])));
            const ItemTarget target{.pixels = pixels, .tokens = {}, .labels = std::span(&label, 1)};
            if (auto written = data.write(settings.part, images[column], settings.augmented ? &random : nullptr, target); !written)
                return written.error();
            sheet.draw(static_cast<int>(column), row, pixels, facts);
        }
    }
    return sheet.take();
}

} // namespace synoscope
