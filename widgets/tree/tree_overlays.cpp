#include "widgets/tree/tree_overlays.h"

#include "widgets/common/format.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace synoscope {

namespace {

constexpr int repaintAfter = 400; // ms
constexpr int scaleWidth = 110;

struct LegendText
{
    QString title, low, high;
};

QString translated(const char* text)
{
    return QCoreApplication::translate("TreeView", text);
}

LegendText legendText(const TreeModel& model, TreeColoring coloring)
{
    switch (coloring) {
    case TreeColoring::visits:
        return {translated(QT_TRANSLATE_NOOP("TreeView", "Visits")), format::quantity(1),
                format::quantity(model.largestVisits())};
    case TreeColoring::depth:
        return {translated(QT_TRANSLATE_NOOP("TreeView", "Depth")), format::quantity(0),
                format::quantity(model.columns() - 1)};
    case TreeColoring::mean:
    case TreeColoring::kind:
        break;
    }
    return {translated(QT_TRANSLATE_NOOP("TreeView", "Mean reward")), format::reward(0),
            format::reward(model.largestMean())};
}

// Paints texts and samples one after the other on a backdrop that is measured first.
QRect paintKinds(QPainter& painter, const QRect& view, const Colors& colors)
{
    // The moves of the search; Share appears there as contraction only.
    constexpr std::array kinds = {7, contractionKind, 0, 1, 2, 3, 4, 5, finalizeKind};
    const QFontMetrics metrics(painter.font());
    int x = 12;
    const int middle = view.bottom() - treeLegendHeight / 2;
    QRect backdrop(6, view.bottom() - treeLegendHeight + 2, 0, treeLegendHeight - 6);
    int width = 6;
    for (const int kind : kinds)
        width += 26 + metrics.horizontalAdvance(kindName(kind));
    backdrop.setWidth(std::min(width, view.width() - 12));
    painter.setPen(Qt::NoPen);
    painter.setBrush(blend(colors.canvas, colors.surface, 0.5));
    painter.drawRoundedRect(backdrop, 4, 4);
    for (const int kind : kinds) {
        const int needed = 22 + metrics.horizontalAdvance(kindName(kind));
        if (x + needed > backdrop.right())
            break;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.kind(kind));
        painter.drawEllipse(QRectF(x, middle - 5, 9, 9));
        painter.setPen(colors.text);
        painter.drawText(x + 14, middle + metrics.ascent() / 2 - 1, kindName(kind));
        x += needed + 4;
    }
    return backdrop;
}

} // namespace

QRect paintTreeLegend(QPainter& painter, const QRect& view, const TreeModel& model, TreeColoring coloring,
                      const QPalette& palette)
{
    const Colors& colors = Colors::of(palette);
    painter.save();
    if (coloring == TreeColoring::kind) {
        const QRect kinds = paintKinds(painter, view, colors);
        painter.restore();
        return kinds;
    }
    const LegendText text = legendText(model, coloring);
    const QFontMetrics metrics(painter.font());
    const int title = metrics.horizontalAdvance(text.title), low = metrics.horizontalAdvance(text.low),
              high = metrics.horizontalAdvance(text.high);
    const int around = title + low + high + 36;
    const int scale = std::clamp(view.width() - 12 - around, 24, scaleWidth); // in a narrow view the colours give way
    const QRect backdrop(6, view.bottom() - treeLegendHeight + 2, around + scale, treeLegendHeight - 6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(blend(colors.canvas, colors.surface, 0.5));
    painter.drawRoundedRect(backdrop, 4, 4);
    const int baseline = backdrop.center().y() + metrics.ascent() / 2 - 1;
    int x = backdrop.left() + 8;
    painter.setPen(colors.text);
    painter.drawText(x, baseline, text.title);
    x += title + 10;
    painter.setPen(colors.mutedText);
    painter.drawText(x, baseline, text.low);
    x += low + 5;
    for (int i = 0; i < scale; ++i)
        painter.fillRect(x + i, backdrop.center().y() - 5, 1, 10, treeHeat(i / double(scale - 1), colors));
    painter.drawText(x + scale + 5, baseline, text.high);
    painter.restore();
    return backdrop;
}

void paintTreeNotice(QPainter& painter, const QRect& view, const QRect& legend, int right, const QString& notice,
                     const QPalette& palette)
{
    if (notice.isEmpty())
        return;
    constexpr int margin = 6, padding = 8;
    const Colors& colors = Colors::of(palette);
    const int wanted = painter.fontMetrics().horizontalAdvance(notice) + 2 * padding + 1;
    QRect frame(legend.right() + margin, legend.top(), wanted, legend.height());
    if (frame.right() > right) {
        frame.setWidth(std::min(wanted, right - margin));
        frame.moveBottomLeft({margin, legend.top() - margin});
    }
    const QRect text = frame.adjusted(padding, 0, -padding, 0) & view;
    painter.save();
    painter.setPen(QPen(colors.accent, 1));
    painter.setBrush(blend(colors.canvas, colors.surface, 0.5));
    painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(colors.text);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(notice, Qt::ElideRight, text.width()));
    painter.restore();
}

QRect TreeMinimap::place(QSize view)
{
    const QSize size(std::clamp(view.width() / 5, 90, 180), std::clamp(view.height() / 4, 70, 150));
    return {QPoint(view.width() - size.width() - 8, view.height() - size.height() - 8), size};
}

QPointF TreeMinimap::treeAt(QPointF point, const QRect& place, const TreeModel& model)
{
    return {(point.x() - place.left()) / place.width() * model.columns(),
            (point.y() - place.top()) / place.height() * model.rows()};
}

void TreeMinimap::paint(QPainter& painter, const QRect& place, const TreeModel& model, const TreeStyle& style,
                        const TreeCamera& camera, QSize view, const QFont& font, const QPalette& palette)
{
    const Colors& colors = Colors::of(palette);
    const double ratio = painter.device()->devicePixelRatioF();
    const QSize pixels = (QSizeF(place.size()) * ratio).toSize();
    if (picture_.size() != pixels || (stale_ && (!age_.isValid() || age_.elapsed() > repaintAfter))) {
        picture_ = QPixmap(pixels);
        picture_.setDevicePixelRatio(ratio);
        picture_.fill(colors.canvas);
        TreeStyle small = style;
        small.details = false;
        small.layout = TreeLayout::icicle;
        TreeCamera whole;
        whole.x = whole.y = 0;
        whole.column = place.width() / static_cast<double>(model.columns());
        whole.row = place.height() / static_cast<double>(model.rows());
        QPainter onto(&picture_);
        TreePainter(model, whole, QRectF(QPointF(), place.size()), font, palette, small).paint(onto);
        age_.start();
        stale_ = false;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setOpacity(0.94);
    painter.drawPixmap(place.topLeft(), picture_);
    painter.setOpacity(1);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(colors.outline);
    painter.drawRect(place.adjusted(-1, -1, 0, 0));
    const auto inside = [&](double screenX, double screenY) {
        return QPointF(place.left() + camera.columnAt(screenX) / model.columns() * place.width(),
                       place.top() + camera.rowAt(screenY) / model.rows() * place.height());
    };
    QRectF frame(inside(0, 0), inside(view.width(), view.height()));
    frame &= QRectF(place).adjusted(0, 0, -1, -1);
    if (frame.height() < 3)
        frame.adjust(0, -1.5, 0, 1.5);
    // Light within dark or the other way round: seen on every colour of the tree.
    for (const QPen& pen : {QPen(colors.canvas, 4), QPen(colors.text, 1.6)}) {
        painter.setPen(pen);
        painter.drawRect(frame);
    }
    painter.restore();
}

} // namespace synoscope
