#include "agency_matcher/career_loader.hpp"

#include <condition_variable>
#include <mutex>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::agency_matcher {

namespace {
constexpr std::chrono::milliseconds look_every{200};
constexpr std::chrono::milliseconds pause_after_failure{1000};
constexpr std::chrono::minutes tidy_every{1};
}  // namespace

bool apply_next_load(domain::CareerLoads& loads, const domain::RegistrySource& registry,
                     const CareerKeys& keys, domain::Instant now) {
    const auto work = loads.next(now);
    if (!work) return false;
    const auto load = work->load();
    const auto progress = [](double share) {
        runtime::metrics().set("chaiqin_table19_load_progress_ratio", share);
    };
    try {
        auto outcome = CareerLoad(*work, registry.newest()->agencies, keys, progress).run();
        outcome.ended_at = now;
        work->finish(outcome);
        runtime::log_info("Table 19 load ended", {{"load_id", load.load_id},
                                                  {"number", load.number},
                                                  {"authority", load.authority},
                                                  {"state", domain::load_state_name(outcome.state)},
                                                  {"rows", outcome.rows},
                                                  {"persons_changed", outcome.persons_changed},
                                                  {"rejected", outcome.rejected_count}});
    } catch (const domain::PermanentFailure& failure) {
        runtime::log_error("Table 19 load failed for good",
                           {{"load_id", load.load_id}, {"reason", failure.what()}});
        work->give_up();
        loads.fail(load.load_id, "系統內部錯誤，未載入任何資料", now);
    }
    return true;
}

CareerLoader::CareerLoader(domain::CareerLoads& loads, const domain::RegistrySource& registry,
                           CareerKeys keys, Table19Follower& follower, const runtime::Clock& clock)
    : loads_(loads),
      registry_(registry),
      keys_(std::move(keys)),
      follower_(follower),
      clock_(clock),
      thread_([this](std::stop_token stop) { run(std::move(stop)); }) {}

void CareerLoader::run(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any woken;
    auto tidied = std::chrono::steady_clock::time_point{};
    while (!stop.stop_requested()) {
        auto pause = look_every;
        try {
            if (apply_next_load(loads_, registry_, keys_, clock_.now())) {
                follower_.look_now();  // it reads while the next load is applied
                continue;
            }
            if (std::chrono::steady_clock::now() - tidied > tidy_every) {
                loads_.tidy(clock_.now());
                tidied = std::chrono::steady_clock::now();
            }
        } catch (const domain::TransientFailure& failure) {
            runtime::log_warn("Table 19 load put off; trying again", {{"reason", failure.what()}});
            pause = pause_after_failure;
        }
        std::unique_lock lock(mutex);
        woken.wait_for(lock, stop, pause, [] { return false; });
    }
}

}  // namespace chaiqin::agency_matcher
