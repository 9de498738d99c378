// The primitives panel: values in, intentions out.
// LINK widgets_steering
#include "widgets/common/empty_state.h"
#include "widgets/common/theme.h"
#include "widgets/steering/constraint_list.h"
#include "widgets/steering/primitives_panel.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace synoscope;

namespace {

std::vector<PrimitiveCount> counts()
{
    std::vector<PrimitiveCount> all;
    for (int kind = 0; kind < colouredKinds; ++kind)
        all.push_back(
            {.kind = kind, .moves = 1000u * static_cast<quint64>(kind), .candidates = static_cast<quint64>(kind)});
    all.back().steerable = false;
    return all;
}

std::vector<ActiveConstraint> constraints()
{
    return {{.id = 11, .pin = true, .kind = 3, .what = "unfold with window k", .scope = "everywhere"},
            {.id = 12, .pin = false, .kind = -1, .what = "the node merge C_out by g", .scope = "below unfold H by k"}};
}

} // namespace

class SteeringTest : public QObject
{
    Q_OBJECT

private:
    template <typename T>
    T* part(PrimitivesPanel& panel, const char* name)
    {
        return panel.findChild<T*>(QLatin1String(name));
    }

private Q_SLOTS:
    void theSwitchesSayWhatIsWantedAndShowWhatIsSo()
    {
        PrimitivesPanel panel;
        QSignalSpy pins(&panel, &PrimitivesPanel::pinRequested), prunes(&panel, &PrimitivesPanel::pruneRequested);
        auto values = counts();
        panel.setCounts(values);
        auto* pin = part<QToolButton>(panel, "pin-3");
        pin->click();
        QCOMPARE(pins.size(), 1);
        QCOMPARE(pins.first(), (QVariantList{3, true}));
        QVERIFY(!pin->isChecked()); // not yet so
        values[3].pinned = true;
        panel.setCounts(values);
        QVERIFY(pin->isChecked());
        QVERIFY(!part<QToolButton>(panel, "prune-3")->isEnabled()); // both at once would leave nothing
        pin->click();
        QCOMPARE(pins.last(), (QVariantList{3, false}));
        part<QToolButton>(panel, "prune-2")->click();
        QCOMPARE(prunes.last(), (QVariantList{2, true}));
        QVERIFY(!part<QToolButton>(panel, "pin-9")->isEnabled());
    }

    void newCountsKeepTheButtons()
    {
        PrimitivesPanel panel;
        auto values = counts();
        panel.setCounts(values);
        auto* pin = part<QToolButton>(panel, "pin-1");
        values[1].moves = 5;
        panel.setCounts(values);
        QCOMPARE(part<QToolButton>(panel, "pin-1"), pin); // 20 updates a second must not take the focus away
        values.erase(values.begin());
        panel.setCounts(values);
        QVERIFY(!part<QToolButton>(panel, "pin-0"));
        QVERIFY(part<QToolButton>(panel, "pin-1"));
    }

    void constraintsAreListedAndLifted()
    {
        PrimitivesPanel panel;
        panel.resize(320, 500);
        panel.show();
        QSignalSpy lifts(&panel, &PrimitivesPanel::liftRequested), all(&panel, &PrimitivesPanel::liftAllRequested);
        auto* list = panel.findChild<ConstraintList*>();
        QVERIFY(panel.findChild<EmptyState*>()->isVisible());
        QVERIFY(!panel.findChild<QPushButton*>()->isEnabled() || panel.findChildren<QPushButton*>().size() > 1);
        panel.setConstraints(constraints());
        QVERIFY(!panel.findChild<EmptyState*>()->isVisible());
        QCOMPARE(list->count(), 2);
        QVERIFY(list->item(0)->data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("unfold")));
        part<QToolButton>(panel, "lift-12")->click();
        QCOMPARE(lifts.last().first().toULongLong(), 12u);
        list->setCurrentRow(0);
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(lifts.last().first().toULongLong(), 11u);
        list->setCurrentRow(1);
        panel.setConstraints({constraints()[1]});
        QCOMPARE(list->count(), 1);
        QCOMPARE(list->currentRow(), 0); // the same constraint stays current
        for (auto* button : panel.findChildren<QPushButton*>())
            if (button->isVisible())
                button->click();
        QCOMPARE(all.size(), 1);
    }

    void everySwitchHasANameForScreenReaders()
    {
        PrimitivesPanel panel;
        panel.setCounts(counts());
        panel.setConstraints(constraints());
        for (const auto* button : panel.findChildren<QToolButton*>())
            QVERIFY(!button->accessibleName().isEmpty());
    }
};

QTEST_MAIN(SteeringTest)
#include "tst_steering.moc"
