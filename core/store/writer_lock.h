// The right to write a store: an advisory lock (flock) on the file `<store>-lock`.
//
// Not on the store itself: closing any descriptor of a file drops the POSIX locks that SQLite holds on it in this
// process. flock belongs to the open descriptor, so it keeps out a second writer in the same process too, and the
// system drops it when the process ends, however it ends. The file holds the owner's process id, for the sentence only.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <memory>

namespace synoscope {

class WriterLock
{
public:
    static Expected<std::unique_ptr<WriterLock>> take(const std::filesystem::path& store);
    ~WriterLock(); // removes the lock file
    WriterLock(const WriterLock&) = delete;
    WriterLock& operator=(const WriterLock&) = delete;

private:
    WriterLock(std::filesystem::path file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}

    std::filesystem::path file_;
    int descriptor_;
};

} // namespace synoscope
