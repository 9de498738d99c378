#include "widgets/problem/problem_editor.h"

#include "widgets/common/icons.h"
#include "widgets/problem/fault_label.h"
#include "widgets/problem/field_rows.h"
#include "widgets/problem/problem_fields.h"
#include "widgets/problem/rules_panel.h"
#include "widgets/problem/shapes_panel.h"
#include "widgets/problem/space_view.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTextBlock>

namespace synoscope {

namespace {

namespace doc = problemDocument;
using Json = doc::Json;

QScrollArea* scrolled(QWidget* content)
{
    auto* area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus); // its fields have it
    return area;
}

Json parsed(const std::string& text)
{
    return Json::parse(text, nullptr, false, true);
}

} // namespace

ProblemEditor::ProblemEditor(const ProblemChoices& choices, QWidget* parent)
    : QWidget(parent), tabs_(new QTabWidget(this))
{
    const Json defaults = parsed(choices.defaults);
    shapes_ = new ShapesPanel(choices.backbones, defaults);
    limits_ = new FieldRows(limitFields(), defaults);
    rules_ = new RulesPanel(choices.rules);
    reward_ = new FieldRows(rewardFields(), defaults);
    json_ = new QPlainTextEdit;
    json_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    json_->setLineWrapMode(QPlainTextEdit::NoWrap);
    json_->setTabChangesFocus(true);
    json_->setAccessibleName(tr("The problem as JSON"));
    tabs_->addTab(scrolled(shapes_), tr("&Shapes"));
    tabs_->addTab(scrolled(limits_), tr("L&imits"));
    tabs_->addTab(rules_, tr("R&ules"));
    tabs_->addTab(scrolled(reward_), tr("Re&ward"));
    tabs_->addTab(json_, tr("&JSON"));
    tabs_->setAccessibleName(tr("Parts of the problem"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(tabs_, 1);
    layout->addWidget(makeFooter());

    connect(shapes_, &ShapesPanel::edited, this, &ProblemEditor::panelEdited);
    connect(limits_, &FieldRows::edited, this, &ProblemEditor::panelEdited);
    connect(rules_, &RulesPanel::edited, this, &ProblemEditor::panelEdited);
    connect(reward_, &FieldRows::edited, this, &ProblemEditor::panelEdited);
    connect(json_, &QPlainTextEdit::textChanged, this, &ProblemEditor::jsonEdited);
    connect(shapes_, &ShapesPanel::proposed, this, [this](const Json& document) {
        adopt(document);
        loadPanels();
        Q_EMIT edited();
    });
}

// The size of the space, or in its place why this is no problem yet.
QWidget* ProblemEditor::makeFooter()
{
    footer_ = new QStackedWidget(this);
    space_ = new SpaceView(footer_);
    connect(space_, &SpaceView::longerRequested, this, &ProblemEditor::longerSampleRequested);
    auto* faulty = new QWidget(footer_);
    faultLine_ = new FaultLabel(faulty);
    faultLine_->setAccessibleName(tr("What is wrong with the problem"));
    faultLine_->setObjectName(QStringLiteral("problemFault"));
    toFault_ = new QPushButton(tr("Go &there"), faulty);
    toFault_->setAutoDefault(false);
    toFault_->setToolTip(tr("To the field that this is about"));
    connect(toFault_, &QPushButton::clicked, this, &ProblemEditor::goToFault);
    auto* row = new QHBoxLayout(faulty);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(faultLine_, 1);
    row->addWidget(toFault_);
    footer_->addWidget(space_);
    footer_->addWidget(faulty);
    footer_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    return footer_;
}

const std::string& ProblemEditor::emptyProblem()
{
    static const std::string text = doc::written(Json::parse(
        R"({"name": "new-problem", "input": [], "output": [], "primary": {}, "coefficient": {}, "bindings": []})"));
    return text;
}

void ProblemEditor::setText(const std::string& text)
{
    const QSignalBlocker quiet(json_);
    text_ = text;
    head_ = doc::headComment(text);
    json_->setPlainText(QString::fromStdString(text));
    shapes_->showFigures({}, 0); // those of another problem
    if (Json document = parsed(text); document.is_object()) {
        document_ = std::move(document);
        setWritable(true);
        loadPanels();
    } else {
        document_ = Json::object();
        loadPanels();
        setWritable(false);
    }
    Q_EMIT edited();
}

void ProblemEditor::loadPanels()
{
    shapes_->load(document_);
    limits_->load(document_);
    rules_->load(document_);
    reward_->load(document_);
}

// Fields over a text that is no JSON would have nothing to change.
void ProblemEditor::setWritable(bool writable)
{
    for (int tab = 0; tab < tabs_->count(); ++tab)
        if (tabs_->widget(tab) != json_)
            tabs_->setTabEnabled(tab, writable);
    if (!writable)
        tabs_->setCurrentWidget(json_);
}

void ProblemEditor::adopt(const Json& document)
{
    document_ = document;
    text_ = head_ + doc::written(document_);
    const QSignalBlocker quiet(json_);
    json_->setPlainText(QString::fromStdString(text_));
}

void ProblemEditor::panelEdited()
{
    Json document = document_;
    shapes_->store(document);
    limits_->store(document);
    rules_->store(document);
    reward_->store(document);
    adopt(document);
    Q_EMIT edited();
}

void ProblemEditor::jsonEdited()
{
    text_ = json_->toPlainText().toStdString();
    head_ = doc::headComment(text_);
    Json document = parsed(text_);
    const bool readable = document.is_object();
    if (readable) {
        document_ = std::move(document);
        loadPanels();
    }
    const QWidget* focus = focusWidget();
    setWritable(readable);
    if (focus == json_)
        json_->setFocus();
    Q_EMIT edited();
}

void ProblemEditor::showCheck(const ProblemCheck& check)
{
    shapes_->clearFault();
    limits_->clearFault();
    rules_->clearFault();
    reward_->clearFault();
    json_->setExtraSelections({});
    faultyTab_ = -1;
    fault_ = check.fault;
    faultLine_->setSentence(fault_);
    footer_->setCurrentIndex(fault_.isEmpty() ? 0 : 1);
    if (fault_.isEmpty()) {
        shapes_->showFigures(check.layers, check.flops);
    } else {
        const bool readable = tabs_->isTabEnabled(0);
        showFaultAt(readable && check.line > 0 ? doc::pathAt(document_, text_, check.line, check.column)
                                               : std::string());
        QTextEdit::ExtraSelection line;
        line.cursor = QTextCursor(json_->document()->findBlockByNumber(std::max(0, check.line - 1)));
        line.format.setBackground(palette().alternateBase());
        line.format.setProperty(QTextFormat::FullWidthSelection, true);
        json_->setExtraSelections({line});
    }
    markTab(faultyTab_);
    if (const bool valid = fault_.isEmpty(); valid != valid_) {
        valid_ = valid;
        Q_EMIT validityChanged(valid);
    }
}

void ProblemEditor::showFaultAt(const std::string& path)
{
    faultyTab_ = shapes_->showFault(path, fault_)   ? 0
                 : limits_->showFault(path, fault_) ? 1
                 : rules_->showFault(path, fault_)  ? 2
                 : reward_->showFault(path, fault_) ? 3
                                                    : tabs_->indexOf(json_);
}

void ProblemEditor::markTab(int index)
{
    for (int tab = 0; tab < tabs_->count(); ++tab)
        tabs_->setTabIcon(tab, tab == index ? icon(QStringLiteral("warning")) : QIcon());
}

void ProblemEditor::goToFault()
{
    if (faultyTab_ < 0)
        return;
    tabs_->setCurrentIndex(faultyTab_);
    switch (faultyTab_) {
    case 0:
        return shapes_->focusFault();
    case 1:
        return limits_->focusFault();
    case 2:
        return rules_->focusFault();
    case 3:
        return reward_->focusFault();
    default:
        json_->setFocus(Qt::ShortcutFocusReason);
        if (const auto marked = json_->extraSelections(); !marked.isEmpty())
            json_->setTextCursor(marked.first().cursor);
    }
}

void ProblemEditor::showSpace(const SpaceFigures& figures)
{
    space_->setFigures(figures);
}

} // namespace synoscope
