// The rules of the synthesis, each with its reason and a switch.
#pragma once

#include "widgets/problem/problem_document.h"
#include "widgets/problem/problem_values.h"

#include <QWidget>

#include <map>

class QTreeWidget;
class QTreeWidgetItem;

namespace synoscope {

class FaultLabel;

class RulesPanel final : public QWidget
{
    Q_OBJECT

public:
    using Json = problemDocument::Json;

    explicit RulesPanel(const std::vector<RuleChoice>& rules, QWidget* parent = nullptr);

    void load(const Json& document);
    void store(Json& document) const;
    bool showFault(const std::string& path, const QString& sentence);
    void clearFault();
    void focusFault();

    QTreeWidget* tree() const { return tree_; }

Q_SIGNALS:
    void edited();

private:
    void changed(QTreeWidgetItem* item);
    void showSwitches();
    bool onByDefault(const QTreeWidgetItem& item) const;

    QTreeWidget* tree_;
    FaultLabel* fault_;
    QTreeWidgetItem* nearDuplicates_ = nullptr;
    std::vector<QTreeWidgetItem*> items_; // with a switch
    std::map<std::string, bool> said_;    // by the document, or by a switch since
};

} // namespace synoscope
