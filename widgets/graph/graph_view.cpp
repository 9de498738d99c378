#include "widgets/graph/graph_view.h"

#include "widgets/common/icons.h"
#include "widgets/common/picture.h"
#include "widgets/common/theme.h"
#include "widgets/graph/graph_canvas.h"

#include <QAction>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPointer>
#include <QThreadPool>
#include <QToolButton>
#include <QVBoxLayout>

namespace synoscope {

GraphView::GraphView(QWidget* parent) : QWidget(parent), canvas_(new GraphCanvas(this)), info_(new QLabel(this))
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
    layout->addWidget(info_);
    setFocusProxy(canvas_);
    connect(canvas_, &GraphCanvas::dimensionLit, this, [this](DimensionId id) {
        const bool known = graph_ && id.valid();
        info_->setText(known    ? graph_->sentence(id, binding())
                       : graph_ ? tr("Point at a line or an axis to see its coordinate.")
                                : QString());
        info_->setToolTip(known ? info_->text() : QString());
    });
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
    canvas_->setPicture(nullptr, nullptr);
    graph_.reset();
    info_->clear();
    fillBindings();
    save_->setEnabled(false);
}

void GraphView::setGraph(const PGraph& graph)
{
    const int before = binding();
    canvas_->setMessage(tr("Laying out the graph..."), QString());
    canvas_->setPicture(nullptr, nullptr);
    graph_ = std::make_unique<DimensionGraph>(graph);
    fillBindings();
    setBinding(before);
    save_->setEnabled(false);
    startLayout();
}

void GraphView::fillBindings()
{
    const QSignalBlocker quiet(bindings_);
    bindings_->clear();
    bindings_->addItem(tr("Symbolic sizes"));
    if (graph_)
        for (int i = 0; i < static_cast<int>(graph_->graph().bindings().size()); ++i)
            bindings_->addItem(graph_->bindingText(i));
    bindings_->setEnabled(bindings_->count() > 1);
    canvas_->setBinding(-1);
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

// The request is measured here (fonts belong to this thread); the answer comes back by a queued call to the
// application, which outlives every view, and only there it is looked whether the view still lives and still wants it.
void GraphView::startLayout()
{
    const quint64 epoch = ++epoch_;
    QThreadPool::globalInstance()->start(
        [view = QPointer<GraphView>(this), epoch, request = layoutRequest(*graph_, font())] {
            auto result = std::make_shared<Expected<LayoutResult>>(layOut(request));
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [view, epoch, request, result] {
                    if (view)
                        view->takeLayout(epoch, request, std::move(*result));
                },
                Qt::QueuedConnection);
        });
}

void GraphView::takeLayout(quint64 epoch, const LayoutRequest& request, Expected<LayoutResult> result)
{
    if (epoch != epoch_ || !graph_)
        return; // stale
    if (!result) {
        const QString sentence = QString::fromStdString(result.error().text());
        setMessage(tr("The graph cannot be shown"), sentence);
        Q_EMIT layoutFailed(sentence);
        return;
    }
    canvas_->setPicture(graph_.get(), std::make_unique<GraphPicture>(*graph_, request, *std::move(result), font()));
    save_->setEnabled(true);
    Q_EMIT laidOut();
}

bool GraphView::hasPicture() const
{
    return canvas_->picture() != nullptr;
}

void GraphView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && graph_)
        startLayout();
}

Expected<void> GraphView::savePicture(const QString& file) const
{
    if (!hasPicture())
        return Error{tr("There is no graph to save.").toStdString()};
    const double margin = 12;
    const QSizeF size = canvas_->picture()->size() + QSizeF(2 * margin, 2 * margin);
    return synoscope::savePicture(file, size, QString::fromStdString(graph_->graph().name()), [&](QPainter& painter) {
        painter.fillRect(QRectF(QPointF(), size), Colors::light().canvas);
        painter.translate(margin, margin);
        canvas_->picture()->paint(painter, Colors::light(), {.binding = binding()});
    });
}

void GraphView::askAndSave()
{
    const QString name = QString::fromStdString(graph_->graph().name()) + QStringLiteral(".svg");
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the graph as a picture"), name, pictureFilters());
    if (file.isEmpty())
        return;
    if (const auto saved = savePicture(file); saved)
        Q_EMIT pictureSaved(file);
    else
        Q_EMIT savingFailed(QString::fromStdString(saved.error().text()));
}

} // namespace synoscope
