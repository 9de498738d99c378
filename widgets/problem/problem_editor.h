// The problem editor: a problem as fields, and as the JSON that it is kept as. Values in, values out.
//
//     setText --> document --> panels --edited--> document --> text() --edited--> somebody who reads problems
//                                  <-- the fault at its field, figures of the layers -- showCheck <-----'
//
// No rule of problems is known here: whoever hears edited() reads text() and tells by showCheck what the reader said,
// and where. What no panel knows stays in the document as it is.
#pragma once

#include "widgets/problem/problem_document.h"
#include "widgets/problem/problem_values.h"

#include <QWidget>

class QPlainTextEdit;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QTabWidget;

namespace synoscope {

class FaultLabel;
class FieldRows;
class RulesPanel;
class ShapesPanel;
class SpaceView;

// What can be chosen, and what holds where a problem says nothing (as a document).
struct ProblemChoices
{
    std::vector<BackboneChoice> backbones;
    std::vector<RuleChoice> rules;
    std::string defaults;
};

class ProblemEditor final : public QWidget
{
    Q_OBJECT

public:
    explicit ProblemEditor(const ProblemChoices& choices, QWidget* parent = nullptr);

    // Whatever a file holds: what is no JSON is shown as text.
    void setText(const std::string& text);
    const std::string& text() const { return text_; }
    bool isValid() const { return valid_; }
    QString fault() const { return fault_; } // the sentence, empty when there is none

    void showCheck(const ProblemCheck& check); // of text()
    void showSpace(const SpaceFigures& figures);
    void goToFault();

    static const std::string& emptyProblem();

    ShapesPanel* shapes() const { return shapes_; }
    FieldRows* limits() const { return limits_; }
    FieldRows* reward() const { return reward_; }
    RulesPanel* rules() const { return rules_; }
    QPlainTextEdit* json() const { return json_; }
    QTabWidget* tabs() const { return tabs_; }

Q_SIGNALS:
    void edited();
    void validityChanged(bool valid);
    void longerSampleRequested();

private:
    QWidget* makeFooter();
    void panelEdited();
    void jsonEdited();
    void adopt(const problemDocument::Json& document);
    void loadPanels();
    void setWritable(bool writable);
    void showFaultAt(const std::string& path);
    void markTab(int index);

    problemDocument::Json document_;
    std::string head_; // comments in front of the document
    std::string text_;
    bool valid_ = false;
    QString fault_;
    int faultyTab_ = -1;
    QTabWidget* tabs_;
    ShapesPanel* shapes_;
    FieldRows* limits_;
    RulesPanel* rules_;
    FieldRows* reward_;
    QPlainTextEdit* json_;
    QStackedWidget* footer_;
    SpaceView* space_;
    FaultLabel* faultLine_;
    QPushButton* toFault_;
};

} // namespace synoscope
