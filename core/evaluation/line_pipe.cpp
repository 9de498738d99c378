#include "core/evaluation/line_pipe.h"

#include <array>
#include <cerrno>
#include <utility>
#include <unistd.h>

namespace synoscope {

std::optional<std::string> LineReader::readLine()
{
    std::size_t searched = 0;
    while (true) {
        const std::size_t end = buffer_.find('\n', searched);
        if (end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            searched = 0;
            if (!dropping_)
                return line;
            dropping_ = false; // that was the rest
            continue;
        }
        if (buffer_.size() > maxLine) {
            std::string line = std::move(buffer_);
            buffer_.clear();
            searched = 0;
            if (!std::exchange(dropping_, true)) {
                line.resize(maxLine);
                return line;
            }
            continue;
        }
        if (ended_) {
            if (buffer_.empty() || dropping_)
                return std::nullopt;
            return std::exchange(buffer_, {});
        }
        searched = buffer_.size();
        std::array<char, 1 << 16> chunk;
        const ssize_t got = ::read(descriptor_, chunk.data(), chunk.size());
        if (got > 0)
            buffer_.append(chunk.data(), static_cast<std::size_t>(got));
        else if (got == 0 || errno != EINTR)
            ended_ = true;
    }
}

void LineWriter::writeLine(std::string line)
{
    line += '\n';
    const std::scoped_lock lock(mutex_);
    std::string_view rest = line;
    while (!rest.empty()) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written > 0)
            rest.remove_prefix(static_cast<std::size_t>(written));
        else if (written == 0 || errno != EINTR)
            return;
    }
}

} // namespace synoscope
