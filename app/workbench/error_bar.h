// A line above the views that says what went wrong, and offers a way out. Not modal: work goes on below it.
//
// Several messages queue up; the same one is not repeated but counted. Notices (something went well) leave by
// themselves.
#pragma once

#include <QtCore/QList>
#include <QtCore/QTimer>
#include <QtWidgets/QFrame>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace synoscope {

class ErrorBar final : public QFrame
{
    Q_OBJECT

public:
    struct WayOut
    {
        QString text; // "Open another file…"
        std::function<void()> act;
    };

    explicit ErrorBar(QWidget* parent = nullptr);

    void showError(const QString& sentence, const QString& details = {}, WayOut wayOut = {});
    void showNotice(const QString& sentence);
    void dismiss(); // the message that is shown; the next one follows

    QString text() const;
    int waiting() const { return static_cast<int>(messages_.size()); }

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Message
    {
        bool error = true;
        QString sentence;
        QString details;
        WayOut wayOut;
        int times = 1;
    };

    void add(Message message);
    void showFirst();
    void restyle();
    void placeButtons(bool below);

    QList<Message> messages_;
    QLabel* icon_;
    QLabel* text_;
    QPushButton* wayOut_;
    QPushButton* details_;
    QToolButton* close_;
    QLabel* detailText_;
    QTimer leave_;
    bool below_ = false; // the buttons stand below the text
};

} // namespace synoscope
