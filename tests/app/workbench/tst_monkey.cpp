// Ten thousand random clicks, drags, wheel turns and keys over all views of the real program during a search. Whatever they
// open, change or steer: the program goes on, and what it has stored is whole.
//
//     SYNOSCOPE_MONKEY_SEED, SYNOSCOPE_MONKEY_EVENTS      another walk; another length
#include "app/workbench/main_window.h"
#include "app/workbench/session_factory.h"
#include "core/base/random.h"
#include "core/experiment/experiment.h"

#include <QtCore/QDir>
#include <QtCore/QEventLoop>
#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTimer>
#include <QtGui/QWheelEvent>
#include <QtTest/QTest>
#include <QtWidgets/QAbstractButton>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMessageBox>

#include <fmt/format.h>

using namespace synoscope;

namespace {

// Sends one event a turn of the event loop, also of one that a dialog or a menu runs.
class Monkey final : public QObject
{
public:
    Monkey(MainWindow& window, std::uint64_t seed, int events) : window_(window), random_(seed), left_(events)
    {
        QCoreApplication::instance()->installEventFilter(this);
    }

    void run()
    {
        next();
        done_.exec();
        for (int i = 0; i < 100 && popup() != nullptr; ++i)
            leave(*popup());
    }
    const std::string& last() const { return last_; }

protected:
    // The program must not end under its hands.
    bool eventFilter(QObject* object, QEvent* event) override
    {
        if (object != &window_ || event->type() != QEvent::Close)
            return false;
        event->ignore();
        return true;
    }

private:
    static constexpr int patience = 60; // events in one menu or dialog, before it is left by Escape

    static QWidget* popup()
    {
        QWidget* widget = QApplication::activePopupWidget();
        return widget != nullptr ? widget : QApplication::activeModalWidget();
    }
    static void leave(QWidget& widget)
    {
        // A question whether to lose what was typed: who cancels stays for ever.
        if (auto* const question = qobject_cast<QMessageBox*>(&widget))
            if (auto* const discard = question->button(QMessageBox::Discard))
                return discard->click();
        QTest::keyClick(&widget, Qt::Key_Escape);
        if (widget.isVisible())
            widget.close();
    }

    // A timer that repeats would rest until a dialog that it has opened is left.
    void next()
    {
        QTimer::singleShot(0, this, [this] { act(); });
    }

    void act()
    {
        if (finished_)
            return;
        next();
        if (left_-- <= 0) {
            if (popup() == nullptr) {
                finished_ = true;
                done_.quit();
                return;
            }
            leave(*popup());
            return;
        }
        QWidget* const in = popup();
        spentIn_ = in != nullptr && in == lastIn_ ? spentIn_ + 1 : 0;
        lastIn_ = in;
        if (spentIn_ > patience) {
            leave(*in);
            return;
        }
        QWidget& top = in != nullptr ? *in : static_cast<QWidget&>(window_);
        // A part of the window, or what is there at a point of it: so that small and large things have their turn.
        QWidget* target = nullptr;
        const QPoint at(below(std::max(1, top.width())), below(std::max(1, top.height())));
        if (random_.below(2) == 0) {
            target = top.childAt(at);
        } else {
            const QList<QWidget*> parts = visibleParts(top);
            target = parts.isEmpty() ? nullptr : parts[below(static_cast<int>(parts.size()))];
        }
        hit(target != nullptr ? *target : top);
    }

    static QList<QWidget*> visibleParts(const QWidget& top)
    {
        QList<QWidget*> parts = top.findChildren<QWidget*>();
        parts.removeIf([](const QWidget* part) { return !part->isVisible() || !part->isEnabled(); });
        return parts;
    }

    int below(int count) { return static_cast<int>(random_.below(static_cast<std::uint32_t>(count))); }

    void hit(QWidget& target)
    {
        const QPoint at(below(std::max(1, target.width())), below(std::max(1, target.height())));
        const int what = below(10);
        last_ = fmt::format("event {} before the end: {} at {},{} of {} “{}”", left_, what, at.x(), at.y(),
                            target.metaObject()->className(), target.objectName().toStdString());
        const Qt::KeyboardModifiers modifiers = std::array<Qt::KeyboardModifiers, 4>{
            Qt::NoModifier, Qt::NoModifier, Qt::ShiftModifier, Qt::ControlModifier}[random_.below(4)];
        switch (what) {
        case 0:
        case 1:
        case 2:
            QTest::mouseClick(&target, Qt::LeftButton, modifiers, at);
            break;
        case 3:
            QTest::mouseClick(&target, Qt::RightButton, Qt::NoModifier, at);
            if (QPointer<QWidget> alive = &target; alive != nullptr) { // what the window system sends with it
                auto* const menu = new QContextMenuEvent(QContextMenuEvent::Mouse, at, target.mapToGlobal(at));
                QCoreApplication::postEvent(&target, menu);
            }
            break;
        case 4:
            QTest::mouseDClick(&target, Qt::LeftButton, modifiers, at);
            break;
        case 5: {
            const QPointer<QWidget> dragged = &target;
            QTest::mousePress(dragged, Qt::LeftButton, modifiers, at);
            for (int i = 0; i < 3 && dragged; ++i)
                QTest::mouseMove(dragged, QPoint(below(400), below(300)));
            if (dragged)
                QTest::mouseRelease(dragged, Qt::LeftButton, modifiers, QPoint(below(400), below(300)));
            break;
        }
        case 6: {
            QWheelEvent wheel(at, target.mapToGlobal(at), {}, QPoint(0, random_.below(2) == 0 ? 120 : -120), Qt::NoButton,
                              modifiers, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(&target, &wheel);
            break;
        }
        default:
            press(QApplication::focusWidget() != nullptr && random_.below(3) != 0 ? *QApplication::focusWidget() : target,
                  modifiers);
        }
    }

    void press(QWidget& target, Qt::KeyboardModifiers modifiers)
    {
        static constexpr std::array special{Qt::Key_Tab,   Qt::Key_Backtab, Qt::Key_Return, Qt::Key_Escape,   Qt::Key_Space,
                                            Qt::Key_Left,  Qt::Key_Right,   Qt::Key_Up,     Qt::Key_Down,     Qt::Key_Home,
                                            Qt::Key_End,   Qt::Key_PageUp,  Qt::Key_Delete, Qt::Key_PageDown, Qt::Key_Backspace,
                                            Qt::Key_F5,    Qt::Key_F2,      Qt::Key_Menu,   Qt::Key_Plus,     Qt::Key_Minus};
        if (random_.below(2) == 0) {
            QTest::keyClick(&target, special[random_.below(special.size())], modifiers);
            return;
        }
        QTest::keyClick(&target, static_cast<Qt::Key>(Qt::Key_0 + below(Qt::Key_Z - Qt::Key_0 + 1)), modifiers);
    }

    MainWindow& window_;
    Random random_;
    int left_;
    QEventLoop done_;
    bool finished_ = false;
    const QWidget* lastIn_ = nullptr;
    int spentIn_ = 0;
    std::string last_;
};

int number(const char* variable, int otherwise)
{
    return qEnvironmentVariableIsSet(variable) ? qEnvironmentVariableIntValue(variable) : otherwise;
}

} // namespace

class TestMonkey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theProgramStandsWhateverIsClickedAndTyped();

private:
    QString file(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }

    QTemporaryDir folder_;
};

void TestMonkey::initTestCase()
{
    // All that it may write to lies in the folder: settings, the demo, exports under names that it types.
    QVERIFY(folder_.isValid());
    QVERIFY(QDir::setCurrent(folder_.path()));
    qputenv("XDG_DATA_HOME", folder_.path().toUtf8());
    qputenv("HOME", folder_.path().toUtf8());
    QCoreApplication::setOrganizationName(QStringLiteral("SynoscopeTest"));
    QCoreApplication::setApplicationName(QStringLiteral("SynoscopeTest"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder_.path());
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
}

void TestMonkey::theProgramStandsWhateverIsClickedAndTyped()
{
    const std::filesystem::path stored = file("monkey.synoscope").toStdString();
    {
        ExperimentSettings settings;
        settings.train = false;
        const auto problem = readProblem(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json");
        QVERIFY(problem);
        QVERIFY(Experiment::create(stored, *problem, settings, {}));
    }
    const int seed = number("SYNOSCOPE_MONKEY_SEED", 1);
    std::int64_t candidates = 0;
    {
        Theme theme;
        const auto session = makeSession();
        MainWindow window(*session, theme);
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        SessionStatus status;
        connect(session.get(), &SessionPort::statusChanged, &window, [&](const SessionStatus& now) { status = now; });
        window.openPath(QString::fromStdString(stored.string()));
        QVERIFY(QTest::qWaitFor([&] { return status.phase == SearchPhase::idle; }, 30000));
        session->start();
        QVERIFY(QTest::qWaitFor([&] { return status.candidates > 20; }, 60000));
        candidates = static_cast<std::int64_t>(status.candidates);

        // The search is paused and started by what is hit; now and then it is to run.
        QTimer again;
        connect(&again, &QTimer::timeout, session.get(), [&] { session->start(); });
        again.start(2000);
        Monkey monkey(window, static_cast<std::uint64_t>(seed), number("SYNOSCOPE_MONKEY_EVENTS", 10'000));
        monkey.run();
        again.stop();
        QVERIFY2(window.isVisible(), monkey.last().c_str());

        bool closed = false;
        connect(session.get(), &SessionPort::closed, &window, [&] { closed = true; });
        session->close();
        QVERIFY(QTest::qWaitFor([&] { return closed; }, 60000));
    }
    auto reader = Reader::open(stored);
    QVERIFY(reader);
    const auto summary = reader->summary(ExperimentId(1));
    QVERIFY(summary);
    QVERIFY(summary->candidates >= candidates);
    QVERIFY(reader->check());
    auto opened = Experiment::open(stored, {});
    QVERIFY2(opened, opened ? "" : opened.error().text().c_str()); // its log and its steering can be replayed
}

QTEST_MAIN(TestMonkey)
#include "tst_monkey.moc"
