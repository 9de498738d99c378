// The search line that every view has: says what it wants only after a pause in typing, so that a slow filter does not
// hinder the typing. Return asks at once, Escape clears.
#pragma once

#include <QLineEdit>
#include <QTimer>

namespace synoscope {

class FilterEdit : public QLineEdit
{
    Q_OBJECT

public:
    explicit FilterEdit(const QString& placeholder, QWidget* parent = nullptr);

    void setDelay(int milliseconds) { timer_.setInterval(milliseconds); }

Q_SIGNALS:
    void filterChanged(const QString& text); // never twice the same text
    void nextRequested();                    // Return, when the text is already applied
    void previousRequested();                // Shift+Return

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    bool announce();

    QTimer timer_;
    QString announced_;
};

} // namespace synoscope
