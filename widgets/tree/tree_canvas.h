// The painted search tree: shows a TreeModel through a camera, and turns mouse, keyboard and gestures into moves of the
// camera, changes of what is folded, and intentions.
//
//   apply(batch) -> model -> the anchor (the focused node, or what is in the middle) keeps its place on the screen
//
// Until the user moves the camera the whole tree is kept in sight; "zoom to fit" returns to that.
#pragma once

#include "widgets/tree/tree_overlays.h"

#include <QVariantAnimation>
#include <QWidget>

#include <functional>

class QMenu;

namespace synoscope {

class TreeCanvas : public QWidget
{
    Q_OBJECT

public:
    explicit TreeCanvas(QWidget* parent = nullptr);

    void clear();
    void apply(std::span<const TreeNodeChange> changes);

    const TreeModel& model() const { return model_; }
    const TreeCamera& camera() const { return camera_; }
    const TreeStyle& look() const { return style_; }
    TreeNodeId focus() const { return style_.focus; }
    bool fitting() const { return fitting_; }
    bool followsBest() const { return followBest_; }
    bool minimapShown() const;

    void setColoring(TreeColoring coloring);
    void setTreeLayout(TreeLayout layout);
    void setFollowBest(bool follow);
    void setSearch(const QString& text);
    void setNotice(const QString& notice);
    const QString& notice() const { return notice_; }
    void goToMatch(bool forward);
    void setAnimated(bool animated) { animated_ = animated; }

    void zoomToFit();
    void zoomBy(double factor); // about the middle
    void zoomAt(QPointF point, double factor);
    void pan(QPointF by);
    void focusOn(TreeNodeId id); // 0: none; expands what hides it and brings it into sight
    void setCollapsed(TreeNodeId id, bool collapsed);
    void expandAll();
    void collapseAll();

    TreeNodeId nodeAt(QPointF point) const; // 0: none
    QMenu* makeMenu(TreeNodeId id);         // owned by the canvas; the caller shows it

    QSize sizeHint() const override { return {640, 440}; }
    QSize minimumSizeHint() const override { return {160, 120}; }

Q_SIGNALS:
    void selectionChanged(quint64 node); // 0: none
    void candidateActivated(const QString& candidate);
    void pinRequested(quint64 node);
    void unpinRequested(quint64 node);
    void pruneRequested(quint64 node);
    void unpruneRequested(quint64 node);
    void rolloutRequested(quint64 node);
    void candidatesBelowRequested(quint64 node);
    void followBestChanged(bool follows);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    TreeCamera whole() const;
    void moveTo(const TreeCamera& camera, bool smoothly);
    void userMoved(); // the user takes the camera: no more fitting and following
    void holding(TreeNodeId anchor, const std::function<void()>& change);
    TreeNodeId anchor() const;
    void reveal(TreeNodeId id);
    void refreshPath();
    void follow();
    void announceFocus();
    bool moveFocus(int key);
    bool panByKey(int key);
    bool steerByKey(int key);
    void togglePin(TreeNodeId id);
    void togglePrune(TreeNodeId id);
    void activate(TreeNodeId id);
    void goToMinimap(QPointF point);

    TreeModel model_;
    TreeStyle style_;
    TreeCamera camera_, from_, target_;
    QVariantAnimation animation_;
    TreeMinimap minimap_;
    QString notice_;
    bool animated_ = true;
    bool fitting_ = true;
    bool followBest_ = false;
    enum class Drag
    {
        none,
        press,
        pan,
        minimap
    } drag_ = Drag::none;
    QPointF pressed_, last_;
};

} // namespace synoscope
