#pragma once
// Work that a process repeats beside its stage loops, in a thread of its own: following Table 19,
// applying its loads. A TransientFailure of the work is told once and the work is tried again; any
// other exception ends the process.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace chaiqin::runtime {

class Background {
public:
    /// Returns how long to pause before it is called again.
    using Work = std::function<std::chrono::milliseconds()>;

    /// `put_off` is the warning when the work has to be tried again, after `pause_after_failure`.
    Background(std::string put_off, std::chrono::milliseconds pause_after_failure, Work work);
    /// Ends the pause: there is something to do. Any thread.
    void wake();

private:
    void run(const std::stop_token& stop);

    const std::string put_off_;
    const std::chrono::milliseconds pause_after_failure_;
    const Work work_;
    std::mutex mutex_;
    std::condition_variable_any woken_;
    bool asked_ = false;
    /// The last member: it ends before the others go.
    std::jthread thread_;
};

/// The same at the start of a process, in the caller's thread: calls `work` until it has not thrown
/// TransientFailure. False when `stopping` answered true before that.
bool repeat_until_done(const std::string& put_off, std::chrono::milliseconds pause,
                       const std::function<void()>& work, const std::function<bool()>& stopping);

}  // namespace chaiqin::runtime
