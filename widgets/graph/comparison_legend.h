// What the colours of a comparison mean, with counts: below the canvas, and in saved pictures.
#pragma once

#include "core/graph/difference.h"
#include "widgets/graph/graph_marks.h"

#include <QWidget>

#include <array>

namespace synoscope {

class ComparisonLegend : public QWidget
{
    Q_OBJECT

public:
    explicit ComparisonLegend(QWidget* parent = nullptr);

    void setDifference(const GraphDifference& difference);
    QString text() const; // "5 primitives shared, 2 only in A, 1 only in B"

    // In (0,0)-(width); returns the height. Without a painter it only measures.
    double paint(QPainter* painter, const Colors& colors, double width) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Entry
    {
        Mark mark = Mark::shared;
        QString text;
    };
    std::array<Entry, 3> entries_;
};

} // namespace synoscope
