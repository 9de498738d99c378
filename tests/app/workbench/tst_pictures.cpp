// The window's main states against pictures of them. Compared are the mean colours of small squares: other versions of
// the font's renderer move a glyph by a fraction of a pixel, and that is no difference; a label that is gone, a dock
// elsewhere, a colour that has become another one are.
//
//     SYNOSCOPE_UPDATE_PICTURES=1 tst_pictures      makes the pictures anew: look at them before they are committed
#include "tests/app/workbench/scene.h"

#include <QtCore/QDir>
#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>
#include <QtGui/QFontInfo>
#include <QtGui/QImageReader>
#include <QtGui/QPainter>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QDockWidget>

using namespace synoscope;

namespace {

constexpr int square = 8;       // pixels of a picture, which is half as large as the window
constexpr int largestStep = 14; // of 255, in any channel of a square's mean colour
constexpr int mostSquares = 6;  // of 4 000 may be further off

// One pixel for each square.
QImage means(const QImage& picture)
{
    return picture.scaled(picture.width() / square, picture.height() / square, Qt::IgnoreAspectRatio,
                          Qt::SmoothTransformation);
}

int step(QRgb a, QRgb b)
{
    return std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)), std::abs(qBlue(a) - qBlue(b))});
}

QList<QPoint> differences(const QImage& a, const QImage& b)
{
    const QImage first = means(a);
    const QImage second = means(b);
    QList<QPoint> squares;
    for (int y = 0; y < first.height(); ++y)
        for (int x = 0; x < first.width(); ++x)
            if (step(first.pixel(x, y), second.pixel(x, y)) > largestStep)
                squares << QPoint(x, y);
    return squares;
}

QString marked(QImage picture, const QList<QPoint>& squares, const QString& name)
{
    {
        QPainter painter(&picture);
        painter.setPen(QPen(Qt::red, 2));
        for (const QPoint& place : squares)
            painter.drawRect(QRect(place * square, QSize(square, square)));
    }
    const QString file = QDir::temp().filePath(QStringLiteral("synoscope-%1-differs.png").arg(name));
    picture.save(file);
    return file;
}

} // namespace

class TestPictures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theMainStatesLookAsTheyDid_data();
    void theMainStatesLookAsTheyDid();
    void whatHasChangedIsSeen();

private:
    QImage picture(const QString& dock, ThemeMode mode, QSize size);

    QTemporaryDir folder_;
};

void TestPictures::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("SynoscopeTest"));
    QCoreApplication::setApplicationName(QStringLiteral("SynoscopeTest"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder_.path());
    QApplication::setCursorFlashTime(0);
}

// `dock`: the one in front; "empty": a window without an experiment.
QImage TestPictures::picture(const QString& dock, ThemeMode mode, QSize size)
{
    QSettings().clear();
    ScriptedSession session;
    Theme theme;
    MainWindow window(session, theme);
    showWindow(window, mode, size);
    if (dock != QStringLiteral("empty")) {
        showScene(session, window);
        settle(1200); // the graph is laid out on another thread
        window.findChild<QDockWidget*>(dock)->raise();
    }
    settle(300);
    if (QWidget* const focus = QApplication::focusWidget()) // its frame comes and goes with the window's activity
        focus->clearFocus();
    settle(50);
    return window.grab()
        .toImage()
        .convertToFormat(QImage::Format_RGB32)
        .scaled(size / 2, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

void TestPictures::theMainStatesLookAsTheyDid_data()
{
    QTest::addColumn<QString>("dock");
    QTest::addColumn<ThemeMode>("mode");
    QTest::addColumn<QSize>("size");
    const QSize large(1280, 800);
    const QSize small(1000, 700);
    QTest::newRow("empty-light") << QStringLiteral("empty") << ThemeMode::light << large;
    QTest::newRow("graph-light") << QStringLiteral("graph") << ThemeMode::light << large;
    QTest::newRow("graph-dark-small") << QStringLiteral("graph") << ThemeMode::dark << small;
    QTest::newRow("inspector-dark") << QStringLiteral("inspector") << ThemeMode::dark << large;
    QTest::newRow("code-light-small") << QStringLiteral("code") << ThemeMode::light << small;
    QTest::newRow("jobs-dark") << QStringLiteral("jobs") << ThemeMode::dark << large;
}

void TestPictures::theMainStatesLookAsTheyDid()
{
    QFETCH(const QString, dock);
    QFETCH(const ThemeMode, mode);
    QFETCH(const QSize, size);
    const QString name = QString::fromUtf8(QTest::currentDataTag());
    const QString file = QStringLiteral(SYNOSCOPE_SOURCE_DIR "/tests/app/workbench/pictures/%1.png").arg(name);
    const QString font = QFontInfo(QApplication::font()).family();
    QImage now = picture(dock, mode, size);
    if (qEnvironmentVariableIsSet("SYNOSCOPE_UPDATE_PICTURES")) {
        now.setText(QStringLiteral("font"), font);
        QVERIFY(now.save(file));
        return;
    }
    const QImage before = QImage(file).convertToFormat(QImage::Format_RGB32);
    QVERIFY2(!before.isNull(), qPrintable(file));
    if (QImage(file).text(QStringLiteral("font")) != font)
        QSKIP("another font than the pictures were made with");
    QCOMPARE(now.size(), before.size());
    const QList<QPoint> squares = differences(now, before);
    QVERIFY2(
        squares.size() <= mostSquares,
        qPrintable(QStringLiteral("%1 squares differ: see %2").arg(squares.size()).arg(marked(now, squares, name))));
}

// The comparison itself: what would be lost is found.
void TestPictures::whatHasChangedIsSeen()
{
    const QSize size(1280, 800);
    const QImage graph = picture(QStringLiteral("graph"), ThemeMode::light, size);
    QVERIFY(differences(graph, picture(QStringLiteral("graph"), ThemeMode::light, size)).size() <= mostSquares);
    QVERIFY(differences(graph, picture(QStringLiteral("inspector"), ThemeMode::light, size)).size() > 10 * mostSquares);
    QImage without = graph.copy();
    QPainter(&without).fillRect(QRect(QPoint(0, 10), QSize(160, 16)), graph.pixelColor(300, 18)); // the tools
    QVERIFY(differences(graph, without).size() > mostSquares);
}

QTEST_MAIN(TestPictures)
#include "tst_pictures.moc"
