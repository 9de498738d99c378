#include "core/evaluation/protocol/json_reader.h"

#include <algorithm>

namespace synoscope::protocol {

std::string dump(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Error refusal(std::string_view line, std::string_view what)
{
    // The beginning is cut at a character's border, so that the log stays UTF-8.
    std::size_t length = std::min<std::size_t>(line.size(), 200);
    while (length < line.size() && length > 0 && (static_cast<unsigned char>(line[length]) & 0xc0) == 0x80)
        --length;
    return Error{.message = fmt::format("A line between the program and its worker cannot be understood: {}.", what),
                 .details = std::string(line.substr(0, length))};
}

Expected<Json> parseObject(std::string_view line, std::string& type)
{
    Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded() || !json.is_object())
        return refusal(line, "it is no JSON object");
    const auto it = json.find("type");
    if (it == json.end() || !it->is_string())
        return refusal(line, "'type' is missing or no text");
    type = it->get<std::string>();
    return json;
}

} // namespace synoscope::protocol
