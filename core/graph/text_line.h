// One line of `.pgraph` text as tokens, and the check that bytes are text at all. Part of the reader.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace synoscope {

struct TextPlace
{
    int line = 0;
    int column = 0; // in characters, from 1
};

struct TextToken
{
    std::string_view text; // empty at the end of the line
    std::size_t offset = 0;
};

// Tokens are what lies between blanks; ',', ':' and '=' are tokens of their own; '#' ends the line.
class TextLine
{
public:
    TextLine(std::string_view text, int number);

    bool empty() const { return tokens_.empty(); }
    bool atEnd() const { return next_ == tokens_.size(); }
    const TextToken& peek(std::size_t ahead = 0) const;
    const TextToken& take();
    bool skip(std::string_view word); // takes the next token if it is this word
    std::string_view takeRest();      // the text up to the end or the comment, as it stands

    TextPlace end() const { return place(end_); }
    TextPlace place(const TextToken& token, std::size_t within = 0) const;

private:
    std::string_view text_;
    int number_;
    TextToken end_;
    std::vector<TextToken> tokens_;
    std::size_t next_ = 0;
};

// The user's text in quotes for a sentence, shortened where it is long; the end of a line is named.
std::string quoted(std::string_view text);
std::string quoted(const TextToken& token);

std::optional<std::int64_t> parseInteger(std::string_view text);

// Where the text stops being UTF-8 without control characters (tabs and line ends aside), and why; nothing when it does
// not.
std::optional<Error> findNonText(std::string_view text);

} // namespace synoscope
