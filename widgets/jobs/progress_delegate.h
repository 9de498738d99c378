// Paints a share between 0 and 1 as a bar with its percentage. The model gives a double as Qt::DisplayRole's neighbour
// ProgressRole; not-a-number is a bar without a length.
#pragma once

#include <QtWidgets/QStyledItemDelegate>

namespace synoscope {

class ProgressDelegate final : public QStyledItemDelegate
{
public:
    // `progressRole` holds the share, `mutedRole` whether the work stands still (true paints it grey).
    ProgressDelegate(int progressRole, int mutedRole, QObject* parent)
        : QStyledItemDelegate(parent), progressRole_(progressRole), mutedRole_(mutedRole)
    {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    int progressRole_;
    int mutedRole_;
};

} // namespace synoscope
