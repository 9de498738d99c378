#include "tests/core/data/support.h"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <jpeglib.h> // after cstdio, which it needs
#include <sstream>
#include <zlib.h>

namespace synoscope::testing {

TemporaryFolder::TemporaryFolder()
{
    std::string name = (fs::temp_directory_path() / "synoscope-data-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code error;
    fs::remove_all(path_, error);
}

fs::path TemporaryFolder::write(const std::string& name, std::string_view bytes) const
{
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
}

std::string TemporaryFolder::read(const std::string& name) const
{
    std::ostringstream bytes;
    bytes << std::ifstream(path_ / name, std::ios::binary).rdbuf();
    return bytes.str();
}

std::string gzipped(std::string_view bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY); // 16: with gzip's head
    std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::uint8_t testPixel(int image, int pixel)
{
    return static_cast<std::uint8_t>((13 * image + 7 * pixel) % 251);
}

std::string cifarRecords(int first, int count, int classes, bool coarse)
{
    std::string bytes;
    for (int i = first; i < first + count; ++i) {
        if (coarse)
            bytes += static_cast<char>(19 - i % 20); // must not be taken for the label
        bytes += static_cast<char>(i % classes);
        for (int p = 0; p < 3 * 32 * 32; ++p)
            bytes += static_cast<char>(testPixel(i, p));
    }
    return bytes;
}

void writeCifar10(const TemporaryFolder& folder, int perFile)
{
    for (int i = 0; i < 5; ++i)
        folder.write(fmt::format("data_batch_{}.bin", i + 1), cifarRecords(i * perFile, perFile, 10, false));
    folder.write("test_batch.bin", cifarRecords(100, perFile, 10, false));
    folder.write("batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
}

static std::string bigEndian(unsigned value)
{
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string idxImages(int count, int side)
{
    std::string bytes = bigEndian(0x803);
    for (const int number : {count, side, side})
        bytes += bigEndian(static_cast<unsigned>(number));
    for (int i = 0; i < count; ++i)
        for (int p = 0; p < side * side; ++p)
            bytes += static_cast<char>(testPixel(i, p));
    return bytes;
}

std::string idxLabels(int count)
{
    std::string bytes = bigEndian(0x801) + bigEndian(static_cast<unsigned>(count));
    for (int i = 0; i < count; ++i)
        bytes += static_cast<char>(i % 10);
    return bytes;
}

void writeMnist(const TemporaryFolder& folder, bool gzip)
{
    const auto write = [&](const std::string& name, const std::string& bytes) {
        folder.write(name + (gzip ? ".gz" : ""), gzip ? gzipped(bytes) : bytes);
    };
    write("train-images-idx3-ubyte", idxImages(24, 28));
    write("train-labels-idx1-ubyte", idxLabels(24));
    write("t10k-images-idx3-ubyte", idxImages(12, 28));
    write("t10k-labels-idx1-ubyte", idxLabels(12));
}

Picture plainPicture(int width, int height, std::array<std::uint8_t, 3> colour)
{
    Picture picture{width, height};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (const std::uint8_t value : colour)
                picture.rgb.push_back(x == 0 ? 255 : value);
    return picture;
}

std::string jpegOf(const Picture& picture)
{
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &bytes, &size);
    info.image_width = static_cast<unsigned>(picture.width);
    info.image_height = static_cast<unsigned>(picture.height);
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, 95, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        JSAMPROW row = const_cast<JSAMPROW>(picture.rgb.data()) + std::size_t{3} * info.next_scanline * info.image_width;
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    std::string file(reinterpret_cast<char*>(bytes), size);
    std::free(bytes);
    return file;
}

Expected<Item> itemOf(const DataSet& data, DataPart part, int index, Random* random)
{
    const DataFacts& facts = data.facts();
    Item item{std::vector<float>(facts.pixelsPerItem()), std::vector<std::int64_t>(facts.tokensPerItem()),
              std::vector<std::int64_t>(facts.labelsPerItem())};
    if (auto written = data.write(part, index, random, {item.pixels, item.tokens, item.labels}); !written)
        return written.error();
    return item;
}

Expected<DataSetPtr> open(const std::string& name, int size, std::array<int, 2> items)
{
    const auto read = readDataName(name);
    if (!read)
        return read.error();
    return openDataSet({.name = *read, .size = size, .items = items});
}

std::string openError(const std::string& name, int size, std::array<int, 2> items)
{
    const auto data = open(name, size, items);
    return data ? "no error" : data.error().text();
}

} // namespace synoscope::testing
