// The theme, the formats and the small helpers that all views share.
// LINK widgets_common
#include "widgets/common/empty_state.h"
#include "widgets/common/filter_edit.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/picture.h"
#include "widgets/common/table_model.h"
#include "widgets/common/theme.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDirIterator>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QStringListModel>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace synoscope;

namespace {

struct Item
{
    quint64 id;
    QString name;
};

using Items = TableModel<Item>;

std::vector<Items::Column> itemColumns()
{
    return {{.title = QStringLiteral("Name"), .text = [](const Item& item) { return item.name; }},
            {.title = QStringLiteral("Id"),
             .text = [](const Item& item) { return QString::number(item.id); },
             .sortKey = [](const Item& item) { return item.id; }}};
}

QStringList namesOf(const Items& model)
{
    QStringList names;
    for (const Item& item : model.rows())
        names += item.name;
    return names;
}

bool hasInk(const QImage& image)
{
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (qAlpha(image.pixel(x, y)) > 100)
                return true;
    return false;
}

} // namespace

class ThemeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void theModeDecidesThePaletteAndTheSystemIsTheDefault()
    {
        Theme theme;
        QCOMPARE(theme.mode(), ThemeMode::system);
        QVERIFY(!theme.isDark()); // the offscreen platform is light
        QSignalSpy changes(&theme, &Theme::changed);
        theme.setMode(ThemeMode::dark);
        QVERIFY(Colors::of(QApplication::palette()).dark);
        theme.setMode(ThemeMode::system);
        QVERIFY(!Colors::of(QApplication::palette()).dark);
        QCOMPARE(changes.size(), 2);
        QWidget view;
        theme.setMode(ThemeMode::dark);
        QTRY_VERIFY2(Colors::of(view.palette()).dark, "the palette of a view follows");
        theme.setMode(ThemeMode::light);
    }

    void modesSurviveASettingsFile()
    {
        for (const ThemeMode mode : {ThemeMode::system, ThemeMode::light, ThemeMode::dark})
            QCOMPARE(Theme::fromString(Theme::toString(mode)), mode);
        QCOMPARE(Theme::fromString(QStringLiteral("rubbish")), ThemeMode::system);
    }

    void textIsReadableInBothThemes()
    {
        for (const Colors* colors : {&Colors::light(), &Colors::night()}) {
            const QPalette palette = paletteFor(*colors);
            QVERIFY(contrast(colors->text, colors->canvas) > 7);
            QVERIFY(contrast(colors->text, palette.color(QPalette::Window)) > 7);
            QVERIFY(contrast(colors->text, palette.color(QPalette::Button)) > 7);
            QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) > 4.5);
            for (const QColor& color : {colors->mutedText, colors->accent, colors->pinned, colors->good, colors->bad})
                QVERIFY2(contrast(color, colors->canvas) > 4.5, qPrintable(color.name()));
            QVERIFY(contrast(colors->warning, colors->canvas) > 4.5);
            for (const QColor& kind : colors->kinds) {
                QVERIFY2(contrast(readableOn(kind), kind) > 4.5, qPrintable(kind.name()));
                QVERIFY2(contrast(kind, colors->canvas) > 1.9, qPrintable(kind.name()));
            }
        }
    }

    void theKindsColoursAreDistinct()
    {
        for (const Colors* colors : {&Colors::light(), &Colors::night()})
            for (int a = 0; a < colouredKinds; ++a)
                for (int b = 0; b < a; ++b) {
                    const QColor x = colors->kind(a), y = colors->kind(b);
                    const int distance =
                        std::abs(x.red() - y.red()) + std::abs(x.green() - y.green()) + std::abs(x.blue() - y.blue());
                    QVERIFY2(distance > 60, qPrintable(kindName(a) + QLatin1Char(' ') + kindName(b)));
                }
        QCOMPARE(Colors::light().kind(-1), Colors::light().kind(finalizeKind));
        QCOMPARE(Colors::light().kind(99), Colors::light().kind(finalizeKind));
    }

    void theHeatScaleGetsLighterAllTheWay()
    {
        double before = -1;
        for (int i = 0; i <= 100; ++i) {
            const double light = contrast(heat(i / 100.0), Qt::black);
            QVERIFY2(light > before, qPrintable(QString::number(i)));
            before = light;
        }
        QCOMPARE(heat(-5), heat(0));
        QCOMPARE(heat(7), heat(1));
        QVERIFY(heat(std::nan("")).isValid());
    }

    void everyKindHasANameAndASentence()
    {
        for (int kind = 0; kind < primitiveKinds; ++kind)
            QCOMPARE(kindName(kind).toStdString(), std::string(toString(static_cast<PrimitiveKind>(kind))));
        for (int kind = 0; kind < colouredKinds; ++kind)
            QVERIFY(kindDescription(kind).endsWith(QLatin1Char('.')));
        QCOMPARE(kindName(99), QStringLiteral("move"));
    }

    void numbersReadAsPeopleSayThem_data()
    {
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("expected");
        const double nan = std::nan("");
        const auto row = [](const char* name, const QString& shown, const char* expected) {
            QString plain = shown;
            plain.replace(QChar(0x00a0), QLatin1Char(' '));
            QTest::newRow(name) << plain << QString::fromUtf8(expected);
        };
        row("small", format::quantity(12), "12");
        row("half", format::quantity(2.5), "2.50");
        row("kilo", format::quantity(1234), "1.23 k");
        row("mega", format::quantity(1.2e6, 2), "1.2 M");
        row("giga", format::quantity(3.4e9), "3.40 G");
        row("no 1000 k", format::quantity(999'999), "1.00 M");
        row("huge", format::quantity(1e21), "1000000 P");
        row("nan", format::quantity(nan), "–");
        row("flops", format::flops(231'211'008), "231 MFLOP");
        row("bytes", format::bytes(1.5 * 1024 * 1024), "1.50 MiB");
        row("few bytes", format::bytes(17), "17 B");
        row("ratio", format::ratio(1.53), "1.53×");
        row("large ratio", format::ratio(250), "250×");
        row("unknown ratio", format::ratio(std::numeric_limits<double>::infinity()), "–");
        row("percent", format::percent(0.9312), "93.1 %");
        row("reward", format::reward(0.5), "0.500");
        row("micro", format::latency(340), "340 µs");
        row("milli", format::latency(2120), "2.12 ms");
        row("second", format::duration(2.1), "2.10 s");
        row("minute", format::duration(185), "3 min 5 s");
        row("just a minute", format::duration(59.97), "1 min 0 s");
        row("hours", format::duration(7800), "2 h 10 min");
        row("days", format::duration(2 * 86400 + 3 * 3600), "2 d 3 h");
        row("zero", format::duration(0), "0 s");
        row("negative", format::duration(-1), "–");
        row("count", format::count(1234567), "1234567");
    }
    void numbersReadAsPeopleSayThem()
    {
        QFETCH(QString, shown);
        QFETCH(QString, expected);
        QCOMPARE(shown, expected);
    }

    void everyIconThatTheSourcesNameIsThere()
    {
        static const QRegularExpression use(QStringLiteral("icon\\(QStringLiteral\\(\"([a-z-]+)\"\\)\\)"));
        int used = 0;
        for (const char* root : {"/widgets", "/app"})
            for (QDirIterator it(QStringLiteral(SYNOSCOPE_SOURCE_DIR) + QLatin1String(root), {QStringLiteral("*.cpp")},
                                 QDir::Files, QDirIterator::Subdirectories);
                 it.hasNext();) {
                QFile file(it.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                const QString text = QString::fromUtf8(file.readAll());
                for (auto match = use.globalMatch(text); match.hasNext(); ++used) {
                    const QString name = match.next().captured(1);
                    QVERIFY2(!icon(name).isNull(), qPrintable(file.fileName() + QLatin1Char(' ') + name));
                }
            }
        QVERIFY(used > 0);
        QVERIFY(icon(QStringLiteral("no-such-icon")).isNull());
    }

    void everyIconDrawsAndFollowsTheTheme()
    {
        Theme theme;
        for (const QString& file : QDir(QStringLiteral(":/icons")).entryList()) {
            const QString name = file.chopped(4);
            theme.setMode(ThemeMode::light);
            const QImage light = icon(name).pixmap(24, 24).toImage();
            QVERIFY2(hasInk(light), qPrintable(name));
            theme.setMode(ThemeMode::dark);
            const QImage dark = icon(name).pixmap(24, 24).toImage();
            QVERIFY2(name == u"synoscope" || light != dark, qPrintable(name));
        }
        theme.setMode(ThemeMode::light);
    }

    void theFilterWaitsForAPauseAndNeverRepeatsItself()
    {
        FilterEdit edit(QStringLiteral("Filter"));
        edit.setDelay(40);
        QSignalSpy changed(&edit, &FilterEdit::filterChanged);
        QSignalSpy next(&edit, &FilterEdit::nextRequested);
        QTest::keyClicks(&edit, QStringLiteral("unfold"));
        QCOMPARE(changed.size(), 0);
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(changed.last().first().toString(), QStringLiteral("unfold"));
        QTest::keyClick(&edit, Qt::Key_Return);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(next.size(), 1);
        QTest::keyClick(&edit, 's');
        QTest::keyClick(&edit, Qt::Key_Return); // at once
        QCOMPARE(changed.size(), 2);
        QTest::keyClick(&edit, Qt::Key_Escape);
        QCOMPARE(changed.size(), 3);
        QVERIFY(changed.last().first().toString().isEmpty());
        QTest::qWait(60);
        QCOMPARE(changed.size(), 3);
    }

    void theEmptyStateLeavesWhenRowsCome()
    {
        QStringListModel model;
        QListView view;
        view.setModel(&model);
        EmptyState* state = EmptyState::over(&view, QStringLiteral("Nothing yet"), QStringLiteral("Press Start."));
        QAction action(QStringLiteral("Start"));
        state->setAction(&action);
        view.resize(300, 200);
        view.show();
        QVERIFY(state->isVisible());
        QCOMPARE(state->size(), view.viewport()->size());
        QSignalSpy triggered(&action, &QAction::triggered);
        state->findChild<QPushButton*>()->click();
        QCOMPARE(triggered.size(), 1);
        model.setStringList({QStringLiteral("a row")});
        QVERIFY(!state->isVisible());
        model.setStringList({});
        QVERIFY(state->isVisible());
    }

    void aTableModelKeepsItsRowsByKey()
    {
        Items model(itemColumns(), [](const Item& item) { return item.id; });
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows({{1, "a"}, {2, "b"}, {3, "c"}});
        const QPersistentModelIndex second(model.index(1, 0));
        model.setRows({{2, "B"}, {3, "c"}, {4, "d"}});
        QCOMPARE(namesOf(model), QStringList({"B", "c", "d"}));
        QVERIFY(second.isValid());
        QCOMPARE(second.row(), 0);
        model.upsert({4, "D"});
        model.upsert({5, "e"});
        QCOMPARE(namesOf(model), QStringList({"B", "c", "D", "e"}));
        model.setRows({{5, "e"}, {2, "B"}});
        QCOMPARE(namesOf(model), QStringList({"e", "B"}));
        QCOMPARE(model.data(model.index(0, 1), SortRole).toULongLong(), 5u);
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }

    void picturesAreWrittenOrRefusedWithASentence()
    {
        QTemporaryDir folder;
        const auto paint = [](QPainter& painter) { painter.fillRect(QRectF(10, 10, 50, 30), Qt::red); };
        for (const char* ending : {"svg", "png", "pdf"}) {
            const QString file = folder.filePath(QStringLiteral("picture.") + QLatin1String(ending));
            QVERIFY(savePicture(file, {100, 60}, QStringLiteral("a box"), paint));
            QVERIFY(QFileInfo(file).size() > 100);
        }
        const QImage image(folder.filePath(QStringLiteral("picture.png")));
        QCOMPARE(image.size(), QSize(200, 120));
        QCOMPARE(image.pixelColor(40, 40), QColor(Qt::red));
        QVERIFY(!savePicture(folder.filePath(QStringLiteral("picture.bmp")), {10, 10}, {}, paint));
        const auto failed = savePicture(folder.filePath(QStringLiteral("no/folder.svg")), {10, 10}, {}, paint);
        QVERIFY(!failed);
        QVERIFY(!failed.error().message.empty());
    }
};

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
