#include "widgets/candidates/candidate_model.h"

#include "widgets/candidates/candidate_columns.h"

#include <algorithm>
#include <numeric>

namespace synoscope {

CandidateModel::CandidateModel(QObject* parent) : QAbstractTableModel(parent) {}

void CandidateModel::apply(std::span<const CandidateRow> batch)
{
    if (batch.empty())
        return;
    if (batch.size() <= largestStepwiseBatch) {
        for (const CandidateRow& row : batch)
            applyStepwise(row);
    } else {
        beginResetModel();
        for (const CandidateRow& row : batch) {
            if (const auto known = index_.constFind(row.id); known != index_.constEnd()) {
                put(*known, row);
            } else {
                add(row);
            }
        }
        rebuild();
        endResetModel();
    }
    Q_EMIT countsChanged(rowCount(), total());
}

void CandidateModel::clear()
{
    beginResetModel();
    rows_.clear();
    removed_ = 0;
    index_.clear();
    visible_.clear();
    endResetModel();
    Q_EMIT countsChanged(0, 0);
}

void CandidateModel::setFilter(CandidateFilter filter)
{
    beginResetModel();
    filter_ = std::move(filter);
    rebuild();
    endResetModel();
    Q_EMIT countsChanged(rowCount(), total());
}

void CandidateModel::setSubset(std::optional<QSet<std::int64_t>> ids)
{
    beginResetModel();
    subset_ = std::move(ids);
    rebuild();
    endResetModel();
    Q_EMIT countsChanged(rowCount(), total());
}

bool CandidateModel::shows(const CandidateRow& row) const
{
    return (!subset_ || subset_->contains(row.id)) && filter_.holdsFor(row);
}

void CandidateModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= columnCount_)
        return;
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<std::uint32_t> places; // what the persistent indexes stand for
    places.reserve(static_cast<std::size_t>(before.size()));
    for (const QModelIndex& index : before)
        places.push_back(visible_[static_cast<std::size_t>(index.row())]);

    sortColumn_ = column;
    sortOrder_ = order;
    std::sort(visible_.begin(), visible_.end(), [this](auto a, auto b) { return less(rows_[a], rows_[b]); });

    QModelIndexList after;
    for (std::size_t i = 0; i < places.size(); ++i)
        after << index(rowOf(rows_[places[i]].id), before[static_cast<qsizetype>(i)].column());
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

const CandidateRow* CandidateModel::find(std::int64_t id) const
{
    const auto known = index_.constFind(id);
    return known == index_.constEnd() ? nullptr : &rows_[*known];
}

int CandidateModel::rowOf(std::int64_t id) const
{
    const auto known = index_.constFind(id);
    if (known == index_.constEnd())
        return -1;
    const int row = lowerBound(rows_[*known], 0, rowCount());
    return row < rowCount() && visible_[static_cast<std::size_t>(row)] == *known ? row : -1;
}

// A total order: what is unknown comes last whatever the direction, and the id decides between equals.
bool CandidateModel::less(const CandidateRow& a, const CandidateRow& b) const
{
    const int order = compareCandidates(a, b, sortColumn_, sortOrder_);
    return order != 0 ? order < 0 : a.id < b.id;
}

void CandidateModel::rebuild()
{
    visible_.clear();
    for (std::uint32_t place = 0; place < rows_.size(); ++place)
        if (shows(rows_[place]))
            visible_.push_back(place);
    std::sort(visible_.begin(), visible_.end(), [this](auto a, auto b) { return less(rows_[a], rows_[b]); });
}

int CandidateModel::lowerBound(const CandidateRow& row, int first, int last) const
{
    const auto begin = visible_.begin();
    const auto found =
        std::lower_bound(begin + first, begin + last, row, [this](std::uint32_t place, const CandidateRow& wanted) {
            return less(rows_[place], wanted);
        });
    return static_cast<int>(found - begin);
}

void CandidateModel::applyStepwise(const CandidateRow& row)
{
    const auto known = index_.constFind(row.id);
    if (known == index_.constEnd()) {
        add(row);
        if (shows(row))
            insertVisible(static_cast<std::uint32_t>(rows_.size() - 1));
        return;
    }
    const std::uint32_t place = *known;
    if (rows_[place] == row)
        return;
    const int shown = rowOf(row.id);
    const bool show = shows(row);
    if (shown >= 0 && show) {
        changeVisible(shown, row);
    } else if (shown >= 0) {
        beginRemoveRows({}, shown, shown);
        visible_.erase(visible_.begin() + shown);
        put(place, row);
        endRemoveRows();
    } else {
        put(place, row);
        if (show)
            insertVisible(place);
    }
}

void CandidateModel::put(std::uint32_t place, const CandidateRow& row)
{
    removed_ += int(row.removed) - int(rows_[place].removed);
    rows_[place] = row;
}

void CandidateModel::add(const CandidateRow& row)
{
    index_.insert(row.id, static_cast<std::uint32_t>(rows_.size()));
    rows_.push_back(row);
    removed_ += row.removed;
}

void CandidateModel::insertVisible(std::uint32_t place)
{
    const int row = lowerBound(rows_[place], 0, rowCount());
    beginInsertRows({}, row, row);
    visible_.insert(visible_.begin() + row, place);
    endInsertRows();
}

void CandidateModel::changeVisible(int from, const CandidateRow& row)
{
    const std::uint32_t place = visible_[static_cast<std::size_t>(from)];
    const auto neighbour = [this](int at) -> const CandidateRow& { return this->at(at); };
    int to = from; // as Qt counts: the row before which it shall stand
    if (from > 0 && less(row, neighbour(from - 1)))
        to = lowerBound(row, 0, from);
    else if (from + 1 < rowCount() && less(neighbour(from + 1), row))
        to = lowerBound(row, from + 1, rowCount());
    if (to == from) {
        put(place, row);
    } else {
        beginMoveRows({}, from, from, {}, to);
        put(place, row);
        const auto begin = visible_.begin();
        if (to < from)
            std::rotate(begin + to, begin + from, begin + from + 1);
        else
            std::rotate(begin + from, begin + from + 1, begin + to);
        endMoveRows();
    }
    const int now = to > from ? to - 1 : to;
    Q_EMIT dataChanged(index(now, 0), index(now, columnCount_ - 1));
}

int CandidateModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(visible_.size());
}

int CandidateModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columnCount_;
}

QVariant CandidateModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == idRole)
        return QVariant::fromValue(at(index.row()).id);
    return candidateData(at(index.row()), index.column(), role);
}

QVariant CandidateModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_)
        return {};
    if (role == Qt::DisplayRole)
        return section == starColumn ? QStringLiteral("★") : columnTitle(section);
    if (role == Qt::ToolTipRole)
        return columnHelp(section);
    if (role == Qt::AccessibleTextRole)
        return columnTitle(section);
    return {};
}

Qt::ItemFlags CandidateModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() == noteColumn ? flags | Qt::ItemIsEditable : flags;
}

bool CandidateModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || index.column() != noteColumn || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const CandidateRow& row = at(index.row());
    const QString note = value.toString().trimmed();
    if (note != row.note)
        Q_EMIT noteEdited(row.id, note);
    return true;
}

QHash<int, QByteArray> CandidateModel::roleNames() const
{
    auto names = QAbstractTableModel::roleNames();
    names.insert(idRole, "id");
    names.insert(sortRole, "sort");
    names.insert(csvRole, "csv");
    return names;
}

} // namespace synoscope
