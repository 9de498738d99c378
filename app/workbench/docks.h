// The window's views and where they stand: the tree in the middle, everything else in docks that can be moved, stacked,
// closed and brought back.
//
//     +-----------+--------------------------+-----------------------+
//     | Primitives|        Search tree       | Graph|Inspector|Code  |
//     |           |                          |                       |
//     +-----------+------------+-------------+-----------------------+
//     | Candidates             | Pareto|Rewards|Histogram|Training|… |
//     +------------------------+-------------------------------------+
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QObject>

class QAction;
class QDockWidget;
class QMainWindow;
class QMenu;

namespace synoscope {

class CandidatesView;
class CodeView;
class GraphView;
class HistogramPlot;
class InspectorView;
class JobsView;
class LatencyPlot;
class LossCurves;
class ParetoPlot;
class PrimitivesPanel;
class RewardPlot;
class TreeView;

struct Views
{
    explicit Views(QWidget* parent);

    TreeView* tree;
    PrimitivesPanel* primitives;
    GraphView* graph;
    InspectorView* inspector;
    CodeView* code;
    CandidatesView* candidates;
    ParetoPlot* pareto;
    RewardPlot* rewards;
    HistogramPlot* histogram;
    LossCurves* curves;
    LatencyPlot* latency;
    JobsView* jobs;
};

class Docks final : public QObject
{
    Q_OBJECT

public:
    Docks(QMainWindow& window, const Views& views);

    // The arrangement above, in proportions of the window's size.
    void reset();
    // With numbers of a version: a layout of another version is refused, and the default one stays.
    QByteArray save() const;
    bool restore(const QByteArray& state);

    QList<QAction*> toggleActions() const;
    // Brings the dock with this view to the front, wherever it is.
    void raise(const QWidget* view);

private:
    QDockWidget* add(const QString& name, const QString& title, const QString& iconName, QWidget* view);

    QMainWindow& window_;
    QList<QDockWidget*> docks_;
    QDockWidget* primitives_;
    QDockWidget* graph_;
    QDockWidget* inspector_;
    QDockWidget* code_;
    QDockWidget* candidates_;
    QDockWidget* pareto_;
    QDockWidget* rewards_;
    QDockWidget* histogram_;
    QDockWidget* curves_;
    QDockWidget* latency_;
    QDockWidget* jobs_;
};

} // namespace synoscope
