#include "widgets/problem/fault_label.h"

#include "widgets/common/theme.h"

#include <QEvent>

namespace synoscope {

FaultLabel::FaultLabel(QWidget* parent) : QLabel(parent)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    hide();
    paint();
}

void FaultLabel::setSentence(const QString& sentence)
{
    setText(sentence);
    setVisible(!sentence.isEmpty());
}

void FaultLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paint();
}

void FaultLabel::paint()
{
    const QColor& bad = Colors::of(palette()).bad;
    if (palette().color(QPalette::WindowText) == bad) // setting the palette comes back here
        return;
    QPalette changed = palette();
    changed.setColor(QPalette::WindowText, bad);
    setPalette(changed);
}

} // namespace synoscope
