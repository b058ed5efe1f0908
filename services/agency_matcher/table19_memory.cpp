#include "agency_matcher/table19_memory.hpp"

#include <condition_variable>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::agency_matcher {

namespace {

constexpr std::chrono::milliseconds look_every{200};

void follow(std::stop_token stop, Table19Memory& memory) {
    std::mutex mutex;
    std::condition_variable_any woken;
    bool away = false;
    while (!stop.stop_requested()) {
        try {
            memory.refresh();
            away = false;
        } catch (const domain::TransientFailure& failure) {
            if (!away)
                runtime::log_warn("Table 19 cannot be followed; trying again",
                                  {{"reason", failure.what()}});
            away = true;
        }
        std::unique_lock lock(mutex);
        woken.wait_for(lock, stop, look_every, [] { return false; });
    }
}

}  // namespace

domain::Table19Ptr Table19Memory::current() const {
    std::lock_guard lock(mutex_);
    return current_;
}

void Table19Memory::refresh() {
    std::lock_guard one_at_a_time(refreshing_);
    const auto before = current();
    auto newest = source_.newest(before);
    if (newest == before) return;
    runtime::metrics().set(runtime::Metric::table19_rows, static_cast<double>(newest->rows()));
    std::lock_guard lock(mutex_);
    current_ = std::move(newest);
    change_no_ = current_->change_no();
}

void Table19Memory::load(const std::function<bool()>& stopping) {
    bool away = false;
    while (!stopping()) {
        try {
            refresh();
            runtime::log_info("Table 19 is in memory",
                              {{"change_no", change_no()}, {"rows", current()->rows()}});
            return;
        } catch (const domain::TransientFailure& failure) {
            if (!away)
                runtime::log_warn("Table 19 cannot be read yet; trying again",
                                  {{"reason", failure.what()}});
            away = true;
        }
        std::this_thread::sleep_for(look_every);
    }
}

Table19Follower::Table19Follower(Table19Memory& memory)
    : thread_([&memory](std::stop_token stop) { follow(std::move(stop), memory); }) {}

}  // namespace chaiqin::agency_matcher
