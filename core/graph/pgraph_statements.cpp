#include "core/graph/pgraph_parser.h"
#include "core/graph/reader.h"

#include <algorithm>
#include <fmt/format.h>

namespace synoscope {

namespace {

constexpr std::int64_t largestShift = 1'000'000'000;
constexpr std::size_t longestName = 64;
constexpr std::size_t longestSize = 1000;
constexpr int mostLargeNumbers = 512; // numbers in sizes are factored, and factoring these takes a while

constexpr std::array<std::string_view, 9> keywords{"pgraph", "name",   "primary", "coefficient", "input",
                                                   "weight", "reduce", "output",  "bind"};

// Numbers of more than six digits.
int countLargeNumbers(std::string_view size)
{
    int count = 0;
    int digits = 0;
    for (const char c : size) {
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        count += digits == 7;
    }
    return count;
}

} // namespace

Expected<std::string> PGraphParser::newName(TextLine& line)
{
    const TextToken word = line.take();
    if (!isIdentifier(word.text) || word.text.size() > longestName)
        return failure(line, word,
                       fmt::format("{} where a name is expected (letters, digits and '_', no digit first, at most {})",
                                   quoted(word), longestName));
    if (std::ranges::find(keywords, word.text) != keywords.end())
        return failure(line, word, fmt::format("'{}' is a word of the format; expected another name", word.text));
    return std::string(word.text);
}

Expected<Size> PGraphParser::size(TextLine& line)
{
    const TextToken word = line.take();
    if (word.text.empty())
        return failure(line, word, "expected a size, such as C_in/g, at the end of the line");
    if (word.text.size() > longestSize)
        return failure(line, word,
                       fmt::format("a size of {} characters; expected at most {}", word.text.size(), longestSize));
    largeNumbers_ += countLargeNumbers(word.text);
    if (largeNumbers_ > mostLargeNumbers)
        return failure(line, word, fmt::format("more than {} numbers above 999999 in sizes", mostLargeNumbers));
    auto size = parseSize(word.text, builder_.variables());
    if (!size)
        return failure(size.error().message,
                       line.place(word, static_cast<std::size_t>(std::max(size.error().column, 1)) - 1));
    return *size;
}

// Notes where a new axis stands, and under which name it is found.
Expected<void> PGraphParser::note(AxisScope& scope, DimensionId id, const TextLine& line, const TextToken& token)
{
    places_.resize(id.index + std::size_t{1});
    places_[id.index] = line.place(token);
    if (!scope.emplace(builder_[id].name, id).second)
        return failure(line, token,
                       fmt::format("the axis '{}' is defined twice; expected a new name", builder_[id].name));
    if (places_.size() > maxPGraphDimensions)
        return failure(line, token, fmt::format("an operator has at most {} axes", maxPGraphDimensions));
    return {};
}

// name:size, of the input or of a weight
Expected<DimensionId> PGraphParser::axisDeclaration(TextLine& line, WeightId weight, AxisScope& scope)
{
    const TextToken word = line.peek();
    auto axisName = newName(line);
    if (!axisName)
        return axisName.error();
    if (!line.skip(":"))
        return failure(line, line.peek(), fmt::format("{} where ':' and a size are expected", quoted(line.peek())));
    const TextToken sizeWord = line.peek();
    auto axisSize = size(line);
    if (!axisSize)
        return axisSize.error();
    auto axis = weight.valid() ? builder_.weightAxis(weight, std::move(*axisName), *axisSize)
                               : builder_.input(std::move(*axisName), *axisSize);
    if (!axis)
        return failure(line, sizeWord, axis.error().message);
    if (auto ok = note(scope, *axis, line, word); !ok)
        return ok.error();
    return axis;
}

Expected<void> PGraphParser::input(TextLine& line, const TextToken& keyword)
{
    if (hasInput_)
        return failure(line, keyword, "a second 'input' line; an operator has one input");
    hasInput_ = true;
    do {
        if (auto axis = axisDeclaration(line, {}, axes_); !axis)
            return axis.error();
    } while (!line.atEnd());
    return {};
}

Expected<void> PGraphParser::weight(TextLine& line)
{
    const TextToken word = line.peek();
    auto weightName = newName(line);
    if (!weightName)
        return weightName.error();
    auto weight = builder_.weight(*weightName);
    if (!weight)
        return failure(line, word, weight.error().message);
    weights_.emplace(*weightName, *weight);
    weightAxes_.emplace_back();
    do {
        if (auto axis = axisDeclaration(line, *weight, weightAxes_.back()); !axis)
            return axis.error();
    } while (!line.atEnd());
    return {};
}

Expected<void> PGraphParser::reduce(TextLine& line)
{
    do {
        auto axis = operand(line);
        if (!axis)
            return axis.error();
        if (auto ok = builder_.reduce(*axis); !ok)
            return ok;
    } while (!line.atEnd());
    return {};
}

Expected<void> PGraphParser::output(TextLine& line, const TextToken& keyword)
{
    if (hasOutput_)
        return failure(line, keyword, "a second 'output' line; an operator has one output");
    hasOutput_ = true;
    do {
        auto axis = operand(line);
        if (!axis)
            return axis.error();
        if (auto ok = builder_.output(*axis); !ok)
            return ok;
    } while (!line.atEnd());
    return {};
}

Expected<DimensionId> PGraphParser::operand(TextLine& line)
{
    const TextToken word = line.take();
    if (word.text.empty())
        return failure(line, word, "expected an axis at the end of the line");
    const auto found = axes_.find(std::string(word.text));
    if (found == axes_.end())
        return failure(
            line, word,
            word.text.find('.') == std::string_view::npos
                ? fmt::format("the axis {} is not known here; expected one that the input or an earlier line defines",
                              quoted(word))
                : fmt::format("{} where an axis of the data is expected; an axis of a weight is the second operand "
                              "of a share",
                              quoted(word)));
    if (builder_.consumed(found->second))
        return failure(line, word,
                       fmt::format("the axis '{}' is used twice; every axis is used exactly once", word.text));
    return found->second;
}

Expected<DimensionId> PGraphParser::weightOperand(TextLine& line)
{
    const TextToken word = line.take();
    const std::size_t dot = word.text.find('.');
    if (dot == std::string_view::npos)
        return failure(line, word, fmt::format("{} where an axis of a weight is expected, such as w0.c", quoted(word)));
    const auto weight = weights_.find(std::string(word.text.substr(0, dot)));
    if (weight == weights_.end())
        return failure(line, word,
                       fmt::format("the weight {} is not known here; expected one that an earlier line declares",
                                   quoted(word.text.substr(0, dot))));
    const auto& axes = weightAxes_[weight->second.index];
    const auto axis = axes.find(std::string(word.text.substr(dot + 1)));
    if (axis == axes.end())
        return failure(fmt::format("the weight '{}' has no axis {}", weight->first, quoted(word.text.substr(dot + 1))),
                       line.place(word, dot + 1));
    if (builder_.consumed(axis->second))
        return failure(line, word,
                       fmt::format("the axis {} is used twice; every axis is used exactly once", quoted(word)));
    return axis->second;
}

// names... = kind operands...
Expected<void> PGraphParser::definition(TextLine& line)
{
    std::vector<TextToken> words;
    std::vector<std::string> names;
    do {
        words.push_back(line.peek());
        auto name = newName(line);
        if (!name)
            return name.error();
        names.push_back(std::move(*name));
    } while (line.skip(","));
    if (!line.skip("="))
        return failure(line, line.peek(), fmt::format("{} where '=' is expected", quoted(line.peek())));
    const TextToken kind = line.take();
    const std::size_t results = kind.text == "split" || kind.text == "unfold" ? 2 : 1;
    static constexpr std::array<std::string_view, 7> kinds{"split",  "merge",  "shift", "unfold",
                                                           "stride", "expand", "share"};
    if (std::ranges::find(kinds, kind.text) == kinds.end())
        return failure(line, kind,
                       fmt::format("{} is no primitive; expected split, merge, shift, unfold, stride, expand or share",
                                   quoted(kind)));
    if (names.size() != results)
        return failure(line, words[std::min(names.size() - 1, results)],
                       fmt::format("{} names before a {}; expected {}", names.size(), kind.text, results));
    auto made = apply(line, kind, names);
    if (!made)
        return made.error();
    for (std::size_t i = 0; i < made->size(); ++i)
        if (auto ok = note(axes_, (*made)[i], line, words[i]); !ok)
            return ok;
    return endOf(line);
}

// One primitive. What the builder refuses is said at the last operand, which is the one that does not fit.
Expected<std::vector<DimensionId>> PGraphParser::apply(TextLine& line, const TextToken& kind,
                                                       const std::vector<std::string>& names)
{
    TextToken last = line.peek();
    const auto one = [&](Expected<DimensionId> made) -> Expected<std::vector<DimensionId>> {
        if (!made)
            return failure(line, last, made.error().message);
        return std::vector{*made};
    };
    const auto two = [&](Expected<std::array<DimensionId, 2>> made) -> Expected<std::vector<DimensionId>> {
        if (!made)
            return failure(line, last, made.error().message);
        return std::vector{(*made)[0], (*made)[1]};
    };
    if (kind.text == "expand") {
        auto extent = size(line);
        return extent ? one(builder_.expand(*extent, names[0])) : extent.error();
    }
    auto x = operand(line);
    if (!x)
        return x.error();
    last = line.peek();
    if (kind.text == "merge") {
        auto block = operand(line);
        return block ? one(builder_.merge(*x, *block, names[0])) : block.error();
    }
    if (kind.text == "share") {
        auto axis = weightOperand(line);
        return axis ? one(builder_.share(*x, *axis, names[0])) : axis.error();
    }
    if (kind.text == "shift") {
        const auto amount = parseInteger(line.take().text);
        if (!amount || *amount < -largestShift || *amount > largestShift)
            return failure(line, last,
                           fmt::format("{} where a whole number between -{} and {} is expected", quoted(last),
                                       largestShift, largestShift));
        return one(builder_.shift(*x, static_cast<std::int32_t>(*amount), names[0]));
    }
    auto parameter = size(line);
    if (!parameter)
        return parameter.error();
    if (kind.text == "stride")
        return one(builder_.stride(*x, *parameter, names[0]));
    return two(kind.text == "split" ? builder_.split(*x, *parameter, names[0], names[1])
                                    : builder_.unfold(*x, *parameter, names[0], names[1]));
}

} // namespace synoscope
