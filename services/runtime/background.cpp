#include "runtime/background.hpp"

#include <utility>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/waits.hpp"

namespace chaiqin::runtime {

Background::Background(std::string put_off, std::chrono::milliseconds pause_after_failure,
                       Work work)
    : put_off_(std::move(put_off)),
      pause_after_failure_(pause_after_failure),
      work_(std::move(work)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Background::wake() {
    {
        const std::lock_guard lock(mutex_);
        asked_ = true;
    }
    woken_.notify_all();
}

void Background::run(const std::stop_token& stop) {
    bool failing = false;
    Wait wait;
    while (!stop.stop_requested()) {
        auto pause = pause_after_failure_;
        try {
            pause = work_();
            failing = false;
            wait.end();
        } catch (const domain::DeploymentFailure& failure) {
            wait.begin(failure);
        } catch (const domain::TransientFailure& failure) {
            if (!failing) log_warn(put_off_, {{"reason", failure.what()}});
            failing = true;
        }
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, stop, pause, [&] { return asked_; });
        asked_ = false;
    }
}

bool repeat_until_done(const std::string& put_off, std::chrono::milliseconds pause,
                       const std::function<void()>& work, const std::function<bool()>& stopping) {
    Wait wait;
    for (bool failing = false; !stopping(); failing = true) {
        try {
            work();
            return true;
        } catch (const domain::DeploymentFailure& failure) {
            wait.begin(failure);
        } catch (const domain::TransientFailure& failure) {
            if (!failing) log_warn(put_off, {{"reason", failure.what()}});
        }
        std::this_thread::sleep_for(pause);
    }
    return false;
}

}  // namespace chaiqin::runtime
