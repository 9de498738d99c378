#include "widgets/candidates/candidates_view.h"

#include "widgets/candidates/candidate_columns.h"
#include "widgets/candidates/candidate_table.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/filter_edit.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"

#include <QtCore/QItemSelection>
#include <QtCore/QSaveFile>
#include <QtCore/QScopedValueRollback>
#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QTableView>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

namespace synoscope {

CandidatesView::CandidatesView(QWidget* parent)
    : QWidget(parent), model_(new CandidateModel(this)), table_(makeCandidateTable(model_, this)),
      filter_(new FilterEdit(tr("Filter: flops<0.5 has:unfold is:starred …"), this)), counts_(new QLabel(this)),
      filterError_(new QLabel(this)), subset_(new QToolButton(this)),
      empty_(EmptyState::over(table_, tr("No candidates yet"),
                              tr("Operators that the search finds appear here, each stored before it is shown."))),
      columns_(new QMenu(tr("Columns"), this)), filters_(new QMenu(tr("Saved filters"), this))
{
    filter_->setAccessibleName(tr("Filter the candidates"));
    filter_->setToolTip(tr("<p>All terms must hold; <b>-</b> before a term turns it round.</p>"
                           "<p><b>text</b> in the name, hash or note<br><b>flops&lt;0.5 speedup&gt;1.2 "
                           "accuracy&gt;60% params&lt;10k reward&gt;0</b><br><b>has:unfold</b> contains the primitive"
                           "<br><b>is:starred is:pruned is:noted is:removed is:measured is:failed</b></p>"));
    filterError_->setWordWrap(true);
    filterError_->setMargin(4);
    filterError_->hide();
    subset_->setIcon(icon(QStringLiteral("cancel")));
    subset_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    subset_->setToolTip(tr("Show all candidates again"));
    subset_->hide();
    connect(subset_, &QToolButton::clicked, this, &CandidatesView::showAll);
    counts_->setAccessibleName(tr("Number of candidates"));

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 4, 4, 4);
    bar->setSpacing(4);
    bar->addWidget(filter_, 1);
    bar->addWidget(subset_);
    bar->addWidget(counts_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(filterError_);
    layout->addWidget(table_, 1);

    buildActions();
    buildColumnsMenu();
    buildFiltersMenu();
    const auto addMenuButton = [&](const QString& iconName, const QString& text, QMenu* menu, int place) {
        auto* button = new QToolButton(this);
        button->setIcon(icon(iconName));
        button->setToolTip(text);
        button->setAccessibleName(text);
        button->setMenu(menu);
        button->setPopupMode(QToolButton::InstantPopup);
        button->setAutoRaise(true);
        bar->insertWidget(place, button);
    };
    addMenuButton(QStringLiteral("filter"), tr("Saved filters"), filters_, 1);
    for (QAction* action : {compare_, csv_}) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        bar->addWidget(button);
    }
    addMenuButton(QStringLiteral("columns"), tr("Choose the columns"), columns_, -1);

    connect(filter_, &FilterEdit::filterChanged, this, &CandidatesView::applyFilter);
    connect(filter_, &FilterEdit::nextRequested, table_, qOverload<>(&QWidget::setFocus));
    connect(model_, &CandidateModel::countsChanged, this, &CandidatesView::showCounts);
    connect(model_, &CandidateModel::noteEdited, this, &CandidatesView::noteRequested);
    connect(model_, &QAbstractItemModel::modelAboutToBeReset, this, &CandidatesView::rememberSelection);
    connect(model_, &QAbstractItemModel::modelReset, this, &CandidatesView::restoreSelection);
    connect(model_, &QAbstractItemModel::dataChanged, this, &CandidatesView::updateActions);
    connect(table_, &QWidget::customContextMenuRequested, this, &CandidatesView::showContextMenu);
    connect(table_->horizontalHeader(), &QWidget::customContextMenuRequested, this,
            [this](QPoint position) { columns_->popup(table_->horizontalHeader()->mapToGlobal(position)); });
    connect(table_, &QTableView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == CandidateModel::starColumn)
            Q_EMIT starRequested({model_->at(index.row()).id}, !model_->at(index.row()).starred);
    });
    connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
        if (index.column() != CandidateModel::starColumn)
            Q_EMIT candidateActivated(model_->at(index.row()).id);
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &CandidatesView::updateActions);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
        if (!quiet_ && index.isValid())
            Q_EMIT candidateSelected(model_->at(index.row()).id);
    });
    showCounts(0, 0);
    updateActions();
}

QAction* CandidatesView::addAction(const QString& text, const QString& iconName, const QKeySequence& shortcut,
                                   void (CandidatesView::*slot)())
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, slot);
    QWidget::addAction(action);
    actions_ << action;
    return action;
}

void CandidatesView::buildActions()
{
    compare_ = addAction(tr("Compare the selected operators"), QStringLiteral("compare"), QKeySequence(tr("Ctrl+D")),
                         &CandidatesView::compareSelected);
    star_ = addAction(tr("Star"), QStringLiteral("star"), QKeySequence(tr("S")), &CandidatesView::toggleStar);
    note_ = addAction(tr("Edit the note"), QStringLiteral("note"), QKeySequence(Qt::Key_F2), &CandidatesView::editNote);
    showInTree_ = addAction(tr("Show in the search tree"), QStringLiteral("tree"), QKeySequence(tr("T")),
                            &CandidatesView::showInTree);
    export_ = addAction(tr("Export the operator…"), QStringLiteral("export"), {}, &CandidatesView::exportOperator);
    copy_ = addAction(tr("Copy the hash"), QStringLiteral("copy"), QKeySequence::Copy, &CandidatesView::copyHashes);
    remove_ =
        addAction(tr("Remove"), QStringLiteral("cancel"), QKeySequence(Qt::Key_Delete), &CandidatesView::toggleRemoved);
    csv_ = addAction(tr("Save the table as CSV…"), QStringLiteral("save"), {}, &CandidatesView::exportCsv);
    star_->setCheckable(true);
}

void CandidatesView::buildColumnsMenu()
{
    for (int column = 0; column < CandidateModel::columnCount_; ++column) {
        if (column == CandidateModel::nameColumn)
            continue; // what a row is called is never hidden
        QAction* action = columns_->addAction(CandidateModel::columnTitle(column));
        action->setCheckable(true);
        action->setToolTip(CandidateModel::columnHelp(column));
        connect(action, &QAction::toggled, this, [this, column](bool on) { table_->setColumnHidden(column, !on); });
        connect(columns_, &QMenu::aboutToShow, action,
                [this, action, column] { action->setChecked(!table_->isColumnHidden(column)); });
        action->setChecked(!table_->isColumnHidden(column));
    }
    columns_->setToolTipsVisible(true);
}

void CandidatesView::applyFilter(const QString& text)
{
    auto filter = CandidateFilter::parse(text);
    filterError_->setVisible(!filter);
    if (!filter) { // the last good filter stays in force
        filterError_->setText(QString::fromStdString(filter.error().message));
        return;
    }
    model_->setFilter(*std::move(filter));
    goodFilter_ = text.trimmed();
}

void CandidatesView::setSavedFilters(const QStringList& filters)
{
    savedFilters_ = filters;
    savedFilters_.removeAll(QString());
    savedFilters_.removeDuplicates();
    savedFilters_.sort();
}

void CandidatesView::buildFiltersMenu()
{
    connect(filters_, &QMenu::aboutToShow, this, &CandidatesView::fillFiltersMenu);
    fillFiltersMenu();
}

// The filters to apply; then what keeps the current one, or forgets one of them.
void CandidatesView::fillFiltersMenu()
{
    filters_->clear();
    const auto plain = [](QString text) { return text.replace(u'&', QStringLiteral("&&")); };
    for (const QString& filter : std::as_const(savedFilters_)) {
        QAction* action = filters_->addAction(plain(filter), this, [this, filter] { filter_->setText(filter); });
        action->setCheckable(true);
        action->setChecked(filter == goodFilter_);
    }
    filters_->addSeparator();
    QAction* save = filters_->addAction(icon(QStringLiteral("save")), tr("Save the current filter"), this,
                                        [this] { setSavedFilters(savedFilters_ + QStringList{goodFilter_}); });
    save->setEnabled(!goodFilter_.isEmpty() && !savedFilters_.contains(goodFilter_));
    QMenu* forget = filters_->addMenu(tr("Forget"));
    for (const QString& filter : std::as_const(savedFilters_))
        forget->addAction(plain(filter), this, [this, filter] { savedFilters_.removeAll(filter); });
    forget->setEnabled(!savedFilters_.isEmpty());
}

void CandidatesView::showCounts(int shown, int total)
{
    counts_->setText(shown == total ? format::count(static_cast<quint64>(total))
                                    : tr("%1 of %2")
                                          .arg(format::count(static_cast<quint64>(shown)),
                                               format::count(static_cast<quint64>(total))));
    if (total > 0)
        empty_->setTexts(tr("No candidate passes the filter"),
                         tr("Escape in the filter line shows all of them again."));
    else
        empty_->setTexts(tr("No candidates yet"),
                         tr("Operators that the search finds appear here, each stored before it is shown."));
    csv_->setEnabled(shown > 0);
}

void CandidatesView::showSubset(const QString& title, const QList<std::int64_t>& ids)
{
    subset_->setText(title);
    subset_->show();
    model_->setSubset(QSet<std::int64_t>(ids.begin(), ids.end()));
}

void CandidatesView::showAll()
{
    subset_->hide();
    model_->setSubset(std::nullopt);
}

bool CandidatesView::select(std::int64_t id)
{
    const int row = model_->rowOf(id);
    if (row < 0)
        return false;
    if (id != currentId() || selectedIds().size() != 1)
        selectRows({id}, id);
    table_->scrollTo(model_->index(row, CandidateModel::nameColumn));
    return true;
}

QList<std::int64_t> CandidatesView::selectedIds() const
{
    QList<int> rows;
    for (const QItemSelectionRange& range : table_->selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows << row;
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    QList<std::int64_t> ids;
    for (const int row : rows)
        ids << model_->at(row).id;
    return ids;
}

std::int64_t CandidatesView::currentId() const
{
    const QModelIndex current = table_->currentIndex();
    return current.isValid() ? model_->at(current.row()).id : 0;
}

Expected<void> CandidatesView::writeCsv(const QString& path) const
{
    std::vector<const CandidateRow*> rows;
    for (int row = 0; row < model_->rowCount(); ++row)
        rows.push_back(&model_->at(row));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(candidatesAsCsv(rows).toUtf8()) < 0 || !file.commit())
        return Error{.message =
                         tr("The table cannot be written to “%1”: %2.").arg(path, file.errorString()).toStdString()};
    return {};
}

QByteArray CandidatesView::saveLayout() const
{
    return table_->horizontalHeader()->saveState();
}

void CandidatesView::restoreLayout(const QByteArray& layout)
{
    if (!table_->horizontalHeader()->restoreState(layout))
        return;
    table_->horizontalHeader()->setSectionHidden(CandidateModel::nameColumn, false);
    model_->sort(table_->horizontalHeader()->sortIndicatorSection(), table_->horizontalHeader()->sortIndicatorOrder());
}

void CandidatesView::updateActions()
{
    const auto selected = table_->selectionModel()->selectedRows().size();
    const auto* current = model_->find(currentId());
    compare_->setEnabled(selected == 2);
    compare_->setToolTip(selected == 2 ? tr("Compare the two selected operators")
                                       : tr("Select two candidates to compare them"));
    for (QAction* action : {star_, note_, showInTree_, export_, copy_, remove_})
        action->setEnabled(current != nullptr);
    star_->setChecked(current != nullptr && current->starred);
    remove_->setText(current != nullptr && current->removed ? tr("Bring back") : tr("Remove"));
}

void CandidatesView::showContextMenu(QPoint position)
{
    QMenu menu(this);
    menu.addActions({star_, note_, showInTree_, remove_});
    menu.addSeparator();
    menu.addActions({compare_, export_, copy_});
    menu.addSeparator();
    menu.addActions({csv_});
    menu.addMenu(columns_);
    menu.exec(table_->viewport()->mapToGlobal(position));
}

void CandidatesView::rememberSelection()
{
    remembered_ = {selectedIds(), currentId(), table_->verticalScrollBar()->value()};
}

void CandidatesView::restoreSelection()
{
    selectRows(remembered_.ids, remembered_.current);
    table_->verticalScrollBar()->setValue(remembered_.scroll);
    updateActions();
}

void CandidatesView::selectRows(const QList<std::int64_t>& ids, std::int64_t current)
{
    const QScopedValueRollback quiet(quiet_, true);
    QItemSelection selection;
    for (const std::int64_t id : ids)
        if (const int row = model_->rowOf(id); row >= 0)
            selection.select(model_->index(row, 0), model_->index(row, CandidateModel::columnCount_ - 1));
    QItemSelectionModel* selectionModel = table_->selectionModel();
    if (const int row = model_->rowOf(current); row >= 0)
        selectionModel->setCurrentIndex(model_->index(row, CandidateModel::nameColumn), QItemSelectionModel::NoUpdate);
    selectionModel->select(selection, QItemSelectionModel::ClearAndSelect);
}

void CandidatesView::compareSelected()
{
    const auto ids = selectedIds();
    if (ids.size() == 2)
        Q_EMIT compareRequested(ids);
}

// The selected ones, among which is the current one: what it is turned into, they all are.
QList<std::int64_t> CandidatesView::chosenIds() const
{
    const QList<std::int64_t> ids = selectedIds();
    return ids.contains(currentId()) ? ids : QList<std::int64_t>{currentId()};
}

void CandidatesView::toggleStar()
{
    if (const auto* current = model_->find(currentId()))
        Q_EMIT starRequested(chosenIds(), !current->starred);
}

void CandidatesView::toggleRemoved()
{
    if (const auto* current = model_->find(currentId()))
        Q_EMIT removeRequested(chosenIds(), !current->removed);
}

void CandidatesView::editNote()
{
    const QModelIndex current = table_->currentIndex();
    if (!current.isValid())
        return;
    table_->setColumnHidden(CandidateModel::noteColumn, false);
    const QModelIndex note = model_->index(current.row(), CandidateModel::noteColumn);
    table_->scrollTo(note);
    table_->edit(note);
}

void CandidatesView::showInTree()
{
    if (const std::int64_t id = currentId())
        Q_EMIT showInTreeRequested(id);
}

void CandidatesView::exportOperator()
{
    if (const std::int64_t id = currentId())
        Q_EMIT exportRequested(id);
}

void CandidatesView::copyHashes()
{
    QStringList hashes;
    for (const std::int64_t id : selectedIds())
        hashes << model_->find(id)->hash;
    QGuiApplication::clipboard()->setText(hashes.join(u'\n'));
}

void CandidatesView::exportCsv()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the table"), QStringLiteral("candidates.csv"),
                                                      tr("Comma-separated values (*.csv)"));
    if (path.isEmpty())
        return;
    if (const auto written = writeCsv(path); !written)
        Q_EMIT failed(QString::fromStdString(written.error().message));
}

} // namespace synoscope
