// The dimension graph of one operator, with its tool bar and a line that says what is under the mouse.
//
// The layout runs in a thread of its own; the last graph that was set wins, whatever order the answers come in.
#pragma once

#include "core/base/error.h"
#include "core/graph/pgraph.h"

#include <QWidget>

#include <memory>

class QAction;
class QComboBox;
class QHBoxLayout;
class QLabel;

namespace synoscope {

class DimensionGraph;
class GraphCanvas;
struct LayoutRequest;
struct LayoutResult;

class GraphView : public QWidget
{
    Q_OBJECT

public:
    explicit GraphView(QWidget* parent = nullptr);
    ~GraphView() override;

    void setGraph(const PGraph& graph);
    void clear();
    void setMessage(const QString& sentence, const QString& hint); // clears, and says why there is nothing to see

    bool hasPicture() const; // laid out and painted
    int binding() const;     // -1: symbolic
    void setBinding(int binding);
    GraphCanvas* canvas() const { return canvas_; }
    QList<QAction*> viewActions() const { return actions_; }

    Expected<void> savePicture(const QString& file) const; // svg, png, pdf; in light colours

Q_SIGNALS:
    void laidOut(); // the picture of the last graph is there
    void layoutFailed(const QString& sentence);
    void pictureSaved(const QString& file);
    void savingFailed(const QString& sentence);

protected:
    void changeEvent(QEvent* event) override;

private:
    QHBoxLayout* makeToolBar();
    void startLayout();
    void takeLayout(quint64 epoch, const LayoutRequest& request, Expected<LayoutResult> result);
    void askAndSave();
    void fillBindings();

    GraphCanvas* canvas_;
    QLabel* info_;
    QComboBox* bindings_ = nullptr;
    QAction* save_ = nullptr;
    QList<QAction*> actions_;
    std::unique_ptr<DimensionGraph> graph_;
    quint64 epoch_ = 0;
};

} // namespace synoscope
