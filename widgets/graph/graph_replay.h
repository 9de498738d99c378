// The controls of the replay: from the output alone (step 0) to the whole graph (the last step, where it rests).
#pragma once

#include <QStringList>
#include <QTimer>
#include <QWidget>

class QAction;
class QLabel;
class QSlider;

namespace synoscope {

class GraphReplay : public QWidget
{
    Q_OBJECT

public:
    explicit GraphReplay(QWidget* parent = nullptr);

    void setSteps(QStringList steps); // each in words; goes to the last one
    int step() const;
    int last() const { return static_cast<int>(steps_.size()); }
    void setStep(int step);
    void stepBy(int steps);
    const QString& words() const { return words_; } // "3 of 7: unfold H by k"
    QList<QAction*> viewActions() const { return {back_, forward_, play_}; }

Q_SIGNALS:
    void stepChanged(int step);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void take(int step);
    void play(bool on);
    void showWords();

    QStringList steps_;
    QString words_;
    QSlider* slider_;
    QLabel* label_;
    QAction* back_;
    QAction* forward_;
    QAction* play_;
    QTimer clock_;
};

} // namespace synoscope
