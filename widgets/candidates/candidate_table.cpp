#include "widgets/candidates/candidate_table.h"

#include "widgets/candidates/candidate_delegate.h"

#include <QtCore/QCoreApplication>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QTableView>

namespace synoscope {

QTableView* makeCandidateTable(CandidateModel* model, QWidget* parent)
{
    auto* table = new QTableView(parent);
    table->setAccessibleName(QCoreApplication::translate("synoscope::CandidatesView", "Candidates"));
    table->setModel(model);
    table->setItemDelegate(new CandidateDelegate(table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers); // a note is edited by its action
    table->setContextMenuPolicy(Qt::CustomContextMenu);
    table->setAlternatingRowColors(true);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setFrameShape(QFrame::NoFrame);
    table->verticalHeader()->hide();
    // Rows of one height: nothing is measured, which is what keeps 100 000 of them fluent.
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 8);

    QHeaderView* header = table->horizontalHeader();
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    header->setMinimumSectionSize(24);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    const QFontMetrics metrics = table->fontMetrics();
    const auto width = [&](const char* sample) { return metrics.horizontalAdvance(QString::fromUtf8(sample)) + 20; };
    header->resizeSection(CandidateModel::starColumn, 34);
    header->resizeSection(CandidateModel::nameColumn, width("unfold2-share3-split"));
    header->resizeSection(CandidateModel::stateColumn, width("measuring"));
    for (const auto& [column, sample] : {std::pair{CandidateModel::rewardColumn, "Reward ▾"},
                                         {CandidateModel::accuracyColumn, "Accuracy ▾"},
                                         {CandidateModel::speedupColumn, "Speed-up ▾"},
                                         {CandidateModel::flopsRatioColumn, "FLOPs ratio ▾"},
                                         {CandidateModel::flopsColumn, "231 M ▾"},
                                         {CandidateModel::paramsColumn, "Parameters ▾"},
                                         {CandidateModel::primitivesColumn, "unfold expand share reduce"},
                                         {CandidateModel::iterationColumn, "Iteration ▾"},
                                         {CandidateModel::hashColumn, "0123456789ab"}})
        header->resizeSection(column, width(sample));
    table->setColumnHidden(CandidateModel::flopsColumn, true);
    table->setColumnHidden(CandidateModel::hashColumn, true);
    table->setSortingEnabled(true);
    table->sortByColumn(CandidateModel::rewardColumn, Qt::DescendingOrder);
    return table;
}

} // namespace synoscope
