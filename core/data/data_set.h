// What there is to train on (DESIGN 5.2), behind one interface. No libtorch here: the command line checks and previews it.
//
//   builtin10-16 ...        generated images, no file (builtin_data.h)
//   cifar10:FOLDER          CIFAR-10 and CIFAR-100, the binary files (cifar.cpp)
//   mnist:FOLDER            MNIST and its likes, IDX files, as they are or gzipped (idx.cpp)
//   imagefolder:FOLDER      PNG and JPEG files, one sub-folder per class (image_folder.cpp)
//   text:FILE or FOLDER     bytes as tokens (text.cpp)
//
//     openDataSet ---> DataSet ---> Loader (loader.h: threads, order, seeds) ---> batches
//
// Small images are kept in memory, image folders are decoded whenever an image is asked for.
#pragma once

#include "core/base/error.h"
#include "core/base/random.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synoscope {

enum class DataPart { train, test };
constexpr std::array<DataPart, 2> dataParts{DataPart::train, DataPart::test};

// "cifar10:FOLDER" in its two parts.
struct DataName
{
    std::string kind;
    std::string path{}; // empty for generated sets

    std::string text() const { return path.empty() ? kind : kind + ':' + path; }
};

// A kind of data set that can be named on the command line.
struct DataKind
{
    std::string_view name;
    bool path = false; // the name goes on with a colon and a path
    bool text = false;
    int classes = 0;   // 0: known once it is opened
    int side = 0;      // of its images, in pixels; 0: they vary, or there are none
    int trainItems = 0, testItems = 0; // by default; 0: known once it is opened
    std::string_view what;             // for people
};

std::span<const DataKind> dataKinds();
const DataKind* findDataKind(std::string_view name);

// Checks the name and that its path is there, without reading it: an absolute path comes back, so that the name can be
// stored and used from another folder. "builtin" alone is the first generated set.
Expected<DataName> readDataName(std::string_view text);

// The same for a network that reads tokens (`sequence`) or images: fails where it reads something else.
Expected<DataName> dataNameFor(std::string_view text, bool sequence);

// What a set of data is, once it is opened.
struct DataFacts
{
    DataName name;
    bool text = false;
    int classes = 0;
    int size = 0; // what an item is for the network: pixels of each side, or tokens
    std::array<int, 2> items{}; // by DataPart
    std::vector<std::string> classNames{}; // empty: they have none (text)
    // Images are written as (value - mean) / deviation of each of red, green and blue, with values from 0 to 255.
    std::array<float, 3> mean{127.5f, 127.5f, 127.5f}, deviation{64, 64, 64};

    bool costly = false; // an item takes long to make: the loader uses several threads

    int itemsOf(DataPart part) const { return items[static_cast<std::size_t>(part)]; }
    std::size_t pixelsPerItem() const { return text ? 0 : 3 * static_cast<std::size_t>(size) * static_cast<std::size_t>(size); }
    std::size_t tokensPerItem() const { return text ? static_cast<std::size_t>(size) : 0; }
    std::size_t labelsPerItem() const { return text ? static_cast<std::size_t>(size) : 1; }
};

// Where an item is written: its place within a batch.
struct ItemTarget
{
    std::span<float> pixels;         // [red, green, blue][row][column]; empty for text
    std::span<std::int64_t> tokens;  // empty for images
    std::span<std::int64_t> labels;  // the class, or for every token the one that follows it
};

// Immutable: any number of threads may read it.
class DataSet
{
public:
    virtual ~DataSet() = default;

    const DataFacts& facts() const { return facts_; }

    // Item number `index` of a part, in [0, facts().itemsOf(part)). With `random` it is augmented as it is usual for
    // this kind of data. Fails where a file is missing or damaged.
    virtual Expected<void> write(DataPart part, int index, Random* random, const ItemTarget& target) const = 0;
    virtual int label(DataPart part, int index) const = 0; // of an image; 0 for text

protected:
    explicit DataSet(DataFacts facts) : facts_(std::move(facts)) {}

    DataFacts facts_;
};

using DataSetPtr = std::shared_ptr<const DataSet>;

struct DataRequest
{
    DataName name;
    int size = 0;                      // what the network reads: side in pixels, or tokens; 0: as the data are, 128 tokens
    std::array<int, 2> items{0, 0};    // how many of each part; 0: the default, all of them
    std::uint64_t seed = 1;            // of generated images
};

// May read all files, or generate all images: takes seconds, and every core while it generates. A missing, truncated or
// mislabelled file is one sentence that names it.
Expected<DataSetPtr> openDataSet(const DataRequest& request);

} // namespace synoscope
