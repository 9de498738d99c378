// The tree's arrays: layout properties, incremental against from scratch, ways, folding, search.
// LINK widgets_tree
#include "core/base/random.h"
#include "widgets/tree/tree_camera.h"
#include "widgets/tree/tree_model.h"

#include <QTest>

#include <algorithm>
#include <ctime>
#include <utility>

using namespace synoscope;

namespace {

TreeNodeChange change(quint64 id, quint64 parent, const QString& move = QStringLiteral("m"))
{
    return {.id = id, .parent = parent, .move = move, .kind = 3, .visits = 1, .mean = 0.5, .best = 0.5};
}

std::vector<TreeNodeChange> randomTree(int n, Random& random, int reach = 1 << 30)
{
    std::vector<TreeNodeChange> changes;
    for (int id = 1; id <= n; ++id) {
        const auto span = static_cast<std::uint32_t>(std::min(id - 1, reach));
        const quint64 parent = id == 1 ? 0 : static_cast<quint64>(id) - 1 - random.below(span);
        changes.push_back(change(static_cast<quint64>(id), parent));
    }
    return changes;
}

// What the layout promises, checked for every shown node.
void checkLayout(const TreeModel& model)
{
    struct Frame
    {
        TreeNodeId id;
        double start;
    };
    std::vector<Frame> stack{{TreeModel::root, 0}};
    quint32 leaves = 0;
    while (!stack.empty()) {
        const auto [id, start] = stack.back();
        stack.pop_back();
        const TreeModel::Node& node = model[id];
        QVERIFY(node.offset > 0 && node.offset < node.leaves);
        if (!model.hasShownChildren(id)) {
            QCOMPARE(node.leaves, 1u);
            QCOMPARE(node.height, 0);
            ++leaves;
            continue;
        }
        double at = start;
        double first = -1, last = -1;
        int height = 0;
        for (TreeNodeId child = node.firstChild; child != 0; child = model[child].nextSibling) {
            QCOMPARE(model[child].parent, id);
            stack.push_back({child, at}); // runs follow each other: subtrees of siblings share no row
            last = at + model[child].offset;
            first = first < 0 ? last : first;
            height = std::max(height, model[child].height + 1);
            at += model[child].leaves;
        }
        QCOMPARE(at - start, double(node.leaves));
        QCOMPARE(node.height, height);
        QVERIFY(std::abs(start + node.offset - (first + last) / 2) < 1e-6); // the parent is centred
    }
    QCOMPARE(model.rows(), leaves);
}

bool sameLayout(const TreeModel& a, const TreeModel& b)
{
    for (TreeNodeId id = 1; id <= a.size(); ++id)
        if (a[id].leaves != b[id].leaves || a[id].offset != b[id].offset || a[id].height != b[id].height ||
            a[id].descendants != b[id].descendants)
            return false;
    return a.size() == b.size();
}

} // namespace

class TreeModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theExampleInTheHeaderIsTrue()
    {
        TreeModel model;
        model.apply(std::vector{change(1, 0), change(2, 1), change(3, 2), change(4, 2), change(5, 1)});
        QCOMPARE(model[2].offset, 1.0);
        QCOMPARE(model[1].offset, 1.75);
        QCOMPARE(model.rows(), 3u);
        QCOMPARE(model.columns(), 3);
        QCOMPARE(model.row(5), 2.5);
        QCOMPARE(model.at(1, 2.2), 5u);
        QCOMPARE(model.at(2, 2.2), 0u);
        QCOMPARE(model.at(2, 1.2), 4u);
    }

    void siblingsNeverOverlapAndParentsAreCentred()
    {
        Random random(7);
        for (int round = 0; round < 60; ++round) {
            TreeModel model;
            model.apply(randomTree(1 + static_cast<int>(random.below(400)), random, round % 2 ? 5 : 1000));
            checkLayout(model);
        }
    }

    void growingInBatchesGivesTheSameLayoutAsAllAtOnce()
    {
        Random random(11);
        for (int round = 0; round < 30; ++round) {
            const auto changes = randomTree(300, random);
            TreeModel whole, grown, shuffled;
            whole.apply(changes);
            for (std::size_t i = 0; i < changes.size();) {
                const std::size_t n = std::min<std::size_t>(1 + random.below(40), changes.size() - i);
                grown.apply(std::span(changes).subspan(i, n));
                checkLayout(grown);
                i += n;
            }
            QVERIFY(sameLayout(whole, grown));
            // Children before their parents: another order of siblings, but a sound tree.
            auto mixed = changes;
            for (std::size_t i = mixed.size(); i > 1; --i)
                std::swap(mixed[i - 1], mixed[random.below(static_cast<std::uint32_t>(i))]);
            shuffled.apply(mixed);
            checkLayout(shuffled);
            QCOMPARE(shuffled.rows(), whole.rows());
            QCOMPARE(shuffled.columns(), whole.columns());
            QCOMPARE(shuffled[1].descendants, whole[1].descendants);
        }
    }

    void foldingAndUnfoldingKeepsEverythingInPlace()
    {
        Random random(3);
        for (int round = 0; round < 30; ++round) {
            const auto changes = randomTree(250, random, 20);
            TreeModel folded, plain;
            plain.apply(changes);
            folded.apply(std::span(changes).first(120));
            for (int i = 0; i < 25; ++i)
                folded.setCollapsed(1 + random.below(120), random.below(3) != 0);
            checkLayout(folded);
            folded.apply(std::span(changes).subspan(120)); // grows inside folded subtrees too
            checkLayout(folded);
            folded.collapseBelow(1000);
            QVERIFY(sameLayout(folded, plain));
            folded.collapseBelow(2);
            checkLayout(folded);
            QVERIFY(folded.columns() <= 3);
            const TreeNodeId deep = 250;
            folded.reveal(deep);
            QVERIFY(folded.shown(deep));
            checkLayout(folded);
        }
    }

    void positionsAndLookupsAgree()
    {
        Random random(5);
        TreeModel model;
        model.apply(randomTree(500, random, 30));
        for (TreeNodeId id = 1; id <= 500; ++id) {
            QCOMPARE(model.at(model.depth(id), model.row(id)), id);
            QCOMPARE(model.pathFromRoot(id).front(), TreeModel::root);
            QCOMPARE(model.pathFromRoot(id).size(), static_cast<std::size_t>(model.depth(id)) + 1);
            if (const TreeNodeId below = model.neighbour(id, 1); below != 0) {
                QCOMPARE(model.depth(below), model.depth(id));
                QVERIFY(model.row(below) > model.row(id));
                QCOMPARE(model.neighbour(below, -1), id);
            }
        }
    }

    void updatesKeepWhatTheyDoNotSay()
    {
        TreeModel model;
        TreeNodeChange first = change(1, 0, QStringLiteral("start"));
        first.reason = QStringLiteral("no reason");
        first.state = TreeNodeState::closed;
        model.apply(std::vector{first});
        TreeNodeChange next{
            .id = 1, .move = {}, .visits = 9, .mean = 0.25, .best = 0.75, .state = TreeNodeState::closed};
        model.apply(std::vector{next});
        QCOMPARE(model.move(1), QStringLiteral("start"));
        QCOMPARE(model.reason(1), QStringLiteral("no reason"));
        QCOMPARE(model[1].visits, 9u);
        next.state = TreeNodeState::open;
        model.apply(std::vector{next});
        QVERIFY(model.reason(1).isEmpty());
    }

    void brokenSendersDoNoHarm()
    {
        TreeModel model;
        model.apply(std::vector{change(0, 0), change(1, 0), change(2, 2), change(3, 4), change(4, 3), change(~0ull, 1),
                                change(5, ~0ull), change(6, 1)});
        QVERIFY(!model.shown(3));
        QVERIFY(!model.shown(4));
        QVERIFY(model.shown(6));
        QCOMPARE(model.rows(), 1u);
        QVERIFY(!model.contains(~0ull));
        model.clear();
        QVERIFY(model.empty());
    }

    void theBestPathAvoidsWhatIsPruned()
    {
        TreeModel model;
        auto best = change(3, 1);
        best.best = 0.9;
        auto good = change(2, 1);
        good.best = 0.7;
        model.apply(std::vector{change(1, 0), good, best, change(4, 3)});
        QCOMPARE(model.bestPath(), (std::vector<TreeNodeId>{1, 3, 4}));
        best.state = TreeNodeState::pruned;
        model.apply(std::vector{best});
        QCOMPARE(model.bestPath(), (std::vector<TreeNodeId>{1, 2}));
    }

    void theSearchMarksMatchesAndTheWayToThem()
    {
        TreeModel model;
        model.apply(std::vector{change(1, 0, "root"), change(2, 1, "merge W"), change(3, 2, "Unfold H by k"),
                                change(4, 1, "split C")});
        model.setSearch(QStringLiteral("unfold"));
        QCOMPARE(model.matches(), 1u);
        QVERIFY(model[3].match && model[2].matchBelow && model[1].matchBelow && !model[4].matchBelow);
        model.apply(std::vector{change(5, 4, "unfold W by k"), change(6, 5, "shift")});
        QCOMPARE(model.matches(), 2u);
        QVERIFY(model[4].matchBelow);
        QCOMPARE(model.nextMatch(0, true), 3u);
        QCOMPARE(model.nextMatch(3, true), 5u);
        QCOMPARE(model.nextMatch(5, true), 3u);
        QCOMPARE(model.nextMatch(3, false), 5u);
        model.setSearch(QString());
        QCOMPARE(model.matches(), 0u);
        QVERIFY(!model[1].matchBelow);
        QCOMPARE(model.nextMatch(1, true), 0u);
    }

    void aMillionNodesAreLaidOutWhileTheyArrive()
    {
        Random random(1);
        std::vector<TreeNodeChange> changes;
        changes.reserve(1'000'000);
        QStringList moves;
        for (int i = 0; i < 200; ++i)
            moves += QStringLiteral("move %1").arg(i);
        // Like a search: new nodes mostly below recent ones, some anywhere.
        for (quint64 id = 1; id <= 1'000'000; ++id) {
            const quint64 recent =
                id > 1 ? id - 1 - random.below(static_cast<std::uint32_t>(std::min<quint64>(id - 1, 40))) : 0;
            const quint64 anywhere = id > 1 ? 1 + random.below(static_cast<std::uint32_t>(id - 1)) : 0;
            changes.push_back(change(id, random.below(4) == 0 ? recent : anywhere, moves[static_cast<int>(id % 200)]));
        }
        TreeModel model;
        auto spent = [before = std::clock()]() mutable { // ms of this process, whatever else the machine does
            const std::clock_t now = std::clock();
            return 1e3 * static_cast<double>(now - std::exchange(before, now)) / CLOCKS_PER_SEC;
        };
        model.apply(std::span(changes).first(998'000));
        const double all = spent();
        model.apply(std::span(changes).subspan(998'000, 1000)); // perhaps the array moves
        const double moving = spent();
        model.apply(std::span(changes).subspan(999'000));
        const double batch = spent();
        model.collapseBelow(1 << 20); // a whole layout from scratch
        const double scratch = spent();
        qInfo("998 000 nodes: %.0f ms; 1 000 more: %.1f ms, then %.1f ms; from scratch: %.0f ms; %u rows, %d columns",
              all, moving, batch, scratch, model.rows(), model.columns());
        QCOMPARE(model.size(), 1'000'000u);
        QVERIFY2(batch < 15, "a batch in a large tree must not cost a pass over the tree");
        QVERIFY2(scratch < 400, "a layout from scratch");
    }

    void zoomingKeepsThePointUnderTheCursor()
    {
        const TreeCamera whole = TreeCamera::fitted(12, 5000, {800, 600});
        QVERIFY(whole.toScreen(0, 0).y() >= 0 && whole.toScreen(12, 5000).y() <= 600);
        TreeCamera camera = whole;
        const QPointF at(300, 200);
        for (int i = 0; i < 60; ++i) {
            const double column = camera.columnAt(at.x()), row = camera.rowAt(at.y());
            camera = camera.zoomed(at, i < 30 ? 1.4 : 1 / 1.4, whole);
            QVERIFY(std::abs(camera.columnAt(at.x()) - column) < 1e-6);
            QVERIFY(std::abs(camera.rowAt(at.y()) - row) < 1e-6 * 5000);
            if (i == 29) {
                QCOMPARE(camera.row, TreeCamera::largestRow);
                QVERIFY(std::abs(camera.column - TreeCamera::labelColumn) < 1e-6);
            }
        }
        QVERIFY(std::abs(camera.column - whole.column) < 1e-6); // out again, all the way
        QVERIFY(camera.row <= whole.row && camera.row >= whole.row / 2);
        const TreeCamera half = between(whole, camera, 0.5);
        QVERIFY(half.row > std::min(whole.row, camera.row) && half.row < std::max(whole.row, camera.row));
    }
};

QTEST_GUILESS_MAIN(TreeModelTest)
#include "tst_tree_model.moc"
