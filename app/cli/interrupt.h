// An interrupt (watchInterrupt, command.h) as a stop token, which is what waiting for children and jobs understands.
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

namespace synoscope::cli {

class InterruptStop
{
public:
    explicit InterruptStop(const std::atomic<bool>& interrupted)
        : watcher_([this, &interrupted](std::stop_token end) {
              while (!end.stop_requested()) {
                  if (interrupted.load(std::memory_order_relaxed)) {
                      source_.request_stop();
                      return;
                  }
                  std::this_thread::sleep_for(std::chrono::milliseconds(20));
              }
          })
    {}
    std::stop_token token() const { return source_.get_token(); }

private:
    std::stop_source source_;
    std::jthread watcher_; // last: it ends before the source does
};

} // namespace synoscope::cli
