#include "core/store/writer_lock.h"

#include "core/store/sqlite.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace synoscope {

namespace {

// The previous owner removes the file it locked, so what was opened may no longer be what has the name.
bool stillNamed(int descriptor, const std::filesystem::path& file)
{
    struct stat opened
    {};
    struct stat named
    {};
    return fstat(descriptor, &opened) == 0 && stat(file.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

std::string owner(int descriptor)
{
    char text[32] = {};
    const ssize_t length = pread(descriptor, text, sizeof text - 1, 0);
    const long pid = length > 0 ? std::strtol(text, nullptr, 10) : 0;
    return pid > 0 ? fmt::format(" (process {})", pid) : std::string();
}

} // namespace

Expected<std::unique_ptr<WriterLock>> WriterLock::take(const std::filesystem::path& store)
{
    const std::filesystem::path file = store.string() + "-lock";
    for (;;) {
        const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (descriptor < 0)
            return sqlite::fileError(store,
                                     fmt::format("the file cannot be opened for writing: its lock file {} cannot "
                                                 "be made ({})",
                                                 file.filename().string(), std::strerror(errno)));
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            const int why = errno;
            const std::string who = owner(descriptor);
            ::close(descriptor);
            if (why == EINTR)
                continue;
            if (why == EWOULDBLOCK)
                return sqlite::fileError(store, fmt::format("the file is open in another Synoscope{}; close it there "
                                                            "first",
                                                            who));
            return sqlite::fileError(store,
                                     fmt::format("the file cannot be locked for writing ({})", std::strerror(why)));
        }
        if (!stillNamed(descriptor, file)) {
            ::close(descriptor);
            continue;
        }
        // Only for the sentence above: when it cannot be written (full disk), the lock holds all the same.
        const std::string pid = fmt::format("{}\n", getpid());
        [[maybe_unused]] const bool told =
            ftruncate(descriptor, 0) == 0 &&
            pwrite(descriptor, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
        return std::unique_ptr<WriterLock>(new WriterLock(file, descriptor));
    }
}

WriterLock::~WriterLock()
{
    ::unlink(file_.c_str()); // while it is still locked: nobody can hold it in between
    ::close(descriptor_);
}

} // namespace synoscope
