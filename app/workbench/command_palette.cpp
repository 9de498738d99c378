#include "app/workbench/command_palette.h"

#include <QtGui/QAction>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>
#include <vector>

namespace synoscope {

// The best way to find the letters in the text, by dynamic programming: best[j] is the score of the letters so far with
// the latest of them at place j.
int matchScore(const QString& letters, const QString& text)
{
    constexpr int impossible = -1;
    const qsizetype size = text.size();
    std::vector<int> best;
    for (const QChar letter : letters) {
        if (letter.isSpace())
            continue;
        std::vector<int> next(static_cast<std::size_t>(size), impossible);
        int before = best.empty() ? 0 : impossible; // the best score of the earlier letters, anywhere left of j
        for (qsizetype j = 0; j < size; ++j) {
            const auto place = static_cast<std::size_t>(j);
            const int adjacent = best.empty() || j == 0 ? impossible : best[place - 1];
            if (text[j].toLower() == letter.toLower() && std::max(before, adjacent) != impossible) {
                const bool wordStart = j == 0 || !text[j - 1].isLetterOrNumber();
                const int joined = adjacent == impossible ? impossible : adjacent + 6;
                next[place] = std::max(before, joined) + 1 + (wordStart ? 8 : 0);
            }
            if (!best.empty())
                before = std::max(before, best[place]);
        }
        best = std::move(next);
    }
    return best.empty() ? 0 : *std::max_element(best.begin(), best.end());
}

CommandPalette::CommandPalette(QWidget* parent)
    : QDialog(parent, Qt::Popup), input_(new QLineEdit(this)), list_(new QListWidget(this))
{
    setWindowTitle(tr("Commands"));
    input_->setPlaceholderText(tr("Type the name of a command"));
    input_->setAccessibleName(tr("Name of a command"));
    list_->setAccessibleName(tr("Commands"));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setUniformItemSizes(true);
    list_->setIconSize(QSize(16, 16));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(input_);
    layout->addWidget(list_);
    input_->installEventFilter(this);
    connect(input_, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(input_, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(list_, &QListWidget::itemClicked, this, &CommandPalette::run);
}

void CommandPalette::open(const QList<Command>& commands)
{
    commands_ = commands;
    input_->clear();
    filter({});
    const QWidget* window = parentWidget();
    resize(std::min(560, window->width() - 40), std::min(420, window->height() - 80));
    move(window->mapToGlobal(QPoint((window->width() - width()) / 2, 60)));
    show();
    input_->setFocus();
}

void CommandPalette::filter(const QString& text)
{
    struct Hit
    {
        int score;
        int index;
    };
    std::vector<Hit> hits;
    for (int i = 0; i < commands_.size(); ++i) {
        if (commands_[i].action == nullptr)
            continue;
        const int score = matchScore(text, commands_[i].path);
        if (score >= 0)
            hits.push_back({score + (commands_[i].action->isEnabled() ? 1000 : 0), i});
    }
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.score > b.score; });

    QPixmap nothing(16, 16);
    nothing.fill(Qt::transparent);
    const QIcon blank(nothing); // so that all names begin in one line
    list_->clear();
    for (const Hit& hit : hits) {
        const Command& command = commands_[hit.index];
        const QString keys = command.action->shortcut().toString(QKeySequence::NativeText);
        const QIcon sign = command.action->icon().isNull() ? blank : command.action->icon();
        auto* item =
            new QListWidgetItem(sign, keys.isEmpty() ? command.path : tr("%1   (%2)").arg(command.path, keys), list_);
        item->setData(Qt::UserRole, hit.index);
        item->setToolTip(command.action->toolTip());
        if (!command.action->isEnabled())
            item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
    }
    list_->setCurrentRow(0);
}

QStringList CommandPalette::shownTexts() const
{
    QStringList texts;
    for (int row = 0; row < list_->count(); ++row)
        texts << commands_[list_->item(row)->data(Qt::UserRole).toInt()].path;
    return texts;
}

void CommandPalette::run()
{
    const QListWidgetItem* item = list_->currentItem();
    if (item == nullptr || !(item->flags() & Qt::ItemIsEnabled))
        return;
    const QPointer<QAction> action = commands_[item->data(Qt::UserRole).toInt()].action;
    hide(); // first: the action may open a dialog
    if (action)
        action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == input_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int rows = list_->count();
            if (rows > 0)
                list_->setCurrentRow((list_->currentRow() + (key == Qt::Key_Down ? 1 : rows - 1)) % rows);
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace synoscope
