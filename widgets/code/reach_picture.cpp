#include "widgets/code/reach_picture.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRect>
#include <QtGui/QPainter>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(ReachPicture)
};

using What = InspectorValues::Map::What;

constexpr int margin = 2; // cells around what is read

// The cells that are not empty; a null rectangle: none is.
QRect readCells(const ReachMap& reach)
{
    QRect cells;
    for (std::int64_t row = 0; row < reach.rows; ++row)
        for (std::int64_t column = 0; column < reach.columns; ++column)
            if (reach.at(row, column) > 0)
                cells |= QRect(static_cast<int>(column), static_cast<int>(row), 1, 1);
    return cells;
}

QRect shownCells(const InspectorValues::Map& map)
{
    const QRect all(0, 0, static_cast<int>(map.reach.columns), static_cast<int>(map.reach.rows));
    if (map.what != What::receptiveField)
        return all;
    const QPoint middle(all.width() / 2, all.height() / 2);
    const QRect wanted = readCells(map.reach) | QRect(middle, QSize(1, 1));
    return wanted.adjusted(-margin, -margin, margin, margin) & all;
}

QString signedNumber(int number)
{
    return number > 0   ? u'+' + QString::number(number)
           : number < 0 ? QChar(0x2212) + QString::number(-number)
                        : QStringLiteral("0");
}

QString range(int from, int to)
{
    return from == to ? signedNumber(from) : Texts::tr("%1 to %2").arg(signedNumber(from), signedNumber(to));
}

} // namespace

QString reachTitle(What what)
{
    switch (what) {
    case What::receptiveField:
        return Texts::tr("Receptive field");
    case What::channels:
        return Texts::tr("Channels, output by input");
    case What::places:
        return Texts::tr("Places, output by input");
    }
    return {};
}

QString reachCaption(const InspectorValues::Map& map)
{
    const ReachMap& reach = map.reach;
    const auto read = static_cast<quint64>(std::ranges::count_if(reach.terms, [](double terms) { return terms > 0; }));
    const QString of = QStringLiteral("%1 × %2").arg(reach.rows).arg(reach.columns);
    if (map.what != What::receptiveField)
        return Texts::tr("%1 of %2 pairs are connected")
            .arg(format::percent(static_cast<double>(read) / static_cast<double>(reach.terms.size())), of);
    if (read == 0)
        return Texts::tr("It reads nothing.");
    const QRect cells =
        readCells(reach).translated(-static_cast<int>(reach.columns / 2), -static_cast<int>(reach.rows / 2));
    //: 9 of 56 × 56 places: rows −1 to +1, columns −1 to +1 (of the place that is computed)
    return Texts::tr("%1 of %2 places: rows %3, columns %4")
        .arg(format::count(read), of, range(cells.top(), cells.bottom()), range(cells.left(), cells.right()));
}

QImage reachImage(const InspectorValues::Map& map, const Colors& colors, int side, qreal pixelRatio)
{
    const QRect cells = shownCells(map);
    const int pixels = std::max(1, static_cast<int>(side * pixelRatio));
    const double most = map.reach.terms.empty() ? 0 : *std::ranges::max_element(map.reach.terms);
    QImage small(cells.size(), QImage::Format_RGB32);
    for (int y = 0; y < cells.height(); ++y)
        for (int x = 0; x < cells.width(); ++x) {
            const double terms = map.reach.at(cells.top() + y, cells.left() + x);
            small.setPixelColor(x, y, terms > 0 ? heat(terms / most) : colors.surface);
        }
    const int longest = std::max(cells.width(), cells.height());
    const int cell = pixels / longest;
    QImage image = cell >= 1 ? small.scaled(cells.size() * cell, Qt::IgnoreAspectRatio, Qt::FastTransformation)
                             : small.scaled(pixels, pixels, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QPainter painter(&image);
    if (cell >= 5) { // lines between cells, while they do not cover them
        painter.setPen(colors.grid);
        for (int x = 1; x < cells.width(); ++x)
            painter.drawLine(x * cell, 0, x * cell, image.height());
        for (int y = 1; y < cells.height(); ++y)
            painter.drawLine(0, y * cell, image.width(), y * cell);
    }
    if (map.what == What::receptiveField && cell >= 5) { // the place that is computed
        const QPoint middle =
            QPoint(static_cast<int>(map.reach.columns / 2), static_cast<int>(map.reach.rows / 2)) - cells.topLeft();
        painter.setPen(QPen(colors.accent, 2));
        painter.drawRect(middle.x() * cell + 1, middle.y() * cell + 1, cell - 2, cell - 2);
    }
    painter.setPen(colors.outline);
    painter.drawRect(0, 0, image.width() - 1, image.height() - 1);
    painter.end();
    image.setDevicePixelRatio(pixelRatio);
    return image;
}

} // namespace synoscope
