#include "widgets/graph/comparison_legend.h"

#include "widgets/common/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr double signWidth = 18, signHeight = 12, signSpace = 6, entrySpace = 18, margin = 8, rowSpace = 3;

} // namespace

ComparisonLegend::ComparisonLegend(QWidget* parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Legend of the comparison"));
    setDifference({});
}

void ComparisonLegend::setDifference(const GraphDifference& difference)
{
    const int shared = static_cast<int>(difference.shared.size());
    entries_ = {Entry{Mark::shared, shared == 1 ? tr("1 primitive shared") : tr("%1 primitives shared").arg(shared)},
                Entry{Mark::onlyFirst, tr("%1 only in A").arg(difference.onlyFirst.size())},
                Entry{Mark::onlySecond, tr("%1 only in B").arg(difference.onlySecond.size())}};
    setAccessibleDescription(text());
    setToolTip(text());
    updateGeometry();
    update();
}

QString ComparisonLegend::text() const
{
    QStringList texts;
    for (const Entry& entry : entries_)
        texts += entry.text;
    //: between the parts of a list
    return texts.join(tr(", "));
}

double ComparisonLegend::paint(QPainter* painter, const Colors& colors, double width) const
{
    const QFontMetricsF metrics(font());
    const double row = std::ceil(metrics.height());
    QPointF at(margin, rowSpace);
    for (const Entry& entry : entries_) {
        const double wide = signWidth + signSpace + std::ceil(metrics.horizontalAdvance(entry.text));
        if (at.x() > margin && at.x() + wide > width)
            at = {margin, at.y() + row + rowSpace};
        if (painter) {
            paintSign(*painter, colors, entry.mark, {at.x(), at.y() + (row - signHeight) / 2, signWidth, signHeight});
            painter->setFont(font());
            painter->setPen(colors.text);
            painter->drawText(QRectF(at.x() + signWidth + signSpace, at.y(), wide, row),
                              Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, entry.text);
        }
        at.rx() += wide + entrySpace;
    }
    return at.y() + row + rowSpace;
}

QSize ComparisonLegend::sizeHint() const
{
    return {320, heightForWidth(320)};
}

QSize ComparisonLegend::minimumSizeHint() const
{
    return {120, heightForWidth(1 << 20)};
}

int ComparisonLegend::heightForWidth(int width) const
{
    return static_cast<int>(std::ceil(paint(nullptr, Colors::light(), width)));
}

void ComparisonLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paint(&painter, Colors::of(palette()), width());
}

} // namespace synoscope
