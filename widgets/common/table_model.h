// A table over a vector of values: the columns are described once, by functions of a row.
//
//     TableModel<Job> model({{tr("Job"), [](const Job& j) { return j.name; }}, ...}, [](const Job& j) { return j.id;
//     }); model.setRows(jobs);      // keeps selection and scroll position: rows with a known key are updated in place
//
// For hundreds of rows (jobs, constraints, primitives). The candidates' table has a model of its own.
#pragma once

#include <QAbstractTableModel>

#include <functional>
#include <unordered_map>
#include <vector>

namespace synoscope {

enum TableRole
{
    SortRole = Qt::UserRole + 1, // what to sort by: the number, where the text is "1.2 M"
};

template <typename Row>
struct TableColumn
{
    QString title;
    std::function<QVariant(const Row&)> text;
    std::function<QVariant(const Row&)> sortKey{}; // the text when missing
    std::function<QVariant(const Row&)> toolTip{};
    std::function<QVariant(const Row&)> decoration{}; // an icon or a colour
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter;
};

template <typename Row>
class TableModel final : public QAbstractTableModel
{
public:
    using Column = TableColumn<Row>;
    using Key = std::function<quint64(const Row&)>;

    TableModel(std::vector<Column> columns, Key key, QObject* parent = nullptr)
        : QAbstractTableModel(parent), columns_(std::move(columns)), key_(std::move(key))
    {}

    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(rows_.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(columns_.size());
    }

    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
            return {};
        const Row& row = rows_[static_cast<std::size_t>(index.row())];
        const Column& column = columns_[static_cast<std::size_t>(index.column())];
        switch (role) {
        case Qt::DisplayRole:
            return column.text(row);
        case SortRole:
            return column.sortKey ? column.sortKey(row) : column.text(row);
        case Qt::ToolTipRole:
            return column.toolTip ? column.toolTip(row) : QVariant();
        case Qt::DecorationRole:
            return column.decoration ? column.decoration(row) : QVariant();
        case Qt::TextAlignmentRole:
            return static_cast<int>(column.alignment);
        default:
            return {};
        }
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
            return {};
        const Column& column = columns_[static_cast<std::size_t>(section)];
        if (role == Qt::DisplayRole)
            return column.title;
        if (role == Qt::TextAlignmentRole)
            return static_cast<int>(column.alignment);
        return {};
    }

    const Row& row(int index) const { return rows_[static_cast<std::size_t>(index)]; }
    const std::vector<Row>& rows() const { return rows_; }
    int rowOf(quint64 key) const
    {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (key_(rows_[i]) == key)
                return static_cast<int>(i);
        return -1;
    }

    // The whole table anew. Rows whose keys stay in place are updated there; otherwise rows are removed and appended.
    void setRows(std::vector<Row> rows)
    {
        std::unordered_map<quint64, std::size_t> wanted;
        for (std::size_t i = 0; i < rows.size(); ++i)
            wanted.emplace(key_(rows[i]), i);
        for (std::size_t i = rows_.size(); i-- > 0;)
            if (!wanted.contains(key_(rows_[i])))
                removeAt(static_cast<int>(i));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i < rows_.size() && key_(rows_[i]) == key_(rows[i]))
                replaceAt(static_cast<int>(i), std::move(rows[i]));
            else
                place(static_cast<int>(i), std::move(rows[i]));
        }
    }

    // One row: updated where its key is, or appended.
    void upsert(Row row)
    {
        const int at = rowOf(key_(row));
        if (at >= 0)
            replaceAt(at, std::move(row));
        else
            insertAt(rowCount(), std::move(row));
    }

private:
    void removeAt(int at)
    {
        beginRemoveRows({}, at, at);
        rows_.erase(rows_.begin() + at);
        endRemoveRows();
    }
    void insertAt(int at, Row row)
    {
        beginInsertRows({}, at, at);
        rows_.insert(rows_.begin() + at, std::move(row));
        endInsertRows();
    }
    void replaceAt(int at, Row row)
    {
        rows_[static_cast<std::size_t>(at)] = std::move(row);
        Q_EMIT dataChanged(index(at, 0), index(at, columnCount() - 1));
    }
    // Its key is not at `at`: it comes from further below, or is new.
    void place(int at, Row row)
    {
        const int from = rowOf(key_(row));
        if (from >= 0)
            removeAt(from);
        insertAt(at, std::move(row));
    }

    std::vector<Column> columns_;
    Key key_;
    std::vector<Row> rows_;
};

} // namespace synoscope
