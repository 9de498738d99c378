// Undo and redo for what is noted of candidates: stars, notes, removals; on the window's QUndoStack, like steering.
//
// A command holds what was there before as values, for each candidate that it changes. Candidates that already are as
// wanted are left out; with none left there is no command (null).
#pragma once

#include "app/workbench/session_port.h"

#include <QtGui/QUndoCommand>

#include <memory>

namespace synoscope {

std::unique_ptr<QUndoCommand> starCommand(SessionPort& port, const QList<CandidateRow>& candidates, bool starred);
std::unique_ptr<QUndoCommand> noteCommand(SessionPort& port, const CandidateRow& candidate, const QString& note);
std::unique_ptr<QUndoCommand> removeCommand(SessionPort& port, const QList<CandidateRow>& candidates, bool removed);

} // namespace synoscope
