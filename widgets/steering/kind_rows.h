// The rows of primitives: swatch and name, a bar for its share of the candidates, counts, two switches.
#pragma once

#include "widgets/steering/steering_values.h"

#include <QWidget>

#include <memory>
#include <vector>

class QGridLayout;
class QLabel;
class QToolButton;

namespace synoscope {

class KindRows : public QWidget
{
    Q_OBJECT

public:
    explicit KindRows(QWidget* parent = nullptr);

    void setCounts(const std::vector<PrimitiveCount>& counts);

Q_SIGNALS:
    void pinRequested(int kind, bool on);
    void pruneRequested(int kind, bool on);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row
    {
        int kind = 0;
        PrimitiveCount shown;
        QLabel* swatch;
        QLabel* name;
        QLabel* moves;
        QLabel* candidates;
        QToolButton* pin;
        QToolButton* prune;
    };

    void rebuild(const std::vector<PrimitiveCount>& counts);
    Row makeRow(int kind, int line);
    QToolButton* makeSwitch(const QIcon& icon, const QString& name);
    void show(Row& row, const PrimitiveCount& count);
    void recolour();

    QGridLayout* grid_;
    std::vector<Row> rows_;
};

} // namespace synoscope
