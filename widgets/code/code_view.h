// An operator as text: one document for each format, highlighted, to copy or save, with a badge that says whether the
// code was verified. The chosen format stays when another operator is shown.
#pragma once

#include "core/base/error.h"
#include "widgets/code/code_document.h"

#include <QtWidgets/QWidget>

class QAction;
class QComboBox;
class QPlainTextEdit;
class QProgressBar;

namespace synoscope {

class EmptyState;
class SyntaxHighlighter;
class VerificationBadge;

class CodeView final : public QWidget
{
    Q_OBJECT

public:
    explicit CodeView(QWidget* parent = nullptr);

    // All documents of one operator; a text that did not change keeps its scroll position and selection.
    void setDocuments(const QList<CodeDocument>& documents);
    void clear() { setDocuments({}); }
    void setFormat(const QString& format);
    QString format() const; // empty: none

    void copy() const;
    Expected<void> save(const QString& path) const;
    const QList<QAction*>& viewActions() const { return actions_; }

Q_SIGNALS:
    void verifyRequested(const QString& format);
    void cancelRequested(); // of the verification that runs
    void failed(const QString& sentence);

protected:
    void changeEvent(QEvent* event) override;

private:
    const CodeDocument* current() const;
    void showCurrent();
    void showVerification(const Verification& verification);
    void verifyOrCancel();
    void saveAs();

    QList<CodeDocument> documents_;
    QString wanted_; // the format that was chosen last
    QComboBox* formats_;
    QPlainTextEdit* text_;
    SyntaxHighlighter* highlighter_;
    VerificationBadge* badge_;
    QProgressBar* busy_; // nobody can tell how long a verification takes
    EmptyState* empty_;
    QAction* copy_;
    QAction* save_;
    QAction* verify_; // or cancel, while that runs
    QList<QAction*> actions_;
};

} // namespace synoscope
