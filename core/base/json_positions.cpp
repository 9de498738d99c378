#include "core/base/json_positions.h"

#include <algorithm>
#include <unordered_set>

namespace synoscope {

namespace {

// Walks over a JSON text. What it knows of the path of a value is how much of the wanted path that value has matched:
// paths are never put together, as there may be a million values below a key of a million characters.
class Scanner
{
public:
    Scanner(std::string_view text, std::string_view wanted) : text_(text), wanted_(wanted)
    {
        if (text_.starts_with("\xEF\xBB\xBF"))
            at_ = 3; // a byte order mark
    }

    std::size_t find()
    {
        value(0);
        return best_;
    }

    // Offset and text of the first key that repeats another of its object.
    std::optional<std::pair<std::size_t, std::string>> findRepeated()
    {
        value(0);
        return std::move(repeated_);
    }

private:
    static constexpr int deepest = 100;
    static constexpr std::size_t elsewhere = std::string_view::npos; // the path has left the wanted one

    void skipSpace()
    {
        while (at_ < text_.size()) {
            if (text_.substr(at_, 2) == "//")
                at_ = std::min(text_.find('\n', at_), text_.size());
            else if (text_.substr(at_, 2) == "/*")
                at_ = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
            else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
                ++at_;
            else
                return;
        }
    }

    std::string string()
    {
        std::string content;
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\')
                ++at_;
            if (at_ < text_.size())
                content += text_[at_];
        }
        ++at_;
        return content;
    }

    // What is matched when the path goes on with this key or index.
    std::size_t follow(std::size_t matched, std::string_view step) const
    {
        if (matched == elsewhere || !wanted_.substr(matched).starts_with(step))
            return elsewhere;
        const std::size_t end = matched + step.size();
        return end == wanted_.size() || wanted_[end] == '.' || wanted_[end] == '[' ? end : elsewhere;
    }

    std::size_t followKey(std::size_t matched, std::string_view key) const
    {
        if (matched == 0)
            return follow(matched, key);
        if (matched == elsewhere || matched == wanted_.size() || wanted_[matched] != '.')
            return elsewhere;
        return follow(matched + 1, key);
    }

    void note(std::size_t matched, std::size_t offset)
    {
        if (matched != elsewhere && matched >= bestLength_) {
            best_ = offset;
            bestLength_ = matched;
        }
    }

    void value(std::size_t matched)
    {
        skipSpace();
        if (at_ >= text_.size())
            return;
        note(matched, at_);
        if (depth_ == deepest)
            at_ = text_.size(); // what is nested deeper was refused for that
        else if (text_[at_] == '{')
            object(matched);
        else if (text_[at_] == '[')
            array(matched);
        else if (text_[at_] == '"')
            string();
        else
            while (at_ < text_.size() && std::string_view(",]} \t\r\n/").find(text_[at_]) == std::string_view::npos)
                ++at_;
    }

    void object(std::size_t matched)
    {
        std::unordered_set<std::string> keys;
        ++depth_;
        ++at_;
        for (;;) {
            skipSpace();
            if (at_ >= text_.size() || text_[at_] != '"')
                break;
            const std::size_t keyOffset = at_;
            const std::string key = string();
            if (!keys.insert(key).second && !repeated_)
                repeated_ = {keyOffset, key};
            const std::size_t inner = followKey(matched, key);
            note(inner, keyOffset);
            skipSpace();
            ++at_; // the colon
            value(inner);
            skipSpace();
            if (at_ >= text_.size() || text_[at_] != ',')
                break;
            ++at_;
        }
        ++at_;
        --depth_;
    }

    void array(std::size_t matched)
    {
        ++depth_;
        ++at_;
        for (int index = 0;; ++index) {
            skipSpace();
            if (at_ >= text_.size() || text_[at_] == ']')
                break;
            value(follow(matched, '[' + std::to_string(index) + ']'));
            skipSpace();
            if (at_ >= text_.size() || text_[at_] != ',')
                break;
            ++at_;
        }
        ++at_;
        --depth_;
    }

    std::string_view text_;
    std::string_view wanted_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::size_t best_ = 0;
    std::size_t bestLength_ = 0;
    std::optional<std::pair<std::size_t, std::string>> repeated_;
};

} // namespace

TextPosition positionAt(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const std::size_t newline = before.rfind('\n');
    return {static_cast<int>(std::ranges::count(before, '\n')) + 1,
            static_cast<int>(newline == std::string_view::npos ? before.size() : before.size() - newline - 1) + 1};
}

TextPosition positionOf(std::string_view json, std::string_view path)
{
    return positionAt(json, Scanner(json, path).find());
}

std::optional<RepeatedKey> findRepeatedKey(std::string_view json)
{
    auto repeated = Scanner(json, "").findRepeated();
    if (!repeated)
        return std::nullopt;
    return RepeatedKey{std::move(repeated->second), positionAt(json, repeated->first)};
}

} // namespace synoscope
