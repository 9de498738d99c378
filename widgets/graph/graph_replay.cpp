#include "widgets/graph/graph_replay.h"

#include "widgets/common/icons.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <algorithm>
#include <chrono>

namespace synoscope {

GraphReplay::GraphReplay(QWidget* parent)
    : QWidget(parent), slider_(new QSlider(Qt::Horizontal, this)), label_(new QLabel(this)),
      back_(new QAction(tr("Replay: a step back ([)"), this)),
      forward_(new QAction(tr("Replay: a step forward (])"), this)),
      play_(new QAction(icon(QStringLiteral("start")), tr("Replay the construction"), this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(4, 2, 8, 2);
    row->setSpacing(2);
    const auto button = [this](QAction* action, Qt::ArrowType arrow) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setArrowType(arrow);
        button->setAutoRaise(true);
        button->setAccessibleName(action->text());
        return button;
    };
    slider_->setAccessibleName(tr("Replay of the construction"));
    slider_->setPageStep(1);
    slider_->setMinimumWidth(48);
    slider_->setMaximumWidth(260);
    label_->setTextFormat(Qt::PlainText);
    label_->setContentsMargins(6, 0, 0, 0);
    label_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // what does not fit is cut
    play_->setCheckable(true);
    row->addWidget(button(play_, Qt::NoArrow));
    row->addWidget(button(back_, Qt::LeftArrow));
    row->addWidget(slider_, 2);
    row->addWidget(button(forward_, Qt::RightArrow));
    row->addWidget(label_, 3);
    clock_.setInterval(std::chrono::milliseconds(900));
    connect(slider_, &QSlider::valueChanged, this, &GraphReplay::take);
    connect(back_, &QAction::triggered, this, [this] { stepBy(-1); });
    connect(forward_, &QAction::triggered, this, [this] { stepBy(1); });
    connect(play_, &QAction::toggled, this, &GraphReplay::play);
    connect(&clock_, &QTimer::timeout, this, [this] { setStep(step() + 1); });
    setSteps({});
}

void GraphReplay::setSteps(QStringList steps)
{
    steps_ = std::move(steps);
    play_->setChecked(false);
    {
        const QSignalBlocker quiet(slider_);
        slider_->setRange(0, last());
        slider_->setValue(last());
    }
    slider_->setEnabled(last() > 0);
    play_->setEnabled(last() > 0);
    take(last());
}

int GraphReplay::step() const
{
    return slider_->value();
}

void GraphReplay::setStep(int step)
{
    slider_->setValue(step);
}

void GraphReplay::stepBy(int steps)
{
    play_->setChecked(false);
    setStep(step() + steps);
}

void GraphReplay::take(int step)
{
    back_->setEnabled(step > 0);
    forward_->setEnabled(step < last());
    if (step == last())
        play_->setChecked(false);
    if (last() == 0)
        words_.clear();
    else if (step == 0)
        words_ = tr("0 of %1: the output").arg(last());
    else
        //: a step of the replay: %1 its number, %2 how many there are, %3 what it adds
        words_ = tr("%1 of %2: %3").arg(step).arg(last()).arg(steps_[step - 1]);
    showWords();
    Q_EMIT stepChanged(step);
}

void GraphReplay::play(bool on)
{
    play_->setIcon(icon(on ? QStringLiteral("pause") : QStringLiteral("start")));
    if (!on)
        return clock_.stop();
    if (step() == last())
        setStep(0);
    clock_.start();
}

void GraphReplay::showWords()
{
    const int room = label_->contentsRect().width();
    label_->setText(label_->fontMetrics().elidedText(words_, Qt::ElideRight, std::max(room, 0)));
    label_->setToolTip(words_);
    label_->setAccessibleName(words_);
    slider_->setToolTip(words_);
    slider_->setAccessibleDescription(words_);
}

void GraphReplay::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layout()->activate(); // the label has its new width
    showWords();
}

void GraphReplay::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        showWords();
}

} // namespace synoscope
