#include "widgets/jobs/jobs_view.h"

#include "widgets/common/empty_state.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/jobs/progress_delegate.h"

#include <QtGui/QAction>
#include <QtGui/QFontDatabase>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QTreeView>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

enum Column
{
    kindColumn,
    titleColumn,
    stateColumn,
    progressColumn,
    leftColumn,
    messageColumn
};

bool isActive(const JobRow& job)
{
    return job.state == JobRowState::running || job.state == JobRowState::paused || job.state == JobRowState::queued;
}

// What is unknown is sorted behind all that is known.
double orLast(double value)
{
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
}

std::vector<TableColumn<JobRow>> columns()
{
    return {
        {.title = JobsView::tr("Job"), .text = [](const JobRow& job) { return toText(job.kind); }},
        //: The heading of what a job works on: an operator, or the unchanged backbone
        {.title = JobsView::tr("Of"), .text = [](const JobRow& job) { return job.title; }},
        {.title = JobsView::tr("State"), .text = [](const JobRow& job) { return toText(job.state); }},
        // The delegate reads the share as the sort key and "stands still" as the decoration.
        {.title = JobsView::tr("Progress"),
         .text = [](const JobRow& job) { return format::percent(job.progress, 0); },
         .sortKey = [](const JobRow& job) { return orLast(job.progress); },
         .decoration = [](const JobRow& job) { return job.state != JobRowState::running; }},
        {.title = JobsView::tr("Left"),
         .text =
             [](const JobRow& job) {
                 return isActive(job) && std::isfinite(job.secondsLeft) ? format::duration(std::ceil(job.secondsLeft))
                                                                        : QString();
             },
         .sortKey = [](const JobRow& job) { return orLast(isActive(job) ? job.secondsLeft : JobRow::unknown); },
         .alignment = Qt::AlignRight | Qt::AlignVCenter},
        {.title = JobsView::tr("Message"),
         .text = [](const JobRow& job) { return job.message; },
         .toolTip = [](const JobRow& job) { return job.message; }},
    };
}

// What runs comes first, what has ended last, the newest of it above.
bool moreInteresting(const JobRow& a, const JobRow& b)
{
    const auto rank = [](const JobRow& job) { return isActive(job) ? static_cast<int>(job.state) : 10; };
    if (rank(a) != rank(b))
        return rank(a) < rank(b);
    return isActive(a) ? a.id < b.id : a.id > b.id;
}

// Sorted by state is by interest, which also decides among what is equal in another column.
class JobsProxy final : public QSortFilterProxyModel
{
public:
    JobsProxy(const TableModel<JobRow>& jobs, QObject* parent) : QSortFilterProxyModel(parent), jobs_(jobs)
    {
        setSortRole(SortRole);
        setSortLocaleAware(true);
    }

    void setShow(JobsView::Show show)
    {
        show_ = show;
        invalidateFilter();
    }
    void setKind(std::optional<JobKind> kind)
    {
        kind_ = kind;
        invalidateFilter();
    }

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override
    {
        if (left.column() != stateColumn) {
            if (QSortFilterProxyModel::lessThan(left, right))
                return true;
            if (QSortFilterProxyModel::lessThan(right, left))
                return false;
        }
        return moreInteresting(jobs_.row(left.row()), jobs_.row(right.row()));
    }
    bool filterAcceptsRow(int row, const QModelIndex&) const override
    {
        const JobRow& job = jobs_.row(row);
        if (kind_ && job.kind != *kind_)
            return false;
        switch (show_) {
        case JobsView::Show::active:
            return isActive(job);
        case JobsView::Show::failed:
            return job.state == JobRowState::failed;
        case JobsView::Show::all:
            break;
        }
        return true;
    }

private:
    const TableModel<JobRow>& jobs_;
    JobsView::Show show_ = JobsView::Show::all;
    std::optional<JobKind> kind_;
};

} // namespace

JobsView::JobsView(QWidget* parent)
    : QWidget(parent), model_(columns(), [](const JobRow& job) { return static_cast<quint64>(job.id); }),
      shown_(new JobsProxy(model_, this)), table_(new QTreeView(this)), show_(new QComboBox(this)),
      kind_(new QComboBox(this)), counts_(new QLabel(this)), log_(new QPlainTextEdit(this)),
      showLog_(new QAction(icon(QStringLiteral("log")), tr("Show the log"), this))
{
    buildTable();
    buildFilters();
    buildLog();
    buildActions();

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 4, 4, 4);
    bar->setSpacing(4);
    bar->addWidget(show_);
    bar->addWidget(kind_);
    bar->addWidget(counts_, 1);
    for (QAction* action : actions_ + QList{showLog_}) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        bar->addWidget(button);
    }

    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(table_);
    splitter->addWidget(log_);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(splitter, 1);
    showCounts();
    updateActions();
}

void JobsView::buildFilters()
{
    show_->addItems({tr("Active"), tr("Failed"), tr("All")});
    show_->setCurrentIndex(static_cast<int>(Show::all));
    show_->setAccessibleName(tr("Which jobs are shown"));
    connect(show_, &QComboBox::activated, this, [this](int index) { setShow(static_cast<Show>(index)); });

    kind_->addItem(tr("Every kind"));
    for (int kind = 0; kind < jobKinds; ++kind)
        kind_->addItem(toText(static_cast<JobKind>(kind)));
    kind_->setAccessibleName(tr("Which kind of jobs is shown"));
    connect(kind_, &QComboBox::activated, this, [this](int index) {
        setKind(index == 0 ? std::nullopt : std::optional(static_cast<JobKind>(index - 1)));
    });
    counts_->setMinimumWidth(1); // in a narrow dock the figures give way, not the buttons
}

void JobsView::buildLog()
{
    log_->setReadOnly(true);
    log_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    log_->setLineWrapMode(QPlainTextEdit::NoWrap);
    log_->setMaximumBlockCount(5000);
    log_->setFrameShape(QFrame::NoFrame);
    log_->setPlaceholderText(tr("Select a job to read its log."));
    log_->setAccessibleName(tr("Log of the job"));
    log_->hide();
    showLog_->setCheckable(true);
    showLog_->setToolTip(tr("Show the log of the selected job"));
    connect(showLog_, &QAction::toggled, log_, &QWidget::setVisible);
}

void JobsView::buildActions()
{
    addAction(tr("Pause"), QStringLiteral("pause"), {}, &JobsView::pauseRequested, [](const JobRow& job) {
        return job.pausable && (job.state == JobRowState::running || job.state == JobRowState::queued);
    });
    addAction(tr("Resume"), QStringLiteral("start"), {}, &JobsView::resumeRequested,
              [](const JobRow& job) { return job.state == JobRowState::paused; });
    addAction(tr("Cancel"), QStringLiteral("cancel"), QKeySequence::Delete, &JobsView::cancelRequested, isActive);
    addAction(tr("Retry"), QStringLiteral("retry"), {}, &JobsView::retryRequested, [](const JobRow& job) {
        return job.state == JobRowState::failed || job.state == JobRowState::cancelled;
    });
}

void JobsView::buildTable()
{
    shown_->setSourceModel(&model_);
    shown_->setDynamicSortFilter(true);
    table_->setModel(shown_);
    table_->sortByColumn(stateColumn, Qt::AscendingOrder);
    table_->setSortingEnabled(true);
    table_->setAccessibleName(tr("Jobs"));
    table_->setRootIsDecorated(false);
    table_->setUniformRowHeights(true);
    table_->setAllColumnsShowFocus(true);
    table_->setAlternatingRowColors(true);
    table_->setFrameShape(QFrame::NoFrame);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    table_->setItemDelegateForColumn(progressColumn, new ProgressDelegate(SortRole, Qt::DecorationRole, table_));
    const QFontMetrics metrics = fontMetrics();
    QHeaderView* header = table_->header();
    header->setStretchLastSection(true);
    header->resizeSection(kindColumn, metrics.averageCharWidth() * 13);
    header->resizeSection(titleColumn, metrics.averageCharWidth() * 22);
    header->resizeSection(stateColumn, metrics.averageCharWidth() * 11);
    header->resizeSection(progressColumn, metrics.averageCharWidth() * 11);
    header->resizeSection(leftColumn, metrics.averageCharWidth() * 9);
    EmptyState::over(table_, tr("No jobs"),
                     tr("Trainings, benchmarks and exports are listed here while they run and after."));

    connect(table_, &QWidget::customContextMenuRequested, this, [this](QPoint place) {
        QMenu menu(this);
        menu.addActions(actions_);
        menu.exec(table_->viewport()->mapToGlobal(place));
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &JobsView::updateActions);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &JobsView::showCurrent);
    connect(table_, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const JobRow& job = model_.row(shown_->mapToSource(index).row());
        if (job.candidate != 0)
            Q_EMIT candidateRequested(job.candidate);
    });
}

QAction* JobsView::addAction(const QString& text, const QString& iconName, const QKeySequence& shortcut,
                             Intention intention, bool (*possible)(const JobRow&))
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, [this, intention, possible] {
        std::vector<std::int64_t> ids; // first all ids: an answer may change the rows
        for (const JobRow* job : selectedJobs())
            if (possible(*job))
                ids.push_back(job->id);
        for (const std::int64_t id : ids)
            Q_EMIT(this->*intention)(id);
    });
    QWidget::addAction(action);
    actions_ << action;
    possible_.push_back(possible);
    return action;
}

void JobsView::apply(std::span<const JobRow> batch)
{
    bool current = false;
    for (const JobRow& job : batch) {
        model_.upsert(job);
        current = current || job.id == current_;
    }
    showCounts();
    updateActions();
    if (current)
        Q_EMIT logRequested(current_);
}

void JobsView::clear()
{
    model_.setRows({});
    log_->clear();
    current_ = 0;
    showCounts();
    updateActions();
}

void JobsView::setShow(Show show)
{
    show_->setCurrentIndex(static_cast<int>(show));
    static_cast<JobsProxy*>(shown_)->setShow(show);
}

void JobsView::setKind(std::optional<JobKind> kind)
{
    kind_->setCurrentIndex(kind ? static_cast<int>(*kind) + 1 : 0);
    static_cast<JobsProxy*>(shown_)->setKind(kind);
}

void JobsView::showLog(std::int64_t job, const QString& text)
{
    if (job != current_ || log_->toPlainText() == text)
        return;
    QScrollBar* scroll = log_->verticalScrollBar();
    const bool atEnd = scroll->value() == scroll->maximum();
    const int place = scroll->value();
    log_->setPlainText(text);
    scroll->setValue(atEnd ? scroll->maximum() : place);
}

std::int64_t JobsView::currentJob() const
{
    const QModelIndex current = table_->currentIndex();
    return current.isValid() ? model_.row(shown_->mapToSource(current).row()).id : 0;
}

void JobsView::setCurrentJob(std::int64_t job)
{
    const int row = model_.rowOf(static_cast<quint64>(job));
    if (row >= 0)
        table_->setCurrentIndex(shown_->mapFromSource(model_.index(row, 0)));
}

std::vector<const JobRow*> JobsView::selectedJobs() const
{
    std::vector<const JobRow*> jobs;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows())
        jobs.push_back(&model_.row(shown_->mapToSource(index).row()));
    return jobs;
}

void JobsView::updateActions()
{
    const auto jobs = selectedJobs();
    for (qsizetype i = 0; i < actions_.size(); ++i) {
        const auto possible = possible_[static_cast<std::size_t>(i)];
        actions_[i]->setEnabled(
            std::any_of(jobs.begin(), jobs.end(), [&](const JobRow* job) { return possible(*job); }));
    }
}

void JobsView::showCounts()
{
    int running = 0;
    int queued = 0;
    int failed = 0;
    for (const JobRow& job : model_.rows()) {
        running += job.state == JobRowState::running;
        queued += job.state == JobRowState::queued;
        failed += job.state == JobRowState::failed;
    }
    //: Numbers of jobs, for example "2 running, 14 queued, 1 failed"
    counts_->setText(model_.rowCount() == 0
                         ? QString()
                         : tr("%1 running, %2 queued, %3 failed").arg(running).arg(queued).arg(failed));
    counts_->setToolTip(counts_->text()); // where there is no room for all of it
}

void JobsView::showCurrent()
{
    const std::int64_t job = currentJob();
    if (job == current_)
        return;
    current_ = job;
    log_->clear();
    if (job != 0)
        Q_EMIT logRequested(job);
}

} // namespace synoscope
