// The problem editor with what stands behind it in the program: the catalogue, the reader of problems, the sampling.
// LINK workbench
#include "app/workbench/problem_adviser.h"
#include "widgets/problem/fault_label.h"
#include "widgets/problem/field_rows.h"
#include "widgets/problem/layers_table.h"
#include "widgets/problem/rules_panel.h"
#include "widgets/problem/shapes_panel.h"
#include "widgets/problem/variables_table.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QTreeWidget>

using namespace synoscope;

namespace {

// Shapes of one's own: small enough to be counted at once.
const std::string lineProblem = R"({
    "name": "line",
    "input": ["N", "C_in:unordered", "H"], "output": ["N", "C_out:unordered", "H"], "fixed": [["N", "N"]],
    "primary": {"C_in": 2, "C_out": 2, "H": 0},
    "coefficient": {"k": {"value": 3, "uses": 2}},
    "bindings": [{"N": 1, "C_in": 8, "C_out": 12, "H": 10}, {"N": 2, "C_in": 12, "C_out": 16, "H": 8}],
    "limits": {"depth": 4, "weights": 1, "reductions": 2, "flops_ratio": [0, 100], "min_weight_params": 4}
})";

QString shippedFile(const QString& name)
{
    return QStringLiteral(SYNOSCOPE_SOURCE_DIR "/resources/problems/") + name + QStringLiteral(".json");
}

std::string content(const QString& file)
{
    QFile opened(file);
    if (!opened.open(QIODevice::ReadOnly))
        qFatal("cannot read");
    return opened.readAll().toStdString();
}

} // namespace

class TestProblemEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        editor_ = std::make_unique<ProblemEditor>(problemChoices());
        adviser_ = new ProblemAdviser(*editor_);
        editor_->resize(950, 600);
        editor_->show();
    }
    void cleanup()
    {
        editor_.reset();
        QTRY_COMPARE_WITH_TIMEOUT(SpaceSampling::running(), 0, 60000);
    }

    void choosingABackboneFillsTheTable();
    void textNeedsOtherShapesThanImages();
    void aWrongSizeIsSaidAtItsField();
    void aWrongLimitIsSaidAtItsFieldAndTheTabSaysWhere();
    void everyShippedProblemComesBackAsItWas();
    void everyLimitThatTheReaderKnowsHasAField();
    void whatHoldsWithoutALimitIsShownInGrey();
    void variablesAreTypedIntoTheirTable();
    void aVariableThatStandsTwiceIsRefused();
    void layersCanBeTypedInsteadOfTaken();
    void withoutTheBackboneItsLayersStay();
    void rulesThatBelongTogetherAreSwitchedTogether();
    void theJsonCanBeTypedToo();
    void commentsAtTheHeadAreKept();
    void theSizeOfTheSpaceArrives();
    void samplingEndsWithTheEditor();
    void everyFieldHasANameForThoseWhoDoNotSee();

private:
    void load(const std::string& text)
    {
        adviser_->setFile(QString());
        editor_->setText(text);
    }
    void choose(const QString& title)
    {
        QComboBox* box = editor_->shapes()->backboneBox();
        const int index = box->findText(title);
        QVERIFY2(index >= 0, qPrintable(title));
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    }
    static void type(QLineEdit* field, const QString& text)
    {
        field->selectAll();
        text.isEmpty() ? QTest::keyClick(field, Qt::Key_Delete) : QTest::keyClicks(field, text);
    }
    QLineEdit* shapeField(const char* path) const { return editor_->shapes()->fields()->edit(path); }
    // The sentence that is shown below a field of these rows.
    static QString faultIn(const FieldRows& rows)
    {
        for (const auto* label : rows.findChildren<FaultLabel*>())
            if (!label->text().isEmpty())
                return label->text();
        return {};
    }
    QString space() const { return editor_->findChild<QLabel*>(QStringLiteral("spaceSize"))->text(); }
    nlohmann::ordered_json document() const
    {
        return nlohmann::ordered_json::parse(editor_->text(), nullptr, true, true);
    }

    std::unique_ptr<ProblemEditor> editor_;
    ProblemAdviser* adviser_ = nullptr;
};

void TestProblemEditor::choosingABackboneFillsTheTable()
{
    load(ProblemEditor::emptyProblem());
    QVERIFY(!editor_->isValid()); // there is nothing to look for
    choose(QStringLiteral("ResNet-18"));
    QVERIFY2(editor_->isValid(), qPrintable(editor_->fault()));
    QAbstractItemModel* layers = editor_->shapes()->layers()->figures()->model();
    QCOMPARE(layers->rowCount(), 7); // and the columns: number, sizes, count, FLOPs, input, output
    QVERIFY(layers->index(0, 1).data().toString().contains(QStringLiteral("C_in 64")));
    QCOMPARE(layers->index(0, 4).data().toString(), QStringLiteral("1 × 64 × 56 × 56"));
    QCOMPARE(layers->index(0, 2).data().toInt(), 4);
    QVERIFY(layers->index(0, 3).data().toString().endsWith(QStringLiteral("FLOP")));
    QVERIFY(document()["backbone"] == "resnet18");
    QCOMPARE(adviser_->problem()->layers.size(), 7u);
}

void TestProblemEditor::textNeedsOtherShapesThanImages()
{
    load(content(shippedFile(QStringLiteral("conv2d-tiny"))));
    choose(QStringLiteral("GPT-2 small"));
    QVERIFY2(editor_->isValid(), qPrintable(editor_->fault()));
    QCOMPARE(shapeField("input")->text(), QStringLiteral("N, L, D_in:unordered"));
    choose(QStringLiteral("ResNet-18"));
    QVERIFY2(editor_->isValid(), qPrintable(editor_->fault()));
    QCOMPARE(shapeField("input")->text(), QStringLiteral("N, C_in:unordered, H, H"));
}

void TestProblemEditor::aWrongSizeIsSaidAtItsField()
{
    load(content(shippedFile(QStringLiteral("conv2d-tiny"))));
    QVERIFY2(editor_->isValid(), qPrintable(editor_->fault()));
    const QSignalSpy validity(editor_.get(), &ProblemEditor::validityChanged);
    type(shapeField("output"), QStringLiteral("N, C_out*/2:unordered, H, H"));
    QVERIFY(!editor_->isValid());
    const QString sentence = faultIn(*editor_->shapes()->fields());
    QVERIFY(!sentence.isEmpty());
    QCOMPARE(sentence, editor_->fault());
    QCOMPARE(shapeField("output")->accessibleDescription(), sentence);
    QCOMPARE(shapeField("output")->actions().size(), 1); // the sign in the field
    QVERIFY(!adviser_->problem());
    type(shapeField("output"), QStringLiteral("N, C_out:unordered, H, H"));
    QVERIFY(editor_->isValid());
    QVERIFY(faultIn(*editor_->shapes()->fields()).isEmpty());
    QVERIFY(shapeField("output")->actions().isEmpty());
    QVERIFY(validity.size() >= 2);
    QVERIFY(!validity[0][0].toBool());
    QVERIFY(validity.last()[0].toBool());
}

void TestProblemEditor::aWrongLimitIsSaidAtItsFieldAndTheTabSaysWhere()
{
    load(lineProblem);
    type(editor_->limits()->edit("limits.depth"), QStringLiteral("99"));
    QVERIFY2(faultIn(*editor_->limits()).contains(QStringLiteral("between 1 and 32")),
             qPrintable(faultIn(*editor_->limits())));
    QVERIFY(!editor_->tabs()->tabIcon(1).isNull());
    QVERIFY(editor_->tabs()->tabIcon(0).isNull());
    editor_->goToFault();
    QCOMPARE(editor_->tabs()->currentIndex(), 1);
    QCOMPARE(editor_->focusWidget(), editor_->limits()->edit("limits.depth"));
    type(editor_->limits()->edit("limits.depth"), QStringLiteral("five"));
    QVERIFY(faultIn(*editor_->limits()).contains(QStringLiteral("five")));
    type(editor_->limits()->edit("limits.depth"), QStringLiteral("5"));
    QVERIFY(editor_->isValid());
    // Of two values the least may not be above the largest.
    type(editor_->limits()->edit("limits.flops_ratio[0]"), QStringLiteral("200"));
    QVERIFY(faultIn(*editor_->limits()).contains(QStringLiteral("[least, largest]")));
    type(editor_->limits()->edit("limits.flops_ratio[0]"), {});
    type(editor_->limits()->edit("limits.flops_ratio[1]"), {});
    QVERIFY(!document()["limits"].contains("flops_ratio"));
    type(editor_->limits()->edit("limits.flops_ratio[1]"), QStringLiteral("0.5"));
    QCOMPARE(document()["limits"]["flops_ratio"].dump(), std::string("[0.0,0.5]"));
}

void TestProblemEditor::everyShippedProblemComesBackAsItWas()
{
    const auto all = shippedProblems();
    QVERIFY(all.size() >= 7);
    for (const auto& [name, file] : all) {
        const std::string text = content(file);
        adviser_->setFile(file);
        editor_->setText(text);
        QVERIFY2(editor_->isValid(), qPrintable(editor_->fault()));
        QCOMPARE(editor_->text(), text); // nothing was changed
        // Through all fields: a change, and back.
        const QString written = shapeField("name")->text();
        type(shapeField("name"), QStringLiteral("another"));
        QVERIFY(document()["name"] == "another");
        type(shapeField("name"), written);
        QVERIFY(editor_->text() != text); // it is written anew, the keys in their order
        QVERIFY(document() == nlohmann::ordered_json::parse(text, nullptr, true, true));
        QCOMPARE(adviser_->problem()->text, parseProblem(text, file.toStdString())->text);
    }
}

void TestProblemEditor::everyLimitThatTheReaderKnowsHasAField()
{
    const auto defaults = nlohmann::json::parse(problemChoices().defaults);
    for (const auto& [key, value] : defaults["limits"].items()) {
        const std::string path = "limits." + key;
        const bool flag = editor_->limits()->findChild<QCheckBox*>(QString::fromStdString(path)) != nullptr;
        QVERIFY2(flag || editor_->limits()->edit(path) || editor_->limits()->edit(path + "[1]"), path.c_str());
    }
    // The reader refuses what it does not know, and names all that it does.
    auto text = nlohmann::ordered_json::parse(lineProblem);
    text["limits"]["none"] = 1;
    const auto refused = parseProblem(text.dump(), "");
    QVERIFY(!refused);
    const QString names = QString::fromStdString(refused.error().message).section(QStringLiteral("one of: "), 1);
    for (const QString& name : names.split(QStringLiteral(", ")))
        QVERIFY2(defaults["limits"].contains(name.toStdString()), qPrintable(name));
}

void TestProblemEditor::whatHoldsWithoutALimitIsShownInGrey()
{
    load(lineProblem);
    QCOMPARE(editor_->limits()->edit("limits.depth")->text(), QStringLiteral("4"));
    QCOMPARE(editor_->limits()->edit("limits.splits")->text(), QString());
    QCOMPARE(editor_->limits()->edit("limits.splits")->placeholderText(), QString::number(Limits{}.splits));
    QVERIFY(editor_->limits()->findChild<QCheckBox*>(QStringLiteral("limits.odd_windows"))->isChecked());
    editor_->limits()->findChild<QCheckBox*>(QStringLiteral("limits.odd_windows"))->click();
    QVERIFY(document()["limits"]["odd_windows"] == false);
    type(editor_->limits()->edit("limits.depth"), {});
    QVERIFY(!document()["limits"].contains("depth"));
}

void TestProblemEditor::variablesAreTypedIntoTheirTable()
{
    load(lineProblem);
    QTableWidget* table = editor_->shapes()->variables()->table();
    QCOMPARE(table->rowCount(), 4);
    table->item(3, 2)->setText(QStringLiteral("5"));
    QVERIFY(document()["coefficient"]["k"]["value"] == 5);
    QVERIFY(editor_->isValid());
    table->item(3, 2)->setText(QStringLiteral("1"));
    QVERIFY(!editor_->isValid());
    QVERIFY(table->item(3, 2)->toolTip().contains(QStringLiteral("coefficient.k.value")));
    table->item(3, 2)->setText(QStringLiteral("3"));
    QVERIFY(table->item(3, 2)->toolTip().isEmpty());
    QVERIFY(editor_->isValid());
}

void TestProblemEditor::aVariableThatStandsTwiceIsRefused()
{
    load(lineProblem);
    QTableWidget* table = editor_->shapes()->variables()->table();
    table->item(1, 0)->setText(QStringLiteral("C_in")); // was C_out
    QVERIFY(!editor_->isValid());
    QVERIFY2(editor_->fault().contains(QStringLiteral("twice")), qPrintable(editor_->fault()));
    QCOMPARE(table->item(1, 0)->toolTip(), editor_->fault());
    table->item(1, 0)->setText(QStringLiteral("C_out"));
    QVERIFY(editor_->isValid());
}

void TestProblemEditor::layersCanBeTypedInsteadOfTaken()
{
    load(content(shippedFile(QStringLiteral("conv2d-tiny"))));
    LayersTable* layers = editor_->shapes()->layers();
    const int distinct = layers->figures()->model()->rowCount();
    layers->fromBackbone()->click();
    QVERIFY2(editor_->isValid(), qPrintable(editor_->fault()));
    QVERIFY(layers->typedTable()->rowCount() >= distinct); // with the backbone's numbers to begin with
    QCOMPARE(document()["bindings"].size(), static_cast<std::size_t>(layers->typedTable()->rowCount()));
    layers->typedTable()->item(0, 0)->setText(QStringLiteral("0"));
    QVERIFY(!editor_->isValid());
    QCOMPARE(layers->typedTable()->item(0, 0)->toolTip(), editor_->fault());
    layers->fromBackbone()->click();
    QVERIFY(editor_->isValid());
    QVERIFY(!document().contains("bindings"));
}

void TestProblemEditor::withoutTheBackboneItsLayersStay()
{
    load(content(shippedFile(QStringLiteral("conv2d-tiny"))));
    choose(editor_->shapes()->backboneBox()->itemText(0));
    QVERIFY2(editor_->isValid(), qPrintable(editor_->fault()));
    QVERIFY(adviser_->problem()->backbone.empty());
    QVERIFY(document()["bindings"].size() >= 5u);
    editor_->shapes()->layers()->typedTable()->setRowCount(0);
    Q_EMIT editor_->shapes()->layers()->edited();
    QVERIFY(editor_->fault().contains(QStringLiteral("bindings")));
    QVERIFY(!editor_->shapes()->layers()->findChild<FaultLabel*>()->text().isEmpty()); // where they are missing
}

void TestProblemEditor::rulesThatBelongTogetherAreSwitchedTogether()
{
    load(lineProblem);
    QTreeWidget* tree = editor_->rules()->tree();
    QTreeWidgetItem* together = tree->topLevelItem(0);
    QCOMPARE(together->checkState(0), Qt::Unchecked);
    together->setCheckState(0, Qt::Checked);
    QCOMPARE(document()["rules"].dump(), std::string(R"({"near-duplicates":true})"));
    QCOMPARE(together->child(0)->checkState(0), Qt::Checked);
    together->child(0)->setCheckState(0, Qt::Unchecked);
    QCOMPARE(document()["rules"].size(), 2u);
    QVERIFY(editor_->isValid());
    together->child(0)->setCheckState(0, Qt::Checked);
    together->setCheckState(0, Qt::Unchecked);
    QVERIFY(!document().contains("rules"));
}

void TestProblemEditor::theJsonCanBeTypedToo()
{
    load(lineProblem);
    std::string text = lineProblem;
    text.replace(text.find("\"depth\": 4"), 10, "\"depth\": 6");
    editor_->json()->setPlainText(QString::fromStdString(text));
    QVERIFY(editor_->isValid());
    QCOMPARE(editor_->text(), text);
    QCOMPARE(editor_->limits()->edit("limits.depth")->text(), QStringLiteral("6"));
    text.replace(text.find("\"depth\""), 7, "\"dept\"");
    editor_->json()->setPlainText(QString::fromStdString(text));
    QVERIFY(editor_->fault().contains(QStringLiteral("dept")));
    editor_->json()->setPlainText(QStringLiteral("{"));
    QVERIFY(!editor_->isValid());
    QVERIFY(!editor_->tabs()->isTabEnabled(0)); // there is nothing that fields could change
    editor_->json()->setPlainText(QString::fromStdString(lineProblem));
    QVERIFY(editor_->isValid());
    QVERIFY(editor_->tabs()->isTabEnabled(0));
}

void TestProblemEditor::commentsAtTheHeadAreKept()
{
    const std::string head = "// What this is for.\n// And more.\n";
    load(head + lineProblem);
    type(editor_->limits()->edit("limits.depth"), QStringLiteral("5"));
    QVERIFY(editor_->text().starts_with(head + "{"));
    QVERIFY(editor_->isValid());
}

void TestProblemEditor::theSizeOfTheSpaceArrives()
{
    load(lineProblem);
    QTRY_VERIFY_WITH_TIMEOUT(space().contains(QStringLiteral("all found in")), 60000);
    QVERIFY(editor_->findChild<QLabel*>(QStringLiteral("spaceSampling"))
                ->text()
                .contains(QStringLiteral("rollouts ended")));
    type(editor_->limits()->edit("limits.depth"), QStringLiteral("1"));
    QVERIFY(!space().contains(QStringLiteral("all found"))); // that was another space
    QTRY_VERIFY_WITH_TIMEOUT(space().contains(QStringLiteral("No operator fits")), 60000);
    type(editor_->limits()->edit("limits.depth"), QStringLiteral("x"));
    QVERIFY(space().contains(QStringLiteral("when the problem is complete")));
}

void TestProblemEditor::samplingEndsWithTheEditor()
{
    adviser_->setFile(shippedFile(QStringLiteral("conv2d-tiny")));
    editor_->setText(content(shippedFile(QStringLiteral("conv2d-tiny"))));
    QTRY_COMPARE_WITH_TIMEOUT(SpaceSampling::running(), 1, 60000);
    Q_EMIT editor_->longerSampleRequested(); // 8 seconds
    editor_.reset();
    QElapsedTimer time;
    time.start();
    QTRY_COMPARE_WITH_TIMEOUT(SpaceSampling::running(), 0, 60000);
    QVERIFY2(time.elapsed() < 4000, "it went on to the end");
}

void TestProblemEditor::everyFieldHasANameForThoseWhoDoNotSee()
{
    for (const auto* field : editor_->findChildren<QLineEdit*>()) {
        QVERIFY2(!field->accessibleName().isEmpty(), qPrintable(field->objectName()));
        QVERIFY2(!field->accessibleDescription().isEmpty(), qPrintable(field->objectName()));
    }
    for (const auto* box : editor_->findChildren<QComboBox*>())
        QVERIFY2(!box->accessibleName().isEmpty(), qPrintable(box->objectName()));
}

QTEST_MAIN(TestProblemEditor)
#include "tst_problem_editor.moc"
