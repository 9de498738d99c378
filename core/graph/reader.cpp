#include "core/graph/reader.h"

#include "core/graph/pgraph_parser.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <system_error>

namespace synoscope {

namespace {

Error inFile(Error error, std::string_view fileName)
{
    error.file = fileName;
    error.line = std::max(error.line, 1);
    error.column = std::max(error.column, 1);
    return error;
}

} // namespace

Expected<PGraph> parsePGraph(std::string_view text, std::string_view fileName)
{
    if (text.size() > maxPGraphBytes)
        return inFile({fmt::format("a file of {} bytes is too large for an operator; expected at most {}", text.size(),
                                   maxPGraphBytes)},
                      fileName);
    if (auto error = findNonText(text))
        return inFile(std::move(*error), fileName);
    auto graph = PGraphParser(text).parse();
    if (!graph)
        return inFile(std::move(graph.error()), fileName);
    return graph;
}

Expected<PGraph> readPGraph(const std::filesystem::path& path)
{
    const std::string fileName = path.string();
    std::error_code status;
    const auto type = std::filesystem::status(path, status).type();
    if (type == std::filesystem::file_type::not_found)
        return inFile({"there is no such file; expected an operator's .pgraph file"}, fileName);
    if (type == std::filesystem::file_type::directory)
        return inFile({"this is a folder; expected an operator's .pgraph file"}, fileName);
    if (status)
        return inFile({"the file cannot be reached; expected a readable .pgraph file", {}, 0, 0, status.message()},
                      fileName);
    if (type != std::filesystem::file_type::regular) // a pipe might make us wait for ever
        return inFile({"this is no ordinary file; expected an operator's .pgraph file"}, fileName);
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return inFile({"the file cannot be opened for reading; expected a readable .pgraph file"}, fileName);
    std::string text(maxPGraphBytes + 1, '\0'); // one more than allowed
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad())
        return inFile({"the file cannot be read to its end; expected a readable .pgraph file"}, fileName);
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > maxPGraphBytes)
        return inFile({fmt::format("the file is too large for an operator; expected at most {} bytes", maxPGraphBytes)},
                      fileName);
    return parsePGraph(text, fileName);
}

} // namespace synoscope
