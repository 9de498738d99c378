#include "widgets/problem/variables_table.h"

#include "widgets/common/empty_state.h"
#include "widgets/problem/fault_label.h"
#include "widgets/problem/table_parts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStyledItemDelegate>
#include <QToolButton>

namespace synoscope {

namespace {

namespace doc = problemDocument;

enum Column
{
    nameColumn,
    kindColumn,
    valueColumn,
    usesColumn,
    columns
};

constexpr int primaryRole = Qt::UserRole; // of the kind: whether the variable is primary

class KindDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    static QString text(bool primary)
    {
        return primary ? VariablesTable::tr("primary") : VariablesTable::tr("coefficient");
    }

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        auto* box = new QComboBox(parent);
        box->addItems({text(true), text(false)});
        box->setAccessibleName(VariablesTable::tr("Kind of the variable"));
        connect(box, &QComboBox::activated, this, [this, box] {
            auto* self = const_cast<KindDelegate*>(this);
            Q_EMIT self->commitData(box);
            Q_EMIT self->closeEditor(box);
        });
        return box;
    }
    void setEditorData(QWidget* editor, const QModelIndex& index) const override
    {
        static_cast<QComboBox*>(editor)->setCurrentIndex(index.data(primaryRole).toBool() ? 0 : 1);
    }
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override
    {
        const bool primary = static_cast<QComboBox*>(editor)->currentIndex() == 0;
        model->setData(index, primary, primaryRole);
        model->setData(index, text(primary), Qt::DisplayRole);
    }
};

} // namespace

VariablesTable::VariablesTable(QWidget* parent)
    : QWidget(parent), table_(editableTable(tr("Variables of sizes"), this)), fault_(new FaultLabel(this))
{
    auto* title = new QLabel(tr("&Variables"), this);
    title->setBuddy(table_);
    title->setToolTip(
        tr("Primary variables get their numbers from the layers. Coefficients are small constants that the "
           "search may bring in. Uses: how often one operator may bring in the variable."));
    table_->setColumnCount(columns);
    table_->setHorizontalHeaderLabels({tr("Name"), tr("Kind"), tr("Value"), tr("Uses")});
    table_->setItemDelegateForColumn(kindColumn, new KindDelegate(this));
    for (int column = 0; column < columns; ++column)
        table_->horizontalHeader()->setSectionResizeMode(column, column == kindColumn ? QHeaderView::ResizeToContents
                                                                                      : QHeaderView::Stretch);
    EmptyState::over(table_, tr("No variables yet"), tr("Choosing a backbone brings those that its layers need."));
    auto* buttons = new QHBoxLayout;
    const QToolButton* add = tableButton(tr("Add a variable"), *buttons, this);
    remove_ = tableButton(tr("Remove"), *buttons, this);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addWidget(title);
    layout->addWidget(table_, 1);
    layout->addWidget(fault_);
    layout->addLayout(buttons);
    connect(add, &QToolButton::clicked, this, &VariablesTable::add);
    connect(remove_, &QToolButton::clicked, this, &VariablesTable::removeCurrent);
    connect(table_, &QTableWidget::itemChanged, this, &VariablesTable::edited);
    connect(table_, &QTableWidget::currentCellChanged, this,
            [this] { remove_->setEnabled(table_->currentRow() >= 0); });
    remove_->setEnabled(false);
}

void VariablesTable::addRow(const QString& name, bool primary, const QString& value, const QString& uses)
{
    const int row = table_->rowCount();
    table_->insertRow(row);
    setCellText(*table_, row, nameColumn, name);
    setCellText(*table_, row, kindColumn, KindDelegate::text(primary));
    table_->item(row, kindColumn)->setData(primaryRole, primary);
    setCellText(*table_, row, valueColumn, value);
    setCellText(*table_, row, usesColumn, uses);
}

void VariablesTable::add()
{
    {
        const QSignalBlocker quiet(table_);
        addRow({}, false, QStringLiteral("2"), QStringLiteral("1"));
    }
    table_->setCurrentCell(table_->rowCount() - 1, nameColumn);
    table_->setFocus();
    table_->editItem(table_->currentItem()); // counts when it has a name
}

void VariablesTable::removeCurrent()
{
    table_->removeRow(table_->currentRow());
    remove_->setEnabled(table_->currentRow() >= 0);
    Q_EMIT edited();
}

void VariablesTable::load(const Json& document)
{
    const QSignalBlocker quiet(table_);
    table_->setRowCount(0);
    if (const Json* primary = doc::find(document, "primary"); primary && primary->is_object())
        for (const auto& [name, uses] : primary->items())
            addRow(QString::fromStdString(name), true, {}, doc::shown(uses));
    const Json* coefficients = doc::find(document, "coefficient");
    if (!coefficients || !coefficients->is_object())
        return;
    for (const auto& [name, settings] : coefficients->items()) {
        const auto part = [&](const char* key) {
            const Json* value = doc::find(settings, key);
            return value ? doc::shown(*value) : QString();
        };
        addRow(QString::fromStdString(name), false, part("value"), part("uses"));
    }
}

void VariablesTable::store(Json& document) const
{
    Json primary = Json::object(), coefficient = Json::object();
    for (int row = 0; row < table_->rowCount(); ++row) {
        const std::string name = cellText(*table_, row, nameColumn).toStdString();
        const QString value = cellText(*table_, row, valueColumn), uses = cellText(*table_, row, usesColumn);
        if (name.empty())
            continue; // just added
        if (table_->item(row, kindColumn)->data(primaryRole).toBool()) {
            doc::append(primary, name, uses.isEmpty() ? Json(0) : doc::typed(uses));
            continue;
        }
        Json settings = Json::object();
        if (!value.isEmpty())
            settings["value"] = doc::typed(value);
        if (!uses.isEmpty())
            settings["uses"] = doc::typed(uses);
        doc::append(coefficient, name, std::move(settings));
    }
    const auto keep = [&](const char* key, Json all) {
        if (!all.empty() || document.contains(key))
            document[key] = std::move(all);
    };
    keep("primary", std::move(primary));
    keep("coefficient", std::move(coefficient));
}

bool VariablesTable::showFault(const std::string& path, const QString& sentence)
{
    clearFault();
    for (const bool primary : {true, false}) {
        const std::string key = primary ? "primary" : "coefficient";
        if (path != key && !path.starts_with(key + '.'))
            continue;
        fault_->setSentence(sentence);
        for (int row = 0; row < table_->rowCount(); ++row) {
            const std::string whole = key + '.' + cellText(*table_, row, nameColumn).toStdString();
            if (table_->item(row, kindColumn)->data(primaryRole).toBool() != primary)
                continue;
            if (path == whole || path.starts_with(whole + '.')) {
                faultRow_ = row; // the last of several: the reader means the one that repeats
                faultColumn_ = path == whole + ".value"                                               ? valueColumn
                               : path == whole + ".uses" || (primary && !sentence.contains(u"twice")) ? usesColumn
                                                                                                      : nameColumn;
            }
        }
        markCell(*table_, faultRow_, faultColumn_, sentence);
        return true;
    }
    return false;
}

void VariablesTable::clearFault()
{
    fault_->setSentence({});
    markCell(*table_, faultRow_, faultColumn_, {});
    faultRow_ = -1;
}

void VariablesTable::focusFault()
{
    table_->setFocus(Qt::ShortcutFocusReason);
    if (faultRow_ >= 0)
        table_->setCurrentCell(faultRow_, faultColumn_);
}

} // namespace synoscope
