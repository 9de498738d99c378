// How a running job is told to stop, wait or go on, from another thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace synoscope {

class JobControl
{
public:
    // `onPause` is called on the job's thread whenever it begins to wait.
    explicit JobControl(std::function<void()> onPause = {}) : onPause_(std::move(onPause)) {}

    void cancel() { set(true, false); }
    void pause() { set(false, true); }
    void resume() { set(false, false); }

    // Asked by the job between two batches or measurements. Waits while paused. False: cancelled, return soon.
    bool proceed();

    // Time spent waiting in proceed(): it does not count against limits.
    std::chrono::duration<double> paused() const;

private:
    void set(bool cancel, bool pause);

    std::function<void()> onPause_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool cancelled_ = false; // for good
    bool pausing_ = false;
    std::chrono::duration<double> paused_{0};
};

} // namespace synoscope
