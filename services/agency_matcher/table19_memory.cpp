#include "agency_matcher/table19_memory.hpp"

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::agency_matcher {

namespace {

constexpr std::chrono::milliseconds look_every{200};

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
    runtime::metrics().set("chaiqin_table19_rows", static_cast<double>(newest->rows()));
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
    : memory_(memory), thread_([this](std::stop_token stop) { run(std::move(stop)); }) {}

void Table19Follower::look_now() {
    {
        std::lock_guard lock(mutex_);
        asked_ = true;
    }
    woken_.notify_all();
}

void Table19Follower::run(std::stop_token stop) {
    bool away = false;
    while (!stop.stop_requested()) {
        try {
            memory_.refresh();
            away = false;
        } catch (const domain::TransientFailure& failure) {
            if (!away)
                runtime::log_warn("Table 19 cannot be followed; trying again",
                                  {{"reason", failure.what()}});
            away = true;
        }
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, stop, look_every, [&] { return asked_; });
        asked_ = false;
    }
}

}  // namespace chaiqin::agency_matcher
