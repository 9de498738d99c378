// What people do with the workbench, from the first search to the next day: on the real widgets over the real session,
// by mouse and keyboard only.
#include "core/graph/reader.h"
#include "core/graph/writer.h"
#include "tests/app/workbench/tiny_experiment.h"
#include "tests/app/workbench/user.h"
#include "widgets/code/inspector_view.h"
#include "widgets/graph/graph_view.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/steering/constraint_list.h"
#include "widgets/steering/primitives_panel.h"

#include <QtCore/QDir>
#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QToolBar>
#include <QtWidgets/QTreeView>

#include <functional>
#include <map>

using namespace synoscope;

class TestStories : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theSearchIsStartedByItsButtonAndPausedByItsKey();
    void aPinnedSubtreeIsAllThatIsSearched();
    void whatIsPrunedIsClosedAtOnce();
    void everyDecisionIsUndoneAndRedoneByItsName();
    void aCandidateAndItsNodeSelectEachOther();
    void twoCandidatesAreCompared();
    void anOperatorIsExportedUnderTheTypedName();
    void aRunningJobIsCancelledAndTheOthersGoOn();
    void whatWasClosedIsOpenedAsItWasAndGoesOn();
    void aDamagedFileIsNamedAndWhatWasOpenStays_data();
    void aDamagedFileIsNamedAndWhatWasOpenStays();
    void anImportedOperatorIsSelected();

private:
    QString file(const QString& name) const { return home_.filePath(name); }
    QString experiment(Measured measured = Measured::no) const;

    QTemporaryDir home_;
};

void TestStories::initTestCase()
{
    QVERIFY(home_.isValid());
    QVERIFY(QDir::setCurrent(home_.path()));
    qputenv("XDG_DATA_HOME", home_.path().toUtf8());
    qputenv("HOME", home_.path().toUtf8());
    QCoreApplication::setOrganizationName(QStringLiteral("SynoscopeTest"));
    QCoreApplication::setApplicationName(QStringLiteral("SynoscopeTest"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, home_.path());
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
}

QString TestStories::experiment(Measured measured) const
{
    static int number = 0;
    const QString stored = file(QStringLiteral("tiny%1.synoscope").arg(++number));
    if (!makeTinyExperiment(stored.toStdString(), measured))
        qFatal("no experiment to open");
    return stored;
}

namespace {

constexpr int patience = User::patience;

// Where the search has been most often, the root aside.
TreeNodeId busiestChild(const TreeModel& tree)
{
    TreeNodeId best = tree[TreeModel::root].firstChild;
    for (TreeNodeId id = best; id != 0; id = tree[id].nextSibling)
        if (tree[id].visits > tree[best].visits)
            best = id;
    return best;
}

TreeNodeId childOfRoot(const TreeModel& tree, const QString& move)
{
    TreeNodeId id = tree[TreeModel::root].firstChild;
    while (id != 0 && tree.move(id) != move)
        id = tree[id].nextSibling;
    return id;
}

std::vector<TreeNodeId> nodesOf(const TreeModel& tree)
{
    std::vector<TreeNodeId> nodes;
    for (TreeNodeId id = TreeModel::root; nodes.size() < tree.size(); ++id)
        if (tree.contains(id))
            nodes.push_back(id);
    return nodes;
}

std::int64_t candidateInTree(const User& user)
{
    const auto found = std::ranges::find_if(user.rows(), [](const CandidateRow& row) { return row.node != 0; });
    return found == user.rows().end() ? 0 : found->id;
}

// All that a person sees of the experiment, as lines of text.
QStringList shown(const User& user)
{
    QStringList lines;
    for (const CandidateRow& row : user.rows())
        lines << QStringLiteral("%1 %2 %3 %4 %5 %6 %7")
                     .arg(row.id)
                     .arg(row.hash)
                     .arg(row.reward)
                     .arg(row.node)
                     .arg(row.starred)
                     .arg(row.pruned)
                     .arg(row.note);
    const TreeModel& tree = user.tree();
    for (const TreeNodeId id : nodesOf(tree))
        if (tree[id].visits > 0) // where nothing was found is looked at again by a later run
            lines << QStringLiteral("#%1 below #%2: %3, %4 times, mean %5, %6")
                         .arg(id)
                         .arg(tree[id].parent)
                         .arg(tree.move(id))
                         .arg(tree[id].visits)
                         .arg(static_cast<double>(tree[id].mean), 0, 'f', 5)
                         .arg(int(tree[id].state));
    const auto* const decisions = user.views().primitives->findChild<ConstraintList*>();
    for (int i = 0; i < decisions->count(); ++i)
        lines << decisions->item(i)->data(Qt::AccessibleTextRole).toString();
    return lines;
}

// Of docks behind others, Qt moves the contents out of sight, and calls them visible.
bool isInFront(const QWidget& view)
{
    return !view.visibleRegion().isEmpty();
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void TestStories::theSearchIsStartedByItsButtonAndPausedByItsKey()
{
    User user(experiment());
    QVERIFY(user.ready());
    QCOMPARE(user.candidates().model()->rowCount(), 0);
    QSignalSpy arrived(user.candidates().model(), &CandidateModel::countsChanged);
    QToolButton* const button =
        buttonOf(*user.window().findChild<QToolBar*>(QStringLiteral("mainToolBar")), QStringLiteral("Start"));
    QVERIFY(button);
    User::click(button);
    QTRY_VERIFY_WITH_TIMEOUT(user.candidates().model()->rowCount() > 50, patience);
    QTRY_VERIFY_WITH_TIMEOUT(arrived.size() > 2, patience); // they stream in: the search goes on, and so do they
    QTRY_COMPARE(button->text(), QStringLiteral("Pause"));
    user.press(Qt::Key_F5);
    QVERIFY(user.waits(SearchPhase::idle));
    QCOMPARE(button->text(), QStringLiteral("Start"));
    QVERIFY(user.settles());
    const auto before = user.rows().size();
    QVERIFY(user.search(1));
    QCOMPARE(user.rows().size(), before + 1); // by the key for a single one: nothing else goes on
}

void TestStories::aPinnedSubtreeIsAllThatIsSearched()
{
    User user(experiment());
    QVERIFY(user.ready() && user.search(60));
    const TreeNodeId pinned = childOfRoot(user.tree(), QStringLiteral("sum over C_in"));
    QVERIFY(pinned != 0 && user.clickNode(pinned));
    user.press(Qt::Key_P);
    QTRY_COMPARE(user.tree()[pinned].state, TreeNodeState::pinned);
    const std::int64_t before = user.rows().back().id;
    QVERIFY(user.search(20));
    QVERIFY(user.rows().back().id > before);
    QVERIFY(user.chooseAtNode(pinned, QStringLiteral("Show candidates below")));
    QTRY_VERIFY(user.candidates().model()->rowCount() < user.candidates().model()->total());
    for (const CandidateRow& row : user.rows())
        QVERIFY(row.id <= before || user.candidates().model()->rowOf(row.id) >= 0);
}

void TestStories::whatIsPrunedIsClosedAtOnce()
{
    User user(experiment());
    QVERIFY(user.ready() && user.search(60));
    constexpr auto unfold = PrimitiveKind::unfold;
    const auto contains = [](const CandidateRow& row) { return (row.primitives >> static_cast<int>(unfold) & 1) != 0; };
    QVERIFY(std::ranges::any_of(user.rows(), contains));
    QToolButton* const button = buttonOf(*user.views().primitives, QStringLiteral("Prune unfold"));
    QVERIFY(button && button->isEnabled() && !button->isChecked());
    User::click(button);
    QTRY_VERIFY(button->isChecked());
    QVERIFY(!buttonOf(*user.views().primitives, QStringLiteral("Pin unfold"))->isEnabled());
    QTRY_VERIFY(std::ranges::all_of(user.rows(), [&](const CandidateRow& row) { return row.pruned == contains(row); }));
    QTRY_VERIFY(std::ranges::all_of(nodesOf(user.tree()), [&](TreeNodeId id) {
        const TreeModel::Node& node = user.tree()[id];
        return node.kind != static_cast<int>(unfold) || node.state == TreeNodeState::pruned;
    }));

    const TreeNodeId node = busiestChild(user.tree());
    QVERIFY(user.tree()[node].state != TreeNodeState::pruned);
    QVERIFY(user.clickNode(node));
    user.press(Qt::Key_Delete);
    QTRY_COMPARE(user.tree()[node].state, TreeNodeState::pruned);
    QCOMPARE(user.views().primitives->findChild<ConstraintList*>()->count(), 2);
}

void TestStories::everyDecisionIsUndoneAndRedoneByItsName()
{
    User user(experiment());
    QVERIFY(user.ready() && user.search(30));
    const std::int64_t candidate = user.rows().front().id;
    const QString name = user.row(candidate).name;
    const TreeNodeId node = busiestChild(user.tree());
    QToolButton* const prune = buttonOf(*user.views().primitives, QStringLiteral("Prune unfold"));
    const std::vector<std::pair<QString, std::function<bool()>>> decisions{
        {QStringLiteral("pin node #%1").arg(node), [&] { return user.tree()[node].state == TreeNodeState::pinned; }},
        {QStringLiteral("prune unfold"), [&] { return prune->isChecked(); }},
        {QStringLiteral("star %1").arg(name), [&] { return user.row(candidate).starred; }},
        {QStringLiteral("the note of %1").arg(name), [&] { return user.row(candidate).note == QStringLiteral("odd"); }},
    };
    QVERIFY(user.clickNode(node));
    user.press(Qt::Key_P);
    QTRY_VERIFY(decisions[0].second());
    User::click(prune);
    QTRY_VERIFY(decisions[1].second());
    QVERIFY(user.clickRow(candidate));
    user.press(Qt::Key_S);
    QTRY_VERIFY(decisions[2].second());
    user.press(Qt::Key_F2);
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("odd"));
    user.press(Qt::Key_Return);
    QTRY_VERIFY(decisions[3].second());

    for (std::size_t i = decisions.size(); i-- > 0;) {
        QCOMPARE(user.textInMenu(QStringLiteral("Edit"), 0), QStringLiteral("Undo ") + decisions[i].first);
        QVERIFY(user.choose({QStringLiteral("Edit"), QStringLiteral("Undo ") + decisions[i].first}));
        QTRY_VERIFY2(!decisions[i].second(), qPrintable(decisions[i].first));
    }
    QVERIFY(user.row(candidate).note.isEmpty());
    for (const auto& [words, inForce] : decisions) {
        QCOMPARE(user.textInMenu(QStringLiteral("Edit"), 1), QStringLiteral("Redo ") + words);
        QVERIFY(user.choose({QStringLiteral("Edit"), QStringLiteral("Redo ") + words}));
        QTRY_VERIFY2(inForce(), qPrintable(words));
    }
}

void TestStories::aCandidateAndItsNodeSelectEachOther()
{
    User user(experiment());
    QVERIFY(user.ready() && user.search(100));
    const std::int64_t candidate = candidateInTree(user);
    const std::int64_t other = user.rows().back().id;
    QVERIFY(candidate != 0 && other != candidate);
    const CandidateRow row = user.row(candidate);
    QSignalSpy laidOut(user.views().graph, &GraphView::laidOut);
    QSignalSpy details(&user.session(), &SessionPort::operatorDetails);
    QVERIFY(user.clickRow(candidate));
    QTRY_COMPARE_WITH_TIMEOUT(laidOut.size(), 1, patience);
    QCOMPARE(user.canvas().focus(), static_cast<TreeNodeId>(row.node));
    const auto shown = details.back()[0].value<OperatorDetails>();
    QCOMPARE(QString::fromStdString(canonicalHash(*shown.graph)), row.hash);
    const QString text = user.views().inspector->toPlainText();
    QVERIFY(text.contains(row.hash) && text.contains(shown.inspector.formula.section(u'\n', 0, 0)));

    QVERIFY(user.clickRow(other));
    QTRY_VERIFY(user.views().inspector->toPlainText().contains(user.row(other).hash));
    QVERIFY(user.clickNode(static_cast<TreeNodeId>(row.node)));
    QCOMPARE(user.candidates().currentId(), candidate);
    QCOMPARE(user.candidates().selectedIds(), QList<std::int64_t>{candidate});
    QTRY_VERIFY(user.views().inspector->toPlainText().contains(row.hash));
}

void TestStories::twoCandidatesAreCompared()
{
    User user(experiment());
    QVERIFY(user.ready() && user.search(20));
    const CandidateRow first = user.candidates().model()->at(0);
    const CandidateRow second = user.candidates().model()->at(2);
    QVERIFY(user.clickRow(first.id));
    QToolButton* const compare = buttonOf(user.candidates(), QStringLiteral("Compare the selected operators"));
    QVERIFY(compare && !compare->isEnabled());
    QVERIFY(user.clickRow(second.id, Qt::ControlModifier));
    QVERIFY(compare->isEnabled());
    user.press(Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(isInFront(*user.views().inspector));
    const QString text = user.views().inspector->toPlainText();
    for (const CandidateRow* row : {&first, &second})
        QVERIFY(text.contains(QStringLiteral("Formula of ") + row->name));
    QVERIFY(text.contains(QStringLiteral("second to first")));
}

void TestStories::anOperatorIsExportedUnderTheTypedName()
{
    User user(experiment());
    QVERIFY(user.ready() && user.search(10));
    const CandidateRow row = user.candidates().model()->at(1);
    QVERIFY(!user.choose({QStringLiteral("File"), QStringLiteral("Export the operator")})); // which one?
    user.press(Qt::Key_Escape);
    QVERIFY(user.clickRow(row.id));
    user.typeInNextDialog(QStringLiteral("mine.pgraph"));
    QVERIFY(user.choose({QStringLiteral("File"), QStringLiteral("Export the operator")}));
    QTRY_VERIFY(user.message().contains(QStringLiteral("mine.pgraph")));
    const auto graph = readPGraph(file(QStringLiteral("mine.pgraph")).toStdString());
    QVERIFY(graph);
    QCOMPARE(QString::fromStdString(canonicalHash(*graph)), row.hash);

    user.typeInNextDialog(QStringLiteral("module"));
    user.press(Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(contents(file(QStringLiteral("module.py"))).contains("import torch"));
}

void TestStories::aRunningJobIsCancelledAndTheOthersGoOn()
{
    std::map<std::int64_t, JobRow> jobs;
    User user(experiment(Measured::latencies));
    QVERIFY(user.ready());
    connect(&user.session(), &SessionPort::jobsChanged, &user.window(), [&](const std::vector<JobRow>& rows) {
        for (const JobRow& row : rows)
            jobs[row.id] = row;
    });
    for (QTabBar* bar : user.window().findChildren<QTabBar*>())
        for (int tab = 0; tab < bar->count(); ++tab)
            if (bar->tabText(tab) == QStringLiteral("Jobs"))
                User::click(bar, bar->tabRect(tab).center());
    QVERIFY(isInFront(*user.views().jobs));
    user.press(Qt::Key_F5);
    auto* const table = user.views().jobs->findChild<QTreeView*>();
    const auto isRunning = [&](const JobRow& row) {
        return row.kind == JobKind::benchmark && row.candidate != 0 && row.state == JobRowState::running;
    };
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(jobs, [&](const auto& one) { return isRunning(one.second); }),
                             patience);
    User::click(table->viewport(), table->visualRect(table->model()->index(0, 0)).center()); // what runs comes first
    const std::int64_t job = user.views().jobs->currentJob();
    QVERIFY(job != 0 && isRunning(jobs.at(job)));
    user.press(Qt::Key_Delete);
    QTRY_COMPARE_WITH_TIMEOUT(jobs.at(job).state, JobRowState::cancelled, patience);
    QCOMPARE(table->currentIndex().siblingAtColumn(2).data().toString(), toText(JobRowState::cancelled));
    QCOMPARE(user.message(), QString());
    const auto done = [&] {
        return std::ranges::count_if(jobs, [&](const auto& one) { return one.second.state == JobRowState::done; });
    };
    const auto before = done();
    QTRY_VERIFY_WITH_TIMEOUT(done() > before, patience);
    QCOMPARE(user.status.phase, SearchPhase::running);
}

void TestStories::whatWasClosedIsOpenedAsItWasAndGoesOn()
{
    const QString stored = experiment();
    QStringList before;
    TreeNodeId pruned = 0;
    {
        User user(stored);
        QVERIFY(user.ready() && user.search(60));
        pruned = user.tree()[TreeModel::root].lastChild;
        QVERIFY(pruned != busiestChild(user.tree()) && user.clickNode(pruned));
        user.press(Qt::Key_Delete);
        QTRY_COMPARE(user.tree()[pruned].state, TreeNodeState::pruned);
        User::click(buttonOf(*user.views().primitives, QStringLiteral("Prune shift")));
        const std::int64_t candidate = user.candidates().model()->at(2).id;
        QVERIFY(user.clickRow(candidate));
        user.press(Qt::Key_S);
        user.press(Qt::Key_F2);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("for tomorrow"));
        user.press(Qt::Key_Return);
        QTRY_COMPARE(user.row(candidate).note, QStringLiteral("for tomorrow"));
        QTRY_VERIFY(user.row(candidate).starred);
        QVERIFY(user.find(10));
        before = shown(user);
        user.press(Qt::Key_Q, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(!user.window().isVisible(), patience);
    }
    User user(stored);
    QVERIFY(user.ready());
    QVERIFY(user.settles());
    QCOMPARE(user.tree()[pruned].state, TreeNodeState::pruned);
    QCOMPARE(shown(user).join(u'\n'), before.join(u'\n'));
    const auto candidates = user.rows().size();
    user.press(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(user.rows().size() > candidates + 20, patience);
}

void TestStories::aDamagedFileIsNamedAndWhatWasOpenStays_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray store = contents(experiment());
    QVERIFY(store.size() > 8192);
    QByteArray noise(5000, '\0');
    for (qsizetype i = 0; i < noise.size(); ++i)
        noise[i] = static_cast<char>(i * i * 31 + i / 7);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("noise") << noise;
    QTest::newRow("truncated") << store.first(store.size() / 2);
    QTest::newRow("only its first page") << store.first(4096);
}

void TestStories::aDamagedFileIsNamedAndWhatWasOpenStays()
{
    QFETCH(const QByteArray, bytes);
    User user(experiment());
    QVERIFY(user.ready() && user.search(10));
    const QStringList before = shown(user);
    const QString title = user.window().windowTitle();
    const QString damaged = file(QStringLiteral("damaged.synoscope"));
    QFile out(damaged);
    QVERIFY(out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size());
    out.close();
    user.typeInNextDialog(QStringLiteral("damaged.synoscope"));
    user.press(Qt::Key_O, Qt::ControlModifier);
    QTRY_VERIFY2(user.message().contains(QStringLiteral("damaged.synoscope")), qPrintable(user.message()));
    QCOMPARE(contents(damaged), bytes);
    QCOMPARE(user.window().windowTitle(), title);
    QCOMPARE(shown(user), before);
    QVERIFY(user.search(5));
    QVERIFY(shown(user) != before);
}

void TestStories::anImportedOperatorIsSelected()
{
    User user(experiment());
    QVERIFY(user.ready() && user.search(10));
    QVERIFY(user.clickRow(user.rows().front().id));
    QVERIFY(QFile::copy(QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/operators/depthwise_separable.pgraph"),
                        file(QStringLiteral("chosen.pgraph"))));
    user.typeInNextDialog(QStringLiteral("chosen.pgraph"));
    QVERIFY(user.choose({QStringLiteral("File"), QStringLiteral("Import an operator")}));
    const auto note = [&] { return user.row(user.candidates().currentId()).note; };
    QTRY_COMPARE(note(), QStringLiteral("depthwise-separable-conv2d"));
    QCOMPARE(user.candidates().selectedIds(), QList<std::int64_t>{user.candidates().currentId()});
    QTRY_VERIFY(user.views().inspector->toPlainText().contains(user.row(user.candidates().currentId()).hash));
    QTRY_VERIFY(isInFront(*user.views().graph) && user.views().graph->hasPicture());
}

QTEST_MAIN(TestStories)
#include "tst_stories.moc"
