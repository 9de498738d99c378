// The dimension graph: what is drawn, Graphviz's layout from many threads, the view, pictures.
// LINK widgets_graph
#include "core/graph/reader.h"
#include "widgets/common/theme.h"
#include "widgets/graph/dimension_graph.h"
#include "widgets/graph/graph_canvas.h"
#include "widgets/graph/graph_view.h"

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QImageReader>
#include <QLabel>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
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
