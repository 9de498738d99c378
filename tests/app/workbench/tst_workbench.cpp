// The window: its actions, files, messages, layout, languages; over a scripted session.
#include "app/workbench/about.h"
#include "app/workbench/command_palette.h"
#include "app/workbench/error_bar.h"
#include "app/workbench/export_choice.h"
#include "app/workbench/main_window.h"
#include "app/workbench/preferences.h"
#include "app/workbench/recent_files.h"
#include "app/workbench/view_wiring.h"
#include "app/workbench/window_actions.h"
#include "tests/app/workbench/window_fixture.h"
#include "widgets/candidates/candidates_view.h"
#include "widgets/graph/graph_view.h"
#include "widgets/tree/tree_canvas.h"
#include "widgets/tree/tree_view.h"

#include <QtCore/QMimeData>
#include <QtCore/QRegularExpression>
#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTranslator>
#include <QtCore/QXmlStreamReader>
#include <QtGui/QDropEvent>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QInputDialog>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMenuBar>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QTableView>
#include <QtWidgets/QStatusBar>

using namespace synoscope;

class TestWorkbench : public WindowFixture
{
    Q_OBJECT

private Q_SLOTS:
    void startAndPauseAreOneActionThatFollowsTheSearch();
    void pathsOpenByTheirEnding();
    void droppedFilesAreOpened();
    void anErrorOffersAWayOutAndStaysUntilItIsRead();
    void repeatedErrorsAreCounted();
    void theStatusLineShowsTheFigures();
    void aSearchThatStandsSaysWhyAndOnlyWhileItDoes();
    void thePaletteFindsAndRunsEveryAction();
    void theLayoutIsStoredAndReset();
    void theThemeIsStored();
    void preferencesHoldAtOnceAndNextTime();
    void closingWaitsForTheSessionOnce();
    void recentFilesAreKeptWithoutThoseThatAreGone();
    void theWindowFitsASmallScreen();
    void everyMenuActionHasANameAndNoTwoShareTheirKeys();
    void aboutNamesVersionsAndLicences();
    void theWindowSpeaksChinese();
    void translationsKeepTheirPlaceholders();
    void everyExportFormatIsOfferedInTheUsersWords();
    void theEndingOfAFileNameChoosesTheFormat();
    void anExportOfOneLayerAsksForWhich();
};

void TestWorkbench::startAndPauseAreOneActionThatFollowsTheSearch()
{
    QAction* action = window_->actions().startPause;
    QVERIFY(action->isEnabled());
    QTest::keyClick(window_.get(), Qt::Key_F5);
    QCOMPARE(session_->asked, QStringList{QStringLiteral("start")});
    QVERIFY(action->text().contains(QStringLiteral("Pause")));
    QVERIFY(!window_->actions().step->isEnabled());
    QTest::keyClick(window_.get(), Qt::Key_F5);
    QCOMPARE(session_->asked.last(), QStringLiteral("pause"));
    QVERIFY(action->text().contains(QStringLiteral("Start")));
    SessionStatus finished;
    finished.phase = SearchPhase::finished;
    Q_EMIT session_->statusChanged(finished);
    QVERIFY(!action->isEnabled());
}

void TestWorkbench::pathsOpenByTheirEnding()
{
    window_->openPath(QStringLiteral("/x/a.pgraph"));
    window_->createExperiment(QStringLiteral("/x/p.json"), QStringLiteral("/x/new.synoscope"));
    QCOMPARE(session_->asked,
             (QStringList{QStringLiteral("import a.pgraph"), QStringLiteral("create p.json new.synoscope")}));
    window_->openPath(QStringLiteral("/x/picture.jpg"));
    QCOMPARE(session_->asked.size(), 2);
    QVERIFY(window_->errorBar().text().contains(QStringLiteral("picture.jpg")));
}

void TestWorkbench::droppedFilesAreOpened()
{
    QMimeData data;
    data.setUrls(
        {QUrl::fromLocalFile(QStringLiteral("/x/a.pgraph")), QUrl::fromLocalFile(QStringLiteral("/x/b.pgraph"))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(window_.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(window_.get(), &drop);
    QCOMPARE(session_->asked, (QStringList{QStringLiteral("import a.pgraph"), QStringLiteral("import b.pgraph")}));
    QMimeData text;
    text.setText(QStringLiteral("no file"));
    QDragEnterEvent refused(QPoint(10, 10), Qt::CopyAction, &text, Qt::LeftButton, {});
    refused.setAccepted(false);
    QApplication::sendEvent(window_.get(), &refused);
    QVERIFY(!refused.isAccepted());
}

void TestWorkbench::anErrorOffersAWayOutAndStaysUntilItIsRead()
{
    window_->openPath(folder_->filePath(QStringLiteral("missing.synoscope")));
    ErrorBar& bar = window_->errorBar();
    QVERIFY(bar.isVisible());
    QVERIFY(bar.text().contains(QStringLiteral("There is no such file")));
    QVERIFY(bar.text().contains(QStringLiteral("missing.synoscope")));
    bool wayOut = false;
    for (const auto* button : bar.findChildren<QPushButton*>())
        wayOut = wayOut || (button->isVisible() && button->text().contains(QStringLiteral("another")));
    QVERIFY(wayOut);
    QCOMPARE(window_->views().candidates->model()->total(), 3); // what was open stays
    bar.dismiss();
    QVERIFY(!bar.isVisible());
}

void TestWorkbench::repeatedErrorsAreCounted()
{
    ErrorBar& bar = window_->errorBar();
    for (int i = 0; i < 3; ++i)
        Q_EMIT session_->failed(Error{.message = "The disk is full."});
    Q_EMIT session_->failed(Error{.message = "Another thing.", .details = "behind it"});
    QCOMPARE(bar.waiting(), 2);
    QVERIFY2(bar.text().contains(QStringLiteral("3")), qPrintable(bar.text()));
    bar.dismiss();
    QCOMPARE(bar.text(), QStringLiteral("Another thing."));
    bar.dismiss();
    QVERIFY(bar.isHidden());
    Q_EMIT session_->notified(QStringLiteral("Exported."));
    Q_EMIT session_->failed(Error{.message = "Wrong."}); // a notice gives way
    QCOMPARE(bar.text(), QStringLiteral("Wrong."));
}

void TestWorkbench::theStatusLineShowsTheFigures()
{
    SessionStatus status;
    status.phase = SearchPhase::running;
    status.iterations = 12345;
    status.iterationsPerSecond = 87.5;
    status.candidates = 99;
    status.duplicates = 1;
    status.evaluated = 42;
    status.waiting = 7;
    status.bestReward = 0.731;
    status.memoryBytes = 3 << 20;
    status.secondsLeft = std::nan("");
    Q_EMIT session_->statusChanged(status);
    QString text;
    for (const auto* label : window_->statusBar()->findChildren<QLabel*>())
        if (label->isVisible())
            text += label->text().replace(QChar(0xa0), u' ') + u'|';
    for (const char* figure : {"Searching", "12.3 k iterations, 87.5/s", "99 candidates, 1.0 % again", "42 evaluated",
                               "7 waiting", "best 0.731", "3.00 MiB"})
        QVERIFY2(text.contains(QString::fromLatin1(figure)), qPrintable(text));
}

void TestWorkbench::aSearchThatStandsSaysWhyAndOnlyWhileItDoes()
{
    const auto phase = [this] {
        for (const auto* label : window_->statusBar()->findChildren<QLabel*>())
            if (label->accessibleName() == QStringLiteral("State of the search"))
                return label->text();
        return QString();
    };
    const QString& notice = window_->views().tree->canvas()->notice();
    SessionStatus status;
    status.phase = SearchPhase::running;
    status.secondsLeft = std::nan("");
    status.standsFor = 24;
    Q_EMIT session_->statusChanged(status);
    QCOMPARE(phase(), QStringLiteral("The search waits for 24 evaluations"));
    QCOMPARE(notice, QStringLiteral("Waiting for 24 evaluations"));
    status.standsFor = 0;
    Q_EMIT session_->statusChanged(status);
    QCOMPARE(phase(), QStringLiteral("Searching"));
    QVERIFY(notice.isEmpty());
    status.standsFor = 24;
    Q_EMIT session_->statusChanged(status);
    window_->openPath(fileInFolder(QStringLiteral("other.synoscope")));
    QVERIFY(notice.isEmpty());
}

void TestWorkbench::thePaletteFindsAndRunsEveryAction()
{
    QTest::keyClick(window_.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    CommandPalette& palette = window_->palette();
    QVERIFY(palette.isVisible());
    const QStringList all = palette.shownTexts();
    QVERIFY2(all.size() > 40, qPrintable(all.join(u'\n')));
    for (const char* name : {"Search › Start the search", "View › Theme › Dark", "View › Docks › Candidates",
                             "Edit › Undo", "File › Quit", "Help › About Synoscope"})
        QVERIFY2(all.contains(QString::fromUtf8(name)), qPrintable(all.join(u'\n')));
    auto* input = palette.findChild<QLineEdit*>();
    QTest::keyClicks(input, QStringLiteral("start se"));
    QCOMPARE(palette.shownTexts().first(), QStringLiteral("Search › Start the search"));
    QTest::keyClick(input, Qt::Key_Return);
    QVERIFY(!palette.isVisible());
    QCOMPARE(session_->asked, QStringList{QStringLiteral("start")});

    QCOMPARE(matchScore(QStringLiteral("xyz"), QStringLiteral("Start")), -1);
    QVERIFY(matchScore(QStringLiteral("sts"), QStringLiteral("Start the search")) >
            matchScore(QStringLiteral("sts"), QStringLiteral("Reset this")));
}

void TestWorkbench::theLayoutIsStoredAndReset()
{
    const auto dock = [](MainWindow& window, const char* name) {
        return window.findChild<QDockWidget*>(QString::fromLatin1(name));
    };
    QVERIFY(dock(*window_, "jobs") != nullptr);
    dock(*window_, "jobs")->close();
    window_->addDockWidget(Qt::LeftDockWidgetArea, dock(*window_, "graph"));
    session_->status.phase = SearchPhase::none;
    Q_EMIT session_->statusChanged(session_->status);
    window_->close();

    MainWindow again(*session_, *theme_);
    again.show();
    QVERIFY(dock(again, "jobs")->isHidden());
    QCOMPARE(again.dockWidgetArea(dock(again, "graph")), Qt::LeftDockWidgetArea);
    again.resetLayout();
    QVERIFY(!dock(again, "jobs")->isHidden());
    QCOMPARE(again.dockWidgetArea(dock(again, "graph")), Qt::RightDockWidgetArea);
}

void TestWorkbench::theThemeIsStored()
{
    window_->setThemeMode(ThemeMode::dark);
    QVERIFY(Colors::of(window_->QWidget::palette()).dark);
    session_->status.phase = SearchPhase::none;
    Q_EMIT session_->statusChanged(session_->status);
    window_->close();
    theme_->setMode(ThemeMode::light);
    const MainWindow again(*session_, *theme_);
    QCOMPARE(theme_->mode(), ThemeMode::dark);
}

void TestWorkbench::preferencesHoldAtOnceAndNextTime()
{
    const double size = QApplication::font().pointSizeF();
    const int lineHeight = window_->statusBar()->fontMetrics().height();
    const int tableHeight = window_->views().candidates->table()->fontMetrics().height();
    window_->actions().preferences->trigger();
    auto* dialog = window_->findChild<PreferencesDialog*>();
    QVERIFY(dialog != nullptr && dialog->isVisible());
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    auto* text = dialog->findChild<QSpinBox*>();
    text->setFocus();
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(text, Qt::Key_Up);
    QCOMPARE(QApplication::font().pointSizeF(), size * 1.5);
    QTRY_VERIFY(window_->statusBar()->fontMetrics().height() > lineHeight * 5 / 4);
    QVERIFY(window_->views().candidates->table()->fontMetrics().height() > tableHeight * 5 / 4);
    for (auto* box : dialog->findChildren<QComboBox*>()) {
        box->setFocus();
        QTest::keyClick(box, Qt::Key_End); // 中文; dark
    }
    QCOMPARE(theme_->mode(), ThemeMode::dark);
    QVERIFY(Colors::of(window_->QWidget::palette()).dark); // with another font, too
    for (auto* box : dialog->findChildren<QCheckBox*>())
        QTest::keyClick(box, Qt::Key_Space);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(!dialog->isVisible());

    Preferences expected{QStringLiteral("zh_CN"), 150, false, true};
    QCOMPARE(Preferences::load(), expected);
    expected.textPercent = 4; // by hand, in the file
    expected.language = QStringLiteral("tlh");
    expected.save();
    QCOMPARE(Preferences::load().textPercent, 100);
    QCOMPARE(Preferences::load().language, QString());
    setTextSize(100);
    QCOMPARE(QApplication::font().pointSizeF(), size);
}

void TestWorkbench::closingWaitsForTheSessionOnce()
{
    session_->answersClose = false;
    window_->close();
    QCOMPARE(session_->asked, QStringList{QStringLiteral("close")});
    QVERIFY(window_->isVisible());
    Q_EMIT session_->closed();
    QVERIFY(!window_->isVisible());

    MainWindow stubborn(*session_, *theme_);
    stubborn.show();
    Q_EMIT session_->statusChanged(session_->status);
    stubborn.close();
    QVERIFY(stubborn.isVisible());
    stubborn.close(); // does not wait for a session that never answers
    QVERIFY(!stubborn.isVisible());
}

void TestWorkbench::recentFilesAreKeptWithoutThoseThatAreGone()
{
    for (int i = 0; i < 12; ++i)
        window_->openPath(fileInFolder(QStringLiteral("e%1.synoscope").arg(i)));
    QFile::remove(folder_->filePath(QStringLiteral("e10.synoscope")));
    const QStringList files = window_->actions().recent->files();
    QCOMPARE(files.size(), RecentFiles::most - 1);
    QVERIFY(files.first().endsWith(QStringLiteral("e11.synoscope")));
    QVERIFY(!files.join(u' ').contains(QStringLiteral("e10")));
}

void TestWorkbench::theWindowFitsASmallScreen()
{
    QVERIFY2(window_->minimumSizeHint().width() <= 1000 && window_->minimumSizeHint().height() <= 700,
             qPrintable(QStringLiteral("%1 x %2")
                            .arg(window_->minimumSizeHint().width())
                            .arg(window_->minimumSizeHint().height())));
}

void TestWorkbench::everyMenuActionHasANameAndNoTwoShareTheirKeys()
{
    // Keys that belong to the window may not be shared; those of a view only hold while the view has the focus.
    QMap<QKeySequence, QString> keys;
    for (const QAction* action : window_->findChildren<QAction*>()) {
        if (action->shortcut().isEmpty() || action->shortcutContext() != Qt::WindowShortcut)
            continue;
        QVERIFY2(!action->text().isEmpty(), qPrintable(action->shortcut().toString()));
        QVERIFY2(!keys.contains(action->shortcut()), qPrintable(action->text() + u'/' + keys.value(action->shortcut()) +
                                                                u' ' + action->shortcut().toString()));
        keys.insert(action->shortcut(), action->text());
    }
    QVERIFY(keys.size() >= 14);
}

void TestWorkbench::aboutNamesVersionsAndLicences()
{
    const QString text = aboutText();
    for (const char* part : {"Synoscope", qVersion(), "LGPL 3", "QCustomPlot", "Graphviz", "SQLite", "2410.23745"})
        QVERIFY2(text.contains(QString::fromLatin1(part)), part);
    QVERIFY(shortcutsText({window_->actions().startPause}).contains(QStringLiteral("F5")));
}

void TestWorkbench::theWindowSpeaksChinese()
{
    QTranslator texts;
    QVERIFY(texts.load(QStringLiteral(":/i18n/synoscope_zh_CN.qm")));
    QCoreApplication::installTranslator(&texts);
    {
        const MainWindow chinese(*session_, *theme_);
        QCOMPARE(chinese.menuBar()->actions().first()->text(), QStringLiteral("文件(&F)"));
        QCOMPARE(chinese.actions().quit->shortcut(), QKeySequence(QStringLiteral("Ctrl+Q")));
        chinese.errorBar().showError(QStringLiteral("错误"));
        chinese.errorBar().showError(QStringLiteral("错误"));
        QCOMPARE(chinese.errorBar().text(), QStringLiteral("错误（2 次）"));
    }
    QCoreApplication::removeTranslator(&texts);
}

// A lost "%1" is a sentence without its subject.
void TestWorkbench::translationsKeepTheirPlaceholders()
{
    QFile file(QStringLiteral(SYNOSCOPE_SOURCE_DIR "/translations/synoscope_zh_CN.ts"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&file);
    const auto placeholders = [](const QString& text) {
        static const QRegularExpression expression(QStringLiteral("%(\\d|n)"));
        QStringList found;
        for (auto it = expression.globalMatch(text); it.hasNext();)
            found << it.next().captured();
        found.sort();
        return found;
    };
    QString source;
    int translated = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QStringLiteral("source")) {
            source = xml.readElementText();
        } else if (xml.name() == QStringLiteral("translation") &&
                   xml.attributes().value(QStringLiteral("type")) != QStringLiteral("unfinished")) {
            const QString target = xml.readElementText(QXmlStreamReader::IncludeChildElements);
            QVERIFY2(placeholders(source) == placeholders(target), qPrintable(source));
            ++translated;
        }
    }
    QVERIFY(!xml.hasError());
    QVERIFY(translated > 400);
}

void TestWorkbench::everyExportFormatIsOfferedInTheUsersWords()
{
    const QStringList english = exportFilters().split(QStringLiteral(";;"));
    QCOMPARE(english.size(), static_cast<qsizetype>(formats().size()));
    QCOMPARE(english.first(), QStringLiteral("PyTorch module (*.py)"));
    QTranslator texts;
    QVERIFY(texts.load(QStringLiteral(":/i18n/synoscope_zh_CN.qm")));
    QCoreApplication::installTranslator(&texts);
    const QStringList chinese = exportFilters().split(QStringLiteral(";;"));
    QCoreApplication::removeTranslator(&texts);
    for (qsizetype i = 0; i < english.size(); ++i)
        QVERIFY2(english[i] != chinese[i], qPrintable(english[i]));
}

void TestWorkbench::theEndingOfAFileNameChoosesTheFormat()
{
    const QStringList filters = exportFilters().split(QStringLiteral(";;"));
    const auto filter = [&](QStringView word) {
        return *std::find_if(filters.begin(), filters.end(), [&](const QString& f) { return f.contains(word); });
    };
    const auto choice = [](const char* format, const char* file) {
        return ExportChoice{QString::fromLatin1(format), QString::fromLatin1(file)};
    };
    QCOMPARE(exportChoice(QStringLiteral("a.b/op"), filter(u"ONNX")), choice("onnx", "a.b/op.onnx"));
    QCOMPARE(exportChoice(QStringLiteral("op.svg"), filter(u"PyTorch")), choice("svg", "op.svg"));
    QCOMPARE(exportChoice(QStringLiteral("op.txt"), filter(u"loop nest")), choice("loops", "op.txt"));
    QCOMPARE(exportChoice(QStringLiteral("op.v2"), filter(u"TorchScript")), choice("torchscript", "op.v2"));
    QCOMPARE(exportChoice(QStringLiteral("op"), QString()), choice("pytorch", "op.py"));
}

void TestWorkbench::anExportOfOneLayerAsksForWhich()
{
    for (const char* layer : {"C_in=16 H=16", "C_in=32 H=8"})
        session_->details[1].inspector.costs
            << InspectorValues::Cost{.binding = QString::fromLatin1(layer), .count = 2};
    window_->wiring().selectCandidate(1);
    session_->asked.clear();
    const auto answer = [this](const QKeySequence& keys) {
        QTimer::singleShot(0, window_.get(), [this, keys] {
            auto* dialog = window_->findChild<QInputDialog*>();
            if (!dialog)
                qFatal("nothing was asked");
            QCOMPARE(dialog->comboBoxItems().value(1), QStringLiteral("2. C_in=32 H=8 (2 times)"));
            for (int i = 0; i < keys.count(); ++i)
                QTest::keyClick(dialog->focusWidget(), keys[static_cast<uint>(i)].key());
        });
    };
    answer(QKeySequence(Qt::Key_Down, Qt::Key_Return));
    window_->exportAs(1, {QStringLiteral("onnx"), QStringLiteral("/x/op.onnx")});
    QCOMPARE(session_->asked, QStringList{QStringLiteral("export 1 onnx 1 op.onnx")});
    answer(QKeySequence(Qt::Key_Escape));
    window_->exportAs(1, {QStringLiteral("torchscript"), QStringLiteral("/x/op.pt")});
    QCOMPARE(session_->asked.size(), 1);
    window_->exportAs(1, {QStringLiteral("pytorch"), QStringLiteral("/x/op.py")}); // has symbols: nothing is asked
    QCOMPARE(session_->asked.last(), QStringLiteral("export 1 pytorch 0 op.py"));
    window_->views().graph->setBinding(1); // the layer that one looks at is proposed
    answer(QKeySequence(Qt::Key_Return));
    window_->exportAs(1, {QStringLiteral("onnx"), QStringLiteral("/x/op.onnx")});
    QCOMPARE(session_->asked.last(), QStringLiteral("export 1 onnx 1 op.onnx"));
}

QTEST_MAIN(TestWorkbench)
#include "tst_workbench.moc"
