// The candidates as a table: sorted and filtered here, not in a proxy, so that 100 000 rows stay fluent.
//
//   rows_      every candidate, in the order of arrival           index_   id -> its place in rows_
//   visible_   places in rows_ of what passes the filter, always sorted: the table's rows
//
// apply() takes a batch of new and changed rows. A small batch becomes exact insertions, moves and changes, found by
// bisection, so that selection and scroll position stay; a large one resets the model (the view then restores the
// selection by id). The model never changes a candidate by itself: an edited note leaves as an intention, and comes
// back with the next batch.
#pragma once

#include "widgets/candidates/candidate_filter.h"
#include "widgets/candidates/candidate_row.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QHash>
#include <QtCore/QSet>

#include <optional>
#include <span>
#include <vector>

namespace synoscope {

class CandidateModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        starColumn,
        nameColumn,
        stateColumn,
        rewardColumn,
        accuracyColumn,
        speedupColumn,
        flopsRatioColumn,
        flopsColumn,
        paramsColumn,
        primitivesColumn,
        iterationColumn,
        hashColumn,
        noteColumn,
        columnCount_
    };
    enum Role
    {
        idRole = Qt::UserRole, // std::int64_t
        sortRole,              // double, or QString where the column is text
        csvRole                // QString in C notation, without units
    };

    // A batch with more rows than this resets the model.
    static constexpr std::size_t largestStepwiseBatch = 256;

    explicit CandidateModel(QObject* parent = nullptr);

    // New rows and new versions of known ones (by id); the last of several with one id counts.
    void apply(std::span<const CandidateRow> batch);
    void clear();

    void setFilter(CandidateFilter filter);
    // Shows only these (that also pass the filter); nothing: no such restriction.
    void setSubset(std::optional<QSet<std::int64_t>> ids);
    void sort(int column, Qt::SortOrder order) override;

    int total() const { return static_cast<int>(rows_.size()) - removed_; } // without those that were removed
    const CandidateRow& at(int row) const { return rows_[visible_[static_cast<std::size_t>(row)]]; }
    // The candidate of this id, filtered out or not; null when there is none. Valid until the next apply or clear.
    const CandidateRow* find(std::int64_t id) const;
    // Its row in the table, or -1.
    int rowOf(std::int64_t id) const;
    const std::vector<CandidateRow>& all() const { return rows_; }

    static QString columnTitle(int column);
    static QString columnHelp(int column);
    // English and fixed: for files and settings.
    static QString columnKey(int column);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void noteEdited(std::int64_t id, const QString& note);
    // The number of rows shown or known has changed.
    void countsChanged(int shown, int total);

private:
    bool less(const CandidateRow& a, const CandidateRow& b) const;
    bool shows(const CandidateRow& row) const;
    void rebuild();
    void applyStepwise(const CandidateRow& row);
    void put(std::uint32_t place, const CandidateRow& row);
    void add(const CandidateRow& row);
    void insertVisible(std::uint32_t place);
    void changeVisible(int from, const CandidateRow& row);
    int lowerBound(const CandidateRow& row, int first, int last) const;

    std::vector<CandidateRow> rows_;
    int removed_ = 0; // of them
    QHash<std::int64_t, std::uint32_t> index_;
    std::vector<std::uint32_t> visible_;
    CandidateFilter filter_;
    std::optional<QSet<std::int64_t>> subset_;
    int sortColumn_ = rewardColumn;
    Qt::SortOrder sortOrder_ = Qt::DescendingOrder;
};

} // namespace synoscope
