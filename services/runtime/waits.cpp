#include "runtime/waits.hpp"

#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::runtime {

namespace {

constexpr std::chrono::minutes say_again_after{5};

void say(const Waits::Entry& entry) {
    log_error("waiting for the deployment to be mended",
              {{"reason", entry.reason}, {"what", entry.sentence}, {"mend", entry.mend}});
}

}  // namespace

std::vector<Waits::Entry> Waits::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Entry> entries;
    for (const auto& [name, reason] : reasons_)
        if (reason.waiting > 0) entries.push_back(reason.entry);
    return entries;
}

void Waits::begin(const Entry& entry) {
    const std::lock_guard lock(mutex_);
    auto& reason = reasons_[entry.reason];
    reason.entry = entry;
    if (reason.waiting++ > 0) return;
    reason.said_at = Steady::now();
    say(entry);
    metrics().set("chaiqin_stage_waiting", 1, entry.reason);
}

void Waits::repeat(const std::string& name) {
    const std::lock_guard lock(mutex_);
    auto& reason = reasons_.at(name);
    if (Steady::now() - reason.said_at < say_again_after) return;
    reason.said_at = Steady::now();
    say(reason.entry);
}

void Waits::end(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (--reasons_.at(name).waiting > 0) return;
    log_info("the deployment is mended; going on", {{"reason", name}});
    metrics().set("chaiqin_stage_waiting", 0, name);
}

Waits& waits() {
    static Waits one;
    return one;
}

void Wait::begin(const domain::DeploymentFailure& failure) {
    if (reason_ == failure.reason) return all_.repeat(reason_);
    end();
    reason_ = failure.reason;
    all_.begin({reason_, failure.what(), failure.mend});
}

void Wait::end() {
    if (reason_.empty()) return;
    all_.end(reason_);
    reason_.clear();
}

}  // namespace chaiqin::runtime
