// What is looked for: the backbone, the operator's shapes, their variables, and the layers that give these numbers.
#pragma once

#include "widgets/problem/problem_document.h"
#include "widgets/problem/problem_values.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace synoscope {

class FaultLabel;
class FieldRows;
class LayersTable;
class VariablesTable;

class ShapesPanel final : public QWidget
{
    Q_OBJECT

public:
    using Json = problemDocument::Json;

    ShapesPanel(std::vector<BackboneChoice> backbones, const Json& defaults, QWidget* parent = nullptr);

    void load(const Json& document);
    void store(Json& document) const;
    void showFigures(const std::vector<LayerFigures>& layers, double flops);
    bool showFault(const std::string& path, const QString& sentence);
    void clearFault();
    void focusFault();

    QComboBox* backboneBox() const { return backbone_; }
    FieldRows* fields() const { return fields_; }
    VariablesTable* variables() const { return variables_; }
    LayersTable* layers() const { return layers_; }

Q_SIGNALS:
    void edited();
    // A backbone was chosen: what goes with it replaces the whole document.
    void proposed(const nlohmann::ordered_json& document);

private:
    void fillBackbones();
    void chooseBackbone(int index);
    void chooseDescription();
    void showBackbone();
    void showVariables();
    const BackboneChoice* chosen() const;

    std::vector<BackboneChoice> backbones_;
    QComboBox* backbone_;
    QLabel* about_;
    FaultLabel* backboneFault_;
    FieldRows* fields_;
    VariablesTable* variables_;
    LayersTable* layers_;
    Json document_; // as it was loaded
    Json current_;  // the backbone: a name, a path, a description; null for none
};

} // namespace synoscope
