#include "runtime/breaker.hpp"

namespace chaiqin::runtime {

namespace {
constexpr std::chrono::minutes window{1};
}  // namespace

void Breaker::quarantined(Steady::time_point now) {
    const std::lock_guard lock(mutex_);
    while (!quarantined_.empty() && now - quarantined_.front() >= window) quarantined_.pop_front();
    quarantined_.push_back(now);
    if (is_open_ || quarantined_.size() < most_) return;
    is_open_ = true;
    resume_seen_.reset();
}

bool Breaker::is_open() const {
    const std::lock_guard lock(mutex_);
    return is_open_;
}

void Breaker::look(std::int64_t last_resume) {
    const std::lock_guard lock(mutex_);
    if (!is_open_) return;
    if (!resume_seen_) resume_seen_ = last_resume;
    if (*resume_seen_ == last_resume) return;
    is_open_ = false;
    quarantined_.clear();
}

}  // namespace chaiqin::runtime
