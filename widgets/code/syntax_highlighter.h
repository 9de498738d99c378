// Colours for Python, C++ and .pgraph, good enough to read generated code: keywords, names of types, numbers, strings,
// comments. Block comments and triple-quoted strings may span lines.
#pragma once

#include "widgets/code/code_document.h"
#include "widgets/common/theme.h"

#include <QtCore/QRegularExpression>
#include <QtGui/QSyntaxHighlighter>

namespace synoscope {

class SyntaxHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    explicit SyntaxHighlighter(QTextDocument* document);

    void setLanguage(Language language); // colours the document anew
    void setColors(const Colors& colors);

protected:
    void highlightBlock(const QString& text) override;

private:
    enum Token
    {
        keyword,
        type,
        number,
        string,
        comment,
        tokens_
    };

    // Strings that may span lines: where they begin and end.
    struct Span
    {
        QString begin;
        QString end;
        Token token;
    };

    qsizetype skipSpan(const QString& text, qsizetype from, std::size_t span);

    Language language_ = Language::plain;
    // One alternation with a named group for each kind of token: the first that matches at a place wins, so that a
    // keyword inside a string stays a string.
    QRegularExpression expression_;
    std::vector<Span> spans_;
    QTextCharFormat formats_[tokens_];
};

} // namespace synoscope
