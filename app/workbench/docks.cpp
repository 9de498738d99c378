#include "app/workbench/docks.h"

#include "widgets/candidates/candidates_view.h"
#include "widgets/code/code_view.h"
#include "widgets/code/inspector_view.h"
#include "widgets/common/icons.h"
#include "widgets/graph/graph_view.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/plots/latency_plot.h"
#include "widgets/plots/loss_curves.h"
#include "widgets/plots/pareto_plot.h"
#include "widgets/plots/reward_plot.h"
#include "widgets/steering/primitives_panel.h"
#include "widgets/tree/tree_view.h"

#include <QtGui/QAction>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QMainWindow>

namespace synoscope {

namespace {

constexpr int layoutVersion = 3; // grows when docks are added or renamed

} // namespace

Views::Views(QWidget* parent)
    : tree(new TreeView(parent)), primitives(new PrimitivesPanel(parent)), graph(new GraphView(parent)),
      inspector(new InspectorView(parent)), code(new CodeView(parent)), candidates(new CandidatesView(parent)),
      pareto(new ParetoPlot(parent)), rewards(new RewardPlot(parent)), histogram(new HistogramPlot(parent)),
      curves(new LossCurves(parent)), latency(new LatencyPlot(parent)), jobs(new JobsView(parent))
{}

Docks::Docks(QMainWindow& window, const Views& views)
    : QObject(&window), window_(window),
      primitives_(add(QStringLiteral("primitives"), tr("Primitives"), QStringLiteral("primitives"), views.primitives)),
      graph_(add(QStringLiteral("graph"), tr("Dimension graph"), QStringLiteral("graph"), views.graph)),
      inspector_(add(QStringLiteral("inspector"), tr("Inspector"), QStringLiteral("inspector"), views.inspector)),
      code_(add(QStringLiteral("code"), tr("Code"), QStringLiteral("code"), views.code)),
      candidates_(add(QStringLiteral("candidates"), tr("Candidates"), QStringLiteral("table"), views.candidates)),
      pareto_(add(QStringLiteral("pareto"), tr("Pareto front"), QStringLiteral("plot"), views.pareto)),
      rewards_(add(QStringLiteral("rewards"), tr("Rewards"), QStringLiteral("plot"), views.rewards)),
      histogram_(add(QStringLiteral("histogram"), tr("Histogram"), QStringLiteral("plot"), views.histogram)),
      curves_(add(QStringLiteral("curves"), tr("Training"), QStringLiteral("train"), views.curves)),
      latency_(add(QStringLiteral("latency"), tr("Latency"), QStringLiteral("bench"), views.latency)),
      jobs_(add(QStringLiteral("jobs"), tr("Jobs"), QStringLiteral("jobs"), views.jobs))
{
    window.setCentralWidget(views.tree);
    window.setDockNestingEnabled(true);
    window.setAnimated(false); // Qt 6.4 leaves the animations behind, some 2 kB for every dock that is brought to the front
    window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    window.setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    window.setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    reset();
}

QDockWidget* Docks::add(const QString& name, const QString& title, const QString& iconName, QWidget* view)
{
    auto* dock = new QDockWidget(title, &window_);
    dock->setObjectName(name); // by which a layout is stored
    dock->setWidget(view);
    dock->toggleViewAction()->setIcon(icon(iconName));
    docks_ << dock;
    return dock;
}

void Docks::reset()
{
    for (QDockWidget* dock : docks_) {
        dock->setFloating(false);
        window_.removeDockWidget(dock);
    }
    window_.addDockWidget(Qt::LeftDockWidgetArea, primitives_);
    window_.addDockWidget(Qt::RightDockWidgetArea, graph_);
    window_.tabifyDockWidget(graph_, inspector_);
    window_.tabifyDockWidget(inspector_, code_);
    window_.addDockWidget(Qt::BottomDockWidgetArea, candidates_);
    window_.splitDockWidget(candidates_, pareto_, Qt::Horizontal);
    window_.tabifyDockWidget(pareto_, rewards_);
    window_.tabifyDockWidget(rewards_, histogram_);
    window_.tabifyDockWidget(histogram_, curves_);
    window_.tabifyDockWidget(curves_, latency_);
    window_.tabifyDockWidget(latency_, jobs_);
    for (QDockWidget* dock : docks_)
        dock->show();
    graph_->raise();
    pareto_->raise();
    const int width = window_.width();
    const int height = window_.height();
    window_.resizeDocks({primitives_, graph_}, {width * 25 / 100, width * 31 / 100}, Qt::Horizontal);
    window_.resizeDocks({candidates_, pareto_}, {width * 56 / 100, width * 44 / 100}, Qt::Horizontal);
    window_.resizeDocks({candidates_}, {height * 38 / 100}, Qt::Vertical);
}

QByteArray Docks::save() const
{
    return window_.saveState(layoutVersion);
}

bool Docks::restore(const QByteArray& state)
{
    return window_.restoreState(state, layoutVersion);
}

QList<QAction*> Docks::toggleActions() const
{
    QList<QAction*> actions;
    for (const QDockWidget* dock : docks_)
        actions << dock->toggleViewAction();
    return actions;
}

void Docks::raise(const QWidget* view)
{
    for (QDockWidget* dock : docks_) {
        if (dock->widget() == view) {
            dock->show();
            dock->raise();
        }
    }
}

} // namespace synoscope
