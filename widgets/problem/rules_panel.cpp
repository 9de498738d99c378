#include "widgets/problem/rules_panel.h"

#include "widgets/problem/fault_label.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace synoscope {

namespace {

namespace doc = problemDocument;
using Group = RuleChoice::Group;

constexpr int groupRole = Qt::UserRole;
const QString together = QStringLiteral("near-duplicates"); // switches all rules of its group

std::string nameOf(const QTreeWidgetItem& item)
{
    return item.text(0).toStdString();
}

} // namespace

RulesPanel::RulesPanel(const std::vector<RuleChoice>& rules, QWidget* parent)
    : QWidget(parent), tree_(new QTreeWidget(this)), fault_(new FaultLabel(this))
{
    auto* intro = new QLabel(
        tr("What an operator must be is always checked. These rules keep the same operator from being found twice, "
           "or take away what differs in a few border elements only."),
        this);
    intro->setWordWrap(true);
    tree_->setHeaderLabels({tr("Rule"), tr("Why")});
    tree_->setAccessibleName(tr("Rules of the synthesis"));
    tree_->setTabKeyNavigation(false);
    const auto group = [&](const QString& title, const QString& why) {
        auto* item = new QTreeWidgetItem(tree_, {title, why});
        item->setExpanded(true);
        return item;
    };
    nearDuplicates_ =
        group(together,
              tr("All of these at once: operators that differ from others in a few border elements only, and jumbles"));
    QTreeWidgetItem* const canonical =
        group(tr("Canonical form"), tr("One of several ways to make an operator; no operator is lost"));
    QTreeWidgetItem* const pruning = group(tr("Pruning"), tr("What cannot be finished; no operator is lost"));
    items_.push_back(nearDuplicates_);
    for (const RuleChoice& rule : rules) {
        auto* above = rule.group == Group::nearDuplicate ? nearDuplicates_
                      : rule.group == Group::canonical   ? canonical
                                                         : pruning;
        auto* item = new QTreeWidgetItem(above, {rule.name, rule.reason});
        item->setData(0, groupRole, static_cast<int>(rule.group));
        item->setToolTip(1, rule.reason);
        items_.push_back(item);
    }
    nearDuplicates_->setData(0, groupRole, static_cast<int>(Group::nearDuplicate));
    tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(intro);
    layout->addWidget(fault_);
    layout->addWidget(tree_, 1);
    showSwitches();
    connect(tree_, &QTreeWidget::itemChanged, this, &RulesPanel::changed);
}

bool RulesPanel::onByDefault(const QTreeWidgetItem& item) const
{
    if (item.data(0, groupRole).toInt() != static_cast<int>(Group::nearDuplicate))
        return true;
    if (&item == nearDuplicates_)
        return false;
    const auto found = said_.find(together.toStdString());
    return found != said_.end() && found->second;
}

void RulesPanel::showSwitches()
{
    const QSignalBlocker quiet(tree_);
    for (QTreeWidgetItem* item : items_) {
        const auto found = said_.find(nameOf(*item));
        const bool on = found != said_.end() ? found->second : onByDefault(*item);
        item->setCheckState(0, on ? Qt::Checked : Qt::Unchecked);
    }
}

void RulesPanel::changed(QTreeWidgetItem* item)
{
    const bool on = item->checkState(0) == Qt::Checked;
    if (on == onByDefault(*item))
        said_.erase(nameOf(*item));
    else
        said_[nameOf(*item)] = on;
    showSwitches(); // of all rules that were switched together
    Q_EMIT edited();
}

void RulesPanel::load(const Json& document)
{
    said_.clear();
    if (const Json* rules = doc::find(document, "rules"); rules && rules->is_object())
        for (const QTreeWidgetItem* item : items_)
            if (const auto found = rules->find(nameOf(*item)); found != rules->end() && found->is_boolean())
                said_[nameOf(*item)] = found->get<bool>();
    showSwitches();
}

// What the panel does not know stays as it is, for the reader to speak about.
void RulesPanel::store(Json& document) const
{
    bool erased = false;
    for (const QTreeWidgetItem* item : items_) {
        const std::string name = nameOf(*item);
        if (const auto found = said_.find(name); found != said_.end()) {
            doc::set(document, "rules." + name, found->second);
        } else if (const Json* old = doc::find(document, "rules." + name); old && old->is_boolean()) {
            document["rules"].erase(name);
            erased = true;
        }
    }
    if (erased && document["rules"].empty())
        document.erase("rules");
}

bool RulesPanel::showFault(const std::string& path, const QString& sentence)
{
    clearFault();
    if (!path.starts_with("rules"))
        return false;
    fault_->setSentence(sentence);
    return true;
}

void RulesPanel::clearFault()
{
    fault_->setSentence({});
}

void RulesPanel::focusFault()
{
    tree_->setFocus(Qt::ShortcutFocusReason);
}

} // namespace synoscope
