// Starting a child process and looking at its group; the system's side of child_process.h.
#pragma once

#include "core/base/error.h"
#include "core/jobs/child_process.h"

#include <cstdint>
#include <string>

namespace synoscope {

// Closes what it holds.
class Descriptor
{
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        close();
        number_ = std::exchange(other.number_, -1);
        return *this;
    }
    ~Descriptor() { close(); }

    void close();
    int number() const { return number_; }
    bool open() const { return number_ >= 0; }

private:
    int number_ = -1;
};

struct SpawnedChild
{
    int pid = 0;
    Descriptor input;  // we write, without blocking
    Descriptor output; // we read, without blocking
    Descriptor errors; // likewise
};

Expected<SpawnedChild> spawn(const ChildCommand& command);

std::uint64_t residentBytes(int pid);
std::uint64_t residentBytesOfGroup(int group);

} // namespace synoscope
