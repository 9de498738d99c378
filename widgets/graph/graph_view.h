// The dimension graph of one operator, with its tool bar and a line that says what is under the mouse. Its construction
// can be replayed, step by step; or two operators are compared, in one picture.
//
// The layout runs in a thread of its own; the last graph that was set wins, whatever order the answers come in.
#pragma once

#include "core/base/error.h"
#include "core/graph/pgraph.h"

#include <QWidget>

#include <memory>
#include <vector>

class QAction;
class QComboBox;
class QHBoxLayout;
class QLabel;

namespace synoscope {

class ComparisonLegend;
class DimensionGraph;
class GraphCanvas;
class GraphReplay;
struct ConstructionStep;
struct GraphDifference;
struct LayoutRequest;
struct LayoutResult;

class GraphView : public QWidget
{
    Q_OBJECT

public:
    explicit GraphView(QWidget* parent = nullptr);
    ~GraphView() override;

    void setGraph(const PGraph& graph);
    // Both in one picture: what they share muted, what only one has in its colour. Until another graph is set.
    void compare(const PGraph& first, const QString& firstName, const PGraph& second, const QString& secondName);
    bool isComparison() const { return graphs_.size() == 2; }
    void clear();
    void setMessage(const QString& sentence, const QString& hint); // clears, and says why there is nothing to see

    bool hasPicture() const; // laid out and painted
    int binding() const;     // -1: symbolic
    void setBinding(int binding);
    GraphCanvas* canvas() const { return canvas_; }
    GraphReplay* replay() const { return replay_; }
    ComparisonLegend* legend() const { return legend_; }
    QList<QAction*> viewActions() const { return actions_; }

    Expected<void> savePicture(const QString& file) const; // svg, png, pdf; as shown, in light colours

Q_SIGNALS:
    void laidOut(); // the picture of the last graph is there
    void layoutFailed(const QString& sentence);
    void pictureSaved(const QString& file);
    void savingFailed(const QString& sentence);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QHBoxLayout* makeToolBar();
    void setGraphs(std::vector<std::shared_ptr<const DimensionGraph>> graphs);
    void startLayout();
    void takeLayout(quint64 epoch, const std::vector<LayoutRequest>& requests,
                    std::vector<Expected<LayoutResult>> results);
    void showStep();
    void showInfo();
    QString title() const;
    void askAndSave();
    void fillBindings();

    GraphCanvas* canvas_;
    GraphReplay* replay_;
    ComparisonLegend* legend_;
    QLabel* info_;
    QComboBox* bindings_ = nullptr;
    QAction* save_ = nullptr;
    QList<QAction*> actions_;
    std::vector<std::shared_ptr<const DimensionGraph>> graphs_; // none, one, or two that are compared
    std::vector<ConstructionStep> steps_;                       // of one
    std::unique_ptr<GraphDifference> difference_;               // of two
    QStringList names_;
    quint64 epoch_ = 0;
};

} // namespace synoscope
