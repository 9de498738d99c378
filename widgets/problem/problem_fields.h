// The fields of a problem, with what people are told about each. Their names are those of the file (DESIGN 8.2).
#pragma once

#include "widgets/problem/field_rows.h"

namespace synoscope {

std::vector<FieldSpec> shapeFields();
std::vector<FieldSpec> limitFields();
std::vector<FieldSpec> rewardFields();

} // namespace synoscope
