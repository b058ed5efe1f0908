#include "agency_matcher/career_loader.hpp"

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
    const auto work = loads.next();
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
        loads.fail(load.load_id, "系統內部錯誤，未載入任何資料");
    }
    return true;
}

CareerLoader::CareerLoader(domain::CareerLoads& loads, const domain::RegistrySource& registry,
                           CareerKeys keys, Table19Follower& follower, const runtime::Clock& clock)
    : background_("Table 19 load put off; trying again", pause_after_failure,
                  [this, &loads, &registry, &follower, &clock,
                   keys = std::move(keys)]() -> std::chrono::milliseconds {
                      if (apply_next_load(loads, registry, keys, clock.now())) {
                          follower.look_now();  // it reads while the next load is applied
                          return std::chrono::milliseconds(0);
                      }
                      const auto now = std::chrono::steady_clock::now();
                      if (now - tidied_ > tidy_every) {
                          loads.tidy(clock.now());
                          tidied_ = now;
                      }
                      return look_every;
                  }) {}

}  // namespace chaiqin::agency_matcher
