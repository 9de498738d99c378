#include "widgets/problem/layers_table.h"

#include "widgets/common/empty_state.h"
#include "widgets/common/format.h"
#include "widgets/problem/fault_label.h"
#include "widgets/problem/table_parts.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>

namespace synoscope {

namespace {

namespace doc = problemDocument;
using Json = doc::Json;

QString sizesText(const LayerFigures& layer)
{
    QStringList parts;
    for (const auto& [name, number] : layer.sizes)
        parts << name + u' ' + QString::number(number);
    return parts.join(QStringLiteral(", "));
}

} // namespace

LayersTable::LayersTable(QWidget* parent)
    : QWidget(parent), sum_(new QLabel(tr("&Layers"), this)),
      fromBackbone_(new QCheckBox(tr("As the &backbone has them"), this)), pages_(new QStackedWidget(this)),
      figures_(new QTableView(this)), typed_(editableTable(tr("Layers and their sizes"), this)),
      typedPage_(new QWidget(this)), fault_(new FaultLabel(this))
{
    buildFigures();
    auto* buttons = new QHBoxLayout;
    add_ = tableButton(tr("Add a layer"), *buttons, typedPage_);
    remove_ = tableButton(tr("Remove"), *buttons, typedPage_);
    buttons->addStretch(1);
    auto* page = new QVBoxLayout(typedPage_);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(3);
    page->addWidget(typed_, 1);
    page->addLayout(buttons);
    EmptyState::over(typed_, tr("No layers yet"),
                     tr("Each row gives the variables their numbers, for one layer of the network."));
    pages_->addWidget(figures_);
    pages_->addWidget(typedPage_);
    auto* top = new QHBoxLayout;
    top->addWidget(sum_, 1);
    top->addWidget(fromBackbone_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addLayout(top);
    layout->addWidget(pages_, 1);
    layout->addWidget(fault_);
    connect(add_, &QToolButton::clicked, this, &LayersTable::addRow);
    connect(remove_, &QToolButton::clicked, this, &LayersTable::removeCurrent);
    connect(typed_, &QTableWidget::itemChanged, this, &LayersTable::edited);
    connect(typed_, &QTableWidget::currentCellChanged, this,
            [this] { remove_->setEnabled(typed_->currentRow() >= 0); });
    remove_->setEnabled(false);
    connect(fromBackbone_, &QCheckBox::toggled, this, &LayersTable::takeOrType);
    fromBackbone_->setToolTip(tr("Otherwise the numbers of each layer are typed here"));
    showPage();
}

void LayersTable::buildFigures()
{
    const Qt::Alignment right = Qt::AlignRight | Qt::AlignVCenter;
    model_ = new TableModel<Line>(
        {{tr("Layer"), [](const Line& line) { return line.number; }},
         {tr("Sizes"), [](const Line& line) { return sizesText(line.layer); }},
         {tr("Count"), [](const Line& line) { return line.layer.count; }, {}, {}, {}, right},
         {tr("FLOPs"),
          [](const Line& line) { return format::flops(line.layer.flops); },
          {},
          [](const Line&) { return tr("Of the backbone's own operators there, all of them together"); },
          {},
          right},
         {tr("Input"), [](const Line& line) { return line.layer.input; }},
         {tr("Output"), [](const Line& line) { return line.layer.output; }}},
        [](const Line& line) { return static_cast<quint64>(line.number); }, this);
    figures_->setModel(model_);
    figures_->setAccessibleName(tr("Layers that take the operator"));
    figures_->setTabKeyNavigation(false);
    figures_->setSelectionBehavior(QAbstractItemView::SelectRows);
    figures_->setSelectionMode(QAbstractItemView::SingleSelection);
    setCompact(*figures_);
    figures_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    figures_->horizontalHeader()->setStretchLastSection(true);
    EmptyState::over(figures_, tr("No layers yet"), tr("They are shown when the shapes fit to the backbone."));
}

void LayersTable::setHasBackbone(bool has)
{
    hasBackbone_ = has;
    showPage();
}

void LayersTable::showPage()
{
    fromBackbone_->setVisible(hasBackbone_);
    const bool typed = !hasBackbone_ || !fromBackbone_->isChecked();
    pages_->setCurrentWidget(typed ? typedPage_ : static_cast<QWidget*>(figures_));
    sum_->setBuddy(typed ? static_cast<QWidget*>(typed_) : figures_);
}

// Who leaves the backbone's layers begins with their numbers.
void LayersTable::takeOrType()
{
    if (!fromBackbone_->isChecked() && typed_->rowCount() == 0)
        typeFigures();
    showPage();
    Q_EMIT edited();
}

Json LayersTable::figuresAsBindings() const
{
    Json bindings = Json::array();
    for (const Line& line : model_->rows())
        for (int i = 0; i < line.layer.count; ++i) {
            Json binding = Json::object();
            for (const auto& [name, number] : line.layer.sizes)
                binding[name.toStdString()] = number;
            bindings.push_back(std::move(binding));
        }
    return bindings;
}

void LayersTable::typeFigures()
{
    const QSignalBlocker quiet(typed_);
    for (const Line& line : model_->rows())
        for (int i = 0; i < line.layer.count; ++i) {
            const int row = typed_->rowCount();
            typed_->insertRow(row);
            for (const auto& [name, number] : line.layer.sizes)
                setCellText(*typed_, row, columnOf(name), QString::number(number));
        }
}

int LayersTable::columnOf(const QString& variable)
{
    for (int column = 0; column < typed_->columnCount(); ++column)
        if (typed_->horizontalHeaderItem(column)->text() == variable)
            return column;
    const int column = typed_->columnCount();
    typed_->insertColumn(column);
    typed_->setHorizontalHeaderItem(column, new QTableWidgetItem(variable));
    return column;
}

void LayersTable::setVariables(const QStringList& names)
{
    const QSignalBlocker quiet(typed_);
    for (const QString& name : names)
        (void)columnOf(name);
    // A column that nothing is in goes with its variable.
    for (int column = typed_->columnCount() - 1; column >= 0; --column) {
        bool used = names.contains(typed_->horizontalHeaderItem(column)->text());
        for (int row = 0; row < typed_->rowCount() && !used; ++row)
            used = !cellText(*typed_, row, column).isEmpty();
        if (!used)
            typed_->removeColumn(column);
    }
}

void LayersTable::addRow()
{
    const int row = typed_->rowCount();
    const QSignalBlocker quiet(typed_);
    typed_->insertRow(row);
    for (int column = 0; column < typed_->columnCount(); ++column) // mostly like the one before
        setCellText(*typed_, row, column, row > 0 ? cellText(*typed_, row - 1, column) : QString());
    typed_->setCurrentCell(row, 0);
    typed_->setFocus();
    Q_EMIT edited();
}

void LayersTable::removeCurrent()
{
    if (typed_->currentRow() < 0)
        return;
    typed_->removeRow(typed_->currentRow());
    Q_EMIT edited();
}

void LayersTable::load(const Json& document)
{
    const QSignalBlocker quiet(typed_), quietToo(fromBackbone_);
    typed_->setRowCount(0);
    typed_->setColumnCount(0);
    const Json* bindings = doc::find(document, "bindings");
    fromBackbone_->setChecked(bindings == nullptr);
    if (bindings && bindings->is_array())
        for (const Json& binding : *bindings) {
            const int row = typed_->rowCount();
            typed_->insertRow(row);
            if (binding.is_object())
                for (const auto& [name, number] : binding.items())
                    setCellText(*typed_, row, columnOf(QString::fromStdString(name)), doc::shown(number));
        }
    showPage();
}

void LayersTable::store(Json& document) const
{
    if (hasBackbone_ && fromBackbone_->isChecked()) {
        document.erase("bindings");
        return;
    }
    Json bindings = Json::array();
    for (int row = 0; row < typed_->rowCount(); ++row) {
        Json binding = Json::object();
        for (int column = 0; column < typed_->columnCount(); ++column)
            if (const QString number = cellText(*typed_, row, column); !number.isEmpty())
                binding[typed_->horizontalHeaderItem(column)->text().toStdString()] = doc::typed(number);
        bindings.push_back(std::move(binding));
    }
    document["bindings"] = std::move(bindings);
}

void LayersTable::showFigures(const std::vector<LayerFigures>& layers, double flops)
{
    std::vector<Line> lines;
    int count = 0;
    for (const LayerFigures& layer : layers) {
        lines.push_back({static_cast<int>(lines.size()) + 1, layer});
        count += layer.count;
    }
    model_->setRows(std::move(lines));
    sum_->setText(layers.empty()
                      ? tr("&Layers")
                      //: %1, %2: numbers of layers, %3: such as "231 MFLOP"
                      : tr("&Layers: %1, of which %2 are distinct; %3")
                            .arg(QString::number(count), QString::number(layers.size()), format::flops(flops)));
}

bool LayersTable::showFault(const std::string& path, const QString& sentence)
{
    clearFault();
    if (!path.starts_with("bindings"))
        return false;
    fault_->setSentence(sentence);
    const std::size_t open = path.find('['), dot = path.find('.');
    if (open == std::string::npos)
        return true;
    faultRow_ = std::atoi(path.c_str() + open + 1);
    faultColumn_ = 0;
    if (dot != std::string::npos)
        for (int column = 0; column < typed_->columnCount(); ++column)
            if (typed_->horizontalHeaderItem(column)->text().toStdString() == path.substr(dot + 1))
                faultColumn_ = column;
    markCell(*typed_, faultRow_, faultColumn_, sentence);
    return true;
}

void LayersTable::clearFault()
{
    fault_->setSentence({});
    markCell(*typed_, faultRow_, faultColumn_, {});
    faultRow_ = -1;
}

void LayersTable::focusFault()
{
    typed_->setFocus(Qt::ShortcutFocusReason);
    if (faultRow_ >= 0)
        typed_->setCurrentCell(faultRow_, faultColumn_);
}

} // namespace synoscope
