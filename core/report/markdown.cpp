#include "core/report/markdown.h"

#include "core/report/markup.h"
#include "core/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace synoscope::report {

namespace {

// Longer than any run of backticks within.
std::string fence(std::string_view text, std::size_t least)
{
    std::size_t longest = 0, run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return std::string(std::max(least, longest + 1), '`');
}

// Text whose characters mean nothing but themselves: HTML's are entities, Markdown's have backslashes.
std::string plain(std::string_view text)
{
    std::string result;
    for (const char c : escaped(text)) {
        if (std::string_view("\\`*_[]|~#!").find(c) != std::string_view::npos && !(c == '#' && result.ends_with('&')))
            result += '\\';
        result += c == '\n' ? ' ' : c;
    }
    return result;
}

// In a table even code must not hold a bar, whatever the quotes; there HTML's element takes the quotes' place.
std::string codeSpan(std::string_view text)
{
    std::string words = repaired(text);
    std::ranges::replace(words, '\n', ' ');
    if (words.find('|') != std::string::npos)
        return "<code>" + plain(words) + "</code>";
    const std::string quote = fence(words, 1);
    const char* const space = quote.size() > 1 ? " " : "";
    return quote + space + words + space + quote;
}

// A relative path as an address.
std::string inAddress(std::string_view path)
{
    std::string result;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool harmless = std::isalnum(byte) || std::string_view("-_./~").find(c) != std::string_view::npos;
        result += harmless ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return result;
}

std::string inlined(const Text& text)
{
    std::string result;
    for (const Span& span : text.spans) {
        switch (span.kind) {
        case Span::Kind::plain:
            result += plain(span.text);
            break;
        case Span::Kind::code:
            result += codeSpan(span.text);
            break;
        case Span::Kind::strong:
            result += "**" + plain(span.text) + "**";
            break;
        case Span::Kind::link:
            result += fmt::format("[{}](#{})", plain(span.text), span.target);
            break;
        }
    }
    return result;
}

class MarkdownWriter
{
public:
    explicit MarkdownWriter(std::string folder) : folder_(std::move(folder)) {}

    MarkdownPage write(const Document& document) &&
    {
        line("# {}\n\n{}\n", plain(document.title), inlined(document.subtitle));
        for (const Section& section : document.sections)
            write(section, 2);
        return std::move(page_);
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        page_.text += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    void write(const Section& section, int level)
    {
        line("<a id=\"{}\"></a>\n\n{} {}\n", section.anchor, std::string(level, '#'), plain(section.title));
        for (const Block& block : section.blocks)
            std::visit([this](const auto& one) { write(one); }, block);
        for (const Section& inner : section.sections)
            write(inner, level + 1);
    }

    void write(const Paragraph& paragraph) { line("{}\n", inlined(paragraph.text)); }

    void write(const Facts& facts)
    {
        for (const auto& [name, value] : facts.rows)
            line("- {}: {}", plain(name), inlined(value));
        line("");
    }

    void write(const Table& table)
    {
        if (!table.caption.empty())
            line("**{}**\n", plain(table.caption));
        std::string heading = "|", rule = "|";
        for (const Table::Column& column : table.columns) {
            heading += " " + plain(column.name) + " |";
            rule += column.number ? " ---: |" : " --- |";
        }
        line("{}\n{}", heading, rule);
        for (const auto& row : table.rows) {
            std::string cells = "|";
            for (const Text& cell : row)
                cells += " " + inlined(cell) + " |";
            line("{}", cells);
        }
        line("");
    }

    void write(const Figure& figure)
    {
        if (!folder_.empty()) {
            const std::string name = figure.name + ".svg";
            line("![{}]({}/{})\n", plain(figure.description), inAddress(folder_), name);
            page_.pictures.emplace_back(name, figure.plot ? standalone(figure.svg) : figure.svg + "\n");
        }
        line("*{}*\n", plain(figure.caption));
    }

    void write(const CodeBlock& code)
    {
        const std::string text = repaired(code.text);
        const std::string marks = fence(text, 3);
        const std::string body = marks + code.language + '\n' + text + (text.ends_with('\n') ? "" : "\n") + marks;
        if (code.folded)
            line("<details><summary>{}</summary>\n\n{}\n\n</details>\n", escaped(code.title), body);
        else
            line("{}{}\n", code.title.empty() ? "" : plain(code.title) + "\n\n", body);
    }

    const std::string folder_;
    MarkdownPage page_;
};

} // namespace

MarkdownPage writeMarkdown(const Document& document, const std::string& folder)
{
    return MarkdownWriter(folder).write(document);
}

} // namespace synoscope::report
