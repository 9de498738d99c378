#include "widgets/steering/constraint_list.h"

#include "widgets/common/empty_state.h"
#include "widgets/common/icons.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace synoscope {

ConstraintList::ConstraintList(QWidget* parent) : QListWidget(parent)
{
    setAccessibleName(tr("Active constraints"));
    setAlternatingRowColors(true);
    setSelectionMode(QAbstractItemView::NoSelection); // the current row has a frame; nothing acts on a selection
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    EmptyState::over(this, tr("Nothing is pinned or pruned"),
                     tr("Use the switches above, or right-click a node of the search tree."));
}

void ConstraintList::setConstraints(const std::vector<ActiveConstraint>& constraints)
{
    std::vector<quint64> ids;
    for (const ActiveConstraint& constraint : constraints)
        ids.push_back(constraint.id);
    if (ids == ids_)
        return; // a constraint never changes: the rows stay, and with them focus and scroll position
    const quint64 current = currentRow() >= 0 ? ids_[static_cast<std::size_t>(currentRow())] : 0;
    clear();
    ids_ = std::move(ids);
    for (const ActiveConstraint& constraint : constraints) {
        auto* item = new QListWidgetItem(this);
        //: for screen readers: what is pinned or pruned, and where
        item->setData(
            Qt::AccessibleTextRole,
            (constraint.pin ? tr("Pinned: %1, %2") : tr("Pruned: %1, %2")).arg(constraint.what, constraint.scope));
        QWidget* row = makeRow(constraint);
        item->setSizeHint(row->sizeHint());
        setItemWidget(item, row);
    }
    if (const auto at = std::find(ids_.begin(), ids_.end(), current); at != ids_.end())
        setCurrentRow(static_cast<int>(at - ids_.begin()));
}

QWidget* ConstraintList::makeRow(const ActiveConstraint& constraint)
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(8, 3, 4, 3);
    auto* sign = new QLabel(row);
    sign->setPixmap(icon(constraint.pin ? QStringLiteral("pin") : QStringLiteral("prune")).pixmap(16, 16));
    sign->setToolTip(constraint.pin ? tr("Pinned") : tr("Pruned"));
    auto* what = new QLabel(constraint.what, row);
    auto* scope = new QLabel(constraint.scope, row);
    scope->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel* label : {what, scope}) {
        label->setTextFormat(Qt::PlainText);
        label->setToolTip(constraint.since.isEmpty() ? label->text()
                                                     : tr("%1 (since %2)").arg(label->text(), constraint.since));
        label->setMinimumWidth(30);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    auto* texts = new QVBoxLayout;
    texts->setSpacing(0);
    texts->addWidget(what);
    texts->addWidget(scope);
    auto* lift = new QToolButton(row);
    lift->setIcon(icon(QStringLiteral("lift")));
    lift->setAutoRaise(true);
    lift->setObjectName(QStringLiteral("lift-%1").arg(constraint.id));
    lift->setToolTip(tr("Lift this constraint"));
    lift->setAccessibleName(tr("Lift %1").arg(constraint.what));
    connect(lift, &QToolButton::clicked, this, [this, id = constraint.id] { Q_EMIT liftRequested(id); });
    layout->addWidget(sign);
    layout->addLayout(texts, 1);
    layout->addWidget(lift);
    return row;
}

void ConstraintList::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Delete && currentRow() >= 0)
        Q_EMIT liftRequested(ids_[static_cast<std::size_t>(currentRow())]);
    else
        QListWidget::keyPressEvent(event);
}

} // namespace synoscope
