// From a text, or a file, to JSON that a reader takes apart, and errors with their places.
#include "core/base/json_demands.h"
#include "core/base/json_positions.h"

#include <fmt/format.h>
#include <fstream>

namespace synoscope::jsonDemands {

namespace {

constexpr int deepestNesting = 32;

// The JSON of the text. Comments are allowed.
Json parse(std::string_view source, const DocumentKind& kind)
{
    const auto shallow = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > deepestNesting) // what follows recurses
            throw Refused{"", fmt::format("nested too deeply for {}", kind.name)};
        return true;
    };
    return Json::parse(source, shallow, true, true);
}

// A sentence of one line and of bearable length, whatever names and values it quotes.
std::string sentence(std::string message)
{
    constexpr std::size_t longest = 400;
    for (char& c : message)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = ' ';
    if (message.size() <= longest)
        return message;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) // within a character
        --end;
    return message.substr(0, end) + "...";
}

} // namespace

Expected<void> readJson(std::string_view source, std::string_view fileName, const DocumentKind& kind,
                        const std::function<void(const Json&)>& reader)
{
    const auto failure = [&](std::string message, TextPosition position) {
        return Error{sentence(std::move(message)), std::string(fileName), position.line, position.column};
    };
    if (source.size() > kind.largest)
        return failure(fmt::format("a text of {} bytes; {} has at most {}", source.size(), kind.name, kind.largest),
                       {1, 1});
    try {
        const Json json = parse(source, kind);
        if (const auto repeated = findRepeatedKey(source))
            return failure(fmt::format("the key '{}' stands twice in one object", repeated->key), repeated->position);
        reader(json);
        return {};
    } catch (const Refused& refused) {
        return failure(refused.message, positionOf(source, refused.path));
    } catch (const Error& elsewhere) { // in a file that this one names
        return elsewhere;
    } catch (const Json::parse_error& error) {
        const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
        const bool empty = source.find_first_not_of(" \t\r\n") == std::string_view::npos;
        return failure(fmt::format("{}; expected {} as a JSON object {{...}}",
                                   empty ? "the file is empty" : "this is not well-formed JSON", kind.name),
                       positionAt(source, offset));
    } catch (const Json::out_of_range& error) { // a number such as 1e400; the library says which, but not where
        const std::string_view what = error.what();
        const std::size_t quote = what.find('\'') + 1;
        const std::string_view number = what.substr(quote, what.rfind('\'') - quote);
        return failure(fmt::format("{} is beyond all numbers that can be computed with", number),
                       positionAt(source, source.find(number)));
    }
}

Expected<std::string> fileContent(const std::filesystem::path& path, const DocumentKind& kind)
{
    std::error_code status;
    if (std::filesystem::is_directory(path, status))
        return Error{fmt::format("this is a folder; expected {} as a file (JSON)", kind.name), path.string()};
    if (std::filesystem::is_fifo(path, status)) // would wait for a writer, for ever
        return Error{fmt::format("this is a pipe; expected {} as a file (JSON)", kind.name), path.string()};
    const auto size = std::filesystem::file_size(path, status);
    if (!status && size > kind.largest)
        return Error{fmt::format("the file has {} bytes; {} has at most {}", size, kind.name, kind.largest),
                     path.string()};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{"the file cannot be opened for reading", path.string()};
    std::string content(kind.largest + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > kind.largest)
        return Error{fmt::format("the file is larger than {} bytes", kind.largest), path.string()};
    return content;
}

} // namespace synoscope::jsonDemands
