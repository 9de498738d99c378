// A document as one HTML page that stands alone: no scripts, no network, no other files. It is XML as well.
#pragma once

#include "core/report/document.h"

namespace synoscope::report {

std::string writeHtml(const Document& document);

} // namespace synoscope::report
