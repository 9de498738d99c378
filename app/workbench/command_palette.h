// Every action of the window by name: type a few letters, Return runs it.
#pragma once

#include <QtCore/QList>
#include <QtCore/QPointer>
#include <QtWidgets/QDialog>

class QAction;
class QLineEdit;
class QListWidget;

namespace synoscope {

class CommandPalette final : public QDialog
{
    Q_OBJECT

public:
    struct Command
    {
        QPointer<QAction> action;
        QString path; // "Search › Start"
    };

    explicit CommandPalette(QWidget* parent);

    // Disabled actions are listed, greyed, after the others: they exist, and their tool tip says what they need.
    void open(const QList<Command>& commands);

    QStringList shownTexts() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void run();

    QList<Command> commands_;
    QLineEdit* input_;
    QListWidget* list_;
};

// How well letters match a text, in order and not necessarily adjacent: higher is better, negative is no match.
// Beginnings of words and runs of letters count more.
int matchScore(const QString& letters, const QString& text);

} // namespace synoscope
