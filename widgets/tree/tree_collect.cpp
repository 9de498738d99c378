// TreePainter's first half: what is on the screen, and how much of it can be shown.
#include "widgets/tree/tree_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

constexpr double dustBelow = 1.6; // pixels of a run that is not entered
constexpr double labelFromColumn = 52;
constexpr double labelScale = 0.92; // of the view's font: many labels, little room

} // namespace

TreePainter::TreePainter(const TreeModel& model, const TreeCamera& camera, const QRectF& clip, const QFont& font,
                         const QPalette& palette, TreeStyle style)
    : model_(model), camera_(camera), clip_(clip), font_(font), colors_(Colors::of(palette)), style_(std::move(style))
{
    font_.setPointSizeF(font.pointSizeF() * labelScale);
    std::sort(style_.path.begin(), style_.path.end());
    if (model_.empty())
        return;
    collect();
    layOutLabels();
}

bool TreePainter::onPath(TreeNodeId id) const
{
    return std::binary_search(style_.path.begin(), style_.path.end(), id);
}

double TreePainter::labelHeight() const
{
    return QFontMetricsF(font_).height() + 3;
}

QString TreePainter::label(TreeNodeId id) const
{
    const QString& move = model_.move(id);
    if (!move.isEmpty())
        return move;
    return id == TreeModel::root ? QCoreApplication::translate("TreeView", "output") : kindName(model_[id].kind);
}

void TreePainter::collect()
{
    Pending first{{.id = TreeModel::root}, 0};
    first.item.top = camera_.y;
    first.item.height = camera_.row * model_.rows();
    stack_.push_back(first);
    while (!stack_.empty()) {
        Pending next = stack_.back();
        stack_.pop_back();
        Item& item = next.item;
        const TreeModel::Node& node = model_[item.id];
        item.pruned = item.pruned || node.state == TreeNodeState::pruned;
        item.pinned = item.pinned || node.state == TreeNodeState::pinned;
        item.y = item.top + camera_.row * node.offset;
        item.right = x(item.depth);
        items_.push_back(item);
        if (model_.hasShownChildren(item.id) && x(item.depth) < clip_.right())
            collectChildren(static_cast<int>(items_.size()) - 1, next.start);
    }
}

void TreePainter::collectChildren(int parent, double start)
{
    const Item above = items_[static_cast<std::size_t>(parent)];
    children_.clear();
    Dust run;
    const auto settle = [&] {
        if (run.id != 0)
            dust_.push_back(run);
        run = Dust();
    };
    for (TreeNodeId id = model_[above.id].firstChild; id != 0; id = model_[id].nextSibling) {
        const TreeModel::Node& node = model_[id];
        const double top = camera_.y + camera_.row * start;
        const double height = camera_.row * node.leaves;
        const double begin = start;
        start += node.leaves;
        if (top + height < clip_.top())
            continue;
        if (top > clip_.bottom())
            break;
        if (height >= dustBelow) {
            settle();
            children_.push_back({{.id = id,
                                  .depth = above.depth + 1,
                                  .parent = parent,
                                  .top = top,
                                  .height = height,
                                  .pruned = above.pruned,
                                  .pinned = above.pinned},
                                 begin});
            continue;
        }
        if (run.id != 0 && top + height - run.top > 1)
            settle();
        if (run.id == 0)
            run = {.id = id, .depth = above.depth + 1, .parent = parent, .top = top, .pruned = above.pruned};
        run.height = top + height - run.top;
        run.levels = std::max<int>(run.levels, node.height);
        run.match = run.match || node.match || node.matchBelow;
        if (node.visits > model_[run.id].visits)
            run.id = id;
    }
    settle();
    stack_.insert(stack_.end(), children_.rbegin(), children_.rend());
}

// Items come in preorder, so in each column from top to bottom: a label fits when it clears the last one there.
void TreePainter::layOutLabels()
{
    if (!style_.details || camera_.column < labelFromColumn)
        return;
    const QFontMetricsF metrics(font_);
    const double height = labelHeight();
    std::vector<double> bottom(static_cast<std::size_t>(model_.columns()) + 1, -1e300);
    for (Item& item : items_) {
        const bool icicle = style_.layout == TreeLayout::icicle;
        double& last = bottom[static_cast<std::size_t>(item.depth)];
        // In a cell the label keeps to what is seen of the cell; a node's label stands where the node stands.
        const double seen = std::min(item.top + item.height, clip_.bottom()) - std::max(item.top, clip_.top());
        const bool fits = icicle ? seen >= height : item.height >= height - 2 && item.y - height / 2 >= last;
        if (!fits)
            continue;
        item.labelled = true;
        last = item.y + height / 2;
        if (icicle)
            continue;
        // To the right of a leaf its row is free; an inner node must leave room for the edges to its children.
        const double whole = metrics.horizontalAdvance(label(item.id)) + 22;
        const bool leaf = model_[item.id].firstChild == 0;
        item.right = x(item.depth) - 7 + (leaf ? whole : std::min(whole, camera_.column * 0.9));
    }
}

QRectF TreePainter::frame(const Item& item) const
{
    if (style_.layout == TreeLayout::icicle)
        return {x(item.depth), item.top, camera_.column, item.height};
    if (item.labelled) {
        const double left = x(item.depth) - 7;
        return {left, item.y - labelHeight() / 2, item.right - left, labelHeight()};
    }
    const double radius = std::clamp(item.height * 0.4, 1.0, 4.5);
    return {x(item.depth) - radius, item.y - radius, 2 * radius, 2 * radius};
}

} // namespace synoscope
