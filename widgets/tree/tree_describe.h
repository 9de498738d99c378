// A node of the search tree in words: for tooltips and for assistive technology.
#pragma once

#include "widgets/tree/tree_model.h"

namespace synoscope {

QString treeStateName(TreeNodeState state);
QString treeNodeTitle(const TreeModel& model, TreeNodeId id);    // its move
QString treeNodeSentence(const TreeModel& model, TreeNodeId id); // one line, everything
QString treeNodeToolTip(const TreeModel& model, TreeNodeId id);  // rich text

} // namespace synoscope
