#include "widgets/code/syntax_highlighter.h"

namespace synoscope {

namespace {

const QString& pythonKeywords()
{
    static const QString words =
        QStringLiteral("and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|"
                       "global|if|import|in|is|"
                       "lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False|self");
    return words;
}

const QString& cppKeywords()
{
    static const QString words = QStringLiteral(
        "alignas|auto|bool|break|case|char|class|const|constexpr|continue|default|delete|do|double|else|enum|explicit|"
        "extern|false|float|for|if|inline|int|long|namespace|new|noexcept|nullptr|operator|private|protected|public|"
        "return|"
        "short|signed|sizeof|static|struct|switch|template|this|throw|true|try|typedef|typename|unsigned|using|virtual|"
        "void|"
        "while|override|final");
    return words;
}

const QString& pgraphKeywords()
{
    static const QString words = QStringLiteral("pgraph|name|primary|coefficient|input|weight|split|merge|shift|unfold|"
                                                "stride|expand|share|reduce|output|bind");
    return words;
}

QRegularExpression expression(const QString& comment, const QString& string, const QString& keywords,
                              const QString& types)
{
    return QRegularExpression(
        QStringLiteral("(?<comment>%1)|(?<string>%2)|\\b(?<keyword>%3)\\b|\\b(?<type>%4)\\b|"
                       "(?<![\\w.])(?<number>(0x[0-9a-fA-F]+|\\d+\\.?\\d*([eE][+-]?\\d+)?)[fLuU]*)\\b")
            .arg(comment, string, keywords, types));
}

const QString quotedText = QStringLiteral(R"("(\\.|[^"\\])*"|'(\\.|[^'\\])*')");

} // namespace

SyntaxHighlighter::SyntaxHighlighter(QTextDocument* document) : QSyntaxHighlighter(document)
{
    setColors(Colors::light());
}

void SyntaxHighlighter::setLanguage(Language language)
{
    language_ = language;
    spans_.clear();
    switch (language) {
    case Language::python:
        expression_ = expression(QStringLiteral("#.*$"), quotedText, pythonKeywords(),
                                 QStringLiteral("torch|nn|math|int|float|str|list|tuple|dict|range|len|super"));
        spans_ = {{QStringLiteral("\"\"\""), QStringLiteral("\"\"\""), string},
                  {QStringLiteral("'''"), QStringLiteral("'''"), string}};
        break;
    case Language::cpp:
        expression_ = expression(QStringLiteral("//.*$|^\\s*#\\s*\\w+"), quotedText, cppKeywords(),
                                 QStringLiteral("torch|std|at|c10|\\w+_t|[A-Z]\\w*(?=::)|Tensor|\\w+Impl"));
        spans_ = {{QStringLiteral("/*"), QStringLiteral("*/"), comment}};
        break;
    case Language::pgraph:
        expression_ = expression(QStringLiteral("#.*$"), quotedText, pgraphKeywords(), QStringLiteral("[A-Z]\\w*"));
        break;
    case Language::plain:
        expression_ = QRegularExpression();
        break;
    }
    rehighlight();
}

void SyntaxHighlighter::setColors(const Colors& colors)
{
    formats_[keyword].setForeground(colors.accent);
    formats_[type].setForeground(colors.kind(static_cast<int>(PrimitiveKind::shift)));
    formats_[number].setForeground(colors.warning);
    formats_[string].setForeground(colors.good);
    formats_[comment].setForeground(colors.mutedText);
    formats_[comment].setFontItalic(true);
    rehighlight();
}

// Colours from `from` to the end of the span, or of the line: then the state says which span is open. Where it ended.
qsizetype SyntaxHighlighter::skipSpan(const QString& text, qsizetype from, std::size_t span)
{
    const bool continued = from < 0;
    const qsizetype begin = continued ? 0 : from;
    const qsizetype search = continued ? 0 : from + spans_[span].begin.size();
    const qsizetype end = text.indexOf(spans_[span].end, search);
    const qsizetype stop = end < 0 ? text.size() : end + spans_[span].end.size();
    setCurrentBlockState(end < 0 ? static_cast<int>(span) : -1);
    setFormat(static_cast<int>(begin), static_cast<int>(stop - begin), formats_[spans_[span].token]);
    return stop;
}

void SyntaxHighlighter::highlightBlock(const QString& text)
{
    setCurrentBlockState(-1);
    if (language_ == Language::plain)
        return;
    qsizetype at = 0;
    if (previousBlockState() >= 0 && previousBlockState() < static_cast<int>(spans_.size()))
        at = skipSpan(text, -1, static_cast<std::size_t>(previousBlockState()));
    while (at < text.size()) {
        const auto match = expression_.match(text, at);
        const qsizetype token = match.hasMatch() ? match.capturedStart() : text.size();
        std::size_t span = spans_.size();
        qsizetype spanAt = text.size();
        for (std::size_t i = 0; i < spans_.size(); ++i) {
            const qsizetype found = text.indexOf(spans_[i].begin, at);
            if (found >= 0 && found < spanAt) {
                span = i;
                spanAt = found;
            }
        }
        if (span < spans_.size() && spanAt <= token) {
            at = skipSpan(text, spanAt, span);
            continue;
        }
        if (!match.hasMatch())
            return;
        static const char* const names[tokens_] = {"keyword", "type", "number", "string", "comment"};
        for (int i = 0; i < tokens_; ++i)
            if (match.capturedLength(QLatin1String(names[i])) > 0)
                setFormat(static_cast<int>(token), static_cast<int>(match.capturedLength()), formats_[i]);
        at = match.capturedEnd();
    }
}

} // namespace synoscope
