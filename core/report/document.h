// A report before anybody knows whether it becomes HTML or Markdown: sections of blocks, as plain values. What is said
// is decided once, in the files that build sections; how it looks is decided in html.cpp and markdown.cpp.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace synoscope::report {

struct Span
{
    enum class Kind
    {
        plain,
        code,
        strong,
        link // to a section's anchor
    };
    Kind kind = Kind::plain;
    std::string text;
    std::string target{};
};

// A line of text, in any language and with any characters: the writers escape.
struct Text
{
    Text() = default;
    Text(std::string plain) : spans{{Span::Kind::plain, std::move(plain)}} {}
    Text(const char* plain) : Text(std::string(plain)) {}
    Text(Span span) : spans{std::move(span)} {}

    Text& operator+=(const Text& more)
    {
        spans.insert(spans.end(), more.spans.begin(), more.spans.end());
        return *this;
    }
    friend Text operator+(Text a, const Text& b) { return std::move(a += b); }

    std::vector<Span> spans;
};

inline Text code(std::string text)
{
    return Span{Span::Kind::code, std::move(text)};
}
inline Text strong(std::string text)
{
    return Span{Span::Kind::strong, std::move(text)};
}
inline Text link(std::string text, std::string anchor)
{
    return Span{Span::Kind::link, std::move(text), std::move(anchor)};
}

struct Paragraph
{
    Text text;
};

// Names and what they stand for.
struct Facts
{
    std::vector<std::pair<std::string, Text>> rows{};
};

struct Table
{
    struct Column
    {
        std::string name;
        bool number = true; // set to the right
    };
    std::string caption; // may be empty
    std::vector<Column> columns;
    std::vector<std::vector<Text>> rows{};
};

struct Figure
{
    std::string name; // of its file beside a Markdown page, without the suffix
    std::string svg;  // from "<svg" on; no references to anything
    std::string caption;
    std::string description; // for who cannot see it
    bool plot = true;        // false: a dimension graph
};

struct CodeBlock
{
    std::string title;
    std::string text;
    std::string language{}; // "python", "sh", ...; empty: none
    bool folded = true;
};

using Block = std::variant<Paragraph, Facts, Table, Figure, CodeBlock>;

struct Section
{
    std::string anchor; // letters, digits and '-'; unique in the document
    std::string title;
    std::vector<Block> blocks{};
    std::vector<Section> sections{};
};

struct Document
{
    std::string title;
    Text subtitle;
    std::vector<Section> sections;
};

} // namespace synoscope::report
