// What each column of the candidates' table says, in which order it sorts, and how it looks in a file.
#pragma once

#include "widgets/candidates/candidate_row.h"

#include <QtCore/QVariant>

#include <span>

namespace synoscope {

QString candidateStageName(CandidateStage state);
// "unfold share reduce", in the order of PrimitiveKind.
QString primitiveList(std::uint16_t primitives);

// The display, tool tip, alignment, sort and CSV roles of CandidateModel.
QVariant candidateData(const CandidateRow& row, int column, int role);

// Negative: a stands above b in this order. Unknown figures stand last in both orders.
int compareCandidates(const CandidateRow& a, const CandidateRow& b, int column, Qt::SortOrder order);

// A table with a line of column keys, fields quoted where needed, lines ended by "\r\n" (RFC 4180).
QString candidatesAsCsv(std::span<const CandidateRow* const> rows);

} // namespace synoscope
