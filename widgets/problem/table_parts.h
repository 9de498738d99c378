// What the editor's tables have in common: a table to type into that the Tab key leaves, and buttons below it.
#pragma once

#include <QTableWidget>

class QHBoxLayout;
class QToolButton;

namespace synoscope {

QTableWidget* editableTable(const QString& name, QWidget* parent);
QToolButton* tableButton(const QString& text, QHBoxLayout& row, QWidget* parent);
void setCompact(QTableView& table); // rows no taller than their text needs
QString cellText(const QTableWidget& table, int row, int column);
void setCellText(QTableWidget& table, int row, int column, const QString& text);
// Marks a cell as wrong: a sign, and the sentence as its tool tip; an empty sentence takes both away.
void markCell(QTableWidget& table, int row, int column, const QString& sentence);

} // namespace synoscope
