#include "core/base/text.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace synoscope {

std::string humanNumber(double value)
{
    for (const auto& [unit, letter] :
         {std::pair{1e12, " T"}, std::pair{1e9, " G"}, std::pair{1e6, " M"}, std::pair{1e3, " k"}})
        if (std::abs(value) >= unit)
            return fmt::format("{:.4g}{}", value / unit, letter);
    return fmt::format("{:.4g}", value);
}

std::size_t utf8CharacterLength(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto continued = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return continued(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) > 0x9F;
        return continued(1) && continued(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool overlong = lead == 0xF0 && byte(1) < 0x90;
        const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
        return continued(1) && continued(2) && continued(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

} // namespace synoscope
