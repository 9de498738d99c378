// The variables of a problem: primary ones get their numbers from the layers, coefficients have one value.
#pragma once

#include "widgets/problem/problem_document.h"

#include <QWidget>

class QTableWidget;
class QToolButton;

namespace synoscope {

class FaultLabel;

class VariablesTable final : public QWidget
{
    Q_OBJECT

public:
    using Json = problemDocument::Json;

    explicit VariablesTable(QWidget* parent = nullptr);

    void load(const Json& document);
    void store(Json& document) const;
    bool showFault(const std::string& path, const QString& sentence);
    void clearFault();
    void focusFault();

    QTableWidget* table() const { return table_; }

Q_SIGNALS:
    void edited();

private:
    void addRow(const QString& name, bool primary, const QString& value, const QString& uses);
    void add();
    void removeCurrent();

    QTableWidget* table_;
    QToolButton* remove_;
    FaultLabel* fault_;
    int faultRow_ = -1;
    int faultColumn_ = 0;
};

} // namespace synoscope
