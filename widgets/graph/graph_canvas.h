// The painted dimension graph: zoom, pan, the dimension under the mouse or the keyboard.
//
// Keys that it has no use for go to the view around it. It fits its view as far as its words stay readable; what does
// not fit is scrolled, and begins with the top.
#pragma once

#include "widgets/graph/graph_sheet.h"

#include <QWidget>

#include <memory>

class QScrollBar;

namespace synoscope {

class GraphCanvas : public QWidget
{
    Q_OBJECT

public:
    explicit GraphCanvas(QWidget* parent = nullptr);

    void setSheet(std::unique_ptr<GraphSheet> sheet);              // null: nothing to show
    void setMessage(const QString& sentence, const QString& hint); // shown while there is no picture
    void setMarks(int panel, GraphMarks marks);
    const GraphSheet* sheet() const { return sheet_.get(); }
    const GraphPicture* picture() const { return sheet_ ? sheet_->panels().front().picture.get() : nullptr; }

    void setBinding(int binding);
    void zoomToFit();   // at a size that can be read
    void toggleWhole(); // the same; when it fits already, all of it, however small
    void zoomAt(QPointF point, double factor);
    void zoomBy(double factor) { zoomAt(QRectF(rect()).center(), factor); }
    void focusOn(DimensionId id, int panel = 0);
    DimensionId focus() const { return look_.focus.dimension; }
    DimensionId lit() const { return look_.lit.dimension; }
    GraphSheet::Spot litSpot() const { return look_.lit; }
    double zoom() const { return zoom_; }
    QPointF toScreen(QPointF point) const { return point * zoom_ + origin_; }

    QSize sizeHint() const override { return {460, 420}; }
    QSize minimumSizeHint() const override { return {140, 120}; }

Q_SIGNALS:
    void dimensionLit(DimensionId id); // under the mouse, or with the keyboard; not valid: none

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    double wholeZoom() const; // at which all of it is seen
    void place(double zoom);  // in the middle; what does not fit begins with the top
    void moved();             // the origin, the zoom or the view's size
    void scrollTo(Qt::Orientation orientation, int value);
    void light(GraphSheet::Spot spot);
    void focusOnSpot(GraphSheet::Spot spot) { focusOn(spot.dimension, spot.panel); }
    void pan(QPointF by);
    GraphSheet::Spot under(QPointF point) const;
    GraphSheet::Spot beside(int direction) const; // in reading order

    std::unique_ptr<GraphSheet> sheet_;
    GraphSheet::Look look_;
    QString sentence_, hint_;
    double zoom_ = 1;
    QPointF origin_;
    bool fitting_ = true;
    bool dragging_ = false;
    QPointF pressed_, last_;
    QScrollBar* across_;
    QScrollBar* down_;
};

} // namespace synoscope
