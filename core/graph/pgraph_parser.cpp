#include "core/graph/pgraph_parser.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

constexpr std::int64_t largestNumber = 1'000'000'000;
constexpr std::size_t mostLayers = 4096;

std::string tooLong(const TextToken& word)
{
    return fmt::format("{} is too long for the name of a variable; expected at most {} characters", quoted(word),
                       longestVariableName);
}

} // namespace

Expected<PGraph> PGraphParser::parse()
{
    if (text_.starts_with("\xEF\xBB\xBF"))
        text_.remove_prefix(3); // a byte order mark
    int number = 0;
    for (std::size_t begin = 0; begin <= text_.size(); ++number) {
        const std::size_t end = std::min(text_.find('\n', begin), text_.size());
        TextLine line(text_.substr(begin, end - begin), number + 1);
        begin = end + 1;
        end_ = line.end();
        if (line.empty())
            continue;
        if (auto ok = statement(line); !ok)
            return ok.error();
    }
    return finish();
}

Error PGraphParser::failure(std::string message, TextPlace place)
{
    return {std::move(message), {}, place.line, place.column};
}

Error PGraphParser::failure(const TextLine& line, const TextToken& token, std::string message)
{
    return failure(std::move(message), line.place(token));
}

Expected<void> PGraphParser::statement(TextLine& line)
{
    const TextToken first = line.peek();
    if (!versioned_)
        return version(line);
    if (line.peek(1).text == "=" || line.peek(1).text == ",")
        return definition(line);
    line.take();
    if (first.text == "name")
        return name(line, first);
    if (first.text == "primary")
        return primaries(line);
    if (first.text == "coefficient")
        return coefficients(line);
    if (first.text == "input")
        return input(line, first);
    if (first.text == "weight")
        return weight(line);
    if (first.text == "reduce")
        return reduce(line);
    if (first.text == "output")
        return output(line, first);
    if (first.text == "bind")
        return bind(line, first);
    if (first.text == "pgraph")
        return failure(line, first, "a second 'pgraph' line; expected only one, at the top");
    return failure(line, first,
                   fmt::format("{} begins no statement; expected name, primary, coefficient, input, weight, reduce, "
                               "output, bind or a definition such as 'y1, wy = unfold y k'",
                               quoted(first)));
}

Expected<void> PGraphParser::version(TextLine& line)
{
    const TextToken word = line.take();
    if (word.text != "pgraph")
        return failure(line, word,
                       fmt::format("{} where 'pgraph 1' is expected, the first line of an operator", quoted(word)));
    const TextToken number = line.take();
    if (number.text != "1")
        return failure(
            line, number,
            fmt::format("{} is no version of the format that is known here; expected 'pgraph 1'", quoted(number)));
    versioned_ = true;
    return endOf(line);
}

Expected<void> PGraphParser::endOf(const TextLine& line)
{
    if (line.atEnd())
        return {};
    return failure(line, line.peek(), fmt::format("{} is too much; expected the end of the line", quoted(line.peek())));
}

Expected<void> PGraphParser::name(TextLine& line, const TextToken& keyword)
{
    if (named_)
        return failure(line, keyword, "a second 'name' line; expected only one");
    if (line.atEnd())
        return failure(line, line.peek(), "expected the operator's name after 'name'");
    named_ = true;
    name_ = line.takeRest();
    return {};
}

Expected<void> PGraphParser::primaries(TextLine& line)
{
    do {
        const TextToken word = line.take();
        if (word.text.size() > longestVariableName)
            return failure(line, word, tooLong(word));
        if (auto id = builder_.variables().addPrimary(word.text); !id)
            return failure(line, word, id.error().message);
    } while (!line.atEnd());
    return {};
}

Expected<void> PGraphParser::coefficients(TextLine& line)
{
    do {
        const TextToken word = line.take();
        if (word.text.size() > longestVariableName)
            return failure(line, word, tooLong(word));
        std::optional<std::int64_t> value;
        if (line.skip("=")) {
            auto number = positive(line);
            if (!number)
                return number.error();
            value = *number;
        }
        if (auto id = builder_.variables().addCoefficient(word.text, value); !id)
            return failure(line, word, id.error().message);
    } while (!line.atEnd());
    return {};
}

Expected<std::int64_t> PGraphParser::positive(TextLine& line)
{
    const TextToken word = line.take();
    const auto number = parseInteger(word.text);
    if (!number || *number < 1 || *number > largestNumber)
        return failure(line, word,
                       fmt::format("{} where a whole number from 1 to {} is expected", quoted(word), largestNumber));
    return *number;
}

// Completeness is checked at the end: variables may be declared below.
Expected<void> PGraphParser::bind(TextLine& line, const TextToken& keyword)
{
    if (layers_.size() == mostLayers)
        return failure(line, keyword, fmt::format("an operator has at most {} layers", mostLayers));
    Layer layer{{}, line.place(keyword)};
    while (!line.atEnd()) {
        const TextToken word = line.take();
        const auto id = isIdentifier(word.text) ? builder_.variables().find(word.text) : std::nullopt;
        if (!id)
            return failure(line, word,
                           fmt::format("{} is no variable declared above; expected variable=number", quoted(word)));
        if (layer.binding.bound(*id))
            return failure(line, word, fmt::format("the variable '{}' is bound twice in one line", word.text));
        if (!line.skip("="))
            return failure(line, line.peek(),
                           fmt::format("{} where '=' and a number are expected", quoted(line.peek())));
        auto number = positive(line);
        if (!number)
            return number.error();
        layer.binding.set(*id, *number);
    }
    layers_.push_back(layer);
    return {};
}

Expected<void> PGraphParser::checkUse()
{
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const DimensionId id(i);
        if (builder_.consumed(id))
            continue;
        const Dimension& dimension = builder_[id];
        if (dimension.weight.valid())
            return failure(fmt::format("the axis '{}.{}' is never used; every axis of a weight is used by one share",
                                       builder_[dimension.weight].name, dimension.name),
                           places_[i]);
        return failure(
            fmt::format(
                "the axis '{}' is never used; every axis is used exactly once (by a statement, 'reduce' or 'output')",
                dimension.name),
            places_[i]);
    }
    return {};
}

Expected<void> PGraphParser::checkLayers()
{
    const VariableTable& variables = builder_.variables();
    for (Layer& layer : layers_) {
        layer.binding.fillDefaults(variables);
        for (std::size_t i = 0; i < places_.size(); ++i) {
            const Dimension& dimension = builder_[DimensionId(i)];
            if (evaluate(dimension.size, layer.binding))
                continue;
            for (int v = 0; v < variables.size(); ++v) {
                const VariableId id{static_cast<std::uint8_t>(v)};
                if (dimension.size.exponent(id) != 0 && !layer.binding.bound(id))
                    return failure(
                        fmt::format("this line gives no number for '{0}'; expected '{0}=...'", variables[id].name),
                        layer.place);
            }
            return failure(
                fmt::format("under this binding the size {} of the axis '{}' (line {}) is no whole number below 2^62",
                            toString(dimension.size, variables), dimension.name, places_[i].line),
                layer.place);
        }
    }
    return {};
}

Expected<PGraph> PGraphParser::finish()
{
    if (!versioned_)
        return failure("there is no operator in this file; expected 'pgraph 1' as its first line", end_);
    if (!hasInput_)
        return failure("the operator has no input; expected a line 'input axis:size ...'", end_);
    if (!hasOutput_)
        return failure("the operator has no output; expected a line 'output axis ...'", end_);
    if (auto ok = checkUse(); !ok)
        return ok.error();
    if (auto ok = checkLayers(); !ok)
        return ok.error();
    for (const Layer& layer : layers_)
        builder_.bind(layer.binding);
    auto graph = builder_.finish();
    if (!graph)
        return failure(graph.error().message, end_);
    return graph->withName(std::move(name_));
}

} // namespace synoscope
