#include "core/synthesis/json_positions.h"

#include <algorithm>
#include <optional>

namespace synoscope {

namespace {

class Scanner
{
public:
    Scanner(std::string_view text, std::string_view wanted) : text_(text), wanted_(wanted) {}

    std::size_t find()
    {
        value("");
        return best_;
    }

private:
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

    void note(const std::string& path, std::size_t offset)
    {
        const bool onTheWay =
            wanted_.substr(0, path.size()) == path && (wanted_.size() == path.size() || path.empty() ||
                                                       wanted_[path.size()] == '.' || wanted_[path.size()] == '[');
        if (onTheWay && path.size() >= bestLength_) {
            best_ = offset;
            bestLength_ = path.size();
        }
    }

    void value(const std::string& path)
    {
        skipSpace();
        if (at_ >= text_.size())
            return;
        note(path, at_);
        if (text_[at_] == '{')
            object(path);
        else if (text_[at_] == '[')
            array(path);
        else if (text_[at_] == '"')
            string();
        else
            while (at_ < text_.size() && std::string_view(",]} \t\r\n/").find(text_[at_]) == std::string_view::npos)
                ++at_;
    }

    void object(const std::string& path)
    {
        ++at_;
        for (;;) {
            skipSpace();
            if (at_ >= text_.size() || text_[at_] != '"')
                break;
            const std::size_t keyOffset = at_;
            const std::string key = string();
            const std::string inner = path.empty() ? key : path + '.' + key;
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
    }

    void array(const std::string& path)
    {
        ++at_;
        for (int index = 0;; ++index) {
            skipSpace();
            if (at_ >= text_.size() || text_[at_] == ']')
                break;
            value(path + '[' + std::to_string(index) + ']');
            skipSpace();
            if (at_ >= text_.size() || text_[at_] != ',')
                break;
            ++at_;
        }
        ++at_;
    }

    std::string_view text_;
    std::string_view wanted_;
    std::size_t at_ = 0;
    std::size_t best_ = 0;
    std::size_t bestLength_ = 0;
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

} // namespace synoscope
