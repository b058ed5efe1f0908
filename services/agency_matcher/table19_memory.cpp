#include "agency_matcher/table19_memory.hpp"

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
    if (runtime::repeat_until_done(
            "Table 19 cannot be read yet; trying again", look_every, [this] { refresh(); },
            stopping))
        runtime::log_info("Table 19 is in memory",
                          {{"change_no", change_no()}, {"rows", current()->rows()}});
}

Table19Follower::Table19Follower(Table19Memory& memory)
    : background_("Table 19 cannot be followed; trying again", look_every, [&memory] {
          memory.refresh();
          return look_every;
      }) {}

}  // namespace chaiqin::agency_matcher
