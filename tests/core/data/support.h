// Small real files of each format, in a folder that goes with the test.
#pragma once

#include "core/data/data_set.h"
#include "core/data/picture.h"

#include <filesystem>
#include <gmock/gmock.h>

namespace synoscope::testing {

namespace fs = std::filesystem;

class TemporaryFolder
{
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const fs::path& path() const { return path_; }
    fs::path write(const std::string& name, std::string_view bytes) const; // makes the folders above it
    std::string read(const std::string& name) const;

private:
    fs::path path_;
};

std::string gzipped(std::string_view bytes);

// Every byte of a record follows from these: pixel p of image i is (13 i + 7 p) modulo 251, its label i modulo `classes`.
std::uint8_t testPixel(int image, int pixel);
std::string cifarRecords(int first, int count, int classes, bool coarse);
void writeCifar10(const TemporaryFolder& folder, int perFile = 4); // five files to train on, one for the test
std::string idxImages(int count, int side);
std::string idxLabels(int count);
void writeMnist(const TemporaryFolder& folder, bool gzip = false); // 24 and 12 images of 28x28

// One colour, with a white left column; wider than high where the numbers say so.
Picture plainPicture(int width, int height, std::array<std::uint8_t, 3> colour);
std::string jpegOf(const Picture& picture);

// An item's pixels, tokens and labels.
struct Item
{
    std::vector<float> pixels;
    std::vector<std::int64_t> tokens, labels;
};
Expected<Item> itemOf(const DataSet& data, DataPart part, int index, Random* random = nullptr);

Expected<DataSetPtr> open(const std::string& name, int size = 0, std::array<int, 2> items = {0, 0});
std::string openError(const std::string& name, int size = 0, std::array<int, 2> items = {0, 0}); // the whole sentence

} // namespace synoscope::testing
