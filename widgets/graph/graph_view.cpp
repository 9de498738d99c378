#include "widgets/graph/graph_view.h"

#include "core/graph/difference.h"
#include "widgets/common/icons.h"
#include "widgets/common/picture.h"
#include "widgets/common/theme.h"
#include "widgets/graph/comparison_legend.h"
#include "widgets/graph/graph_canvas.h"
#include "widgets/graph/graph_replay.h"

#include <QAction>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPointer>
#include <QThreadPool>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace synoscope {

namespace {

// Whether the two mean the same layer: their primary variables have the same numbers.
bool sameLayer(const PGraph& first, const PGraph& second, int binding)
{
    const auto numbers = [binding](const PGraph& graph) {
        std::vector<std::pair<std::string, std::int64_t>> numbers;
        const Binding& values = graph.bindings()[static_cast<std::size_t>(binding)];
        const auto variables = graph.variables().all();
        for (std::size_t i = 0; i < variables.size(); ++i)
            if (variables[i].kind == VariableKind::primary)
                numbers.emplace_back(variables[i].name, values[VariableId{static_cast<std::uint8_t>(i)}]);
        std::sort(numbers.begin(), numbers.end());
        return numbers;
    };
    return numbers(first) == numbers(second);
}

} // namespace

GraphView::GraphView(QWidget* parent)
    : QWidget(parent), canvas_(new GraphCanvas(this)), replay_(new GraphReplay(this)),
      legend_(new ComparisonLegend(this)), info_(new QLabel(this))
{
    info_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    info_->setContentsMargins(8, 3, 8, 3);
    info_->setTextFormat(Qt::PlainText);
    info_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // a long expression must not widen the window
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(makeToolBar());
    layout->addWidget(canvas_, 1);
    layout->addWidget(replay_);
    layout->addWidget(legend_);
    layout->addWidget(info_);
    setFocusProxy(canvas_);
    connect(canvas_, &GraphCanvas::dimensionLit, this, &GraphView::showInfo);
    connect(replay_, &GraphReplay::stepChanged, this, &GraphView::showStep);
    clear();
}

GraphView::~GraphView() = default;

// A row, not a tool bar: in a narrow dock the list of sizes gives way, and every button stays.
QHBoxLayout* GraphView::makeToolBar()
{
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 4, 4, 4);
    bar->setSpacing(2);
    bindings_ = new QComboBox(this);
    bindings_->setAccessibleName(tr("Sizes"));
    bindings_->setToolTip(tr("Sizes as symbols, or as the numbers of one layer"));
    bindings_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    bindings_->setMinimumContentsLength(3);
    bar->addWidget(bindings_, 1);
    connect(bindings_, &QComboBox::currentIndexChanged, this, [this](int index) { canvas_->setBinding(index - 1); });
    const auto add = [&](const QIcon& sign, const QString& text, auto&& what) {
        auto* action = new QAction(sign, text, this);
        connect(action, &QAction::triggered, this, what);
        actions_ += action;
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        bar->addWidget(button);
        return action;
    };
    add(icon(QStringLiteral("zoom-fit")), tr("Fit the graph; once more: all of it, however small (0)"),
        [this] { canvas_->toggleWhole(); });
    add(icon(QStringLiteral("zoom-in")), tr("Zoom in (+)"), [this] { canvas_->zoomBy(1.3); });
    add(icon(QStringLiteral("zoom-out")), tr("Zoom out (-)"), [this] { canvas_->zoomBy(1 / 1.3); });
    save_ = add(icon(QStringLiteral("export")), tr("Save as picture..."), [this] { askAndSave(); });
    actions_ += replay_->viewActions();
    return bar;
}

void GraphView::clear()
{
    setMessage(tr("No operator is selected"),
               tr("Select a candidate, or open a .pgraph file, to see how its dimensions flow from input to output."));
}

void GraphView::setMessage(const QString& sentence, const QString& hint)
{
    ++epoch_;
    canvas_->setMessage(sentence, hint);
    names_.clear();
    setGraphs({});
}

void GraphView::setGraph(const PGraph& graph)
{
    const int before = binding();
    canvas_->setMessage(tr("Laying out the graph..."), QString());
    names_.clear();
    setGraphs({std::make_shared<DimensionGraph>(graph)});
    setBinding(before);
    startLayout();
}

void GraphView::compare(const PGraph& first, const QString& firstName, const PGraph& second, const QString& secondName)
{
    const int before = binding();
    canvas_->setMessage(tr("Laying out the graphs..."), QString());
    names_ = {firstName, secondName};
    setGraphs({std::make_shared<DimensionGraph>(first), std::make_shared<DimensionGraph>(second)});
    setBinding(before);
    startLayout();
}

// All but the layout: what is derived from the graphs, and the controls that go with them.
void GraphView::setGraphs(std::vector<std::shared_ptr<const DimensionGraph>> graphs)
{
    canvas_->setSheet(nullptr);
    graphs_ = std::move(graphs);
    difference_.reset();
    if (isComparison()) {
        difference_ = std::make_unique<GraphDifference>(difference(graphs_[0]->graph(), graphs_[1]->graph()));
        legend_->setDifference(*difference_);
    }
    const bool single = graphs_.size() == 1;
    steps_ = single ? constructionSteps(graphs_[0]->graph()) : std::vector<ConstructionStep>();
    QStringList words;
    for (const ConstructionStep& step : steps_)
        words += graphs_[0]->stepText(step);
    replay_->setSteps(words);
    replay_->setVisible(single);
    legend_->setVisible(isComparison());
    fillBindings();
    save_->setEnabled(false);
    showInfo();
}

// Of two graphs, the layers that both have.
void GraphView::fillBindings()
{
    const QSignalBlocker quiet(bindings_);
    bindings_->clear();
    bindings_->addItem(tr("Symbolic sizes"));
    std::size_t count = graphs_.empty() ? 0 : graphs_[0]->graph().bindings().size();
    if (isComparison())
        count = std::min(count, graphs_[1]->graph().bindings().size());
    for (int i = 0; i < static_cast<int>(count); ++i) {
        if (isComparison() && !sameLayer(graphs_[0]->graph(), graphs_[1]->graph(), i))
            break;
        bindings_->addItem(graphs_[0]->bindingText(i));
    }
    bindings_->setEnabled(bindings_->count() > 1);
    canvas_->setBinding(-1);
}

void GraphView::showInfo()
{
    const GraphSheet::Spot spot = canvas_->litSpot();
    info_->setToolTip({});
    if (!canvas_->sheet() || !spot.valid())
        return info_->setText(graphs_.empty() ? QString() : tr("Point at a line or an axis to see its coordinate."));
    const QString sentence = canvas_->sheet()->graph(spot).sentence(spot.dimension, binding());
    //: what a dimension is, in a comparison: %1 its operator, A or B
    info_->setText(isComparison() ? tr("%1: %2").arg(spot.panel == 0 ? tr("A") : tr("B"), sentence) : sentence);
    info_->setToolTip(info_->text());
}

void GraphView::showStep()
{
    if (graphs_.size() == 1)
        canvas_->setMarks(0, replayMarks(*graphs_[0], steps_, replay_->step()));
}

int GraphView::binding() const
{
    return bindings_->currentIndex() - 1;
}

void GraphView::setBinding(int binding)
{
    if (binding >= -1 && binding + 1 < bindings_->count())
        bindings_->setCurrentIndex(binding + 1);
}

// The requests are measured here (fonts belong to this thread); the answer comes back by a queued call to the
// application, which outlives every view, and only there it is looked whether the view still lives and still wants it.
void GraphView::startLayout()
{
    const quint64 epoch = ++epoch_;
    std::vector<LayoutRequest> requests;
    for (const auto& graph : graphs_)
        requests.push_back(layoutRequest(*graph, font()));
    QThreadPool::globalInstance()->start([view = QPointer<GraphView>(this), epoch, requests = std::move(requests)] {
        auto results = std::make_shared<std::vector<Expected<LayoutResult>>>();
        for (const LayoutRequest& request : requests)
            results->push_back(layOut(request));
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [view, epoch, requests, results] {
                if (view)
                    view->takeLayout(epoch, requests, std::move(*results));
            },
            Qt::QueuedConnection);
    });
}

void GraphView::takeLayout(quint64 epoch, const std::vector<LayoutRequest>& requests,
                           std::vector<Expected<LayoutResult>> results)
{
    if (epoch != epoch_ || graphs_.empty())
        return; // stale
    std::vector<GraphSheet::Panel> panels;
    for (std::size_t i = 0; i < graphs_.size(); ++i) {
        if (!results[i]) {
            const QString sentence = QString::fromStdString(results[i].error().text());
            setMessage(tr("The graph cannot be shown"), sentence);
            Q_EMIT layoutFailed(sentence);
            return;
        }
        panels.push_back(
            {graphs_[i], std::make_unique<GraphPicture>(*graphs_[i], requests[i], *std::move(results[i]), font())});
        if (!isComparison())
            continue;
        const bool first = i == 0;
        panels[i].sign = first ? Mark::onlyFirst : Mark::onlySecond;
        panels[i].marks =
            differenceMarks(*graphs_[i], first ? difference_->onlyFirst : difference_->onlySecond, panels[i].sign);
        //: the heading of one of two compared operators: %1 is its name
        panels[i].title = first ? tr("A: %1").arg(names_[0]) : tr("B: %1").arg(names_[1]);
    }
    canvas_->setSheet(std::make_unique<GraphSheet>(std::move(panels), font()));
    if (isComparison())
        canvas_->setAccessibleDescription(
            tr("%1: %2. Arrow keys move between dimensions.").arg(title(), legend_->text()));
    showStep();
    save_->setEnabled(true);
    Q_EMIT laidOut();
}

QString GraphView::title() const
{
    //: of a picture of two operators
    return isComparison() ? tr("%1 and %2").arg(names_[0], names_[1])
                          : QString::fromStdString(graphs_[0]->graph().name());
}

bool GraphView::hasPicture() const
{
    return canvas_->picture() != nullptr;
}

void GraphView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && !graphs_.empty())
        startLayout();
}

// Keys that the canvas has no use for.
void GraphView::keyPressEvent(QKeyEvent* event)
{
    const bool alt = event->modifiers().testFlag(Qt::AltModifier);
    const int key = event->key();
    const bool back = key == Qt::Key_BracketLeft || (alt && key == Qt::Key_Left);
    const bool forward = key == Qt::Key_BracketRight || (alt && key == Qt::Key_Right);
    if ((back || forward) && replay_->last() > 0)
        replay_->stepBy(forward ? 1 : -1);
    else
        QWidget::keyPressEvent(event);
}

Expected<void> GraphView::savePicture(const QString& file) const
{
    if (!hasPicture())
        return Error{tr("There is no graph to save.").toStdString()};
    const double margin = 12;
    const GraphSheet& sheet = *canvas_->sheet();
    const double width =
        isComparison() ? std::max<double>(sheet.size().width(), legend_->sizeHint().width()) : sheet.size().width();
    const double legend = isComparison() ? legend_->paint(nullptr, Colors::light(), width) + margin : 0;
    const QSizeF size(width + 2 * margin, sheet.size().height() + legend + 2 * margin);
    return synoscope::savePicture(file, size, title(), [&](QPainter& painter) {
        painter.fillRect(QRectF(QPointF(), size), Colors::light().canvas);
        painter.translate(margin, margin);
        sheet.paint(painter, Colors::light(), {.binding = binding()});
        painter.translate(0, sheet.size().height() + margin);
        if (isComparison())
            legend_->paint(&painter, Colors::light(), width);
    });
}

void GraphView::askAndSave()
{
    QStringList names;
    for (const auto& graph : graphs_)
        names += QString::fromStdString(graph->graph().name());
    const QString name = names.join(QLatin1Char('-')) + QStringLiteral(".svg");
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the graph as a picture"), name, pictureFilters());
    if (file.isEmpty())
        return;
    if (const auto saved = savePicture(file); saved)
        Q_EMIT pictureSaved(file);
    else
        Q_EMIT savingFailed(QString::fromStdString(saved.error().text()));
}

} // namespace synoscope
