// LINK widgets_plots
// The plots: what they draw, whose ranges they keep, what a click selects, what a file holds.
#include "core/base/pareto_front.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/plots/latency_plot.h"
#include "widgets/plots/loss_curves.h"
#include "widgets/plots/pareto_plot.h"
#include "widgets/plots/qcustomplot_quiet.h"
#include "widgets/plots/reward_plot.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <cmath>
#include <random>

using namespace synoscope;

namespace {

std::vector<ParetoPoint> somePoints()
{
    return {{1, QStringLiteral("a"), 1.0, 0.9, 0.70, false},
            {2, QStringLiteral("b"), 2.0, 0.4, 0.65, true},
            {3, QStringLiteral("c"), 1.5, 0.5, 0.60, false}, // beaten by 2 in both plots
            {4, QStringLiteral("d"), std::nan(""), 0.2, 0.50, false}};
}

std::vector<CurvePoint> someEpochs(std::int64_t run, int epochs)
{
    std::vector<CurvePoint> points;
    for (int epoch = 1; epoch <= epochs; ++epoch)
        points.push_back({run, run * 10, QStringLiteral("run %1").arg(run), epoch, 2.3 / epoch, 0.1 + 0.05 * epoch});
    return points;
}

QPoint pixelOf(const PlotView& view, double x, double y)
{
    return {qRound(view.plot()->xAxis->coordToPixel(x)), qRound(view.plot()->yAxis->coordToPixel(y))};
}

template <typename View>
void showIt(View& view)
{
    view.resize(500, 320);
    view.show();
    QCoreApplication::processEvents();
}

} // namespace

class TestPlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFrontIsWhatNoOtherPointBeats();
    void theFrontFollowsTheChosenCost();
    void aClickSelectsThePointUnderIt();
    void aDragPansAndSelectsNothing();
    void everyValueIsInOneBarOfTheHistogram();
    void aClickOnABarAsksForItsCandidates();
    void newDataNeverRescaleWhatTheUserZoomed();
    void theKeyboardZoomsPansAndResets();
    void theLossCurvesKeepTheNewestRunsAndTheOneInFocus();
    void anEpochThatComesTwiceReplacesItself();
    void aLatencyIsABarForEachLayerAndForTheNetwork();
    void theBestSoFarNeverFalls();
    void picturesAreWrittenAndRefusedBySentence();
    void aHiddenPlotDrawsWhenItIsShown();
    void theColoursFollowTheTheme();
};

void TestPlots::theFrontIsWhatNoOtherPointBeats()
{
    std::mt19937 randomness(3);
    for (int round = 0; round < 200; ++round) {
        std::uniform_int_distribution<int> digit(0, 9); // coarse: ties and equal points occur
        std::vector<Tradeoff> points(static_cast<std::size_t>(round % 40));
        for (Tradeoff& point : points)
            point = {digit(randomness) == 0 ? std::nan("") : digit(randomness) / 10.0, digit(randomness) / 10.0};
        const auto front = paretoFront(points);

        const auto beats = [](const Tradeoff& a, const Tradeoff& b) {
            return a.cost <= b.cost && a.value >= b.value && (a.cost < b.cost || a.value > b.value);
        };
        std::vector<std::size_t> expected;
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (std::isnan(points[i].cost))
                continue;
            bool stays = true;
            for (std::size_t j = 0; j < points.size(); ++j) {
                const bool twin = points[j].cost == points[i].cost && points[j].value == points[i].value && j < i;
                stays = stays && !twin && !beats(points[j], points[i]);
            }
            if (stays)
                expected.push_back(i);
        }
        auto sorted = front;
        std::sort(sorted.begin(), sorted.end());
        QCOMPARE(sorted, expected);
        for (std::size_t i = 1; i < front.size(); ++i)
            QVERIFY(points[front[i - 1]].cost < points[front[i]].cost);
    }
}

void TestPlots::theFrontFollowsTheChosenCost()
{
    ParetoPlot view;
    view.apply(somePoints());
    QCOMPARE(view.frontIds(), (std::vector<std::int64_t>{4, 2, 1}));
    view.setCost(ParetoPlot::Cost::speedup);
    QCOMPARE(view.frontIds(), (std::vector<std::int64_t>{2, 1})); // 4 was not benchmarked
}

void TestPlots::aClickSelectsThePointUnderIt()
{
    ParetoPlot pareto;
    showIt(pareto);
    pareto.apply(somePoints());
    pareto.resetView();
    QSignalSpy clicks(&pareto, &ParetoPlot::candidateClicked);
    QTest::mouseClick(pareto.plot(), Qt::LeftButton, {}, pixelOf(pareto, 0.5, 60) + QPoint(3, 2));
    QCOMPARE(clicks.count(), 1);
    QCOMPARE(clicks[0][0].value<std::int64_t>(), 3);
    QTest::mouseClick(pareto.plot(), Qt::LeftButton, {}, pixelOf(pareto, 0.7, 55));
    QCOMPARE(clicks.count(), 1);

    RewardPlot rewards;
    showIt(rewards);
    rewards.apply(std::vector<RewardPoint>{{7, QStringLiteral("x"), 10, 0.5}, {8, QStringLiteral("y"), 20, 0.25}});
    rewards.resetView();
    QSignalSpy rewardClicks(&rewards, &RewardPlot::candidateClicked);
    QTest::mouseClick(rewards.plot(), Qt::LeftButton, {}, pixelOf(rewards, 20, 0.25));
    QCOMPARE(rewardClicks.count(), 1);
    QCOMPARE(rewardClicks[0][0].value<std::int64_t>(), 8);
}

void TestPlots::aDragPansAndSelectsNothing()
{
    ParetoPlot view;
    showIt(view);
    view.apply(somePoints());
    view.resetView();
    const QSignalSpy clicks(&view, &ParetoPlot::candidateClicked);
    const QCPRange before = view.plot()->xAxis->range();
    const QPoint start = pixelOf(view, 0.6, 58);
    const QPoint end = start + QPoint(60, 0);
    QTest::mousePress(view.plot(), Qt::LeftButton, {}, start);
    QTest::mouseMove(view.plot(), start + QPoint(30, 0));
    QMouseEvent move(QEvent::MouseMove, end, view.plot()->mapToGlobal(end), Qt::LeftButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(view.plot(), &move);
    QTest::mouseRelease(view.plot(), Qt::LeftButton, {}, end);
    QVERIFY(view.plot()->xAxis->range().lower < before.lower);
    QVERIFY(view.isZoomed());
    QCOMPARE(clicks.count(), 0);
}

void TestPlots::newDataNeverRescaleWhatTheUserZoomed()
{
    LossCurves view;
    showIt(view);
    view.add(someEpochs(1, 3));
    view.resetView();
    const QCPRange first = view.plot()->xAxis->range();
    view.add(someEpochs(1, 8));
    QTRY_VERIFY(view.plot()->xAxis->range().upper > first.upper); // follows while nobody zoomed

    view.plot()->xAxis->setRange(2, 4); // as the wheel does
    QVERIFY(view.isZoomed());
    view.add(someEpochs(2, 30));
    QTest::qWait(250); // two redraws
    QCOMPARE(view.plot()->xAxis->range().lower, 2.0);
    QCOMPARE(view.plot()->xAxis->range().upper, 4.0);
    view.resetView();
    QVERIFY(!view.isZoomed());
    QVERIFY(view.plot()->xAxis->range().upper >= 30);
}

void TestPlots::theKeyboardZoomsPansAndResets()
{
    RewardPlot view;
    showIt(view);
    view.apply(std::vector<RewardPoint>{{1, {}, 0, 0.1}, {2, {}, 100, 0.9}});
    view.resetView();
    QVERIFY(QTest::qWaitForWindowActive(&view));
    const QCPRange whole = view.plot()->xAxis->range();
    QTest::keyClick(&view, Qt::Key_Plus);
    QVERIFY(view.plot()->xAxis->range().size() < whole.size());
    QTest::keyClick(&view, Qt::Key_Right);
    QVERIFY(view.plot()->xAxis->range().center() > whole.center());
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.plot()->xAxis->range(), whole);
    QVERIFY(!view.isZoomed());
}

void TestPlots::theLossCurvesKeepTheNewestRunsAndTheOneInFocus()
{
    LossCurves view;
    showIt(view);
    for (std::int64_t run = 1; run <= 20; ++run)
        view.add(someEpochs(run, 4));
    view.resetView();
    QCOMPARE(view.runCount(), 20);
    QCOMPARE(view.plot()->graphCount(), 2 * static_cast<int>(LossCurves::drawnRuns));
    const auto isDrawn = [&](const QString& title) {
        for (int i = 0; i < view.plot()->graphCount(); ++i)
            if (view.plot()->graph(i)->name() == title)
                return true;
        return false;
    };
    QVERIFY(isDrawn(QStringLiteral("run 20")) && !isDrawn(QStringLiteral("run 2")));
    view.setFocusCandidate(20); // of run 2
    view.resetView();
    QVERIFY(isDrawn(QStringLiteral("run 2")) && isDrawn(QStringLiteral("run 20")));
    QCOMPARE(view.plot()->graph(view.plot()->graphCount() - 1)->name(), QStringLiteral("run 2"));
}

void TestPlots::anEpochThatComesTwiceReplacesItself()
{
    LossCurves view;
    showIt(view);
    view.add(someEpochs(1, 5));
    auto again = someEpochs(1, 5);
    again.back().loss = 0.125;
    view.add(again);
    view.resetView();
    QCOMPARE(view.plot()->graph(0)->dataCount(), 5);
    QCOMPARE(view.plot()->graph(0)->dataMainValue(4), 0.125);
}

void TestPlots::aLatencyIsABarForEachLayerAndForTheNetwork()
{
    LatencyPlot view;
    showIt(view);
    const QList<LayerLatency> layers{{QStringLiteral("C_in=16 H=8"), 2, 100, 150, 1.5, 1.4, 1.6},
                                     {QStringLiteral("C_in=32 H=4 stride 2"), 1, 200, 100, 0.5, 0, 0},
                                     {{}, 1, 1000, 1100, 1.1, 1.05, 1.15}};
    view.setLayers(QStringLiteral("op"), layers);
    const auto bars = view.plot()->findChildren<QCPBars*>();
    QCOMPARE(bars.size(), 2); // what is faster, and what is slower
    QCOMPARE(bars[0]->data()->size(), 2);
    QCOMPARE(bars[1]->data()->size(), 1);
    QCOMPARE(bars[0]->data()->at(0)->key, 1.0); // the network is lowest, and the whiskers are its own
    const auto whiskers = view.plot()->findChildren<QCPErrorBars*>();
    QVERIFY(std::abs(whiskers[0]->data()->at(0).errorPlus - 0.05) < 1e-9);
    QVERIFY(std::abs(whiskers[0]->data()->at(1).errorPlus - 0.1) < 1e-9);
    QVERIFY(view.toolTipAt(3).contains(QStringLiteral("C_in=16 H=8 (2 times)")));
    QVERIFY(view.toolTipAt(2).contains(QStringLiteral("stride 2")));
    QVERIFY(!view.toolTipAt(2).contains(QStringLiteral("confidence")));
    QVERIFY(view.toolTipAt(1).contains(QStringLiteral("the whole network")));
    QVERIFY(view.toolTipAt(1).contains(QStringLiteral("1.05× and 1.15×")));
    QVERIFY(view.toolTipAt(1.5).isEmpty());
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("the whole network")));
    QVERIFY(view.plot()->xAxis->range().contains(1.6));
    view.clear();
    QVERIFY(view.toolTipAt(1).isEmpty());
}

void TestPlots::theBestSoFarNeverFalls()
{
    RewardPlot view;
    showIt(view);
    QVERIFY(std::isnan(view.best()));
    std::mt19937 randomness(5);
    std::uniform_real_distribution<double> reward(0, 1);
    std::vector<RewardPoint> points;
    for (std::int64_t i = 0; i < 300; ++i)
        points.push_back({i, {}, i * 7 % 301, i % 11 == 0 ? std::nan("") : reward(randomness)});
    view.apply(points);
    view.resetView();
    const auto* best = view.plot()->graph(1);
    QCOMPARE(best->dataCount(), 300 - 28);
    for (int i = 1; i < best->dataCount(); ++i)
        QVERIFY(best->dataMainValue(i) >= best->dataMainValue(i - 1));
    QCOMPARE(best->dataMainValue(best->dataCount() - 1), view.best());
}

void TestPlots::picturesAreWrittenAndRefusedBySentence()
{
    ParetoPlot view;
    showIt(view);
    view.apply(somePoints());
    view.resetView();
    QTemporaryDir folder;
    QVERIFY(view.save(folder.filePath(QStringLiteral("p.png"))));
    const QImage picture(folder.filePath(QStringLiteral("p.png")));
    QCOMPARE(picture.width(), view.plot()->width() * 2);
    QVERIFY(view.save(folder.filePath(QStringLiteral("p.PDF"))));
    QFile pdf(folder.filePath(QStringLiteral("p.PDF")));
    QVERIFY(pdf.open(QIODevice::ReadOnly));
    QVERIFY(pdf.readAll().startsWith("%PDF"));
    QVERIFY(!view.save(folder.filePath(QStringLiteral("p.txt"))));
    const auto refused = view.save(QStringLiteral("/no/such/folder/p.png"));
    QVERIFY(!refused);
    QVERIFY(QString::fromStdString(refused.error().message).contains(QStringLiteral("/no/such/folder/p.png")));
}

void TestPlots::aHiddenPlotDrawsWhenItIsShown()
{
    ParetoPlot view;
    view.apply(somePoints());
    QTest::qWait(150);
    QCOMPARE(view.plot()->graph(0)->dataCount(), 0); // no work for nobody
    showIt(view);
    QCOMPARE(view.plot()->graph(0)->dataCount(), 4);
}

void TestPlots::theColoursFollowTheTheme()
{
    ParetoPlot view;
    showIt(view);
    view.apply(somePoints());
    for (const Colors* colors : {&Colors::night(), &Colors::light()}) {
        view.setPalette(paletteFor(*colors));
        QTRY_COMPARE(view.plot()->xAxis->labelColor(), colors->mutedText);
        const QImage image = view.plot()->toPixmap(200, 150).toImage();
        QCOMPARE(image.pixelColor(1, 1).rgb(), colors->canvas.rgb());
    }
}

void TestPlots::everyValueIsInOneBarOfTheHistogram()
{
    QVERIFY(histogram({}).empty());
    QCOMPARE(histogram({2, 2, 2}).size(), std::size_t(1));
    QCOMPARE(histogram({2, 2, 2})[0].count, 3);
    std::mt19937 random(5);
    for (const int count : {2, 3, 10, 1000, 100000}) {
        std::normal_distribution<double> normal(3, 2);
        std::vector<double> values;
        for (int i = 0; i < count; ++i)
            values.push_back(i % 10 == 9 ? 1000 * normal(random) : normal(random)); // with outliers
        const auto bars = histogram(values);
        QVERIFY(bars.size() >= 1 && bars.size() <= 100);
        int all = 0;
        for (std::size_t i = 0; i < bars.size(); ++i) {
            const bool last = i + 1 == bars.size();
            const auto inside = std::ranges::count_if(
                values, [&](double v) { return v >= bars[i].from - 1e-9 && (v < bars[i].to + 1e-9 || last); });
            QVERIFY(std::abs(inside - bars[i].count) <= 1); // one may lie on the edge, within rounding
            all += bars[i].count;
        }
        QCOMPARE(all, count);
    }
}

void TestPlots::aClickOnABarAsksForItsCandidates()
{
    HistogramPlot view;
    showIt(view);
    std::vector<HistogramPoint> points;
    for (int i = 0; i < 40; ++i) {
        HistogramPoint point{.id = i + 1};
        point.values.fill(std::nan(""));
        point.values[static_cast<std::size_t>(HistogramPlot::Figure::accuracy)] =
            i < 30 ? 0.5 + i * 0.001 : 0.8 + i * 0.001;
        points.push_back(point);
    }
    view.apply(points);
    view.setFigure(HistogramPlot::Figure::accuracy);
    QVERIFY(view.bars().size() > 3);
    QSignalSpy asked(&view, &HistogramPlot::candidatesRequested);
    const HistogramPlot::Bar& first = view.bars().front();
    QTest::mouseClick(view.plot(), Qt::LeftButton, {}, pixelOf(view, (first.from + first.to) * 50, first.count * 0.5));
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][1].value<QList<std::int64_t>>().size(), qsizetype(first.count));
    QVERIFY(asked[0][1].value<QList<std::int64_t>>().contains(1));
    QVERIFY(asked[0][0].toString().startsWith(QStringLiteral("Accuracy 50.0")));
    QTest::mouseClick(view.plot(), Qt::LeftButton, {}, pixelOf(view, (first.from + first.to) * 50, first.count + 0.9));
    QCOMPARE(asked.count(), 1);                     // above the bar
    view.setFigure(HistogramPlot::Figure::speedup); // which nobody has
    QVERIFY(view.bars().empty());
}

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
