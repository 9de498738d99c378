// Colours the table's cells by what they mean: a failed state, a star, a pruned candidate.
#pragma once

#include "widgets/candidates/candidate_model.h"
#include "widgets/common/theme.h"

#include <QtWidgets/QLineEdit>
#include <QtWidgets/QStyledItemDelegate>

namespace synoscope {

class CandidateDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    // News of a row, of its benchmark for example, must not overwrite the note that is being typed.
    void setEditorData(QWidget* editor, const QModelIndex& index) const override
    {
        const auto* line = qobject_cast<QLineEdit*>(editor);
        if (line == nullptr || !line->isModified())
            QStyledItemDelegate::setEditorData(editor, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto* model = qobject_cast<const CandidateModel*>(index.model());
        if (model == nullptr)
            return;
        const CandidateRow& row = model->at(index.row());
        const Colors& colors = Colors::of(option->palette);
        if (row.pruned)
            option->palette.setColor(QPalette::Text, colors.mutedText);
        if (index.column() == CandidateModel::starColumn)
            option->palette.setColor(QPalette::Text, colors.warning);
        else if (index.column() == CandidateModel::stateColumn && row.state == CandidateStage::failed)
            option->palette.setColor(QPalette::Text, colors.bad);
        option->state &= ~QStyle::State_HasFocus; // whole rows are selected: no frame around one cell
    }
};

} // namespace synoscope
