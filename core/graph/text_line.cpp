#include "core/graph/text_line.h"

#include "core/base/text.h"

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
        const std::size_t length = utf8CharacterLength(text.substr(i));
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
