// The table over a CandidateModel: how it looks and behaves, without what its view does with it.
#pragma once

#include "widgets/candidates/candidate_model.h"

class QTableView;

namespace synoscope {

QTableView* makeCandidateTable(CandidateModel* model, QWidget* parent);

} // namespace synoscope
