#include "core/report/html.h"

#include "core/report/markup.h"
#include "core/report/plot.h"
#include "core/report/style.h"

#include <fmt/format.h>

namespace synoscope::report {

namespace {

class HtmlWriter
{
public:
    std::string write(const Document& document)
    {
        text_ = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                "<meta charset=\"utf-8\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
        line("<title>{}</title>", escaped(document.title));
        line("<style>\n{}{}{}</style>\n</head>\n<body>\n<header>", colourVariables(), plotRules(), pageRules());
        line("<h1>{}</h1>\n<p class=\"subtitle\">{}</p>", escaped(document.title), inlined(document.subtitle));
        line("<nav><ul>");
        for (const Section& section : document.sections)
            line("<li><a href=\"#{}\">{}</a></li>", escaped(section.anchor), escaped(section.title));
        line("</ul></nav>\n</header>\n<main>");
        for (const Section& section : document.sections)
            write(section, 2);
        return text_ + "</main>\n</body>\n</html>\n";
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args)
    {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    static std::string inlined(const Text& text)
    {
        std::string result;
        for (const Span& span : text.spans) {
            const std::string words = escaped(span.text);
            switch (span.kind) {
            case Span::Kind::plain:
                result += words;
                break;
            case Span::Kind::code:
                result += "<code>" + words + "</code>";
                break;
            case Span::Kind::strong:
                result += "<strong>" + words + "</strong>";
                break;
            case Span::Kind::link:
                result += fmt::format("<a href=\"#{}\">{}</a>", escaped(span.target), words);
                break;
            }
        }
        return result;
    }

    void write(const Section& section, int level)
    {
        line("<section id=\"{}\"{}>\n<h{}>{}</h{}>", escaped(section.anchor), level > 2 ? " class=\"card\"" : "", level,
             escaped(section.title), level);
        for (const Block& block : section.blocks)
            std::visit([this](const auto& one) { write(one); }, block);
        for (const Section& inner : section.sections)
            write(inner, level + 1);
        line("</section>");
    }

    void write(const Paragraph& paragraph) { line("<p>{}</p>", inlined(paragraph.text)); }

    void write(const Facts& facts)
    {
        if (facts.rows.empty())
            return;
        line("<dl class=\"facts\">");
        for (const auto& [name, value] : facts.rows)
            line("<dt>{}</dt><dd>{}</dd>", escaped(name), inlined(value));
        line("</dl>");
    }

    void write(const Table& table)
    {
        line("<div class=\"wide\"><table>");
        if (!table.caption.empty())
            line("<caption>{}</caption>", escaped(table.caption));
        std::string heading;
        for (const Table::Column& column : table.columns)
            heading += fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? " class=\"n\"" : "", escaped(column.name));
        line("<thead><tr>{}</tr></thead>\n<tbody>", heading);
        for (const auto& row : table.rows) {
            std::string cells;
            for (std::size_t i = 0; i < row.size(); ++i)
                cells += fmt::format("<td{}>{}</td>", table.columns[i].number ? " class=\"n\"" : "", inlined(row[i]));
            line("<tr>{}</tr>", cells);
        }
        line("</tbody></table></div>");
    }

    void write(const Figure& figure)
    {
        line("<figure{}>\n{}", figure.plot ? "" : " class=\"graph\"", figure.svg);
        line("<figcaption>{}</figcaption>\n</figure>", escaped(figure.caption));
    }

    void write(const CodeBlock& code)
    {
        const std::string body = fmt::format("<pre>{}</pre>", escaped(code.text)); // no <code>: nothing between the tags
        if (code.folded)
            line("<details><summary>{}</summary>\n{}\n</details>", escaped(code.title), body);
        else
            line("{}{}", code.title.empty() ? "" : fmt::format("<p>{}</p>\n", escaped(code.title)), body);
    }

    std::string text_;
};

} // namespace

std::string writeHtml(const Document& document)
{
    return HtmlWriter().write(document);
}

} // namespace synoscope::report
