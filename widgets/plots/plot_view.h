// What every plot of the workbench has: the theme's colours, zoom and pan by mouse and keyboard, a way back, export to
// a picture, and an empty state.
//
// A plot follows its data until the user zooms or pans; then its ranges are the user's until resetView(). New data are
// drawn at most ten times a second, and not at all while the plot is hidden.
#pragma once

#include "core/base/error.h"
#include "widgets/common/theme.h"

#include <QtCore/QTimer>
#include <QtWidgets/QWidget>

#include <cstdint>
#include <span>
#include <vector>

class QAction;
class QCPAxis;
class QCPAxisRect;
class QCustomPlot;
class QHBoxLayout;
class QLabel;

namespace synoscope {

class EmptyState;

class PlotView : public QWidget
{
    Q_OBJECT

public:
    QCustomPlot* plot() const { return plot_; }
    bool isZoomed() const { return zoomed_; }
    void resetView();

    // PNG (at twice the size) or PDF, by the file name's ending.
    Expected<void> save(const QString& path) const;

Q_SIGNALS:
    void failed(const QString& sentence);
    void plotClicked(QPointF place); // by the left button, without dragging

protected:
    PlotView(const QString& name, const QString& emptySentence, const QString& emptyHint, QWidget* parent);

    // Something new is to be drawn, soon.
    void scheduleRedraw();
    void redrawNow();

    virtual bool isEmpty() const = 0;
    virtual void updateSeries(const Colors& colors) = 0;
    // The ranges that show everything.
    virtual void fitRanges() = 0;

    // The legend stands in the row above the plot, where it hides no data; in saved pictures it is inside. What does
    // not fit is cut off at the end, and told by the tool tip.
    struct LegendEntry
    {
        QString name;
        QColor color;
        QString sign; // "●", "━", "★"
    };
    void setLegend(const std::vector<LegendEntry>& entries);

    // The row above the plot, for a subclass's controls.
    QHBoxLayout* bar() const { return bar_; }
    // Zoom, pan and colours also for axis rects that a subclass adds.
    void adopt(QCPAxisRect* rect);
    // The range with a margin on both sides; a sensible one where the values are equal.
    static void fit(QCPAxis* axis, double low, double high, double marginShare = 0.05);

    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void restyle();
    void exportPicture();
    void zoomBy(double factor);
    void panBy(double right, double up);

    QCustomPlot* plot_;
    QHBoxLayout* bar_;
    EmptyState* empty_;
    QLabel* legend_;
    QAction* reset_;
    QTimer timer_;
    QPointF pressed_;
    bool zoomed_ = false;
    bool fitting_ = false;
    bool dirty_ = true;
};

// A point that can be clicked.
struct PickPoint
{
    double x = 0;
    double y = 0;
    std::int64_t id = 0;
};

// The point nearest to a place in the plot, within `reach` pixels; null when there is none.
const PickPoint* nearestPoint(std::span<const PickPoint> points, const QCPAxis* x, const QCPAxis* y, QPointF place,
                              double reach = 10);

// The colour of the i-th of several curves.
QColor seriesColor(const Colors& colors, std::size_t i);

} // namespace synoscope
