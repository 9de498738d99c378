#include "widgets/problem/shapes_panel.h"

#include "widgets/common/format.h"
#include "widgets/problem/fault_label.h"
#include "widgets/problem/field_rows.h"
#include "widgets/problem/layers_table.h"
#include "widgets/problem/problem_fields.h"
#include "widgets/problem/variables_table.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QRegularExpression>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

namespace synoscope {

namespace {

namespace doc = problemDocument;
using Json = doc::Json;

const QString fromFile = QStringLiteral("?"); // the entry that asks for a description file

// What goes with a backbone as long as nothing else was said: a convolution in images, a linear layer of tokens.
Json proposal(bool sequence)
{
    return Json::parse(sequence ? R"({
        "input": ["N", "L", "D_in:unordered"], "output": ["N", "L", "D_out:unordered"], "fixed": [["N", "N"]],
        "primary": {"D_in": 2, "D_out": 2, "L": 0},
        "coefficient": {"k": {"value": 3, "uses": 2}, "s": {"value": 2, "uses": 2}, "g": {"value": 8, "uses": 3}}})"
                                : R"({
        "input": ["N", "C_in:unordered", "H", "H"], "output": ["N", "C_out:unordered", "H", "H"], "fixed": [["N", "N"]],
        "interchangeable": [["H", "H"]], "primary": {"C_in": 2, "C_out": 4, "H": 0},
        "coefficient": {"k": {"value": 3, "uses": 3}, "s": {"value": 2, "uses": 2}, "g": {"value": 8, "uses": 3}}})");
}

bool saysNothing(const Json& document, const char* key)
{
    const auto found = document.find(key);
    return found == document.end() || found->empty();
}

} // namespace

ShapesPanel::ShapesPanel(std::vector<BackboneChoice> backbones, const Json& defaults, QWidget* parent)
    : QWidget(parent), backbones_(std::move(backbones)), backbone_(new QComboBox(this)), about_(new QLabel(this)),
      backboneFault_(new FaultLabel(this)), fields_(new FieldRows(shapeFields(), defaults, this)),
      variables_(new VariablesTable(this)), layers_(new LayersTable(this))
{
    backbone_->setAccessibleName(tr("Backbone"));
    backbone_->setObjectName(QStringLiteral("backbone"));
    backbone_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    backbone_->setMinimumContentsLength(24);
    about_->setForegroundRole(QPalette::PlaceholderText);
    about_->setWordWrap(true);
    fields_->layout()->setContentsMargins(0, 0, 0, 0);
    fields_->insertFirst(tr("&Backbone"), backbone_, about_);

    auto* tables = new QSplitter(Qt::Horizontal, this);
    tables->addWidget(variables_);
    tables->addWidget(layers_);
    tables->setStretchFactor(0, 1);
    tables->setStretchFactor(1, 2);
    tables->setSizes({300, 600});
    tables->setChildrenCollapsible(false);
    tables->setHandleWidth(12);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(fields_);
    layout->addWidget(backboneFault_);
    layout->addWidget(tables, 1);

    connect(backbone_, &QComboBox::activated, this, &ShapesPanel::chooseBackbone);
    connect(fields_, &FieldRows::edited, this, [this] {
        showVariables();
        Q_EMIT edited();
    });
    connect(variables_, &VariablesTable::edited, this, [this] {
        showVariables();
        Q_EMIT edited();
    });
    connect(layers_, &LayersTable::edited, this, &ShapesPanel::edited);
    fillBackbones();
    showBackbone();
}

void ShapesPanel::fillBackbones()
{
    const QSignalBlocker quiet(backbone_);
    backbone_->clear();
    backbone_->addItem(tr("None: the layers are typed below"));
    for (const BackboneChoice& choice : backbones_) {
        backbone_->addItem(choice.title, choice.key);
        //: %1: parameters, %2: FLOPs
        backbone_->setItemData(
            backbone_->count() - 1,
            tr("%1 parameters, %2").arg(format::quantity(choice.parameters), format::flops(choice.flops)),
            Qt::ToolTipRole);
    }
    if (!current_.is_null() && !chosen()) {
        const QString path = current_.is_string() ? doc::shown(current_) : QString();
        backbone_->addItem(path.isEmpty() ? tr("As described in the problem")
                                          : tr("As described in “%1”").arg(QFileInfo(path).fileName()),
                           path);
    }
    backbone_->addItem(tr("From a description file…"), fromFile);
    if (const BackboneChoice* choice = chosen())
        backbone_->setCurrentIndex(backbone_->findData(choice->key));
    else
        backbone_->setCurrentIndex(current_.is_null() ? 0 : backbone_->count() - 2);
}

const BackboneChoice* ShapesPanel::chosen() const
{
    for (const BackboneChoice& choice : backbones_)
        if (current_.is_string() && doc::shown(current_) == choice.key)
            return &choice;
    return nullptr;
}

void ShapesPanel::chooseBackbone(int index)
{
    const QString key = backbone_->itemData(index).toString();
    if (key == fromFile)
        return chooseDescription();
    if (index == backbone_->findText(tr("As described in the problem")))
        return; // as it is
    Json document = document_;
    store(document);
    for (const char* foreign : {"image", "batch"}) // they were about another one
        document.erase(foreign);
    current_ = index == 0 ? Json() : Json(key.toStdString());
    if (index == 0) {
        document.erase("backbone");
        if (!document.contains("bindings")) // they go on from what the backbone had
            document["bindings"] = layers_->figuresAsBindings();
    } else {
        document["backbone"] = current_;
        document.erase("bindings");
        const BackboneChoice* choice = chosen();
        const bool sequence = choice && choice->sequence;
        const Json wanted = proposal(sequence);
        // Shapes for images make no sense for text, and the other way round.
        const bool foreign =
            doc::find(document, "input") && document["input"].size() != wanted["input"].size() && choice;
        for (const auto& [name, value] : wanted.items())
            if (foreign || saysNothing(document, name.c_str()))
                document[name] = value;
        if (foreign && !wanted.contains("interchangeable"))
            document.erase("interchangeable");
    }
    Q_EMIT proposed(document);
}

void ShapesPanel::chooseDescription()
{
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Choose a description of a backbone"), {}, tr("Backbones (*.json)"));
    if (file.isEmpty())
        return fillBackbones();
    Json document = document_;
    store(document);
    for (const char* foreign : {"image", "batch", "bindings"})
        document.erase(foreign);
    current_ = file.toStdString();
    document["backbone"] = current_;
    Q_EMIT proposed(document);
}

void ShapesPanel::showBackbone()
{
    const BackboneChoice* choice = chosen();
    const bool has = !current_.is_null();
    for (const char* path : {"image", "batch"})
        fields_->setRowVisible(path, has);
    fields_->setDefault("image", choice ? QString::number(choice->image) : QString());
    layers_->setHasBackbone(has);
    if (choice)
        //: %1: number of places for the operator, %2: share of all FLOPs, %3: parameters, %4: FLOPs
        about_->setText(tr("%1 places for the operator, with %2 of the FLOPs; in all %3 parameters, %4")
                            .arg(QString::number(choice->slots),
                                 format::percent(choice->flops > 0 ? choice->slotFlops / choice->flops : 0, 0),
                                 format::quantity(choice->parameters), format::flops(choice->flops)));
    else
        about_->setText(
            has ? tr("A description of the layers of a network")
                : tr("The network that is to be trained with the operator in it; without one nothing is trained"));
}

void ShapesPanel::showVariables()
{
    Json document = document_;
    variables_->store(document);
    fields_->store(document);
    QStringList names;
    const auto add = [&](const QString& name) {
        if (!names.contains(name))
            names << name;
    };
    if (const Json* primary = doc::find(document, "primary"); primary && primary->is_object())
        for (const auto& [name, uses] : primary->items())
            add(QString::fromStdString(name));
    static const QRegularExpression identifier(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    for (const char* shape : {"output", "input"})
        if (const Json* axes = doc::find(document, shape); axes && axes->is_array())
            for (const Json& axis : *axes)
                if (const QString name = doc::shown(axis).section(u':', 0, 0);
                    identifier.match(name).hasMatch() && !doc::find(document, "coefficient." + name.toStdString()))
                    add(name);
    layers_->setVariables(names);
}

void ShapesPanel::load(const Json& document)
{
    document_ = document;
    const Json* backbone = doc::find(document, "backbone");
    current_ = backbone ? *backbone : Json();
    fillBackbones();
    fields_->load(document);
    variables_->load(document);
    layers_->load(document);
    showBackbone();
    showVariables();
}

void ShapesPanel::store(Json& document) const
{
    fields_->store(document);
    variables_->store(document);
    layers_->store(document);
}

void ShapesPanel::showFigures(const std::vector<LayerFigures>& layers, double flops)
{
    layers_->showFigures(layers, flops);
}

bool ShapesPanel::showFault(const std::string& path, const QString& sentence)
{
    clearFault();
    if (path == "backbone" || path.starts_with("backbone.")) {
        backboneFault_->setSentence(sentence);
        return true;
    }
    return fields_->showFault(path, sentence) || variables_->showFault(path, sentence) ||
           layers_->showFault(path, sentence);
}

void ShapesPanel::clearFault()
{
    backboneFault_->setSentence({});
    fields_->clearFault();
    variables_->clearFault();
    layers_->clearFault();
}

void ShapesPanel::focusFault()
{
    if (!backboneFault_->text().isEmpty())
        return backbone_->setFocus(Qt::ShortcutFocusReason);
    fields_->focusFault();
    if (!variables_->findChild<FaultLabel*>()->text().isEmpty())
        variables_->focusFault();
    if (!layers_->findChild<FaultLabel*>()->text().isEmpty())
        layers_->focusFault();
}

} // namespace synoscope
