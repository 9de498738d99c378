// The candidates' table with its filter line (DESIGN 7). Values come in through model()->apply; what the user wants
// leaves as signals, and comes back as changed rows.
#pragma once

#include "core/base/error.h"
#include "widgets/candidates/candidate_model.h"

#include <QtCore/QList>
#include <QtCore/QStringList>
#include <QtWidgets/QWidget>

class QAction;
class QLabel;
class QMenu;
class QTableView;
class QToolButton;

namespace synoscope {

class EmptyState;
class FilterEdit;

class CandidatesView final : public QWidget
{
    Q_OBJECT

public:
    explicit CandidatesView(QWidget* parent = nullptr);

    CandidateModel* model() const { return model_; }
    QTableView* table() const { return table_; }
    FilterEdit* filterEdit() const { return filter_; }
    // Always the same actions: for menus and the command palette of the window.
    const QList<QAction*>& viewActions() const { return actions_; }

    // Makes the candidate current without announcing it; false when it is unknown or filtered out.
    bool select(std::int64_t id);
    QList<std::int64_t> selectedIds() const; // top to bottom
    std::int64_t currentId() const;          // 0: none

    // Shows only these candidates, under a title with a button that shows all again.
    void showSubset(const QString& title, const QList<std::int64_t>& ids);
    void showAll();

    // Filters that the user has saved, in the order of their texts.
    const QStringList& savedFilters() const { return savedFilters_; }
    void setSavedFilters(const QStringList& filters);

    // The shown rows, in the shown order, as CSV.
    Expected<void> writeCsv(const QString& path) const;

    // Widths, order and visibility of the columns, and the sort order.
    QByteArray saveLayout() const;
    void restoreLayout(const QByteArray& layout);

Q_SIGNALS:
    void candidateSelected(std::int64_t id); // by the user
    void candidateActivated(std::int64_t id);
    void compareRequested(const QList<std::int64_t>& ids);
    void starRequested(const QList<std::int64_t>& ids, bool starred);
    void noteRequested(std::int64_t id, const QString& note);
    void removeRequested(const QList<std::int64_t>& ids, bool removed);
    void showInTreeRequested(std::int64_t id);
    void exportRequested(std::int64_t id);
    void failed(const QString& sentence);

private:
    void buildActions();
    void buildColumnsMenu();
    void buildFiltersMenu();
    void fillFiltersMenu();
    QAction* addAction(const QString& text, const QString& iconName, const QKeySequence& shortcut,
                       void (CandidatesView::*slot)());
    void applyFilter(const QString& text);
    void showCounts(int shown, int total);
    void updateActions();
    void showContextMenu(QPoint position);
    void rememberSelection();
    void restoreSelection();
    void selectRows(const QList<std::int64_t>& ids, std::int64_t current);

    void compareSelected();
    QList<std::int64_t> chosenIds() const;
    void toggleStar();
    void toggleRemoved();
    void editNote();
    void showInTree();
    void exportOperator();
    void copyHashes();
    void exportCsv();

    CandidateModel* model_;
    QTableView* table_;
    FilterEdit* filter_;
    QLabel* counts_;
    QLabel* filterError_;
    QToolButton* subset_;
    EmptyState* empty_;
    QMenu* columns_;
    QMenu* filters_;
    QStringList savedFilters_;
    QString goodFilter_; // in force
    QList<QAction*> actions_;
    QAction* compare_ = nullptr;
    QAction* star_ = nullptr;
    QAction* note_ = nullptr;
    QAction* showInTree_ = nullptr;
    QAction* export_ = nullptr;
    QAction* copy_ = nullptr;
    QAction* remove_ = nullptr;
    QAction* csv_ = nullptr;

    struct
    {
        QList<std::int64_t> ids;
        std::int64_t current = 0;
        int scroll = 0;
    } remembered_;
    bool quiet_ = false; // while the selection changes by program
};

} // namespace synoscope
