// libtorch reports by exceptions whose text is a page with a stack trace; this makes sentences of them.
#pragma once

#include "core/base/error.h"

#include <exception>
#include <string_view>

namespace synoscope {

// "<what>: <first line>."; the whole text goes into the details. A lack of memory gets a sentence of its own.
Error sentenceFor(const std::exception& exception, std::string_view what);

} // namespace synoscope
