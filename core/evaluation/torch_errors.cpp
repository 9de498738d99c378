#include "core/evaluation/torch_errors.h"

#include <fmt/format.h>
#include <new>
#include <string>

namespace synoscope {

Error sentenceFor(const std::exception& exception, std::string_view what)
{
    const std::string text = exception.what();
    const bool memory = dynamic_cast<const std::bad_alloc*>(&exception) || text.find("can't allocate memory") != std::string::npos
        || text.find("not enough memory") != std::string::npos;
    if (memory)
        return Error{.message = fmt::format("{}: there was not enough memory for it.", what), .details = text};
    std::string first = text.substr(0, text.find('\n'));
    while (!first.empty() && (first.back() == '.' || first.back() == ' '))
        first.pop_back();
    return Error{.message = fmt::format("{}: {}.", what, first), .details = text};
}

} // namespace synoscope
