// "New experiment" and "Edit a problem" through the real window: what is proposed, refused, written and asked for.
#include "app/workbench/command_palette.h"
#include "app/workbench/problem_dialog.h"
#include "app/workbench/window_actions.h"
#include "tests/app/workbench/window_fixture.h"
#include "widgets/problem/field_rows.h"
#include "widgets/problem/problem_editor.h"
#include "widgets/problem/shapes_panel.h"

#include <QtGui/QAction>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>

using namespace synoscope;

class TestProblemDialog : public WindowFixture
{
    Q_OBJECT

private Q_SLOTS:
    void aNewExperimentNeedsNoMoreThanReturn();
    void aChangedProblemIsWrittenBesideItsExperiment();
    void theExperimentNeedsAFileOfItsOwn();
    void aWrongProblemMakesNoExperiment();
    void aDroppedProblemIsShownBeforeItBecomesAnExperiment();
    void aProblemIsEditedAndSavedAlone();
    void changesAreNotLostWithoutAQuestion();
    void thePaletteKnowsBoth();
    void itFitsIntoASmallWindow();

private:
    ProblemDialog* opened(QAction* action)
    {
        action->trigger();
        return dialog();
    }
    ProblemDialog* dialog()
    {
        auto* found = window_->findChild<ProblemDialog*>();
        if (!found)
            qFatal("no dialog");
        return found;
    }
    static void type(QLineEdit* field, const QString& text)
    {
        field->selectAll();
        QTest::keyClicks(field, text);
    }
    static QPushButton* acceptButton(const ProblemDialog& dialog)
    {
        auto* box = dialog.findChild<QDialogButtonBox*>();
        for (auto* button : dialog.findChildren<QPushButton*>())
            if (box->buttonRole(button) == QDialogButtonBox::AcceptRole)
                return button;
        qFatal("no such button");
    }
    QString inFolder(const QString& name) const { return folder_->filePath(name); }
    static std::string content(const QString& file)
    {
        QFile opened(file);
        return opened.open(QIODevice::ReadOnly) ? opened.readAll().toStdString() : std::string();
    }
};

void TestProblemDialog::aNewExperimentNeedsNoMoreThanReturn()
{
    QSettings().setValue(QStringLiteral("experimentFolder"), folder_->path());
    QPointer<ProblemDialog> dialog = opened(window_->actions().create);
    QCOMPARE(dialog->databaseEdit()->text(), inFolder(QStringLiteral("conv2d-tiny.synoscope")));
    QVERIFY(dialog->editor().isValid());
    QTest::keyClick(dialog, Qt::Key_Return);
    QCOMPARE(session_->asked, QStringList{QStringLiteral("create conv2d-tiny.json conv2d-tiny.synoscope")});
    QTRY_VERIFY(!dialog);
    QVERIFY(!QFileInfo::exists(inFolder(QStringLiteral("conv2d-tiny.json")))); // the program's own was good enough
}

void TestProblemDialog::aChangedProblemIsWrittenBesideItsExperiment()
{
    fileInFolder(QStringLiteral("mine.json")); // is in the way
    QPointer<ProblemDialog> dialog = opened(window_->actions().create);
    type(dialog->databaseEdit(), inFolder(QStringLiteral("mine.synoscope")));
    type(dialog->editor().limits()->edit("limits.depth"), QStringLiteral("8"));
    acceptButton(*dialog)->click();
    QCOMPARE(session_->asked, QStringList{QStringLiteral("create mine-2.json mine.synoscope")});
    QVERIFY(content(inFolder(QStringLiteral("mine-2.json"))).find("\"depth\": 8") != std::string::npos);
    QVERIFY(content(inFolder(QStringLiteral("mine.json"))).empty());
    QTRY_VERIFY(!dialog);
}

void TestProblemDialog::theExperimentNeedsAFileOfItsOwn()
{
    const ProblemDialog* dialog = opened(window_->actions().create);
    for (const QString& name : {QStringLiteral("demo.synoscope"), QStringLiteral("nowhere/x.synoscope")}) {
        type(dialog->databaseEdit(), inFolder(name));
        QVERIFY2(!acceptButton(*dialog)->isEnabled(), qPrintable(name));
    }
    type(dialog->databaseEdit(), inFolder(QStringLiteral("free.synoscope")));
    QVERIFY(acceptButton(*dialog)->isEnabled());
}

void TestProblemDialog::aWrongProblemMakesNoExperiment()
{
    const ProblemDialog* dialog = opened(window_->actions().create);
    type(dialog->databaseEdit(), inFolder(QStringLiteral("free.synoscope")));
    QLineEdit* input = dialog->editor().shapes()->fields()->edit("input");
    type(input, QStringLiteral("N, C_in^"));
    QVERIFY(!acceptButton(*dialog)->isEnabled());
    type(input, QStringLiteral("N, C_in:unordered, H, H"));
    QVERIFY(acceptButton(*dialog)->isEnabled());
    QVERIFY(session_->asked.isEmpty());
}

void TestProblemDialog::aDroppedProblemIsShownBeforeItBecomesAnExperiment()
{
    const QString file = inFolder(QStringLiteral("own.json"));
    QVERIFY(QFile::copy(QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/problems/linear-gpt2.json"), file));
    window_->openPath(file);
    QVERIFY(dialog()->editor().isValid());
    QVERIFY(dialog()->databaseEdit()->text().endsWith(QStringLiteral("own.synoscope")));
    type(dialog()->databaseEdit(), inFolder(QStringLiteral("own.synoscope")));
    acceptButton(*dialog())->click();
    QCOMPARE(session_->asked, QStringList{QStringLiteral("create own.json own.synoscope")});
}

void TestProblemDialog::aProblemIsEditedAndSavedAlone()
{
    const QString file = inFolder(QStringLiteral("own.json"));
    QVERIFY(QFile::copy(QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/problems/conv2d-tiny.json"), file));
    QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner));
    QPointer<ProblemDialog> dialog = opened(window_->actions().editProblem);
    QVERIFY(!dialog->databaseEdit());
    dialog->openFile(file);
    QVERIFY(dialog->windowTitle().startsWith(QStringLiteral("own.json")));
    QVERIFY(!dialog->isWindowModified());
    type(dialog->editor().limits()->edit("limits.depth"), QStringLiteral("9"));
    QVERIFY(dialog->isWindowModified());
    acceptButton(*dialog)->click();
    QVERIFY(!dialog->isWindowModified());
    QVERIFY(dialog->isVisible()); // there may be more to change
    QVERIFY(content(file).find("\"depth\": 9") != std::string::npos);
    QVERIFY(content(file).starts_with("// The 3x3 convolutions"));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog);
    QVERIFY(session_->asked.isEmpty());
}

void TestProblemDialog::changesAreNotLostWithoutAQuestion()
{
    QPointer<ProblemDialog> dialog = opened(window_->actions().editProblem);
    type(dialog->editor().limits()->edit("limits.depth"), QStringLiteral("9"));
    const auto answer = [&](QMessageBox::StandardButton button) {
        QTimer::singleShot(0, dialog, [this, button] {
            auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            QVERIFY(question);
            question->button(button)->click();
        });
        dialog->reject();
    };
    answer(QMessageBox::Cancel);
    QVERIFY(dialog->isVisible());
    answer(QMessageBox::Discard);
    QTRY_VERIFY(!dialog);
}

void TestProblemDialog::thePaletteKnowsBoth()
{
    window_->actions().palette->trigger();
    const QStringList commands = window_->palette().shownTexts();
    QVERIFY(commands.contains(QStringLiteral("File › New experiment")));
    QVERIFY(commands.contains(QStringLiteral("File › Edit a problem")));
    window_->palette().hide();
}

void TestProblemDialog::itFitsIntoASmallWindow()
{
    const ProblemDialog* dialog = opened(window_->actions().create);
    QVERIFY2(
        dialog->minimumSizeHint().width() <= 1000 && dialog->minimumSizeHint().height() <= 700,
        qPrintable(
            QStringLiteral("%1 x %2").arg(dialog->minimumSizeHint().width()).arg(dialog->minimumSizeHint().height())));
    QVERIFY(dialog->width() <= 1000 && dialog->height() <= 700);
}

QTEST_MAIN(TestProblemDialog)
#include "tst_problem_dialog.moc"
