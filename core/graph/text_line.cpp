#include "core/graph/text_line.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace synoscope {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool isSeparator(char c)
{
    return c == ',' || c == ':' || c == '=';
}

bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The length of the UTF-8 character at the start of `text` (RFC 3629); 0 when there is none.
std::size_t characterLength(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto continued = [&](std::size_t i) { return i < text.size() && isContinuation(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return continued(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) > 0x9F;
        return continued(1) && continued(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool overlong = lead == 0xF0 && byte(1) < 0x90;
        const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
        return continued(1) && continued(2) && continued(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

} // namespace

TextLine::TextLine(std::string_view text, int number) : text_(text.substr(0, text.find('#'))), number_(number)
{
    for (std::size_t i = 0; i < text_.size();) {
        if (isBlank(text_[i])) {
            ++i;
            continue;
        }
        const std::size_t begin = i++;
        if (!isSeparator(text_[begin]))
            while (i < text_.size() && !isBlank(text_[i]) && !isSeparator(text_[i]))
                ++i;
        tokens_.push_back({text_.substr(begin, i - begin), begin});
        end_.offset = i;
    }
}

const TextToken& TextLine::peek(std::size_t ahead) const
{
    return next_ + ahead < tokens_.size() ? tokens_[next_ + ahead] : end_;
}

const TextToken& TextLine::take()
{
    return atEnd() ? end_ : tokens_[next_++];
}

bool TextLine::skip(std::string_view word)
{
    const bool there = !atEnd() && peek().text == word;
    next_ += there;
    return there;
}

std::string_view TextLine::takeRest()
{
    const std::size_t begin = peek().offset;
    next_ = tokens_.size();
    return text_.substr(begin, end_.offset - begin);
}

TextPlace TextLine::place(const TextToken& token, std::size_t within) const
{
    const std::string_view before = text_.substr(0, token.offset + within);
    return {number_, 1 + static_cast<int>(before.size() - std::ranges::count_if(before, isContinuation))};
}

std::string quoted(std::string_view text)
{
    constexpr std::size_t longest = 40;
    if (text.size() <= longest)
        return fmt::format("'{}'", text);
    std::size_t end = longest;
    while (end > 0 && isContinuation(text[end]))
        --end;
    return fmt::format("'{}...'", text.substr(0, end));
}

std::string quoted(const TextToken& token)
{
    return token.text.empty() ? "the end of the line" : quoted(token.text);
}

std::optional<std::int64_t> parseInteger(std::string_view text)
{
    std::int64_t number = 0;
    const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || status != std::errc() || rest != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::optional<Error> findNonText(std::string_view text)
{
    int line = 1;
    int column = 1;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool control = (byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n') || byte == 0x7F;
        const std::size_t length = characterLength(text.substr(i));
        if (control || length == 0)
            return Error{
                fmt::format("the byte 0x{:02X} is not text; expected a UTF-8 text file", byte), {}, line, column};
        i += length;
        ++column;
        if (byte == '\n') {
            ++line;
            column = 1;
        }
    }
    return std::nullopt;
}

} // namespace synoscope
