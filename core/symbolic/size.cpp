#include "core/symbolic/size.h"

#include "core/base/hash.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace synoscope {

std::uint64_t Size::hash() const
{
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), exponents_.data(), sizeof(words));
    return combine(mix(words[0]), words[1]);
}

void Binding::fillDefaults(const VariableTable& variables)
{
    for (int i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        if (!bound(id) && variables[id].value)
            set(id, *variables[id].value);
    }
}

std::optional<std::int64_t> evaluate(const Size& size, const Binding& binding)
{
    constexpr std::int64_t limit = std::int64_t{1} << 62;
    std::int64_t numerator = 1;
    std::int64_t denominator = 1;
    for (int i = 0; i < maxVariables; ++i) {
        const VariableId variable{static_cast<std::uint8_t>(i)};
        const int exponent = size.exponent(variable);
        if (exponent == 0)
            continue;
        const std::int64_t value = binding[variable];
        if (value <= 0)
            return std::nullopt;
        std::int64_t& side = exponent > 0 ? numerator : denominator;
        for (int n = std::abs(exponent); n > 0 && value > 1; --n) {
            if (side > limit / value)
                return std::nullopt;
            side *= value;
        }
    }
    if (numerator % denominator != 0)
        return std::nullopt;
    return numerator / denominator;
}

bool hasPrimary(const Size& size, const VariableTable& variables)
{
    for (int i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        if (variables[id].kind == VariableKind::primary && size.exponent(id) != 0)
            return true;
    }
    return false;
}

bool isLegal(const Size& size, const VariableTable& variables)
{
    bool primary = false;
    bool negative = false;
    for (int i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        const int exponent = size.exponent(id);
        if (variables[id].kind == VariableKind::primary) {
            if (exponent < 0)
                return false;
            primary |= exponent > 0;
        } else {
            negative |= exponent < 0;
        }
    }
    return !size.isOne() && (primary || !negative);
}

namespace {

// Factors in the order of printing: the number in front, then primaries, then coefficients, by name.
std::vector<VariableId> orderedFactors(const Size& size, const VariableTable& variables)
{
    std::vector<VariableId> factors;
    for (int i = 0; i < variables.size(); ++i) {
        const VariableId id{static_cast<std::uint8_t>(i)};
        if (size.exponent(id) != 0)
            factors.push_back(id);
    }
    const auto rank = [&](VariableId id) { return variables[id].kind == VariableKind::primary ? 0 : 1; };
    std::ranges::sort(factors, [&](VariableId a, VariableId b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : variables[a].name < variables[b].name;
    });
    return factors;
}

} // namespace

std::string toString(const Size& size, const VariableTable& variables)
{
    std::int64_t number = 1;
    std::string rest;
    for (const VariableId id : orderedFactors(size, variables)) {
        const Variable& variable = variables[id];
        const int exponent = size.exponent(id);
        const bool isNumber = variable.kind == VariableKind::literal && exponent > 0;
        if (isNumber) {
            std::int64_t product = number;
            for (int n = 0; n < exponent && product <= largestNumberInSize; ++n)
                product *= *variable.value; // both below 2^30
            if (product <= largestNumberInSize) {
                number = product;
                continue;
            }
        }
        if (!rest.empty())
            rest += '*';
        rest += variable.name;
        if (exponent != 1)
            rest += '^' + std::to_string(exponent);
    }
    if (rest.empty())
        return std::to_string(number);
    return number == 1 ? rest : std::to_string(number) + '*' + rest;
}

std::strong_ordering compareByName(const Size& a, const Size& b, const VariableTable& variables)
{
    if (a == b)
        return std::strong_ordering::equal;
    return toString(a, variables).compare(toString(b, variables)) <=> 0;
}

namespace {

class SizeParser
{
public:
    SizeParser(std::string_view text, VariableTable& variables) : text_(text), variables_(variables) {}

    Expected<Size> parse()
    {
        int sign = 1;
        for (;;) {
            if (auto factor = parseFactor(sign); !factor)
                return factor.error();
            if (position_ == text_.size())
                return result_;
            if (text_[position_] != '*' && text_[position_] != '/')
                return failure(fmt::format("expected '*' or '/' in the size '{}'", text_));
            sign = text_[position_++] == '*' ? 1 : -1;
        }
    }

private:
    Error failure(std::string message) const
    {
        return Error{std::move(message), {}, 0, static_cast<int>(position_) + 1};
    }

    std::string_view word()
    {
        const std::size_t begin = position_;
        while (position_ < text_.size() &&
               (std::isalnum(static_cast<unsigned char>(text_[position_])) || text_[position_] == '_'))
            ++position_;
        return text_.substr(begin, position_ - begin);
    }

    Expected<void> parseFactor(int sign)
    {
        const std::size_t begin = position_;
        const std::string_view name = word();
        if (name.empty())
            return failure(fmt::format("expected a variable or a number in the size '{}'", text_));
        int exponent = sign;
        if (position_ < text_.size() && text_[position_] == '^') {
            ++position_;
            int power = 0;
            const char* end = text_.data() + text_.size();
            const auto [rest, status] = std::from_chars(text_.data() + position_, end, power);
            if (status != std::errc() || power < -Size::maxExponent || power > Size::maxExponent)
                return failure(fmt::format("expected an exponent between {} and {} after '^'", -Size::maxExponent,
                                           Size::maxExponent));
            position_ = static_cast<std::size_t>(rest - text_.data());
            exponent *= power;
        }
        const std::size_t end = position_;
        position_ = begin; // errors below are about the name
        Expected<void> added = std::isdigit(static_cast<unsigned char>(name.front())) ? addNumber(name, exponent)
                                                                                      : addVariable(name, exponent);
        if (added)
            position_ = end;
        return added;
    }

    Expected<void> addVariable(std::string_view name, int exponent)
    {
        const auto id = variables_.find(name);
        if (!id)
            return failure(
                fmt::format("the variable '{}' is not declared (expected a line 'primary {}' or 'coefficient {}=...')",
                            name, name, name));
        return multiply(*id, exponent);
    }

    Expected<void> addNumber(std::string_view digits, int exponent)
    {
        std::int64_t number = 0;
        const auto [rest, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (status != std::errc() || rest != digits.data() + digits.size() || number < 1 ||
            number > largestNumberInSize)
            return failure(fmt::format("'{}' is no number between 1 and {}", digits, largestNumberInSize));
        for (std::int64_t prime = 2; number > 1; ++prime) {
            if (prime * prime > number)
                prime = number;
            while (number % prime == 0) {
                const auto id = variables_.literal(prime);
                if (!id)
                    return failure(id.error().message);
                if (auto done = multiply(*id, exponent); !done)
                    return done;
                number /= prime;
            }
        }
        return {};
    }

    Expected<void> multiply(VariableId id, int exponent)
    {
        const int total = result_.exponent(id) + exponent;
        if (total > Size::maxExponent || total < -Size::maxExponent)
            return failure(fmt::format("an exponent beyond {} in the size '{}'", Size::maxExponent, text_));
        result_ = result_ * Size::of(id, exponent);
        return {};
    }

    std::string_view text_;
    VariableTable& variables_;
    std::size_t position_ = 0;
    Size result_;
};

} // namespace

Expected<Size> parseSize(std::string_view text, VariableTable& variables)
{
    return SizeParser(text, variables).parse();
}

} // namespace synoscope
