// A person at the program: its window over the real session, hands that click and type, eyes that read what is shown.
#pragma once

#include "app/workbench/error_bar.h"
#include "app/workbench/main_window.h"
#include "app/workbench/session_factory.h"
#include "widgets/candidates/candidates_view.h"
#include "widgets/tree/tree_canvas.h"
#include "widgets/tree/tree_model.h"
#include "widgets/tree/tree_view.h"

#include <QtCore/QTimer>
#include <QtGui/QContextMenuEvent>
#include <QtGui/QWheelEvent>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QTableView>
#include <QtWidgets/QToolButton>

#include <algorithm>
#include <memory>

namespace synoscope {

// By its accessible name's first words, or by its text.
inline QToolButton* buttonOf(const QWidget& in, const QString& name)
{
    const auto buttons = in.findChildren<QToolButton*>();
    const auto found = std::ranges::find_if(buttons, [&](const QToolButton* one) {
        return one->accessibleName().startsWith(name) ||
               (one->defaultAction() && one->defaultAction()->iconText() == name);
    });
    return found == buttons.end() ? nullptr : *found;
}

class User
{
public:
    static constexpr int patience = 20000; // milliseconds

    // Starts the program with a file on its command line.
    explicit User(const QString& file)
        : session_(makeSession()), window_(std::make_unique<MainWindow>(*session_, theme_))
    {
        QObject::connect(session_.get(), &SessionPort::statusChanged, window_.get(), [this](const SessionStatus& now) {
            status = now;
            ++reports_;
        });
        window_->resize(1280, 800);
        window_->show();
        window_->openPath(file);
    }
    bool ready() const { return QTest::qWaitForWindowActive(window_.get()) && waits(SearchPhase::idle); }
    bool waits(SearchPhase phase) const
    {
        return QTest::qWaitFor([&] { return status.phase == phase; }, patience);
    }

    MainWindow& window() const { return *window_; }
    SessionPort& session() const { return *session_; } // to listen to
    const Views& views() const { return window_->views(); }
    TreeCanvas& canvas() const { return *views().tree->canvas(); }
    const TreeModel& tree() const { return canvas().model(); }
    CandidatesView& candidates() const { return *views().candidates; }
    const std::vector<CandidateRow>& rows() const { return candidates().model()->all(); }
    const CandidateRow& row(std::int64_t id) const { return *candidates().model()->find(id); }
    QString message() const { return window_->errorBar().isVisible() ? window_->errorBar().text() : QString(); }

    // Where the keyboard is. It comes back from a dialog by the window manager, of which there is none here.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QWidget* const popup = QApplication::activePopupWidget();
        if (!popup && !window_->isActiveWindow()) {
            window_->activateWindow();
            if (!QTest::qWaitForWindowActive(window_.get()))
                qFatal("the window does not become active");
        }
        QWidget* const focus = popup ? popup : QApplication::focusWidget();
        QTest::keyClick(focus ? focus : window_.get(), key, modifiers);
    }
    static void click(QWidget* widget, QPoint at, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(widget, Qt::LeftButton, modifiers, at);
    }
    static void click(QWidget* widget) { click(widget, widget->rect().center()); }
    static void turnWheel(QWidget* widget, QPoint at, int by)
    {
        QWheelEvent wheel(at, widget->mapToGlobal(at), {}, QPoint(0, by), Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(widget, &wheel);
    }

    // So many iterations, each by its key. Within steering some come to nothing: then use find().
    bool search(int iterations) const
    {
        const std::uint64_t wanted = status.iterations + static_cast<std::uint64_t>(iterations);
        for (int i = 0; i < iterations; ++i)
            press(Qt::Key_F10);
        return QTest::qWaitFor([&] { return status.iterations >= wanted; }, patience) && settles();
    }
    // By its key, until so many more candidates are there; then it is paused.
    bool find(std::size_t more) const
    {
        const std::size_t wanted = rows().size() + more;
        press(Qt::Key_F5);
        const bool found = waits(SearchPhase::running) && // before, the key means to start
                           QTest::qWaitFor([&] { return rows().size() >= wanted; }, patience);
        press(Qt::Key_F5);
        return found && waits(SearchPhase::idle) && settles();
    }
    // What was under way when the search was paused has come, too: two reports in a row say the same as the views.
    bool settles() const
    {
        std::uint64_t iterations = 0;
        std::size_t nodes = 0;
        int same = 0, seen = reports_;
        return QTest::qWaitFor(
            [&] {
                if (reports_ == seen)
                    return false;
                seen = reports_;
                const bool still = iterations == status.iterations && nodes == tree().size();
                same = still && rows().size() == status.candidates ? same + 1 : 0;
                iterations = status.iterations;
                nodes = tree().size();
                return same >= 2;
            },
            patience);
    }

    // Clicks from the menu bar to an entry, by words without marks; false: it is not there, or cannot be chosen.
    bool choose(const QStringList& way) const
    {
        QWidget* in = window_->menuBar();
        for (const QString& words : way) {
            QAction* const action = in ? entry(*in, words) : nullptr;
            if (!action || !action->isEnabled())
                return false;
            click(in, placeOf(*in, action));
            in = action->menu();
            if (in && !QTest::qWaitFor([&] { return in->isVisible(); }))
                return false;
        }
        return true;
    }
    // What stands at a place of a menu.
    QString textInMenu(const QString& menu, int place) const
    {
        return plain(*entry(*window_->menuBar(), menu)->menu()->actions().at(place));
    }
    // Clicks on an entry of a node's menu.
    bool chooseAtNode(TreeNodeId node, const QString& words) const
    {
        if (!clickNode(node))
            return false;
        const QPoint at = placeOf(node);
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, canvas().mapToGlobal(at));
        QCoreApplication::sendEvent(&canvas(), &event);
        QWidget* const menu = QApplication::activePopupWidget();
        QAction* const action = menu ? entry(*menu, words) : nullptr;
        if (!action || !action->isEnabled())
            return false;
        click(menu, placeOf(*menu, action));
        return true;
    }

    // Types into the next file dialog and presses Return. To be called before what opens it, which returns when it has
    // closed.
    void typeInNextDialog(const QString& file) const
    {
        auto* const look = new QTimer(window_.get());
        QObject::connect(look, &QTimer::timeout, window_.get(), [look, file] {
            auto* const dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            if (!dialog || !dialog->isVisible() || !dialog->focusWidget())
                return;
            look->stop();
            look->deleteLater();
            QTimer::singleShot(5000, dialog, &QDialog::reject); // else a refused name would hold the test up
            QTest::keyClick(dialog->focusWidget(), Qt::Key_A, Qt::ControlModifier);
            QTest::keyClicks(dialog->focusWidget(), file);
            QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        });
        look->start(20);
    }

    // Comes as near to a node as it takes to hit it, then clicks on it.
    bool clickNode(TreeNodeId node) const
    {
        canvas().setAnimated(false);
        const auto free = [&] { // the minimap lies over the other half
            return placeOf(node).x() > 0 && placeOf(node).x() < canvas().width() / 2;
        };
        for (int i = 0; i < 60 && canvas().nodeAt(placeOf(node)) != node; ++i)
            turnWheel(&canvas(), placeOf(node), 120);
        for (int i = 0; i < 60 && !free(); ++i) {
            const QPoint from(canvas().width() / 2, 20);
            const QPoint to = from + QPoint(placeOf(node).x() > 0 ? -50 : 50, 0);
            QTest::mousePress(&canvas(), Qt::LeftButton, {}, from);
            QTest::mouseMove(&canvas(), to);
            QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, to);
        }
        click(&canvas(), placeOf(node));
        return canvas().focus() == node;
    }

    // Clicks on a candidate's name.
    bool clickRow(std::int64_t id, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTableView* const table = candidates().table();
        const auto place = [&] {
            return table->visualRect(
                candidates().model()->index(candidates().model()->rowOf(id), CandidateModel::nameColumn));
        };
        for (int i = 0; i < 100 && !table->viewport()->rect().contains(place()); ++i)
            turnWheel(table->viewport(), QPoint(40, 40), place().top() < 0 ? 120 : -120);
        click(table->viewport(), place().center(), modifiers);
        return candidates().selectedIds().contains(id);
    }

    SessionStatus status;

private:
    static QString plain(const QAction& action) { return QString(action.text()).remove(u'&').remove(u'…'); }
    static QAction* entry(const QWidget& in, const QString& words)
    {
        const QList<QAction*> actions = in.actions();
        const auto found = std::ranges::find_if(actions, [&](const QAction* one) { return plain(*one) == words; });
        return found == actions.end() ? nullptr : *found;
    }
    static QPoint placeOf(const QWidget& in, QAction* action)
    {
        const auto* const menu = qobject_cast<const QMenu*>(&in);
        return (menu ? menu->actionGeometry(action) : static_cast<const QMenuBar&>(in).actionGeometry(action)).center();
    }
    QPoint placeOf(TreeNodeId node) const
    {
        return canvas().camera().toScreen(tree().depth(node), tree().row(node)).toPoint() + QPoint(2, 0);
    }

    int reports_ = 0; // of the status
    Theme theme_;
    std::unique_ptr<SessionPort> session_;
    std::unique_ptr<MainWindow> window_;
};

} // namespace synoscope
