#include "core/base/error.h"

namespace synoscope {

std::string Error::text() const
{
    std::string place = file;
    if (line > 0) {
        if (!place.empty())
            place += ':';
        place += std::to_string(line);
        if (column > 0)
            place += ':' + std::to_string(column);
    }
    return place.empty() ? message : place + ": " + message;
}

} // namespace synoscope
