#include "widgets/problem/table_parts.h"

#include "widgets/common/icons.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QToolButton>

namespace synoscope {

QTableWidget* editableTable(const QString& name, QWidget* parent)
{
    auto* table = new QTableWidget(parent);
    table->setAccessibleName(name);
    table->setTabKeyNavigation(false);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                           QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    setCompact(*table);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return table;
}

void setCompact(QTableView& table)
{
    constexpr int padding = 8;
    table.verticalHeader()->hide();
    table.verticalHeader()->setMinimumSectionSize(table.fontMetrics().height());
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + padding);
    table.horizontalHeader()->setHighlightSections(false);
}

QToolButton* tableButton(const QString& text, QHBoxLayout& row, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setFocusPolicy(Qt::StrongFocus);
    row.addWidget(button);
    return button;
}

QString cellText(const QTableWidget& table, int row, int column)
{
    const QTableWidgetItem* item = table.item(row, column);
    return item ? item->text().trimmed() : QString();
}

void setCellText(QTableWidget& table, int row, int column, const QString& text)
{
    if (QTableWidgetItem* item = table.item(row, column))
        item->setText(text);
    else
        table.setItem(row, column, new QTableWidgetItem(text));
}

void markCell(QTableWidget& table, int row, int column, const QString& sentence)
{
    QTableWidgetItem* item = table.item(row, column);
    if (!item)
        return;
    const QSignalBlocker quiet(&table); // the item did not change for anybody else
    item->setIcon(sentence.isEmpty() ? QIcon() : icon(QStringLiteral("warning")));
    item->setToolTip(sentence);
    item->setData(Qt::AccessibleDescriptionRole, sentence);
    table.viewport()->update();
}

} // namespace synoscope
