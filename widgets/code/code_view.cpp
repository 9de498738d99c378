#include "widgets/code/code_view.h"

#include "widgets/code/syntax_highlighter.h"
#include "widgets/code/verification_badge.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/icons.h"

#include <QtCore/QEvent>
#include <QtCore/QSaveFile>
#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtGui/QFontDatabase>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

namespace synoscope {

CodeView::CodeView(QWidget* parent)
    : QWidget(parent), formats_(new QComboBox(this)), text_(new QPlainTextEdit(this)),
      highlighter_(new SyntaxHighlighter(text_->document())), badge_(new VerificationBadge(this)),
      busy_(new QProgressBar(this)),
      empty_(new EmptyState(tr("No operator selected"), tr("Select a candidate to read its code and its formula."),
                            text_->viewport())),
      copy_(new QAction(icon(QStringLiteral("copy")), tr("Copy the code"), this)),
      save_(new QAction(icon(QStringLiteral("save")), tr("Save the code…"), this)),
      verify_(new QAction(icon(QStringLiteral("verified")), tr("Verify against the reference"), this)), actions_{
                                                                                                            copy_,
                                                                                                            save_,
                                                                                                            verify_}
{
    formats_->setAccessibleName(tr("Format"));
    text_->setReadOnly(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text_->setFrameShape(QFrame::NoFrame);
    text_->setAccessibleName(tr("Code"));

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 4, 4, 4);
    bar->setSpacing(4);
    bar->addWidget(formats_, 1);
    for (QAction* action : actions_) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        bar->addWidget(button);
    }
    busy_->setRange(0, 0);
    busy_->setTextVisible(false);
    busy_->setFixedSize(80, 10);
    busy_->setAccessibleName(tr("Being verified…"));
    auto* badgeRow = new QHBoxLayout;
    badgeRow->setContentsMargins(4, 0, 4, 4);
    badgeRow->addWidget(badge_);
    badgeRow->addWidget(busy_);
    badgeRow->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addLayout(badgeRow);
    layout->addWidget(text_, 1);

    connect(formats_, &QComboBox::activated, this, [this](int index) {
        wanted_ = formats_->itemData(index).toString();
        showCurrent();
    });
    connect(copy_, &QAction::triggered, this, &CodeView::copy);
    connect(save_, &QAction::triggered, this, &CodeView::saveAs);
    connect(verify_, &QAction::triggered, this, &CodeView::verifyOrCancel);
    highlighter_->setColors(Colors::of(palette()));
    showCurrent();
}

void CodeView::setDocuments(const QList<CodeDocument>& documents)
{
    if (documents == documents_)
        return;
    documents_ = documents;
    formats_->clear();
    for (const CodeDocument& document : documents)
        formats_->addItem(document.title, document.format);
    const int wanted = formats_->findData(wanted_);
    formats_->setCurrentIndex(wanted >= 0 ? wanted : documents.isEmpty() ? -1 : 0);
    showCurrent();
}

void CodeView::setFormat(const QString& format)
{
    wanted_ = format;
    if (const int index = formats_->findData(format); index >= 0) {
        formats_->setCurrentIndex(index);
        showCurrent();
    }
}

QString CodeView::format() const
{
    return current() == nullptr ? QString() : current()->format;
}

const CodeDocument* CodeView::current() const
{
    const int index = formats_->currentIndex();
    return index >= 0 && index < documents_.size() ? &documents_[index] : nullptr;
}

void CodeView::showCurrent()
{
    const CodeDocument* document = current();
    const QString text = document == nullptr ? QString() : document->text;
    if (text_->toPlainText() != text) {
        text_->setPlainText(text);
        highlighter_->setLanguage(document == nullptr ? Language::plain : document->language);
    }
    // A formula is prose: it wraps. Code keeps its lines.
    text_->setLineWrapMode(document != nullptr && document->language == Language::plain ? QPlainTextEdit::WidgetWidth
                                                                                        : QPlainTextEdit::NoWrap);
    empty_->setVisible(document == nullptr);
    formats_->setEnabled(document != nullptr);
    copy_->setEnabled(document != nullptr);
    save_->setEnabled(document != nullptr);
    showVerification(document == nullptr ? Verification{} : document->verification);
}

void CodeView::showVerification(const Verification& verification)
{
    using State = Verification::State;
    const bool running = verification.state == State::running;
    badge_->setVerification(verification);
    busy_->setVisible(running);
    verify_->setText(running ? tr("Cancel the verification") : tr("Verify against the reference"));
    verify_->setIcon(icon(running ? QStringLiteral("cancel") : QStringLiteral("verified")));
    verify_->setEnabled(running || verification.state == State::notVerified || verification.state == State::failed);
}

void CodeView::verifyOrCancel()
{
    const CodeDocument* document = current();
    if (document == nullptr)
        return;
    if (document->verification.state == Verification::State::running)
        Q_EMIT cancelRequested();
    else
        Q_EMIT verifyRequested(document->format);
}

void CodeView::copy() const
{
    if (current() != nullptr)
        QGuiApplication::clipboard()->setText(current()->text);
}

Expected<void> CodeView::save(const QString& path) const
{
    if (current() == nullptr)
        return Error{.message = tr("There is no code to save.").toStdString()};
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(current()->text.toUtf8()) < 0 || !file.commit())
        return Error{.message =
                         tr("The code cannot be written to “%1”: %2.").arg(path, file.errorString()).toStdString()};
    return {};
}

void CodeView::saveAs()
{
    if (current() == nullptr)
        return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the code"), current()->fileName);
    if (path.isEmpty())
        return;
    if (const auto saved = save(path); !saved)
        Q_EMIT failed(QString::fromStdString(saved.error().message));
}

void CodeView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        highlighter_->setColors(Colors::of(palette()));
}

} // namespace synoscope
