// LINK widgets_candidates
// The candidates' filter line: which rows a text describes, and what is refused.
#include "core/graph/pgraph.h"
#include "widgets/candidates/candidate_filter.h"

#include <QtTest/QTest>

using namespace synoscope;

namespace {

CandidateFilter filterOf(const QString& text)
{
    auto filter = CandidateFilter::parse(text);
    if (!filter)
        qFatal("%s", filter.error().message.c_str());
    return *std::move(filter);
}

} // namespace

class TestCandidateFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFilterHoldsForTheRowsItDescribes_data();
    void aFilterHoldsForTheRowsItDescribes();
    void aWrongFilterIsRefusedWithItsPlace_data();
    void aWrongFilterIsRefusedWithItsPlace();
};

void TestCandidateFilter::aFilterHoldsForTheRowsItDescribes_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("holds");
    const std::pair<const char*, bool> cases[] = {
        {"", true},
        {"fold", true},  // part of the name
        {"FOLD", true},  // whatever the case
        {"abc1", true},  // start of the hash
        {"bc12", false}, // not its middle
        {"nice", true},  // part of the note
        {"-fold", false},
        {"flops<0.5", true},
        {"flops<0.4", false},
        {"flops<=40%", false},
        {"flops>=42%", true},
        {"flops=0.42", true},
        {"flops!=0.42", false},
        {"-flops<0.5", false},
        {"params<2k params>1k", true},
        {"params<1.1k", false},
        {"accuracy>0", false},  // not known
        {"-accuracy>0", false}, // still not known
        {"has:unfold", true},
        {"has:shift", false},
        {"-has:shift", true},
        {"is:starred", true},
        {"is:pruned", false},
        {"is:noted", true},
        {"is:queued", true},
        {"is:measured", false},
        {"fold flops<0.5 has:unfold is:starred", true},
        {"fold flops<0.5 has:unfold is:pruned", false},
        {"iteration>=900 id=12 speedup>1.2", true},
    };
    for (const auto& [text, holds] : cases)
        QTest::newRow(text) << QString::fromUtf8(text) << holds;
}

void TestCandidateFilter::aFilterHoldsForTheRowsItDescribes()
{
    QFETCH(QString, filter);
    QFETCH(bool, holds);
    CandidateRow row;
    row.id = 12;
    row.hash = QStringLiteral("abc123");
    row.name = QStringLiteral("Unfold-share");
    row.note = QStringLiteral("a nice one");
    row.iteration = 900;
    row.flopsRatio = 0.42;
    row.params = 1200;
    row.speedup = 1.5;
    row.primitives = 1u << static_cast<int>(PrimitiveKind::unfold);
    row.state = CandidateStage::queued;
    row.starred = true;
    QCOMPARE(filterOf(filter).holdsFor(row), holds);
}

void TestCandidateFilter::aWrongFilterIsRefusedWithItsPlace_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("word");
    QTest::addColumn<int>("column");
    QTest::newRow("figure") << "ok flopz<1"
                            << "flopz" << 4;
    QTest::newRow("number") << "flops<much"
                            << "number" << 1;
    QTest::newRow("no number") << "flops<"
                               << "number" << 1;
    QTest::newRow("infinite") << "flops<inf"
                              << "number" << 1;
    QTest::newRow("primitive") << "  has:unfolt"
                               << "unfolt" << 3;
    QTest::newRow("flag") << "is:nice"
                          << "nice" << 1;
}

void TestCandidateFilter::aWrongFilterIsRefusedWithItsPlace()
{
    QFETCH(QString, filter);
    QFETCH(QString, word);
    QFETCH(int, column);
    const auto parsed = CandidateFilter::parse(filter);
    QVERIFY(!parsed);
    QVERIFY2(QString::fromStdString(parsed.error().message).contains(word), parsed.error().message.c_str());
    QCOMPARE(parsed.error().column, column);
}

QTEST_MAIN(TestCandidateFilter)
#include "tst_candidate_filter.moc"
