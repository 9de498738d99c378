#include "widgets/jobs/progress_delegate.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QtGui/QPainter>
#include <QtWidgets/QApplication>

#include <algorithm>
#include <cmath>

namespace synoscope {

QSize ProgressDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QSize text = QStyledItemDelegate::sizeHint(option, index);
    return {text.width(), option.fontMetrics.height() + 10}; // room for the bar around its text
}

void ProgressDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    background.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);

    const Colors& colors = Colors::of(option.palette);
    const double progress = index.data(progressRole_).toDouble();
    const bool muted = index.data(mutedRole_).toBool();
    const QRectF bar = QRectF(option.rect).adjusted(6, 3, -6, -3);
    const double radius = 3;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colors.outline, 1));
    painter->setBrush(colors.surface);
    painter->drawRoundedRect(bar, radius, radius);
    if (std::isfinite(progress)) {
        const QRectF done(bar.topLeft(), QSizeF(bar.width() * std::clamp(progress, 0.0, 1.0), bar.height()));
        const QColor fill = muted ? colors.pruned : blend(colors.accent, colors.surface, 0.45);
        painter->setPen(Qt::NoPen);
        painter->setBrush(fill);
        painter->drawRoundedRect(done.adjusted(1, 1, -1, -1), radius, radius);
        painter->setPen(colors.text);
        painter->drawText(bar, Qt::AlignCenter, format::percent(progress, 0));
    }
    painter->restore();
}

} // namespace synoscope
