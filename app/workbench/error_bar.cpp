#include "app/workbench/error_bar.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

namespace synoscope {

namespace {

constexpr int noticeTime = 6000; // milliseconds
constexpr int narrow = 520;      // pixels: below that, sentence and buttons do not fit beside each other

} // namespace

ErrorBar::ErrorBar(QWidget* parent)
    : QFrame(parent), icon_(new QLabel(this)), text_(new QLabel(this)), wayOut_(new QPushButton(this)),
      details_(new QPushButton(tr("Details"), this)), close_(new QToolButton(this)), detailText_(new QLabel(this))
{
    setObjectName(QStringLiteral("errorBar"));
    text_->setWordWrap(true);
    text_->setTextFormat(Qt::PlainText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    detailText_->setWordWrap(true);
    detailText_->setTextFormat(Qt::PlainText);
    detailText_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    details_->setCheckable(true);
    close_->setIcon(icon(QStringLiteral("cancel")));
    close_->setAutoRaise(true);
    close_->setToolTip(tr("Dismiss (Escape)"));
    close_->setAccessibleName(tr("Dismiss the message"));

    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(10, 4, 6, 4);
    layout->setColumnStretch(1, 1);
    layout->addWidget(icon_, 0, 0);
    layout->addWidget(text_, 0, 1);
    layout->addWidget(close_, 0, 4);
    layout->addWidget(detailText_, 2, 1, 1, 4);
    placeButtons(false);

    connect(close_, &QToolButton::clicked, this, &ErrorBar::dismiss);
    connect(details_, &QPushButton::toggled, detailText_, &QWidget::setVisible);
    connect(wayOut_, &QPushButton::clicked, this, [this] {
        const auto act = messages_.isEmpty() ? nullptr : messages_.first().wayOut.act;
        dismiss(); // first: the way out may raise the next message
        if (act)
            act();
    });
    leave_.setSingleShot(true);
    leave_.setInterval(noticeTime);
    connect(&leave_, &QTimer::timeout, this, &ErrorBar::dismiss);
    showFirst();
}

void ErrorBar::showError(const QString& sentence, const QString& details, WayOut wayOut)
{
    add({true, sentence, details, std::move(wayOut), 1});
}

void ErrorBar::showNotice(const QString& sentence)
{
    add({false, sentence, {}, {}, 1});
}

void ErrorBar::add(Message message)
{
    for (Message& known : messages_) {
        if (known.error == message.error && known.sentence == message.sentence) {
            ++known.times;
            showFirst();
            return;
        }
    }
    // A notice that is shown gives way to whatever comes; an error waits for its reader.
    if (!messages_.isEmpty() && !messages_.first().error)
        messages_.removeFirst();
    messages_.append(std::move(message));
    showFirst();
}

void ErrorBar::dismiss()
{
    if (!messages_.isEmpty())
        messages_.removeFirst();
    details_->setChecked(false);
    showFirst();
}

QString ErrorBar::text() const
{
    return messages_.isEmpty() ? QString() : text_->text();
}

void ErrorBar::showFirst()
{
    leave_.stop();
    setVisible(!messages_.isEmpty());
    if (messages_.isEmpty())
        return;
    const Message& message = messages_.first();
    QString sentence = message.sentence;
    if (message.times > 1)
        sentence = tr("%1 (%n times)", nullptr, message.times).arg(sentence);
    if (messages_.size() > 1)
        sentence = tr("%1 (%n more)", nullptr, static_cast<int>(messages_.size()) - 1).arg(sentence);
    text_->setText(sentence);
    setAccessibleName(sentence);
    wayOut_->setText(message.wayOut.text);
    wayOut_->setVisible(message.wayOut.act != nullptr);
    details_->setVisible(!message.details.isEmpty());
    detailText_->setText(message.details);
    detailText_->setVisible(details_->isChecked() && !message.details.isEmpty());
    if (!message.error)
        leave_.start();
    restyle();
}

void ErrorBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !messages_.isEmpty())
        restyle();
}

void ErrorBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        dismiss();
    else
        QFrame::keyPressEvent(event);
}

void ErrorBar::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    if (const bool below = width() < narrow; below != below_)
        placeButtons(below);
}

void ErrorBar::placeButtons(bool below)
{
    below_ = below;
    auto* grid = static_cast<QGridLayout*>(layout());
    int column = below ? 1 : 2;
    for (QPushButton* button : {wayOut_, details_}) {
        grid->removeWidget(button);
        grid->addWidget(button, below ? 1 : 0, column++, below ? Qt::AlignLeft : Qt::Alignment());
    }
}

void ErrorBar::restyle()
{
    const Colors& colors = Colors::of(parentWidget() != nullptr ? parentWidget()->palette() : palette());
    const QColor color = messages_.first().error ? colors.bad : colors.good;
    icon_->setPixmap(
        icon(messages_.first().error ? QStringLiteral("warning") : QStringLiteral("verified")).pixmap(18, 18));
    const QString sheet = QStringLiteral("#errorBar { background: %1; border: none; border-bottom: 2px solid %2; }")
                              .arg(blend(colors.surface, color, 0.14).name(), color.name());
    if (styleSheet() != sheet)
        setStyleSheet(sheet);
}

} // namespace synoscope
