// The style of a whole page, beside that of its plots (plot.h).
#pragma once

#include <string>

namespace synoscope::report {

std::string pageRules(); // CSS

} // namespace synoscope::report
