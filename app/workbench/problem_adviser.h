// Stands behind a problem editor: reads what is typed, tells what is wrong with it and what its layers are, and how
// large its space is. Here the editor's values meet the catalogue, the reader of problems and the synthesis.
#pragma once

#include "app/workbench/space_sampling.h"
#include "widgets/problem/problem_editor.h"

namespace synoscope {

// What can be chosen in an editor.
ProblemChoices problemChoices();
// The problems that come with the program: name and file.
std::vector<std::pair<QString, QString>> shippedProblems();

class ProblemAdviser final : public QObject
{
    Q_OBJECT

public:
    explicit ProblemAdviser(ProblemEditor& editor); // its parent

    // Where the text comes from: what it names is looked for beside it.
    void setFile(const QString& file) { file_ = file; }
    // nullptr while the text is none.
    const std::shared_ptr<const Problem>& problem() const { return problem_; }

private:
    void check();

    ProblemEditor& editor_;
    SpaceSampling sampling_;
    QString file_;
    std::shared_ptr<const Problem> problem_;
};

} // namespace synoscope
