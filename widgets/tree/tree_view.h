// The search tree with its tool bar: search line, colours, layout, zoom, follow-best, folding.
//
//     TreeView view;
//     view.apply(changes);                                  // values in, at most 20 times a second
//     connect(&view, &TreeView::pruneRequested, session, ...); // intentions out
#pragma once

#include "widgets/tree/tree_node.h"

#include <QWidget>

#include <span>

class QAction;
class QComboBox;
class QLabel;
class QToolBar;

namespace synoscope {

class FilterEdit;
class TreeCanvas;

class TreeView : public QWidget
{
    Q_OBJECT

public:
    explicit TreeView(QWidget* parent = nullptr);

    void apply(std::span<const TreeNodeChange> changes);
    void clear();
    // Shown over the tree's corner until it is empty: why the tree stands still, for example.
    void setNotice(const QString& sentence);

    void select(quint64 node); // shows it, wherever it is; 0: nothing
    quint64 selected() const;

    void setColoring(TreeColoring coloring);
    TreeColoring coloring() const;
    void setTreeLayout(TreeLayout layout);
    TreeLayout treeLayout() const;

    // For the application's menus and the command palette.
    QList<QAction*> viewActions() const;
    TreeCanvas* canvas() const { return canvas_; }

Q_SIGNALS:
    void selectionChanged(quint64 node); // 0: none
    void candidateActivated(const QString& candidate);
    void pinRequested(quint64 node);
    void unpinRequested(quint64 node);
    void pruneRequested(quint64 node);
    void unpruneRequested(quint64 node);
    void rolloutRequested(quint64 node);
    void candidatesBelowRequested(quint64 node);

private:
    QToolBar* makeToolBar();
    void connectCanvas();
    void showMatches();

    TreeCanvas* canvas_;
    FilterEdit* search_ = nullptr;
    QLabel* matches_ = nullptr;
    QComboBox* coloring_ = nullptr;
    QAction* tidy_ = nullptr;
    QAction* icicle_ = nullptr;
    QAction* follow_ = nullptr;
    QList<QAction*> actions_;
};

} // namespace synoscope
