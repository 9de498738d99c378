// The layers in which the operator is to stand: those of the backbone with their figures, or typed, a row each.
#pragma once

#include "widgets/common/table_model.h"
#include "widgets/problem/problem_document.h"
#include "widgets/problem/problem_values.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QStackedWidget;
class QTableView;
class QTableWidget;
class QToolButton;

namespace synoscope {

class FaultLabel;

class LayersTable final : public QWidget
{
    Q_OBJECT

public:
    using Json = problemDocument::Json;

    explicit LayersTable(QWidget* parent = nullptr);

    void load(const Json& document);
    void store(Json& document) const;
    void setHasBackbone(bool has);
    // The columns of typed layers: what the layers name already, then these.
    void setVariables(const QStringList& names);
    void showFigures(const std::vector<LayerFigures>& layers, double flops);
    Json figuresAsBindings() const; // what showFigures was told, as typed layers
    bool showFault(const std::string& path, const QString& sentence);
    void clearFault();
    void focusFault();

    QTableView* figures() const { return figures_; }
    QTableWidget* typedTable() const { return typed_; }
    QCheckBox* fromBackbone() const { return fromBackbone_; }

Q_SIGNALS:
    void edited();

private:
    struct Line
    {
        int number = 0;
        LayerFigures layer;
    };

    void buildFigures();
    void takeOrType();
    void typeFigures();
    void showPage();
    int columnOf(const QString& variable);
    void addRow();
    void removeCurrent();

    QLabel* sum_;
    QCheckBox* fromBackbone_;
    QStackedWidget* pages_;
    QTableView* figures_;
    TableModel<Line>* model_;
    QTableWidget* typed_;
    QWidget* typedPage_;
    QToolButton* add_ = nullptr;
    QToolButton* remove_ = nullptr;
    FaultLabel* fault_;
    int faultRow_ = -1;
    int faultColumn_ = 0;
    bool hasBackbone_ = false;
};

} // namespace synoscope
