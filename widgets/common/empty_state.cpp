#include "widgets/common/empty_state.h"

#include "widgets/common/theme.h"

#include <QAbstractItemView>
#include <QAction>
#include <QEvent>
#include <QPainter>
#include <QPushButton>

#include <algorithm>

namespace synoscope {

namespace {

constexpr int widestText = 420; // longer lines are hard to read
constexpr double sentenceScale = 1.25;

QFont sentenceFont(QFont font)
{
    font.setPointSizeF(font.pointSizeF() * sentenceScale);
    font.setWeight(QFont::DemiBold);
    return font;
}

constexpr int textFlags = Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap;
constexpr int gap = 8;

// Where the two texts stand: in the middle, or as far above it as `below` pixels under them need.
struct TextPlace
{
    QRect sentence, hint;

    TextPlace(const QRect& rect, const QFont& font, const QString& first, const QString& second, int below)
    {
        const int width = std::max(40, std::min(rect.width() - 24, widestText));
        const QRect room(0, 0, width, 10000);
        const int upper = QFontMetrics(sentenceFont(font)).boundingRect(room, textFlags, first).height();
        const int lower = second.isEmpty() ? 0 : QFontMetrics(font).boundingRect(room, textFlags, second).height();
        const int left = rect.center().x() - width / 2;
        const int top = rect.center().y() - (upper + gap + lower + below) / 2;
        sentence = QRect(left, std::max(rect.top(), top), width, upper);
        hint = QRect(left, sentence.top() + upper + gap, width, lower);
    }
};

void paintTexts(QPainter& painter, const TextPlace& place, const QPalette& palette, const QString& sentence,
                const QString& hint)
{
    const Colors& colors = Colors::of(palette);
    const QFont plain = painter.font();
    painter.save();
    painter.setFont(sentenceFont(plain));
    painter.setPen(colors.text);
    painter.drawText(place.sentence, textFlags, sentence);
    painter.setFont(plain);
    painter.setPen(colors.mutedText);
    painter.drawText(place.hint, textFlags, hint);
    painter.restore();
}

} // namespace

EmptyState::EmptyState(const QString& sentence, const QString& hint, QWidget* host)
    : QWidget(host), button_(new QPushButton(this))
{
    button_->hide();
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setTexts(sentence, hint);
    host->installEventFilter(this);
    resize(host->size());
}

void EmptyState::setTexts(const QString& sentence, const QString& hint)
{
    sentence_ = sentence;
    hint_ = hint;
    setAccessibleName(sentence);
    setAccessibleDescription(hint);
    placeButton();
    update();
}

void EmptyState::setAction(QAction* action)
{
    setAttribute(Qt::WA_TransparentForMouseEvents, false); // or the button would be transparent with its parent
    button_->setText(action->text());
    button_->setIcon(action->icon());
    button_->setEnabled(action->isEnabled());
    button_->show();
    placeButton();
    connect(button_, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::changed, button_, [this, action] { button_->setEnabled(action->isEnabled()); });
}

EmptyState* EmptyState::over(QAbstractItemView* view, const QString& sentence, const QString& hint)
{
    auto* state = new EmptyState(sentence, hint, view->viewport());
    state->follow(view->model());
    return state;
}

void EmptyState::follow(QAbstractItemModel* model)
{
    const auto update = [this, model] { setVisible(model->rowCount() == 0); };
    connect(model, &QAbstractItemModel::rowsInserted, this, update);
    connect(model, &QAbstractItemModel::rowsRemoved, this, update);
    connect(model, &QAbstractItemModel::modelReset, this, update);
    connect(model, &QAbstractItemModel::layoutChanged, this, update);
    update();
}

bool EmptyState::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        resize(parentWidget()->size());
    return QWidget::eventFilter(watched, event);
}

void EmptyState::placeButton()
{
    const QSize size = button_->sizeHint();
    const TextPlace place(rect(), font(), sentence_, hint_, size.height() + gap);
    button_->setGeometry(
        QRect(QPoint(rect().center().x() - size.width() / 2, place.hint.bottom() + 1 + 2 * gap), size));
}

void EmptyState::resizeEvent(QResizeEvent*)
{
    placeButton();
}

void EmptyState::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int below = button_->isHidden() ? 0 : button_->height() + gap;
    paintTexts(painter, TextPlace(rect(), font(), sentence_, hint_, below), palette(), sentence_, hint_);
}

void paintEmptyState(QPainter& painter, const QRect& rect, const QPalette& palette, const QString& sentence,
                     const QString& hint)
{
    paintTexts(painter, TextPlace(rect, painter.font(), sentence, hint, 0), palette, sentence, hint);
}

} // namespace synoscope
