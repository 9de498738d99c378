#include "widgets/common/filter_edit.h"

#include "widgets/common/icons.h"

#include <QAction>
#include <QKeyEvent>

namespace synoscope {

FilterEdit::FilterEdit(const QString& placeholder, QWidget* parent) : QLineEdit(parent)
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    setClearButtonEnabled(true);
    addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    timer_.setSingleShot(true);
    timer_.setInterval(150);
    connect(&timer_, &QTimer::timeout, this, &FilterEdit::announce);
    connect(this, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty())
            announce(); // clearing is cheap and should feel so
        else
            timer_.start();
    });
}

bool FilterEdit::announce()
{
    timer_.stop();
    if (text() == announced_)
        return false;
    announced_ = text();
    Q_EMIT filterChanged(announced_);
    return true;
}

void FilterEdit::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (announce())
            break;
        if (event->modifiers() & Qt::ShiftModifier)
            Q_EMIT previousRequested();
        else
            Q_EMIT nextRequested();
        break;
    case Qt::Key_Escape:
        if (text().isEmpty())
            QLineEdit::keyPressEvent(event); // somebody else may want it
        else
            clear();
        break;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

} // namespace synoscope
