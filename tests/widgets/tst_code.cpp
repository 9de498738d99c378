// LINK widgets_code
// The code view and the inspector.
#include "widgets/code/code_view.h"
#include "widgets/code/inspector_view.h"
#include "widgets/code/reach_picture.h"
#include "widgets/code/syntax_highlighter.h"
#include "widgets/code/verification_badge.h"

#include <QtCore/QTemporaryDir>
#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QTextBlock>
#include <QtGui/QTextLayout>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QProgressBar>

using namespace synoscope;

namespace {

QList<CodeDocument> documents(const QString& suffix = {})
{
    return {{QStringLiteral("pytorch"),
             QStringLiteral("PyTorch"),
             QStringLiteral("op.py"),
             Language::python,
             QStringLiteral("import torch\nx = 'py%1'\n").arg(suffix),
             {Verification::State::verified, 3.1e-7, 1e-5, QStringLiteral("forward and gradient")}},
            {QStringLiteral("libtorch"),
             QStringLiteral("libtorch C++"),
             QStringLiteral("op.h"),
             Language::cpp,
             QStringLiteral("int x = 1; // %1\n").arg(suffix),
             {Verification::State::notVerified, {}, {}, {}}},
            {QStringLiteral("formula"),
             QStringLiteral("Formula"),
             QStringLiteral("op.txt"),
             Language::plain,
             QStringLiteral("out[o] = in[o]\n"),
             {}}};
}

// The colour at a place, as its name in the highlighter's palette.
QString colourAt(const QTextDocument& document, int line, int column)
{
    const Colors& colors = Colors::light();
    for (const auto& range : document.findBlockByNumber(line).layout()->formats()) {
        if (column < range.start || column >= range.start + range.length)
            continue;
        const QColor color = range.format.foreground().color();
        return color == colors.accent      ? QStringLiteral("keyword")
               : color == colors.warning   ? QStringLiteral("number")
               : color == colors.good      ? QStringLiteral("string")
               : color == colors.mutedText ? QStringLiteral("comment")
                                           : QStringLiteral("type");
    }
    return QStringLiteral("plain");
}

} // namespace

class TestCode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tokensHaveTheirColours_data();
    void tokensHaveTheirColours();
    void theChosenFormatStaysWithAnotherOperator();
    void theBadgeSaysWhatIsKnown_data();
    void theBadgeSaysWhatIsKnown();
    void theCodeIsCopiedAndSavedAsItIs();
    void verificationIsOfferedWhereItMakesSense();
    void aVerificationThatRunsIsShownAndCanBeCancelled();
    void theInspectorShowsEveryValueEscaped();
    void theInspectorShowsWhatAnOperatorReads();
    void aMoveInTheInspectorAsksForItsNode();
    void twoOperatorsAreComparedSideBySide();
};

void TestCode::tokensHaveTheirColours_data()
{
    QTest::addColumn<int>("language");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("colour");
    const int python = int(Language::python);
    const int cpp = int(Language::cpp);
    const int pgraph = int(Language::pgraph);
    const QString py = QStringLiteral(
        "import torch # if 1\nx = \"for \\\" 2\" + 3.5e-2\ndef f(self): '''a\n return\n''' ; return x1\n");
    QTest::newRow("python keyword") << python << py << 0 << 0 << "keyword";
    QTest::newRow("python name of a module") << python << py << 0 << 8 << "type";
    QTest::newRow("keyword in a comment") << python << py << 0 << 15 << "comment";
    QTest::newRow("keyword in a string") << python << py << 1 << 5 << "string";
    QTest::newRow("number after an escaped quote") << python << py << 1 << 11 << "string";
    QTest::newRow("number with an exponent") << python << py << 1 << 18 << "number";
    QTest::newRow("a long string's first line") << python << py << 2 << 16 << "string";
    QTest::newRow("a long string's middle") << python << py << 3 << 2 << "string";
    QTest::newRow("after a long string") << python << py << 4 << 7 << "keyword";
    QTest::newRow("digit in a name") << python << py << 4 << 14 << "plain";
    const QString c = QStringLiteral("#include <x>\n/* int\n int */ int y; // 5\nauto s = \"/* no\"; return 0x1fU;");
    QTest::newRow("preprocessor") << cpp << c << 0 << 2 << "comment";
    QTest::newRow("open comment") << cpp << c << 1 << 4 << "comment";
    QTest::newRow("closing line") << cpp << c << 2 << 1 << "comment";
    QTest::newRow("after the comment") << cpp << c << 2 << 8 << "keyword";
    QTest::newRow("line comment") << cpp << c << 2 << 18 << "comment";
    QTest::newRow("comment sign in a string") << cpp << c << 3 << 12 << "string";
    QTest::newRow("after that string") << cpp << c << 3 << 20 << "keyword";
    QTest::newRow("hexadecimal") << cpp << c << 3 << 26 << "number";
    const QString p = QStringLiteral("weight w0 o:C_out # expand\ny, w = unfold x 3");
    QTest::newRow("statement") << pgraph << p << 0 << 1 << "keyword";
    QTest::newRow("pgraph comment") << pgraph << p << 0 << 20 << "comment";
    QTest::newRow("second line") << pgraph << p << 1 << 8 << "keyword";
    QTest::newRow("plain text") << int(Language::plain) << QStringLiteral("int 5 # return") << 0 << 0 << "plain";
}

void TestCode::tokensHaveTheirColours()
{
    QFETCH(int, language);
    QFETCH(QString, text);
    QFETCH(int, line);
    QFETCH(int, column);
    QFETCH(QString, colour);
    QTextDocument document(text);
    document.setDocumentLayout(new QPlainTextDocumentLayout(&document));
    SyntaxHighlighter highlighter(&document);
    highlighter.setLanguage(static_cast<Language>(language));
    QCOMPARE(colourAt(document, line, column), colour);
}

void TestCode::theChosenFormatStaysWithAnotherOperator()
{
    CodeView view;
    QCOMPARE(view.format(), QString());
    view.setDocuments(documents());
    QCOMPARE(view.format(), QStringLiteral("pytorch"));
    view.setFormat(QStringLiteral("libtorch"));
    view.setDocuments(documents(QStringLiteral("other")));
    QCOMPARE(view.format(), QStringLiteral("libtorch"));
    QVERIFY(view.findChild<QPlainTextEdit*>()->toPlainText().contains(QStringLiteral("other")));
    view.setDocuments({documents()[0]}); // an operator without that format
    QCOMPARE(view.format(), QStringLiteral("pytorch"));
    view.setDocuments(documents());
    QCOMPARE(view.format(), QStringLiteral("libtorch"));
    view.clear();
    QVERIFY(view.findChild<QPlainTextEdit*>()->toPlainText().isEmpty());
}

void TestCode::theBadgeSaysWhatIsKnown_data()
{
    QTest::addColumn<Verification>("verification");
    QTest::addColumn<QString>("text");
    using State = Verification::State;
    QTest::newRow("nothing to run") << Verification{} << "";
    QTest::newRow("not yet") << Verification{State::notVerified, {}, {}, {}} << "Not verified yet";
    QTest::newRow("right") << Verification{State::verified, 3.14e-7, 1e-5, {}}
                           << "✓ Verified: error 3.1e-07, tolerance 1e-05";
    QTest::newRow("wrong") << Verification{State::failed, 0.2, 1e-5, {}} << "✗ Wrong: error 0.2, tolerance 1e-05";
    Verification crashed{.state = State::failed, .details = QStringLiteral("the process ended")};
    QTest::newRow("failed") << crashed << "✗ The verification failed";
}

void TestCode::theBadgeSaysWhatIsKnown()
{
    QFETCH(Verification, verification);
    QFETCH(QString, text);
    VerificationBadge badge;
    badge.setVerification(verification);
    QCOMPARE(badge.text(), text);
    QCOMPARE(badge.isHidden(), text.isEmpty());
    QCOMPARE(badge.toolTip(), verification.details);
}

void TestCode::theCodeIsCopiedAndSavedAsItIs()
{
    CodeView view;
    view.setDocuments(documents());
    view.copy();
    QCOMPARE(QGuiApplication::clipboard()->text(), documents()[0].text);
    QTemporaryDir folder;
    QVERIFY(view.save(folder.filePath(QStringLiteral("op.py"))));
    QFile file(folder.filePath(QStringLiteral("op.py")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), documents()[0].text);
    const auto refused = view.save(QStringLiteral("/no/such/folder/op.py"));
    QVERIFY(!refused);
    QVERIFY(QString::fromStdString(refused.error().message).contains(QStringLiteral("/no/such/folder/op.py")));
    view.clear();
    QVERIFY(!view.save(folder.filePath(QStringLiteral("nothing.py"))));
}

void TestCode::verificationIsOfferedWhereItMakesSense()
{
    CodeView view;
    view.setDocuments(documents());
    QSignalSpy asked(&view, &CodeView::verifyRequested);
    QAction* verify = view.viewActions()[2];
    QVERIFY(!verify->isEnabled()); // verified already
    view.setFormat(QStringLiteral("libtorch"));
    verify->trigger();
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("libtorch"));
    view.setFormat(QStringLiteral("formula"));
    QVERIFY(!verify->isEnabled());
}

void TestCode::aVerificationThatRunsIsShownAndCanBeCancelled()
{
    CodeView view;
    auto documents = ::documents();
    documents[0].verification.state = Verification::State::running;
    view.setDocuments(documents);
    view.show();
    QSignalSpy asked(&view, &CodeView::verifyRequested);
    QSignalSpy cancelled(&view, &CodeView::cancelRequested);
    QAction* verify = view.viewActions()[2];
    QVERIFY(verify->isEnabled());
    QVERIFY(verify->text().contains(QStringLiteral("Cancel")));
    QVERIFY(view.findChild<QProgressBar*>()->isVisible());
    verify->trigger();
    QCOMPARE(cancelled.count(), 1);
    QCOMPARE(asked.count(), 0);
    documents[0].verification.state = Verification::State::notVerified;
    view.setDocuments(documents);
    QVERIFY(!view.findChild<QProgressBar*>()->isVisible());
    verify->trigger();
    QCOMPARE(asked.count(), 1);
}

void TestCode::theInspectorShowsEveryValueEscaped()
{
    InspectorView view;
    InspectorValues values;
    values.candidate = 4;
    values.name = QStringLiteral("a<b>");
    values.hash = QStringLiteral("0123");
    values.formula = QStringLiteral("out[n] = Σ in[n] < 3\nwhere & when");
    values.costs = {{.binding = QStringLiteral("C=64"), .count = 3, .flops = 2.5e8, .flopsRatio = 0.4, .params = 1200}};
    values.weights = {{QStringLiteral("w0"), QStringLiteral("C × k"), QStringLiteral("64 × 3")}};
    values.moves = {{7, QStringLiteral("unfold H by k")}, {0, QStringLiteral("finalize")}};
    values.measurements = {{QStringLiteral("latency"), QStringLiteral("1.8 ms"), QStringLiteral("libtorch, cpu"),
                            QStringLiteral("commit <x>")}};
    values.layers = {{QStringLiteral("C_in=8"), 2, 100, 150, 1.5, 1.4, 1.6}, {{}, 1, 2000, 2200, 1.1, 0, 0}};
    view.setValues(values);
    const QString text = view.toPlainText().replace(QChar(0xa0), u' ');
    for (const char* expected : {"a<b>",
                                 "0123",
                                 "in[n] < 3",
                                 "where & when",
                                 "C=64 (3 times)",
                                 "250 M",
                                 "0.40×",
                                 "w0",
                                 "64 × 3",
                                 "unfold H by k",
                                 "finalize",
                                 "1.8 ms",
                                 "libtorch, cpu",
                                 "commit <x>",
                                 "C_in=8 (2 times)",
                                 "1.50×",
                                 "1.40× – 1.60×",
                                 "the whole network, one pass",
                                 "2.00 ms",
                                 "2.20 ms",
                                 "1.10×"})
        QVERIFY2(text.contains(QString::fromUtf8(expected)), expected);
    view.clear();
    QVERIFY(view.toPlainText().isEmpty());
}

void TestCode::theInspectorShowsWhatAnOperatorReads()
{
    using What = InspectorValues::Map::What;
    ReachMap field{.rows = 9, .columns = 9, .terms = std::vector<double>(81)};
    for (const int row : {3, 4, 5})
        for (const int column : {2, 4, 6})
            field.terms[static_cast<std::size_t>(row * 9 + column)] = row == 4 ? 8 : 4;
    const ReachMap channels{.rows = 2, .columns = 4, .terms = {1, 1, 0, 0, 0, 0, 1, 1}};
    const InspectorValues::Map reads{What::receptiveField, field};
    QCOMPARE(reachCaption(reads), QStringLiteral("9 of 9 × 9 places: rows −1 to +1, columns −2 to +2"));
    QCOMPARE(reachCaption({What::channels, channels}),
             QStringLiteral("50.0\u00A0% of 2 × 4 pairs are connected"));

    const Colors& colors = Colors::light();
    const QImage image = reachImage(reads, colors, 90, 1); // nine columns and seven rows of ten pixels
    QCOMPARE(image.size(), QSize(90, 70));
    const auto cell = [&](int row, int column) { return image.pixelColor(column * 10 + 4, row * 10 + 4); };
    QCOMPARE(cell(0, 0), colors.surface);
    QCOMPARE(cell(3, 4), heat(1));
    QCOMPARE(cell(2, 2), heat(0.5));
    QCOMPARE(cell(2, 3), colors.surface);

    InspectorView view;
    InspectorValues one;
    one.candidate = 4;
    one.maps = {reads, {What::channels, channels}};
    view.setValues(one);
    QVERIFY(view.toPlainText().contains(QStringLiteral("rows −1 to +1")));
    QCOMPARE(view.toHtml().count(QStringLiteral("<img")), 2);
    InspectorValues other = one;
    other.candidate = 5;
    other.maps.removeLast();
    view.compare(one, other);
    QCOMPARE(view.toHtml().count(QStringLiteral("<img")), 3);
}

void TestCode::aMoveInTheInspectorAsksForItsNode()
{
    InspectorView view;
    InspectorValues values;
    values.candidate = 4;
    values.moves = {{7, QStringLiteral("unfold H by k")}, {0, QStringLiteral("gone")}};
    view.setValues(values);
    QSignalSpy asked(&view, &InspectorView::nodeRequested);
    Q_EMIT view.anchorClicked(QUrl(QStringLiteral("node:7")));
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].value<std::uint64_t>(), 7u);
    QCOMPARE(view.toHtml().count(QStringLiteral("href=")), 1);
}

void TestCode::twoOperatorsAreComparedSideBySide()
{
    InspectorView view;
    InspectorValues first;
    first.candidate = 1;
    first.name = QStringLiteral("first");
    first.formula = QStringLiteral("in[n]");
    first.costs = {{.binding = QStringLiteral("C=64"), .flops = 200, .params = 50}};
    InspectorValues second = first;
    second.candidate = 2;
    second.name = QStringLiteral("second");
    second.formula = QStringLiteral("in[n + 1]");
    second.costs[0].flops = 100;
    view.compare(first, second);
    for (const char* expected : {"first and second", "C=64: FLOPs", "200", "100", "0.50×", "1.00×", "in[n + 1]"})
        QVERIFY2(view.toPlainText().contains(QString::fromUtf8(expected)), expected);
    view.setValues(first);
    QVERIFY(!view.toPlainText().contains(QStringLiteral("second")));
}

QTEST_MAIN(TestCode)
#include "tst_code.moc"
