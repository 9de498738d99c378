#include "core/base/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>

namespace synoscope {

static_assert(std::endian::native == std::endian::little, "arrays are copied as they lie in the file");

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t maxHeader = 64 * 1024; // NumPy's own are around 100 bytes
constexpr std::size_t maxAxes = 32;          // NumPy's limit
constexpr std::int64_t maxElements = std::int64_t{1} << 32;

// Reads the header's Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class HeaderReader
{
public:
    explicit HeaderReader(std::string_view text) : text_(text) {}

    struct Fields
    {
        std::optional<std::string> descr;
        std::optional<bool> fortran;
        std::optional<std::vector<std::int64_t>> shape;
    };

    // Nothing when the text is no such dictionary.
    std::optional<Fields> read()
    {
        Fields fields;
        if (!take('{'))
            return std::nullopt;
        while (!take('}')) {
            const auto key = quoted();
            if (!key || !take(':') || !value(*key, fields))
                return std::nullopt;
            if (!take(',') && peek() != '}')
                return std::nullopt;
        }
        skipSpace();
        if (!text_.empty() || !fields.descr || !fields.fortran || !fields.shape)
            return std::nullopt;
        return fields;
    }

private:
    bool value(std::string_view key, Fields& fields)
    {
        if (key == "descr") {
            if (peek() == '[') { // a structured type: no array of numbers; named in the sentence
                fields.descr = "a structure";
                return skipList();
            }
            fields.descr = quoted();
            return fields.descr.has_value();
        }
        if (key == "fortran_order") {
            fields.fortran = takeWord("True")    ? std::optional(true)
                             : takeWord("False") ? std::optional(false)
                                                 : std::nullopt;
            return fields.fortran.has_value();
        }
        if (key == "shape") {
            fields.shape = tuple();
            return fields.shape.has_value();
        }
        return false;
    }

    std::optional<std::vector<std::int64_t>> tuple()
    {
        std::vector<std::int64_t> numbers;
        if (!take('('))
            return std::nullopt;
        while (!take(')')) {
            skipSpace();
            std::int64_t number = -1;
            const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
            if (error != std::errc() || number < 0 || numbers.size() >= maxAxes)
                return std::nullopt;
            text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
            numbers.push_back(number);
            if (!take(',') && peek() != ')')
                return std::nullopt;
        }
        return numbers;
    }

    std::optional<std::string> quoted()
    {
        skipSpace();
        if (text_.empty() || (text_.front() != '\'' && text_.front() != '"'))
            return std::nullopt;
        const auto end = text_.find(text_.front(), 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        std::string result(text_.substr(1, end - 1));
        text_.remove_prefix(end + 1);
        return result;
    }

    bool skipList()
    {
        int depth = 0;
        while (!text_.empty()) {
            const char c = text_.front();
            text_.remove_prefix(1);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (depth == 0)
                return true;
        }
        return false;
    }

    void skipSpace()
    {
        while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n' || text_.front() == '\t'))
            text_.remove_prefix(1);
    }
    char peek()
    {
        skipSpace();
        return text_.empty() ? '\0' : text_.front();
    }
    bool take(char c)
    {
        if (peek() != c)
            return false;
        text_.remove_prefix(1);
        return true;
    }
    bool takeWord(std::string_view word)
    {
        skipSpace();
        if (!text_.starts_with(word))
            return false;
        text_.remove_prefix(word.size());
        return true;
    }

    std::string_view text_;
};

Error problem(std::string_view fileName, std::string message)
{
    return Error{.message = std::move(message), .file = std::string(fileName)};
}

struct Head
{
    std::vector<std::int64_t> shape;
    NpyType type = NpyType::float64;
    std::size_t dataAt = 0;
    std::size_t elements = 1;
    std::size_t width() const { return type == NpyType::float32 ? 4 : 8; }
};

std::string printable(std::string text)
{
    text.resize(std::min<std::size_t>(text.size(), 40));
    for (char& c : text)
        if (c < ' ' || c > '~')
            c = '?';
    return text;
}

Expected<Head> checked(HeaderReader::Fields fields, std::size_t dataAt, std::string_view fileName)
{
    Head head;
    head.dataAt = dataAt;
    if (*fields.descr == "<f4")
        head.type = NpyType::float32;
    else if (*fields.descr != "<f8")
        return problem(fileName, fmt::format("The array's dtype is {}; expected float32 (<f4) or float64 (<f8).",
                                             printable(*fields.descr)));
    if (*fields.fortran && fields.shape->size() > 1)
        return problem(fileName,
                       "The array is in Fortran order; expected C order (numpy.ascontiguousarray makes it so).");
    for (const std::int64_t extent : *fields.shape) {
        if (extent > 0 && static_cast<std::int64_t>(head.elements) > maxElements / extent)
            return problem(fileName, fmt::format("The array's shape {} has more than {} elements.",
                                                 shapeText(*fields.shape), maxElements));
        head.elements *= static_cast<std::size_t>(extent);
    }
    head.shape = std::move(*fields.shape);
    return head;
}

Expected<Head> parseHead(std::string_view bytes, std::string_view fileName)
{
    if (!bytes.starts_with(magic))
        return problem(fileName, "This is no NumPy array: expected a .npy file, which begins with \\x93NUMPY.");
    if (bytes.size() < magic.size() + 4)
        return problem(fileName, "The NumPy array ends within its header.");
    const int major = static_cast<unsigned char>(bytes[6]);
    if (major < 1 || major > 3)
        return problem(fileName, fmt::format("The .npy format version is {}; expected 1, 2 or 3.", major));
    const std::size_t lengthBytes = major == 1 ? 2 : 4;
    const std::size_t textAt = magic.size() + 2 + lengthBytes;
    std::uint32_t length = 0;
    if (bytes.size() < textAt)
        return problem(fileName, "The NumPy array ends within its header.");
    std::memcpy(&length, bytes.data() + magic.size() + 2, lengthBytes);
    if (length > maxHeader)
        return problem(fileName,
                       fmt::format("The .npy header claims {} bytes; expected at most {}.", length, maxHeader));
    if (bytes.size() < textAt + length)
        return problem(fileName, "The NumPy array ends within its header.");
    auto fields = HeaderReader(bytes.substr(textAt, length)).read();
    if (!fields)
        return problem(
            fileName, "The .npy header is malformed: expected a dictionary with 'descr', 'fortran_order' and 'shape'.");
    return checked(std::move(*fields), textAt + length, fileName);
}

template <typename Scalar>
void widen(std::span<const char> bytes, std::vector<double>& values)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        Scalar value;
        std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
        values[i] = value;
    }
}

// The file's length against its header, before anything large is read.
Expected<void> checkLength(const Head& head, std::uintmax_t length, std::string_view fileName)
{
    const std::uintmax_t expected = head.dataAt + std::uintmax_t{head.elements} * head.width();
    if (length == expected)
        return {};
    return problem(fileName, fmt::format("The array is {}: its shape {} needs {} bytes, the file has {}.",
                                         length < expected ? "cut short" : "followed by other bytes",
                                         shapeText(head.shape), expected, length));
}

NpyArray toArray(Head head, std::span<const char> data)
{
    NpyArray array{std::move(head.shape), std::vector<double>(head.elements), head.type};
    if (head.type == NpyType::float32)
        widen<float>(data, array.values);
    else
        widen<double>(data, array.values);
    return array;
}

// `accept` sees the head before memory is taken for the numbers.
template <typename Accept>
Expected<NpyArray> read(const std::filesystem::path& path, const Accept& accept)
{
    const std::string name = path.string();
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        return problem(name, "There is no such file; expected a NumPy array (.npy).");
    if (!std::filesystem::is_regular_file(status)) // a folder, or a pipe that might never end
        return problem(name, "This is no ordinary file; expected a NumPy array (.npy).");
    const auto length = std::filesystem::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (error || !file)
        return problem(name, "The file cannot be opened for reading.");

    std::string beginning(std::min<std::uintmax_t>(length, maxHeader + 12), '\0');
    if (!file.read(beginning.data(), static_cast<std::streamsize>(beginning.size())))
        return problem(name, "The file cannot be read.");
    auto head = parseHead(beginning, name);
    if (!head)
        return head.error();
    if (auto accepted = accept(*head); !accepted)
        return accepted.error();
    if (auto fits = checkLength(*head, length, name); !fits)
        return fits.error();
    std::vector<char> data(head->elements * head->width());
    file.seekg(static_cast<std::streamoff>(head->dataAt));
    if (!file.read(data.data(), static_cast<std::streamsize>(data.size())))
        return problem(name, "The file cannot be read to its end.");
    return toArray(std::move(*head), data);
}

} // namespace

std::string shapeText(std::span<const std::int64_t> shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

Expected<NpyArray> parseNpy(std::span<const char> bytes, std::string_view fileName)
{
    auto head = parseHead({bytes.data(), bytes.size()}, fileName);
    if (!head)
        return head.error();
    if (auto fits = checkLength(*head, bytes.size(), fileName); !fits)
        return fits.error();
    const auto data = bytes.subspan(head->dataAt);
    return toArray(std::move(*head), data);
}

Expected<NpyArray> readNpy(const std::filesystem::path& path)
{
    return read(path, [](const Head&) -> Expected<void> { return {}; });
}

Expected<NpyArray> readNpy(const std::filesystem::path& path, std::span<const std::int64_t> shape,
                           std::string_view what)
{
    return read(path, [&](const Head& head) -> Expected<void> {
        if (std::ranges::equal(head.shape, shape))
            return {};
        return problem(path.string(), fmt::format("The array's shape is {}; {} needs {}.", shapeText(head.shape), what,
                                                  shapeText(shape)));
    });
}

std::string npyBytes(std::span<const std::int64_t> shape, std::span<const double> values, NpyType type)
{
    const std::string tuple =
        shape.size() == 1 ? fmt::format("({},)", shape[0]) : fmt::format("({})", fmt::join(shape, ", "));
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                     type == NpyType::float32 ? "<f4" : "<f8", tuple);
    // The data begin at a multiple of 64; the header ends with a line break.
    header.append(63 - (magic.size() + 4 + header.size()) % 64, ' ');
    header += '\n';

    std::string bytes(magic);
    bytes += {'\x01', '\x00', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
    bytes += header;
    const std::size_t dataAt = bytes.size();
    const auto append = [&]<typename Scalar>(Scalar) {
        bytes.resize(dataAt + values.size() * sizeof(Scalar));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto value = static_cast<Scalar>(values[i]);
            std::memcpy(bytes.data() + dataAt + i * sizeof value, &value, sizeof value);
        }
    };
    type == NpyType::float32 ? append(float{}) : append(double{});
    return bytes;
}

} // namespace synoscope
