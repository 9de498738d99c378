// What a view shows before it has anything to show: an inviting sentence, a hint, and perhaps a button for the first
// step.
//
// The overlay covers its host (a view's viewport, or any widget) and follows its size. It lets the mouse through except
// on its button. Painted views call paintEmptyState themselves.
#pragma once

#include <QIcon>
#include <QWidget>

class QAbstractItemModel;
class QAbstractItemView;
class QAction;
class QPushButton;

namespace synoscope {

class EmptyState : public QWidget
{
    Q_OBJECT

public:
    EmptyState(const QString& sentence, const QString& hint, QWidget* host);

    void setTexts(const QString& sentence, const QString& hint);
    void setAction(QAction* action); // shown as a button; the action keeps its owner

    // Over the view's viewport, shown while the view's model has no rows. Follows the model's changes, not a new model.
    static EmptyState* over(QAbstractItemView* view, const QString& sentence, const QString& hint);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void placeButton();
    void follow(QAbstractItemModel* model);

    QString sentence_;
    QString hint_;
    QPushButton* button_;
};

void paintEmptyState(QPainter& painter, const QRect& rect, const QPalette& palette, const QString& sentence,
                     const QString& hint);

} // namespace synoscope
