// From a text, or a file, to a problem: JSON, and errors with their places.
#include "core/synthesis/json_positions.h"
#include "core/synthesis/problem_json.h"

#include <fmt/format.h>
#include <fstream>

namespace synoscope {

namespace {

using namespace problemJson;

constexpr std::uintmax_t largestFile = 4 << 20;
constexpr int deepestNesting = 32;

// The JSON of the text. Comments are allowed.
Json parseJson(std::string_view source)
{
    const auto shallow = [](int depth, Json::parse_event_t, Json&) {
        if (depth > deepestNesting) // what follows recurses
            throw Refused{"", "the problem is nested too deeply"};
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

Expected<Problem> parseProblem(std::string_view source, std::string_view fileName)
{
    const auto failure = [&](std::string message, TextPosition position) {
        return Error{sentence(std::move(message)), std::string(fileName), position.line, position.column};
    };
    if (source.size() > largestFile)
        return failure(fmt::format("a text of {} bytes; a problem has at most {}", source.size(), largestFile), {1, 1});
    try {
        const Json json = parseJson(source);
        if (const auto repeated = findRepeatedKey(source))
            return failure(fmt::format("the key '{}' stands twice in one object", repeated->key), repeated->position);
        Problem problem = readDocument(json);
        problem.text = json.dump(4); // without comments: what the store keeps is plain JSON
        return problem;
    } catch (const Refused& refused) {
        return failure(refused.message, positionOf(source, refused.path));
    } catch (const Json::parse_error& error) {
        const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
        return failure(source.find_first_not_of(" \t\r\n") == std::string_view::npos
                           ? "the file is empty; expected a problem as a JSON object {...}"
                           : "this is not well-formed JSON; expected a problem as a JSON object {...}",
                       positionAt(source, offset));
    } catch (const Json::out_of_range& error) { // a number such as 1e400; the library says which, but not where
        const std::string_view what = error.what();
        const std::size_t quote = what.find('\'') + 1;
        const std::string_view number = what.substr(quote, what.rfind('\'') - quote);
        return failure(fmt::format("{} is beyond all numbers that can be computed with", number),
                       positionAt(source, source.find(number)));
    }
}

Expected<Problem> withReward(const Problem& problem, std::string_view reward, std::string_view fileName)
{
    Json json = Json::parse(problem.text);
    try {
        json["reward"] = parseJson(reward);
    } catch (const Refused& refused) {
        return Error{refused.message, std::string(fileName)};
    } catch (const Json::exception&) {
        return Error{"this is not well-formed JSON; expected a reward as a JSON object {...}", std::string(fileName)};
    }
    auto result = parseProblem(json.dump(), fileName);
    if (!result) // its position is that within the whole problem
        return Error{result.error().message, std::string(fileName)};
    return result;
}

Expected<Problem> readProblem(const std::filesystem::path& path)
{
    std::error_code status;
    if (std::filesystem::is_directory(path, status))
        return Error{"this is a folder; expected a problem file (JSON)", path.string()};
    const auto size = std::filesystem::file_size(path, status);
    if (!status && size > largestFile)
        return Error{fmt::format("the file has {} bytes; a problem has at most {}", size, largestFile), path.string()};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{"the file cannot be opened for reading", path.string()};
    std::string content(largestFile + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > largestFile)
        return Error{fmt::format("the file is larger than {} bytes", largestFile), path.string()};
    return parseProblem(content, path.string());
}

} // namespace synoscope
