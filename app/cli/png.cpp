#include "app/cli/png.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace synoscope::cli {

namespace {

std::string bigEndian(std::uint32_t value)
{
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

// CRC-32 as in ISO 3309, which PNG uses.
std::uint32_t crc(std::string_view bytes)
{
    static const auto table = [] {
        std::array<std::uint32_t, 256> entries{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit)
                value = value & 1 ? 0xedb88320u ^ (value >> 1) : value >> 1;
            entries[i] = value;
        }
        return entries;
    }();
    std::uint32_t value = 0xffffffffu;
    for (const char byte : bytes)
        value = table[(value ^ static_cast<unsigned char>(byte)) & 0xff] ^ (value >> 8);
    return ~value;
}

std::uint32_t adler(std::string_view bytes)
{
    std::uint32_t a = 1, b = 0;
    for (const char byte : bytes) {
        a = (a + static_cast<unsigned char>(byte)) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

std::string chunk(std::string type, std::string_view data)
{
    type += data;
    return bigEndian(static_cast<std::uint32_t>(data.size())) + type + bigEndian(crc(type));
}

// A zlib stream of stored blocks.
std::string stored(std::string_view bytes)
{
    constexpr std::size_t most = 65535;
    std::string stream = "\x78\x01";
    for (std::size_t at = 0; at < bytes.size(); at += most) {
        const std::size_t length = std::min(most, bytes.size() - at);
        const auto low = static_cast<char>(length & 0xff), high = static_cast<char>(length >> 8);
        stream += {static_cast<char>(at + length == bytes.size()), low, high, static_cast<char>(~low),
                   static_cast<char>(~high)};
        stream += bytes.substr(at, length);
    }
    return stream + bigEndian(adler(bytes));
}

// The next number of a PPM's head.
std::uint32_t takeNumber(std::string_view& text)
{
    const auto digits = text.find_first_of("0123456789");
    text.remove_prefix(digits);
    const auto end = text.find_first_not_of("0123456789");
    const auto value = static_cast<std::uint32_t>(std::strtoul(std::string(text.substr(0, end)).c_str(), nullptr, 10));
    text.remove_prefix(end);
    return value;
}

} // namespace

std::string pngFromPpm(std::string_view ppm)
{
    ppm.remove_prefix(2); // P6
    const std::uint32_t width = takeNumber(ppm), height = takeNumber(ppm);
    takeNumber(ppm);      // the largest value
    ppm.remove_prefix(1); // one space

    std::string rows;
    for (std::size_t row = 0; row < height; ++row) {
        rows += '\0'; // no filter
        rows += ppm.substr(row * 3 * width, std::size_t{3} * width);
    }
    const std::string head =
        bigEndian(width) + bigEndian(height) + std::string("\x08\x02\x00\x00\x00", 5); // 8 bits, RGB
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", head) + chunk("IDAT", stored(rows)) + chunk("IEND", "");
}

} // namespace synoscope::cli
