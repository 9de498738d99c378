// Paints the tree, in either layout, onto anything: the view, the minimap, a picture.
//
// It descends from the root into what touches the clip. A subtree whose run is less than a pixel or two high is not
// entered: runs of such siblings become one stroke of "dust", as long as the deepest of them. So the work depends on
// the pixels, not on the size of the tree (besides stepping over the siblings of what is seen).
#pragma once

#include "widgets/common/theme.h"
#include "widgets/tree/tree_camera.h"
#include "widgets/tree/tree_model.h"

#include <QFont>
#include <QRectF>

#include <vector>

class QPainter;

namespace synoscope {

struct TreeStyle
{
    TreeColoring coloring = TreeColoring::mean;
    TreeLayout layout = TreeLayout::tidy;
    TreeNodeId focus = 0;
    TreeNodeId hover = 0;
    std::vector<TreeNodeId> path{}; // drawn strongly, with the edges between
    bool details = true;            // labels and glyphs; off for the minimap
};

// What the coloring makes of a node, and of a place on the legend's scale.
QColor treeColor(const TreeModel& model, TreeNodeId node, int depth, TreeColoring coloring, const Colors& colors);
QColor treeHeat(double t, const Colors& colors); // heat(), without the end that would vanish in the canvas

class TreePainter
{
public:
    // A node on the screen. `top` and `height` are its run's.
    struct Item
    {
        TreeNodeId id = 0;
        int depth = 0;
        int parent = -1; // among the items
        double top = 0, height = 0, y = 0;
        bool pruned = false; // it or something above it
        bool pinned = false;
        bool labelled = false;
        double right = 0; // where its edges start
    };
    struct Dust
    {
        TreeNodeId id = 0; // the most visited of the run
        int depth = 0;
        int levels = 0;
        int parent = -1; // among the items
        double top = 0, height = 0;
        bool pruned = false;
        bool match = false;
    };

    TreePainter(const TreeModel& model, const TreeCamera& camera, const QRectF& clip, const QFont& font,
                const QPalette& palette, TreeStyle style);

    void paint(QPainter& painter);

    const std::vector<Item>& items() const { return items_; }
    const std::vector<Dust>& dust() const { return dust_; }
    QRectF frame(const Item& item) const; // its glyph, pill or cell

private:
    void collect();
    void collectChildren(int item, double start);
    void layOutLabels();
    void paintBands(QPainter& painter) const;
    void paintEdges(QPainter& painter) const;
    void paintDust(QPainter& painter) const;
    void paintGlyph(QPainter& painter, const Item& item) const;
    void paintPill(QPainter& painter, const Item& item) const;
    void paintCell(QPainter& painter, const Item& item) const;
    void paintMarks(QPainter& painter, const Item& item) const;
    QColor fill(const Item& item) const;
    bool onPath(TreeNodeId id) const;
    double x(int depth) const { return camera_.x + camera_.column * depth; }
    double labelHeight() const;
    QString label(TreeNodeId id) const;

    const TreeModel& model_;
    TreeCamera camera_;
    QRectF clip_;
    QFont font_;
    const Colors& colors_;
    TreeStyle style_;
    std::vector<Item> items_;
    std::vector<Dust> dust_;
    struct Pending
    {
        Item item;
        double start; // first row of its run
    };
    std::vector<Pending> stack_;
    std::vector<Pending> children_;
};

} // namespace synoscope
