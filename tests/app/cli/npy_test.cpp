#include "core/base/npy.h"
#include "core/base/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <unistd.h>

namespace synoscope {
namespace {

using testing::HasSubstr;

std::string bytesOf(const std::string& header, std::size_t dataBytes, char major = 1)
{
    std::string bytes = "\x93NUMPY";
    bytes += {major, '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
    if (major > 1)
        bytes += {'\0', '\0'};
    return bytes + header + std::string(dataBytes, '\0');
}

class TemporaryFile
{
public:
    explicit TemporaryFile(const std::string& bytes)
        : path_(std::filesystem::temp_directory_path() / ("synoscope_npy_" + std::to_string(::getpid())))
    {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

TEST(Npy, WhatIsWrittenIsReadBackWithAnyShapeAndBothTypes)
{
    Random random(1);
    for (int round = 0; round < 200; ++round) {
        NpyArray array;
        array.type = random.below(2) ? NpyType::float32 : NpyType::float64;
        for (std::uint32_t axes = random.below(6); axes > 0; --axes)
            array.shape.push_back(random.below(5));
        const auto count = std::accumulate(array.shape.begin(), array.shape.end(), std::int64_t{1}, std::multiplies());
        for (std::int64_t i = 0; i < count; ++i)
            array.values.push_back(static_cast<float>(random.unit() - 0.5)); // exact in both types
        const std::string bytes = npyBytes(array.shape, array.values, array.type);
        const auto read = parseNpy(bytes, "a.npy");
        ASSERT_TRUE(read) << read.error().text();
        EXPECT_EQ(read->shape, array.shape);
        EXPECT_EQ(read->values, array.values);
        EXPECT_EQ(read->type, array.type);
        const TemporaryFile file(bytes);
        const auto again = readNpy(file.path(), array.shape, "the input");
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(again->values, array.values);
    }
}

TEST(Npy, TheNumbersBeginAtAMultipleOf64AsNumPyWantsIt)
{
    for (std::int64_t extent = 1; extent < 2'000'000; extent *= 7) {
        const std::int64_t shape[] = {1, extent};
        const std::string head = npyBytes(shape, {}, NpyType::float32);
        EXPECT_EQ(head.size() % 64, 0u);
        EXPECT_EQ(head.back(), '\n');
    }
}

TEST(Npy, TheHeaderMayBeOfVersion2Or3AndInAnotherOrder)
{
    for (const char major : {1, 2, 3})
        for (const char* header : {"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }\n",
                                   "{\"shape\":(2,1),\"fortran_order\":False,\"descr\":\"<f8\"}"}) {
            const auto read = parseNpy(bytesOf(header, 16, major), "a.npy");
            ASSERT_TRUE(read) << read.error().text();
            EXPECT_EQ(read->shape, (std::vector<std::int64_t>{2, 1}));
        }
}

TEST(Npy, WhatCannotBeReadIsASentenceThatNamesTheFile)
{
    const std::string f8 = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n";
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "no NumPy array"},
        {"hello", "no NumPy array"},
        {"\x93NUMPY", "ends within its header"},
        {bytesOf(f8, 48).substr(0, 20), "ends within its header"},
        {bytesOf(f8, 48, 9), "format version is 9"},
        {bytesOf(f8, 47), "cut short"},
        {bytesOf(f8, 49), "followed by other bytes"},
        {bytesOf("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", 16), "dtype is <i8; expected float32"},
        {bytesOf("{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }", 16), "dtype is >f8"},
        {bytesOf("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", 16), "dtype is a structure"},
        {bytesOf("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", 48), "Fortran order"},
        {bytesOf("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", 0), "more than"},
        {bytesOf("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296,), }", 16), "cut short"},
        {bytesOf("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", 16), "malformed"},
        {bytesOf("{'descr': '<f8', 'fortran_order': False}", 16), "malformed"},
        {bytesOf("__import__('os').system('true')", 16), "malformed"},
    };
    for (const auto& [bytes, fragment] : cases) {
        const auto read = parseNpy(bytes, "some/in.npy");
        ASSERT_FALSE(read) << fragment;
        EXPECT_THAT(read.error().text(), HasSubstr(fragment));
        EXPECT_THAT(read.error().text(), HasSubstr("some/in.npy: "));
    }
}

TEST(Npy, AnotherShapeIsRefusedWithBothShapes)
{
    const TemporaryFile file(npyBytes(std::vector<std::int64_t>{2, 2}, std::vector<double>(4), NpyType::float64));
    const std::int64_t wanted[] = {4};
    const auto read = readNpy(file.path(), wanted, "weight w0");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().text(), HasSubstr("shape is [2, 2]; weight w0 needs [4]"));
}

TEST(Npy, FoldersAndMissingFilesAreSentences)
{
    EXPECT_THAT(readNpy("/").error().text(), HasSubstr("no ordinary file"));
    EXPECT_THAT(readNpy("/nonexistent.npy").error().text(), HasSubstr("no such file"));
}

TEST(Npy, NoBytesWhateverMakeTheReaderFail)
{
    const std::string good = npyBytes(std::vector<std::int64_t>{2, 3}, std::vector<double>(6, 0.5), NpyType::float32);
    Random random(7);
    int read = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string bytes = good;
        for (std::uint32_t changes = 1 + random.below(4); changes > 0; --changes) {
            const std::size_t at = random.below(static_cast<std::uint32_t>(bytes.size()));
            switch (random.below(3)) {
            case 0:
                bytes[at] = static_cast<char>(random.below(256));
                break;
            case 1:
                bytes.erase(at, 1 + random.below(8));
                break;
            default:
                bytes.insert(at, 1, "{}[](),:'0123456789"[random.below(19)]);
            }
            if (bytes.empty())
                bytes = "x";
        }
        if (const auto array = parseNpy(bytes, "a.npy"))
            ++read; // changed numbers only
        else
            EXPECT_FALSE(array.error().message.empty());
    }
    EXPECT_GT(read, 100);
    EXPECT_LT(read, 40'000);
}

} // namespace
} // namespace synoscope
