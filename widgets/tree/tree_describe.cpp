#include "widgets/tree/tree_describe.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QCoreApplication>

namespace synoscope {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("TreeView", text);
}

QString children(const TreeModel& model, TreeNodeId id)
{
    int n = 0;
    for (TreeNodeId child = model[id].firstChild; child != 0; child = model[child].nextSibling)
        ++n;
    return translated(QT_TRANSLATE_NOOP("TreeView", "children %1")).arg(n);
}

// "closed: every way ends in a dead end"
QString stateWithReason(const TreeModel& model, TreeNodeId id)
{
    const QString state = treeStateName(model[id].state);
    const QString reason = model.reason(id);
    //: %1 is the state of a node in the search tree, %2 the reason for it
    return reason.isEmpty() ? state : translated(QT_TRANSLATE_NOOP("TreeView", "%1: %2")).arg(state, reason);
}

} // namespace

QString treeStateName(TreeNodeState state)
{
    switch (state) {
    case TreeNodeState::open:
        break;
    case TreeNodeState::closed:
        return translated(QT_TRANSLATE_NOOP("TreeView", "closed"));
    case TreeNodeState::exhausted:
        return translated(QT_TRANSLATE_NOOP("TreeView", "exhausted"));
    case TreeNodeState::pruned:
        return translated(QT_TRANSLATE_NOOP("TreeView", "pruned"));
    case TreeNodeState::pinned:
        return translated(QT_TRANSLATE_NOOP("TreeView", "pinned"));
    case TreeNodeState::complete:
        return translated(QT_TRANSLATE_NOOP("TreeView", "complete operator"));
    }
    return translated(QT_TRANSLATE_NOOP("TreeView", "open"));
}

QString treeNodeTitle(const TreeModel& model, TreeNodeId id)
{
    if (id == TreeModel::root && model.move(id).isEmpty())
        return translated(QT_TRANSLATE_NOOP("TreeView", "output (where the synthesis starts)"));
    return model.move(id).isEmpty() ? kindName(model[id].kind) : model.move(id);
}

QString treeNodeSentence(const TreeModel& model, TreeNodeId id)
{
    const TreeModel::Node& node = model[id];
    return translated(QT_TRANSLATE_NOOP("TreeView", "%1, %2, level %3, visits %4, mean reward %5, best %6, %7"))
        .arg(treeNodeTitle(model, id), stateWithReason(model, id))
        .arg(model.depth(id))
        .arg(format::count(node.visits), format::reward(node.mean), format::reward(node.best), children(model, id));
}

QString treeNodeToolTip(const TreeModel& model, TreeNodeId id)
{
    const TreeModel::Node& node = model[id];
    QString html = QStringLiteral("<b>%1</b>").arg(treeNodeTitle(model, id).toHtmlEscaped());
    if (id != TreeModel::root)
        html += QStringLiteral("<br>") + kindDescription(node.kind).toHtmlEscaped();
    html += QStringLiteral("<table cellspacing='0' cellpadding='1'>");
    const auto row = [&html](const QString& name, const QString& value) {
        html += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>").arg(name, value.toHtmlEscaped());
    };
    row(translated(QT_TRANSLATE_NOOP("TreeView", "Visits")), format::count(node.visits));
    if (node.visits > 0) {
        row(translated(QT_TRANSLATE_NOOP("TreeView", "Mean reward")), format::reward(node.mean));
        row(translated(QT_TRANSLATE_NOOP("TreeView", "Best reward")), format::reward(node.best));
    }
    row(translated(QT_TRANSLATE_NOOP("TreeView", "Nodes below")), format::count(node.descendants));
    row(translated(QT_TRANSLATE_NOOP("TreeView", "State")), stateWithReason(model, id));
    if (const QString candidate = model.candidate(id); !candidate.isEmpty())
        row(translated(QT_TRANSLATE_NOOP("TreeView", "Candidate")), candidate.left(12));
    return html + QStringLiteral("</table>");
}

} // namespace synoscope
