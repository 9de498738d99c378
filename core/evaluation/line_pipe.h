// Lines over file descriptors.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace synoscope {

class LineReader
{
public:
    // A longer line is cut there and its rest dropped: memory stays bounded whatever comes.
    static constexpr std::size_t maxLine = std::size_t{16} << 20;

    explicit LineReader(int descriptor) : descriptor_(descriptor) {}

    // Waits for the next line, without its line break. A last line may lack one. Nothing: the end, or a failure.
    std::optional<std::string> readLine();

private:
    int descriptor_;
    std::string buffer_; // read, and not yet given out
    bool dropping_ = false; // the rest of a line that was too long
    bool ended_ = false;
};

class LineWriter
{
public:
    explicit LineWriter(int descriptor) : descriptor_(descriptor) {}

    // Whole lines, whichever thread writes. What cannot be written is lost.
    void writeLine(std::string line);

private:
    std::mutex mutex_;
    int descriptor_;
};

} // namespace synoscope
