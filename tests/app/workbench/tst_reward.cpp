// "Change the reward" through the real window: what is refused, what is asked of the session, progress and cancel.
#include "app/workbench/reward_dialog.h"
#include "app/workbench/error_bar.h"
#include "app/workbench/window_actions.h"
#include "tests/app/workbench/window_fixture.h"

#include <QtGui/QAction>
#include <QtWidgets/QDoubleSpinBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>

using namespace synoscope;

class TestReward : public WindowFixture
{
    Q_OBJECT

private Q_SLOTS:
    void theDialogShowsTheRewardAsItIs();
    void whatIsTypedIsCheckedAtOnce();
    void aPreviewIsAskedOnceAndLateAnswersAreDropped();
    void changingShowsProgressAndClosesTheDialog();
    void cancellingStaysInTheDialogAndAsksTheSession();
    void aFailureIsSaidWhereOneLooks();
    void withoutAnExperimentThereIsNothingToChange();

private:
    RewardDialog* opened()
    {
        QTest::keyClick(window_.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        auto* dialog = window_->findChild<RewardDialog*>();
        if (!dialog)
            qFatal("no dialog");
        return dialog;
    }
    static QDoubleSpinBox* field(const RewardDialog& dialog, const QString& name)
    {
        for (auto* box : dialog.findChildren<QDoubleSpinBox*>())
            if (box->accessibleName() == name)
                return box;
        qFatal("no such field");
    }
    static void type(QDoubleSpinBox* box, const QString& text)
    {
        box->selectAll();
        QTest::keyClicks(box, text);
    }
    static QPushButton* button(const RewardDialog& dialog, const QString& text)
    {
        for (auto* one : dialog.findChildren<QPushButton*>())
            if (QString(one->text()).remove(u'&') == text)
                return one;
        qFatal("no such button");
    }
    static QString message(const RewardDialog& dialog)
    {
        for (const auto* label : dialog.findChildren<QLabel*>())
            if (label->accessibleName() == QStringLiteral("What this reward changes"))
                return label->text();
        return {};
    }
};

void TestReward::theDialogShowsTheRewardAsItIs()
{
    const RewardDialog* dialog = opened();
    QCOMPARE(dialog->settings(), RewardSettings{});
    QVERIFY(message(*dialog).contains(QStringLiteral("as it is now")));
    QVERIFY(!button(*dialog, QStringLiteral("Change the reward"))->isEnabled());
    for (const auto* box : dialog->findChildren<QDoubleSpinBox*>())
        QVERIFY(!box->accessibleName().isEmpty() && !box->toolTip().isEmpty());
}

void TestReward::whatIsTypedIsCheckedAtOnce()
{
    const RewardDialog* dialog = opened();
    auto* floor = field(*dialog, QStringLiteral("Floor of the accuracy"));
    type(floor, QStringLiteral("80"));
    QVERIFY(message(*dialog).contains(QStringLiteral("below its ceiling")));
    QVERIFY(!button(*dialog, QStringLiteral("Change the reward"))->isEnabled());
    type(floor, QStringLiteral("50"));
    QVERIFY(button(*dialog, QStringLiteral("Change the reward"))->isEnabled());
    type(field(*dialog, QStringLiteral("Latency, a share of the baseline's: Weight")), QStringLiteral("0.5"));
    type(field(*dialog, QStringLiteral("Latency, a share of the baseline's: Limit")), QStringLiteral("0.2"));
    QVERIFY(message(*dialog).contains(QStringLiteral("limit of the latency")));
    button(*dialog, QStringLiteral("As it is now"))->click();
    QCOMPARE(dialog->settings(), RewardSettings{});
}

void TestReward::aPreviewIsAskedOnceAndLateAnswersAreDropped()
{
    RewardDialog* dialog = opened();
    type(field(*dialog, QStringLiteral("Floor of the accuracy")), QStringLiteral("55"));
    QTRY_COMPARE(session_->asked, QStringList{QStringLiteral("preview 0.55")}); // not one for each key
    const std::uint64_t old = session_->lastQuestion;
    type(field(*dialog, QStringLiteral("Floor of the accuracy")), QStringLiteral("56"));
    RewardPreview preview{.question = old, .candidates = 3, .changed = 2, .zeros = 1};
    preview.bestNow = preview.bestThen = QStringLiteral("op3");
    Q_EMIT session_->rewardPreview(preview);
    QVERIFY(!message(*dialog).contains(QStringLiteral("2 of 3")));
    QTRY_VERIFY(session_->lastQuestion > old);
    preview.question = session_->lastQuestion;
    Q_EMIT session_->rewardPreview(preview);
    QVERIFY(message(*dialog).contains(QStringLiteral("About 2 of 3 rewards change, 1 are 0 then")));
}

void TestReward::changingShowsProgressAndClosesTheDialog()
{
    QPointer<RewardDialog> dialog = opened();
    type(field(*dialog, QStringLiteral("Floor of the accuracy")), QStringLiteral("50"));
    type(field(*dialog, QStringLiteral("Latency, a share of the baseline's: Limit")), QStringLiteral("1.5"));
    QTest::keyClick(dialog, Qt::Key_Return);
    QCOMPARE(session_->asked.last(), QStringLiteral("reward 0.5 to 0.7, latency 0 limit 1.5"));
    QVERIFY(dialog->changing());
    auto* bar = dialog->findChild<QProgressBar*>();
    QVERIFY(bar->isVisible());
    Q_EMIT session_->rewardProgress(0.5);
    QCOMPARE(bar->value(), 500);
    QVERIFY(!field(*dialog, QStringLiteral("Power"))->isEnabled());
    Q_EMIT session_->rewardChangeEnded(QStringLiteral("2 of 3 rewards have changed."));
    QTRY_VERIFY(!dialog);
    QVERIFY(window_->errorBar().text().contains(QStringLiteral("2 of 3")));
}

void TestReward::cancellingStaysInTheDialogAndAsksTheSession()
{
    QPointer<RewardDialog> dialog = opened();
    type(field(*dialog, QStringLiteral("Power")), QStringLiteral("2"));
    button(*dialog, QStringLiteral("Change the reward"))->click();
    QTest::keyClick(dialog, Qt::Key_Escape);
    QCOMPARE(session_->asked.last(), QStringLiteral("cancel reward"));
    QVERIFY(dialog->isVisible());
    Q_EMIT session_->rewardChangeEnded({});
    QVERIFY(message(*dialog).contains(QStringLiteral("Cancelled")));
    QVERIFY(button(*dialog, QStringLiteral("Change the reward"))->isEnabled());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog);
}

void TestReward::aFailureIsSaidWhereOneLooks()
{
    RewardDialog* dialog = opened();
    type(field(*dialog, QStringLiteral("Power")), QStringLiteral("2"));
    button(*dialog, QStringLiteral("Change the reward"))->click();
    Q_EMIT session_->failed(Error{"the disk is full"});
    Q_EMIT session_->rewardChangeEnded({});
    QVERIFY(message(*dialog).contains(QStringLiteral("the disk is full")));
    QVERIFY(!dialog->changing());
}

void TestReward::withoutAnExperimentThereIsNothingToChange()
{
    QVERIFY(window_->actions().changeReward->isEnabled());
    Q_EMIT session_->closed();
    QVERIFY(!window_->actions().changeReward->isEnabled());
}

QTEST_MAIN(TestReward)
#include "tst_reward.moc"
