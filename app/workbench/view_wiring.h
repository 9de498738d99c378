// Connects the views with the session: its values go to the views, their intentions to it; and it keeps the one
// selected candidate the same in all of them.
#pragma once

#include "app/workbench/docks.h"
#include "app/workbench/session_port.h"

#include <QtCore/QTimer>

#include <memory>
#include <optional>

class QUndoCommand;
class QUndoStack;

namespace synoscope {

class ViewWiring final : public QObject
{
    Q_OBJECT

public:
    ViewWiring(SessionPort& port, const Views& views, Docks& docks, QUndoStack& undo, QObject* parent);

    std::int64_t currentCandidate() const { return current_; } // 0: none
    // Its layers, as "1. C_in=16 H=8 (3 times)"; empty: its details are not known yet.
    QStringList currentLayers() const;
    // A file name that a Python program can import: not operator.py, which hides a module of Python's own.
    QString exportName(std::int64_t candidate) const;
    // In every view; its details are asked for.
    void selectCandidate(std::int64_t candidate);

Q_SIGNALS:
    void currentCandidateChanged(std::int64_t candidate);
    void exportRequested(std::int64_t candidate);
    void failed(const QString& sentence);

private:
    void connectSession();
    void connectTree();
    void connectCandidates();
    void connectJobs();
    void connectPlotsAndCode();
    void connectSteering();

    QList<CandidateRow> rowsOf(const QList<std::int64_t>& candidates) const;
    void push(std::unique_ptr<QUndoCommand> command);
    void showOpened(const ExperimentInfo& experiment);
    void clearViews();
    void showWaiting(const SessionStatus& status);
    void takeCandidates(const std::vector<CandidateRow>& rows);
    void takeDetails(const OperatorDetails& details);
    void selectNode(std::uint64_t node);
    void activateHash(const QString& hash);
    void compare(std::int64_t first, std::int64_t second);
    void steer(SteeringDecision decision, bool set);
    void liftAll();
    void showSteering();

    SessionPort& port_;
    Views views_;
    Docks& docks_;
    QUndoStack& undo_;
    QList<SteeringDecision> inForce_;
    std::vector<PrimitiveCount> counts_;
    std::int64_t current_ = 0;
    QString file_;            // of the experiment that is, or was last, open
    std::int64_t wanted_ = 0; // was current when that was closed: selected again with its row
    InspectorValues shown_;   // the details that are shown
    QTimer refresh_;          // asks again for the details when their candidate has changed

    struct Comparison
    {
        std::int64_t first = 0;
        std::int64_t second = 0;
        std::optional<OperatorDetails> firstDetails{};
        std::optional<OperatorDetails> secondDetails{};
    };
    std::optional<Comparison> comparison_; // that is asked for
    bool comparing_ = false;               // the inspector shows one, until another candidate is selected
};

} // namespace synoscope
