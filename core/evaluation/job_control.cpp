#include "core/evaluation/job_control.h"

namespace synoscope {

void JobControl::set(bool cancel, bool pause)
{
    {
        const std::scoped_lock lock(mutex_);
        cancelled_ = cancelled_ || cancel;
        pausing_ = pause;
    }
    changed_.notify_all();
}

bool JobControl::proceed()
{
    std::unique_lock lock(mutex_);
    if (pausing_ && !cancelled_) {
        const auto start = std::chrono::steady_clock::now();
        if (onPause_)
            onPause_();
        changed_.wait(lock, [this] { return !pausing_ || cancelled_; });
        paused_ += std::chrono::steady_clock::now() - start;
    }
    return !cancelled_;
}

std::chrono::duration<double> JobControl::paused() const
{
    const std::scoped_lock lock(mutex_);
    return paused_;
}

} // namespace synoscope
