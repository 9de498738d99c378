// The background jobs (DESIGN 7): what runs, how far it is, why it failed, and its log. Values in by batch, intentions
// out.
#pragma once

#include "widgets/common/table_model.h"
#include "widgets/jobs/job_row.h"

#include <QtCore/QSortFilterProxyModel>
#include <QtWidgets/QWidget>

#include <optional>
#include <span>

class QAction;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QTreeView;

namespace synoscope {

class JobsView final : public QWidget
{
    Q_OBJECT

public:
    enum class Show
    {
        active,
        failed,
        all
    }; // active: everything that has not ended

    explicit JobsView(QWidget* parent = nullptr);

    void apply(std::span<const JobRow> batch); // new ones and new versions, by id
    void clear();
    void setShow(Show show);
    void setKind(std::optional<JobKind> kind); // nothing: all kinds are shown

    // The answer to logRequested; dropped when another job is current by now.
    void showLog(std::int64_t job, const QString& text);

    int jobCount() const { return model_.rowCount(); }
    int shownCount() const { return shown_->rowCount(); }
    std::int64_t currentJob() const; // 0: none
    void setCurrentJob(std::int64_t job);
    const QList<QAction*>& viewActions() const { return actions_; }

Q_SIGNALS:
    void pauseRequested(std::int64_t job);
    void resumeRequested(std::int64_t job);
    void cancelRequested(std::int64_t job);
    void retryRequested(std::int64_t job);
    void logRequested(std::int64_t job);
    void candidateRequested(std::int64_t candidate);

private:
    using Intention = void (JobsView::*)(std::int64_t);

    void buildTable();
    void buildFilters();
    void buildLog();
    void buildActions();
    QAction* addAction(const QString& text, const QString& iconName, const QKeySequence& shortcut, Intention intention,
                       bool (*possible)(const JobRow&));
    std::vector<const JobRow*> selectedJobs() const;
    void updateActions();
    void showCounts();
    void showCurrent();

    TableModel<JobRow> model_;
    QSortFilterProxyModel* shown_;
    QTreeView* table_;
    QComboBox* show_;
    QComboBox* kind_;
    QLabel* counts_;
    QPlainTextEdit* log_;
    QAction* showLog_;
    QList<QAction*> actions_;
    std::vector<bool (*)(const JobRow&)> possible_; // beside actions_
    std::int64_t current_ = 0;
};

} // namespace synoscope
