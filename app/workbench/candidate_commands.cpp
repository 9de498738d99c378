#include "app/workbench/candidate_commands.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QPointer>

namespace synoscope {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(CandidateCommand)
};

// A property of candidates that the session sets one by one.
template <typename Value>
class SetCommand final : public QUndoCommand
{
public:
    using Setter = void (SessionPort::*)(std::int64_t, Value);
    struct Change
    {
        std::int64_t candidate;
        std::decay_t<Value> before;
    };

    SetCommand(const QString& text, SessionPort& port, Setter setter, std::vector<Change> changes,
               std::decay_t<Value> value)
        : QUndoCommand(text), port_(&port), setter_(setter), changes_(std::move(changes)), value_(std::move(value))
    {}

    void redo() override
    {
        for (const Change& change : changes_)
            if (port_)
                (port_->*setter_)(change.candidate, value_);
    }
    void undo() override
    {
        for (const Change& change : changes_)
            if (port_)
                (port_->*setter_)(change.candidate, change.before);
    }

private:
    QPointer<SessionPort> port_;
    Setter setter_;
    std::vector<Change> changes_;
    std::decay_t<Value> value_;
};

// "conv2d-8dfb", "3 candidates"
QString subject(const std::vector<SetCommand<bool>::Change>& changes, const QString& name)
{
    return changes.size() == 1 ? name : Texts::tr("%1 candidates").arg(changes.size());
}

std::unique_ptr<QUndoCommand> flagCommand(SessionPort& port, const QList<CandidateRow>& candidates,
                                          bool CandidateRow::*flag, SetCommand<bool>::Setter setter, bool value,
                                          const QString& text)
{
    std::vector<SetCommand<bool>::Change> changes;
    QString name;
    for (const CandidateRow& row : candidates) {
        if (row.*flag == value)
            continue;
        changes.push_back({row.id, row.*flag});
        name = row.name;
    }
    if (changes.empty())
        return nullptr;
    return std::make_unique<SetCommand<bool>>(text.arg(subject(changes, name)), port, setter, std::move(changes),
                                              value);
}

} // namespace

std::unique_ptr<QUndoCommand> starCommand(SessionPort& port, const QList<CandidateRow>& candidates, bool starred)
{
    return flagCommand(port, candidates, &CandidateRow::starred, &SessionPort::setStar, starred,
                       starred ? Texts::tr("star %1") : Texts::tr("take the star from %1"));
}

std::unique_ptr<QUndoCommand> removeCommand(SessionPort& port, const QList<CandidateRow>& candidates, bool removed)
{
    return flagCommand(port, candidates, &CandidateRow::removed, &SessionPort::setRemoved, removed,
                       removed ? Texts::tr("remove %1") : Texts::tr("bring back %1"));
}

std::unique_ptr<QUndoCommand> noteCommand(SessionPort& port, const CandidateRow& candidate, const QString& note)
{
    if (candidate.note == note)
        return nullptr;
    using Command = SetCommand<const QString&>;
    return std::make_unique<Command>(Texts::tr("the note of %1").arg(candidate.name), port, &SessionPort::setNote,
                                     std::vector<Command::Change>{{candidate.id, candidate.note}}, note);
}

} // namespace synoscope
