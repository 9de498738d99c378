// What is known about one operator (DESIGN 7): formula, costs for each binding, the weights, the moves that lead to it,
// and every measurement with its provenance; or two operators side by side. Values in; a click on a move asks for its
// node.
#pragma once

#include "core/graph/reach.h"
#include "widgets/common/layer_latency.h"

#include <QtCore/QList>
#include <QtCore/QString>
#include <QtWidgets/QTextBrowser>

#include <cstdint>
#include <limits>
#include <optional>

namespace synoscope {

class EmptyState;

struct InspectorValues
{
    struct Cost // of one layer
    {
        QString binding; // "C_in=64 C_out=64 H=56 W=56"
        int count = 1;   // how many slots of the backbone have it
        double flops = 0;
        double flopsRatio = std::numeric_limits<double>::quiet_NaN(); // to the baseline
        double params = 0;
        double bytes = std::numeric_limits<double>::quiet_NaN(); // moved
        double peakBytes = std::numeric_limits<double>::quiet_NaN();
    };
    struct Weight
    {
        QString name;
        QString shape;    // symbolic: "C_out × C_in × k × k"
        QString concrete; // under the first binding: "64 × 64 × 3 × 3"
    };
    struct Move
    {
        std::uint64_t node = 0; // in the tree; 0: not there any more
        QString text;           // "unfold H by k"
    };
    // What the first layer's output reads of its input, as a picture.
    struct Map
    {
        enum class What
        {
            receptiveField, // of the output in the middle
            channels,       // output by input
            places          // output by input, where a tensor has one axis of them
        };
        What what = What::receptiveField;
        ReachMap reach;
    };
    struct Measurement
    {
        QString what;    // "latency", "accuracy"
        QString value;   // "1.82 ms, 1.31× faster"
        QString where;   // back end, device, dtype, threads
        QString details; // environment, date, seed
    };

    std::int64_t candidate = 0;
    QString name;
    QString hash;
    QString formula;
    QList<Cost> costs;
    QList<Weight> weights;
    QList<Move> moves;
    QList<Map> maps;
    QList<Measurement> measurements;
    QList<LayerLatency> layers; // of the latest benchmark; the whole network last
    QString note;
};

class InspectorView final : public QTextBrowser
{
    Q_OBJECT

public:
    explicit InspectorView(QWidget* parent = nullptr);

    void setValues(const InspectorValues& values);
    // Two operators side by side, until the next setValues.
    void compare(const InspectorValues& first, const InspectorValues& second);
    void clear();

Q_SIGNALS:
    void nodeRequested(std::uint64_t node);

protected:
    void changeEvent(QEvent* event) override;

private:
    void render();
    QString oneOperator();
    QString twoOperators();
    QString mapSection(const InspectorValues& values);

    InspectorValues values_;
    std::optional<InspectorValues> other_; // while two are compared
    int pictures_ = 0;                     // in the document
    EmptyState* empty_;
};

} // namespace synoscope
