#include "core/search/log.h"

namespace synoscope {
namespace {

// A byte of flags says which of the rarer parts follow.
enum Part : std::uint8_t
{
    hasSize = 1,
    hasMasks = 2,
    hasPlaces = 4,
    inTree = 8,
    hasParent = 16
};

class Writer
{
public:
    void byte(std::uint64_t value) { text.push_back(static_cast<char>(value)); }
    void fixed(std::uint64_t value, int bytes)
    {
        for (int i = 0; i < bytes; ++i)
            byte(value >> 8 * i & 0xff);
    }
    void variable(std::uint64_t value) // seven bits a byte, the lowest first
    {
        for (; value >= 0x80; value >>= 7)
            byte((value & 0x7f) | 0x80);
        byte(value);
    }
    void size(const Size& size)
    {
        const auto& exponents = size.exponents();
        std::uint64_t present = 0;
        for (std::size_t i = 0; i < exponents.size(); ++i)
            present |= std::uint64_t{exponents[i] != 0} << i;
        fixed(present, 2);
        for (const std::int8_t exponent : exponents)
            if (exponent != 0)
                byte(static_cast<std::uint8_t>(exponent));
    }
    std::string text;
};

class Reader
{
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}
    bool done() const { return rest_.empty(); }
    bool failed() const { return failed_; }

    std::uint64_t byte()
    {
        if (rest_.empty()) {
            failed_ = true;
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::uint64_t fixed(int bytes)
    {
        std::uint64_t value = 0;
        for (int i = 0; i < bytes; ++i)
            value |= byte() << 8 * i;
        return value;
    }
    std::uint64_t variable()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint64_t next = byte();
            value |= (next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        failed_ = true;
        return 0;
    }
    Size size()
    {
        Size size;
        const std::uint64_t present = fixed(2);
        for (int i = 0; i < maxVariables; ++i)
            if ((present >> i & 1) != 0)
                size = size * Size::of(VariableId{static_cast<std::uint8_t>(i)}, static_cast<std::int8_t>(byte()));
        return size;
    }

private:
    std::string_view rest_;
    bool failed_ = false;
};

} // namespace

std::vector<std::uint64_t> LogEntry::moveKeys() const
{
    std::vector<std::uint64_t> keys;
    for (const LoggedStep& step : path)
        keys.push_back(step.move.key);
    return keys;
}

std::string encodePath(const std::vector<LoggedStep>& path)
{
    Writer writer;
    for (const LoggedStep& step : path) {
        const Move& move = step.move;
        const int flags = (move.size.isOne() ? 0 : hasSize) | (move.inner == 0 && move.outer == 0 ? 0 : hasMasks) |
                          (move.first == 0 && move.second == 0 ? 0 : hasPlaces) | (step.node == 0 ? 0 : inTree) |
                          (step.parent == 0 ? 0 : hasParent);
        writer.byte(static_cast<std::uint64_t>(flags));
        writer.byte(static_cast<std::uint64_t>(move.kind));
        writer.fixed(move.key, 8);
        if ((flags & hasSize) != 0)
            writer.size(move.size);
        if ((flags & hasMasks) != 0)
            writer.fixed(std::uint64_t{move.inner} | std::uint64_t{move.outer} << 16, 4);
        if ((flags & hasPlaces) != 0)
            writer.fixed(std::uint64_t{move.first} | std::uint64_t{move.second} << 8, 2);
        writer.fixed(step.key, (flags & inTree) != 0 ? 8 : 4);
        if ((flags & inTree) != 0)
            writer.variable(step.node);
        if ((flags & hasParent) != 0)
            writer.variable(step.parent);
    }
    return std::move(writer.text);
}

Expected<std::vector<LoggedStep>> decodePath(std::string_view bytes)
{
    std::vector<LoggedStep> path;
    Reader reader(bytes);
    while (!reader.done()) {
        LoggedStep& step = path.emplace_back();
        Move& move = step.move;
        const std::uint64_t flags = reader.byte();
        const std::uint64_t kind = reader.byte();
        if (kind >= moveKinds)
            return Error{"The iteration log is damaged: an unknown kind of move."};
        move.kind = static_cast<MoveKind>(kind);
        move.key = reader.fixed(8);
        if ((flags & hasSize) != 0)
            move.size = reader.size();
        if ((flags & hasMasks) != 0) {
            const std::uint64_t masks = reader.fixed(4);
            move.inner = static_cast<std::uint16_t>(masks);
            move.outer = static_cast<std::uint16_t>(masks >> 16);
        }
        if ((flags & hasPlaces) != 0) {
            const std::uint64_t places = reader.fixed(2);
            move.first = static_cast<std::uint8_t>(places);
            move.second = static_cast<std::uint8_t>(places >> 8);
        }
        step.key = reader.fixed((flags & inTree) != 0 ? 8 : 4);
        if ((flags & inTree) != 0)
            step.node = reader.variable();
        if ((flags & hasParent) != 0)
            step.parent = reader.variable();
        if (reader.failed())
            return Error{"The iteration log is damaged: a path ends too early."};
    }
    return path;
}

} // namespace synoscope
