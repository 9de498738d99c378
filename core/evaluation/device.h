// Where networks are computed: whether this machine can, and how long it takes there.
#pragma once

#include "core/evaluation/timing.h"

#include <c10/core/Device.h>

#include <functional>
#include <optional>
#include <string>

namespace synoscope {

// Why this machine cannot compute on the device: libtorch has no CUDA, or finds none. Nothing for the CPU.
std::optional<std::string> deviceRefusal(const std::string& device);

// Times runs of what has been put on a device. An accelerator works off a queue: there several runs are put into it at
// once, between two events of its stream, so that what is timed is the work and not the wait for each to begin.
class DeviceClock
{
public:
    explicit DeviceClock(c10::Device device) : device_(device) {}

    // The same to be run again and again. On CUDA it is recorded as a graph where libtorch can: then launching its parts
    // one by one costs nothing. It reads the same tensors each time.
    std::function<void()> prepared(std::function<void()> run) const;

    void time(Times& times, const std::function<void()>& run) const;

private:
    void drain() const; // waits until the queue is worked off

    c10::Device device_;
};

} // namespace synoscope
