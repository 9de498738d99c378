// The search's values as rows of the store, and back.
#pragma once

#include "core/search/constraint.h"
#include "core/search/log.h"
#include "core/store/records.h"

namespace synoscope {

IterationRecord storedForm(const LogEntry& entry, ExperimentId experiment);
Expected<LogEntry> logEntryOf(const IterationRecord& row); // without the candidate's hash

StoredConstraint storedForm(const ConstraintRecord& constraint);
Expected<ConstraintRecord> constraintOf(const StoredConstraint& row);

} // namespace synoscope
