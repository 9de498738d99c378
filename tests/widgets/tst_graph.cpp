// The dimension graph: what is drawn, Graphviz's layout from many threads, the view, pictures.
// LINK widgets_graph
#include "core/graph/construction.h"
#include "core/graph/difference.h"
#include "core/graph/reader.h"
#include "widgets/common/theme.h"
#include "widgets/graph/comparison_legend.h"
#include "widgets/graph/dimension_graph.h"
#include "widgets/graph/graph_canvas.h"
#include "widgets/graph/graph_replay.h"
#include "widgets/graph/graph_view.h"

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QImageReader>
#include <QLabel>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <clocale>
#include <thread>

using namespace synoscope;

namespace {

QString operators()
{
    return QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/operators");
}

PGraph load(const QString& name)
{
    auto graph = readPGraph((operators() + QLatin1Char('/') + name + QStringLiteral(".pgraph")).toStdString());
    if (!graph)
        qFatal("%s", graph.error().text().c_str());
    return *std::move(graph);
}

DimensionId dimension(const PGraph& graph, const char* name)
{
    for (std::size_t i = 0; i < graph.dimensions().size(); ++i)
        if (graph.dimensions()[i].name == name && !graph.dimensions()[i].weight.valid())
            return DimensionId(i);
    qFatal("no dimension %s", name);
}

QImage picture(QWidget& widget)
{
    QImage image(widget.size(), QImage::Format_ARGB32_Premultiplied);
    widget.render(&image);
    return image;
}

GraphPicture pictureOf(const DimensionGraph& graph)
{
    const LayoutRequest request = layoutRequest(graph, QFont());
    auto layout = layOut(request);
    if (!layout)
        qFatal("%s", layout.error().text().c_str());
    return GraphPicture(graph, request, *std::move(layout), QFont());
}

QToolButton* buttonOf(const GraphView& view, QAction* action)
{
    for (QToolButton* button : view.findChildren<QToolButton*>())
        if (button->defaultAction() == action)
            return button;
    qFatal("no button for %s", qPrintable(action->text()));
}

std::size_t count(const GraphMarks& marks, Mark mark)
{
    return static_cast<std::size_t>(std::count(marks.boxes.begin(), marks.boxes.end(), mark));
}

// The primitives that one operator of the comparison has for itself, as the canvas shows them.
std::vector<PrimitiveId> standingOut(const GraphView& view, int panel)
{
    const GraphSheet::Panel& shown = view.canvas()->sheet()->panels()[static_cast<std::size_t>(panel)];
    std::vector<PrimitiveId> found;
    for (std::size_t i = 0; i < shown.graph->graph().primitives().size(); ++i) {
        const Mark mark = shown.marks.box(shown.graph->boxOf(PrimitiveId(i)));
        if (mark == (panel == 0 ? Mark::onlyFirst : Mark::onlySecond))
            found.push_back(PrimitiveId(i));
        else if (mark != Mark::shared)
            qFatal("neither shared nor only here");
    }
    return found;
}

} // namespace

class GraphTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyDimensionJoinsTwoBoxes()
    {
        for (const QString& file : QDir(operators()).entryList({QStringLiteral("*.pgraph")})) {
            const DimensionGraph graph(load(file.chopped(7)));
            QCOMPARE(graph.lines().size(), graph.graph().dimensions().size());
            for (const GraphLine& line : graph.lines())
                QVERIFY2(line.from >= 0 && line.to >= 0, qPrintable(file));
        }
    }

    void sizesAndCoordinatesReadAsTheyShould()
    {
        const DimensionGraph graph(load(QStringLiteral("conv2d")));
        const DimensionId c = dimension(graph.graph(), "c");
        QCOMPARE(graph.sizeText(c, -1), QStringLiteral("C_in"));
        const int last = static_cast<int>(graph.graph().bindings().size()) - 1;
        const auto shape = graph.graph().shape(std::vector{c}, graph.graph().bindings().back());
        QCOMPARE(graph.sizeText(c, last), QString::number(shape.front()));
        QCOMPARE(graph.axisText(c, -1), QStringLiteral("c : C_in"));
        const DimensionId y = dimension(graph.graph(), "y");
        QVERIFY2(graph.coordinateText(y).contains(QStringLiteral("floor(k/2)")), qPrintable(graph.coordinateText(y)));
        const QString sentence = graph.sentence(y, last);
        for (const QString& part : {QStringLiteral("H = ") + graph.sizeText(y, last), QStringLiteral("from input"),
                                    QStringLiteral("to unfold k")})
            QVERIFY2(sentence.contains(part), qPrintable(sentence));
        QVERIFY(graph.bindingText(last).contains(QStringLiteral("C_in=") + graph.sizeText(c, last)));
    }

    void aPathRunsUpAndDownButNotSideways()
    {
        const DimensionGraph graph(load(QStringLiteral("conv2d")));
        const auto path = graph.pathThrough(dimension(graph.graph(), "y"));
        QVERIFY(path[dimension(graph.graph(), "y1").index]); // what the unfold makes of it
        QVERIFY(!path[dimension(graph.graph(), "x").index]);
        QVERIFY(!path[dimension(graph.graph(), "c").index]);
        const auto up = graph.pathThrough(dimension(graph.graph(), "y1"));
        QVERIFY(up[dimension(graph.graph(), "y").index]);
    }

    void theLayoutKeepsBoxesApartAndLinesAtTheirBoxes()
    {
        for (const QString& file : QDir(operators()).entryList({QStringLiteral("*.pgraph")})) {
            const DimensionGraph graph(load(file.chopped(7)));
            const GraphPicture picture = pictureOf(graph);
            const QRectF all = QRectF(QPointF(), picture.size()).adjusted(-1, -1, 1, 1);
            const int n = static_cast<int>(graph.boxes().size());
            for (int a = 0; a < n; ++a) {
                QVERIFY2(all.contains(picture.boxRect(a)), qPrintable(file));
                for (int b = 0; b < a; ++b)
                    QVERIFY2(!picture.boxRect(a).intersects(picture.boxRect(b)), qPrintable(file));
            }
            for (const GraphLine& line : graph.lines()) {
                QVERIFY(picture.boxRect(line.from).center().y() < picture.boxRect(line.to).center().y()); // top-down
                QVERIFY(all.contains(picture.labelRect(line.dimension)));
                QVERIFY(picture.at(picture.middle(line.dimension), 2) == line.dimension);
                for (int box = 0; box < n; ++box)
                    QVERIFY2(!picture.boxRect(box).adjusted(1, 1, -1, -1).contains(picture.middle(line.dimension)),
                             qPrintable(file));
                if (line.fromAxis >= 0)
                    QVERIFY(picture.at(picture.cellRect(line.from, line.fromAxis).center(), 1) == line.dimension);
            }
        }
    }

    void manyThreadsMayLayOutAtOnceAndAgree()
    {
        const DimensionGraph graph(load(QStringLiteral("depthwise_separable")));
        const LayoutRequest request = layoutRequest(graph, QFont());
        const auto expected = layOut(request);
        QVERIFY(expected);
        std::atomic<int> right = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 25; ++i)
                    if (const auto result = layOut(request); result && result->boxes == expected->boxes)
                        ++right;
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(right.load(), 100);
    }

    void aForeignLocaleDoesNotBendTheLayout()
    {
        const DimensionGraph graph(load(QStringLiteral("conv2d")));
        const LayoutRequest request = layoutRequest(graph, QFont());
        const auto expected = layOut(request);
        if (!std::setlocale(LC_NUMERIC, "de_DE.UTF-8") && !std::setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
            QSKIP("no locale with a decimal comma is installed");
        const auto result = layOut(request);
        std::setlocale(LC_NUMERIC, "C");
        QVERIFY(result && result->boxes == expected->boxes);
    }

    void theViewShowsTheLastGraphThatWasSet()
    {
        GraphView view;
        view.resize(700, 600);
        QSignalSpy laidOut(&view, &GraphView::laidOut);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view)); // it then has its focus frame
        const QImage empty = picture(*view.canvas());
        view.setGraph(load(QStringLiteral("conv2d")));
        view.setGraph(load(QStringLiteral("linear")));
        view.setGraph(load(QStringLiteral("pooled")));
        QTRY_VERIFY(view.hasPicture());
        QTest::qWait(100);
        QCOMPARE(laidOut.size(), 1); // the two stale answers were dropped
        const PGraph pooled = load(QStringLiteral("pooled"));
        QCOMPARE(view.findChild<QComboBox*>()->count(), static_cast<int>(pooled.bindings().size()) + 1);
        const QImage shown = picture(*view.canvas());
        QVERIFY(shown != empty);
        view.setBinding(0);
        QVERIFY(picture(*view.canvas()) != shown); // numbers for symbols
        view.setGraph(load(QStringLiteral("conv2d")));
        view.clear(); // before the answer
        QTest::qWait(100);
        QVERIFY(!view.hasPicture());
        QCOMPARE(picture(*view.canvas()), empty);
    }

    void aViewMayDieBeforeItsAnswer()
    {
        for (int i = 0; i < 20; ++i) {
            auto view = std::make_unique<GraphView>();
            view->setGraph(load(QStringLiteral("conv2d")));
        }
        QTest::qWait(200);
        QVERIFY(true); // nothing was called that is gone
    }

    void pointingLightsThePathAndSaysTheCoordinate()
    {
        GraphView view;
        view.resize(800, 700);
        const PGraph graph = load(QStringLiteral("conv2d"));
        view.setGraph(graph);
        QTRY_VERIFY(view.hasPicture());
        view.show();
        const QImage plain = picture(*view.canvas());
        const DimensionId y = dimension(graph, "y");
        const QPoint at = view.canvas()->toScreen(view.canvas()->picture()->middle(y)).toPoint();
        QTest::mouseMove(view.canvas(), at);
        QTRY_VERIFY(view.canvas()->lit() == y);
        QVERIFY(view.findChildren<QLabel*>().last()->text().contains(QStringLiteral("floor(k/2)")));
        QVERIFY(picture(*view.canvas()) != plain);
        QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, at);
        QVERIFY(view.canvas()->focus() == y);
        QTest::keyClick(view.canvas(), Qt::Key_Escape);
        QVERIFY(!view.canvas()->focus().valid());
    }

    void theKeyboardReachesEveryDimension()
    {
        GraphView view;
        view.resize(800, 700);
        const PGraph graph = load(QStringLiteral("conv2d"));
        view.setGraph(graph);
        QTRY_VERIFY(view.hasPicture());
        GraphCanvas* canvas = view.canvas();
        std::vector<bool> reached(graph.dimensions().size(), false);
        for (std::size_t i = 0; i < graph.dimensions().size(); ++i) {
            QTest::keyClick(canvas, Qt::Key_Right);
            reached[canvas->focus().index] = true;
        }
        QCOMPARE(std::count(reached.begin(), reached.end(), true), std::ptrdiff_t(reached.size()));
        canvas->focusOn(dimension(graph, "y"));
        QTest::keyClick(canvas, Qt::Key_Down);
        QVERIFY(canvas->focus() == dimension(graph, "y1"));
        QVERIFY(canvas->accessibleDescription().contains(QStringLiteral("y1")));
        QTest::keyClick(canvas, Qt::Key_Up);
        QVERIFY(canvas->focus() == dimension(graph, "y"));
        const double zoom = canvas->zoom();
        QTest::keyClick(canvas, Qt::Key_Plus);
        QVERIFY(canvas->zoom() > zoom);
        QTest::keyClick(canvas, Qt::Key_0);
        QCOMPARE(canvas->zoom(), zoom);
    }

    void aNarrowDockKeepsEveryButtonAndReadableWords()
    {
        GraphView view;
        view.resize(220, 320);
        view.show();
        view.setGraph(load(QStringLiteral("depthwise_separable")));
        QTRY_VERIFY(view.hasPicture());
        const auto buttons = view.findChildren<QToolButton*>();
        QCOMPARE(buttons.size(), view.viewActions().size());
        for (const QToolButton* button : buttons)
            QVERIFY(button->isVisible() && view.rect().contains(button->geometry()) &&
                    button->width() >= button->sizeHint().width());
        GraphCanvas* canvas = view.canvas();
        const double zoom = canvas->zoom();
        QVERIFY(zoom >= 0.8);
        const double top = canvas->toScreen({0, 0}).y();
        QVERIFY(top > 0 && top < 40); // the input is in sight
        auto* down = canvas->findChildren<QScrollBar*>()[1];
        QVERIFY(down->isVisible());
        down->setValue(down->maximum());
        const auto bottom = [&] { return canvas->toScreen({0, canvas->picture()->size().height()}).y(); };
        QVERIFY(bottom() < canvas->height());
        QTest::keyClick(canvas, Qt::Key_0);
        QCOMPARE(canvas->toScreen({0, 0}).y(), top);
        QTest::keyClick(canvas, Qt::Key_0); // all of it
        QVERIFY(canvas->zoom() < zoom && canvas->toScreen({0, 0}).y() > 0 && bottom() < canvas->height());
        QVERIFY(!down->isVisible());
        QTest::keyClick(canvas, Qt::Key_0);
        QCOMPARE(canvas->zoom(), zoom);
    }

    void theReplayShowsExactlyTheStepsSoFar()
    {
        GraphView view;
        view.resize(800, 600);
        view.show();
        for (const QString& file : QDir(operators()).entryList({QStringLiteral("*.pgraph")})) {
            const PGraph graph = load(file.chopped(7));
            const auto steps = constructionSteps(graph);
            view.setGraph(graph);
            QTRY_VERIFY(view.hasPicture());
            QCOMPARE(view.replay()->last(), static_cast<int>(steps.size()));
            QCOMPARE(view.replay()->step(), view.replay()->last()); // at rest: all of it
            const GraphSheet::Panel& panel = view.canvas()->sheet()->panels()[0];
            QVERIFY(panel.marks.boxes.empty());
            const QImage whole = view.canvas()->grab().toImage();
            const QRectF place = panel.picture->boxRect(0);
            for (int shown = 0; shown < view.replay()->last(); ++shown) {
                view.replay()->setStep(shown);
                std::vector<Mark> expected(graph.primitives().size(), Mark::absent);
                for (int step = 0; step < shown; ++step)
                    for (const PrimitiveId id : steps[static_cast<std::size_t>(step)].primitives)
                        expected[id.index] = step == shown - 1 ? Mark::fresh : Mark::plain;
                for (std::size_t i = 0; i < expected.size(); ++i)
                    QVERIFY2(panel.marks.box(panel.graph->boxOf(PrimitiveId(i))) == expected[i], qPrintable(file));
                for (const DimensionId axis : graph.output())
                    QVERIFY(panel.marks.line(axis) == Mark::plain);
                QVERIFY(view.canvas()->grab().toImage() != whole);
                QCOMPARE(panel.picture->boxRect(0), place); // nothing jumps
            }
            view.replay()->setStep(view.replay()->last());
            QCOMPARE(view.canvas()->grab().toImage(), whole);
        }
    }

    void theReplayIsSteppedByMouseAndKeyboard()
    {
        GraphView view;
        view.resize(800, 600);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setGraph(load(QStringLiteral("conv2d")));
        QTRY_VERIFY(view.hasPicture());
        GraphReplay* replay = view.replay();
        QCOMPARE(replay->last(), 6); // three reductions, one contraction, two windows
        QToolButton* back = buttonOf(view, replay->viewActions()[0]);
        QToolButton* forward = buttonOf(view, replay->viewActions()[1]);
        QVERIFY(back->isEnabled() && !forward->isEnabled());
        QVERIFY(!back->accessibleName().isEmpty() && !forward->accessibleName().isEmpty());
        QCOMPARE(replay->words(), QStringLiteral("6 of 6: unfold H by k"));
        QImage before = view.canvas()->grab().toImage();
        QStringList words;
        for (int step = 5; step >= 0; --step) {
            QTest::mouseClick(back, Qt::LeftButton);
            QCOMPARE(replay->step(), step);
            words += replay->words();
            const QImage now = view.canvas()->grab().toImage();
            QVERIFY(now != before);
            before = now;
        }
        QCOMPARE(words[0], QStringLiteral("5 of 6: unfold W by k"));
        QCOMPARE(words[1], QStringLiteral("4 of 6: contract with w0"));
        QCOMPARE(words[2], QStringLiteral("3 of 6: reduce C_in"));
        QVERIFY(words[5].startsWith(QStringLiteral("0 of 6")));
        QCOMPARE(replay->findChild<QLabel*>()->text(), replay->words());
        QVERIFY(!back->isEnabled());
        QTest::mouseClick(forward, Qt::LeftButton);
        QCOMPARE(replay->step(), 1);

        view.canvas()->setFocus();
        QTest::keyClick(view.canvas(), Qt::Key_BracketRight);
        QCOMPARE(replay->step(), 2);
        QTest::keyClick(view.canvas(), Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(replay->step(), 3);
        QTest::keyClick(view.canvas(), Qt::Key_Left, Qt::AltModifier);
        QTest::keyClick(view.canvas(), Qt::Key_BracketLeft);
        QCOMPARE(replay->step(), 1);
        QVERIFY(!view.canvas()->focus().valid()); // no dimension was walked to
        auto* slider = replay->findChild<QSlider*>();
        QVERIFY(!slider->accessibleName().isEmpty());
        QTest::keyClick(slider, Qt::Key_End);
        QCOMPARE(replay->step(), 6);
        QTest::keyClick(slider, Qt::Key_Home);
        QCOMPARE(replay->step(), 0);
        view.setGraph(load(QStringLiteral("linear")));
        QCOMPARE(replay->step(), replay->last());
    }

    void playingGoesToTheEndAndStops()
    {
        GraphView view;
        view.resize(800, 600);
        view.setGraph(load(QStringLiteral("linear")));
        view.show();
        QTRY_VERIFY(view.hasPicture());
        QAction* play = view.replay()->viewActions()[2];
        QTest::mouseClick(buttonOf(view, play), Qt::LeftButton);
        QCOMPARE(view.replay()->step(), 0);
        view.replay()->setStep(view.replay()->last() - 1);
        QVERIFY(play->isChecked());
        QTRY_COMPARE(view.replay()->step(), view.replay()->last());
        QVERIFY(!play->isChecked());
    }

    void twoOperatorsAreComparedInOnePicture()
    {
        const PGraph conv = load(QStringLiteral("conv2d"));
        GraphView view;
        view.resize(800, 600);
        view.show();
        for (const char* name : {"grouped", "dilated"}) {
            const PGraph other = load(QLatin1String(name));
            view.compare(conv, QStringLiteral("one"), other, QLatin1String(name));
            QVERIFY(view.isComparison() && !view.hasPicture());
            QTRY_VERIFY(view.hasPicture());
            const GraphDifference expected = difference(conv, other);
            QVERIFY(!expected.onlyFirst.empty() && !expected.onlySecond.empty() && !expected.shared.empty());
            QVERIFY(standingOut(view, 0) == expected.onlyFirst);
            QVERIFY(standingOut(view, 1) == expected.onlySecond);
            QCOMPARE(view.legend()->text(), QStringLiteral("%1 primitives shared, %2 only in A, %3 only in B")
                                                .arg(expected.shared.size())
                                                .arg(expected.onlyFirst.size())
                                                .arg(expected.onlySecond.size()));
            QVERIFY(view.legend()->isVisible() && !view.replay()->isVisible());
            QVERIFY(view.canvas()->accessibleDescription().contains(view.legend()->text()));
            const auto& panels = view.canvas()->sheet()->panels();
            QCOMPARE(panels[0].title, QStringLiteral("A: one"));
            QVERIFY(panels[1].title.contains(QLatin1String(name)));
            const auto rect = [](const GraphSheet::Panel& panel) { return QRectF(panel.place, panel.picture->size()); };
            QVERIFY(!rect(panels[0]).intersects(rect(panels[1])));
            QVERIFY(QRectF({0, 0}, view.canvas()->sheet()->size()).contains(rect(panels[1]).adjusted(0, 0, -1, -1)));
        }
        // the second one's dimensions are reached too
        const auto order = view.canvas()->sheet()->inReadingOrder();
        QCOMPARE(order.back().panel, 1);
        QTest::keyClick(view.canvas(), Qt::Key_Right);
        QTest::keyClick(view.canvas(), Qt::Key_Left);
        QVERIFY(view.canvas()->litSpot() == order.back());
        QVERIFY(view.findChildren<QLabel*>().last()->text().startsWith(QStringLiteral("B: ")));
        QTest::keyClick(view.canvas(), Qt::Key_BracketLeft); // nothing to replay
        QVERIFY(standingOut(view, 0) == difference(conv, load(QStringLiteral("dilated"))).onlyFirst);

        view.setGraph(conv); // ends it
        QVERIFY(!view.isComparison() && !view.legend()->isVisible() && view.replay()->isVisible());
        QTRY_VERIFY(view.hasPicture());
        QCOMPARE(view.canvas()->sheet()->panels().size(), std::size_t(1));
        QCOMPARE(count(view.canvas()->sheet()->panels()[0].marks, Mark::shared), std::size_t(0));
    }

    void anOperatorHasNothingForItselfBesideItself()
    {
        const PGraph conv = load(QStringLiteral("conv2d"));
        GraphView view;
        view.resize(1600, 600);
        view.show();
        view.compare(conv, QStringLiteral("one"), conv, QStringLiteral("other"));
        QTRY_VERIFY(view.hasPicture());
        QVERIFY(standingOut(view, 0).empty() && standingOut(view, 1).empty());
        QCOMPARE(view.legend()->text(), QStringLiteral("9 primitives shared, 0 only in A, 0 only in B")
                                            .replace(QStringLiteral("9"), QString::number(conv.primitives().size())));
        const auto& panels = view.canvas()->sheet()->panels();
        QCOMPARE(panels[0].place.y(), panels[1].place.y()); // beside each other
        QCOMPARE(view.findChild<QComboBox*>()->count(), static_cast<int>(conv.bindings().size()) + 1);
        const QImage symbols = view.canvas()->grab().toImage();
        view.setBinding(1);
        QVERIFY(view.canvas()->grab().toImage() != symbols);
        view.resize(390, 330);
        QTRY_COMPARE(panels[0].place.x(), panels[1].place.x()); // below each other
        QVERIFY(panels[1].place.y() > panels[0].place.y());
    }

    void aComparisonIsSavedInEveryFormat()
    {
        GraphView view;
        QTemporaryDir folder;
        view.compare(load(QStringLiteral("conv2d")), QStringLiteral("one"), load(QStringLiteral("grouped")),
                     QStringLiteral("two"));
        QTRY_VERIFY(view.hasPicture());
        for (const char* ending : {"svg", "png", "pdf"})
            QVERIFY(view.savePicture(folder.filePath(QStringLiteral("both.") + QLatin1String(ending))));
        QFile svg(folder.filePath(QStringLiteral("both.svg")));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        const QByteArray text = svg.readAll();
        for (const char* part : {"A: one", "B: two", "primitives shared", "only in B"})
            QVERIFY2(text.contains(part), part);
        QVERIFY(text.contains("stroke-dasharray")); // colour is not alone
        const QSizeF size = QSvgRenderer(text).viewBoxF().size();
        QVERIFY(size.width() > view.canvas()->sheet()->size().width());
        QVERIFY(size.height() > view.canvas()->sheet()->size().height() + 24);
    }

    void thePictureIsSavedInEveryFormat()
    {
        GraphView view;
        QTemporaryDir folder;
        QVERIFY(!view.savePicture(folder.filePath(QStringLiteral("nothing.svg"))));
        view.setGraph(load(QStringLiteral("conv2d")));
        QTRY_VERIFY(view.hasPicture());
        for (const char* ending : {"svg", "png", "pdf"})
            QVERIFY(view.savePicture(folder.filePath(QStringLiteral("conv2d.") + QLatin1String(ending))));
        QSvgRenderer svg(folder.filePath(QStringLiteral("conv2d.svg")));
        QVERIFY(svg.isValid());
        QVERIFY(svg.viewBoxF().width() > 200);
        const QSize png = QImageReader(folder.filePath(QStringLiteral("conv2d.png"))).size();
        QVERIFY(std::abs(png.width() - 2 * svg.viewBoxF().width()) <= 2);
        QVERIFY(!view.savePicture(folder.filePath(QStringLiteral("conv2d.txt"))));
    }
};

QTEST_MAIN(GraphTest)
#include "tst_graph.moc"
