#include "postgres/read_sessions.hpp"

#include "domain/failure.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "runtime/log.hpp"

namespace chaiqin::postgres {

namespace {

using std::chrono::milliseconds;

/// Statements of readers are written so that one plan fits all parameters; it is made once per
/// session.
constexpr const char* planner_options =
    " options='-c plan_cache_mode=force_generic_plan -c jit=off -c "
    "default_transaction_read_only=on'";

SessionSettings for_reading(SessionSettings settings) {
    if (settings.conninfo.find("options=") == std::string::npos)
        settings.conninfo += planner_options;
    return settings;
}

milliseconds left(Until until) {
    const auto time =
        std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
    if (time <= milliseconds(0)) throw domain::TransientFailure("the deadline has passed");
    return time;
}

}  // namespace

ReadSessions::ReadSessions(SessionSettings settings, std::size_t sessions)
    : pool_(for_reading(std::move(settings)), sessions) {}

/// A session may have been lost while it lay in the pool. Such a read has changed nothing, so it is
/// done once more.
template <class Body>
auto ReadSessions::read(Until until, Body body) {
    for (int attempt = 0;; ++attempt) {
        auto session = pool_.take(left(until));
        const bool stood = session->is_connected();
        try {
            auto work = session->begin(Isolation::repeatable_read_read_only);
            exec(*work, "SET LOCAL statement_timeout = " + std::to_string(left(until).count()));
            auto answer = body(*work);
            session->commit(*work);
            return answer;
        } catch (const domain::TransientFailure&) {
            if (!stood || session->is_connected() || attempt > 0) throw;
        }
    }
}

Rows ReadSessions::rows(const Sql& sql, const Params& params, Until until) {
    return read(until, [&](domain::UnitOfWork& work) { return query_prepared(work, sql, params); });
}

Snapshot ReadSessions::snapshot(Until until) {
    for (int attempt = 0;; ++attempt) {
        auto session = pool_.take(left(until));
        const bool stood = session->is_connected();
        try {
            auto work = session->begin(Isolation::repeatable_read_read_only);
            exec(*work, "SET LOCAL statement_timeout = " + std::to_string(left(until).count()));
            return {std::move(session), std::move(work)};
        } catch (const domain::TransientFailure&) {
            if (!stood || session->is_connected() || attempt > 0) throw;
        }
    }
}

domain::RegistryPtr ReadSessions::registry(Until until) {
    const auto version =
        read(until, [](domain::UnitOfWork& work) { return registry::read_version(work); });
    std::lock_guard lock(registry_mutex_);
    if (registry_ && (registry_->version >= version || version == refused_version_))
        return registry_;
    try {
        registry_ =
            read(until, [](domain::UnitOfWork& work) { return registry::read_registry(work); });
    } catch (const domain::DeploymentFailure& failure) {
        if (!registry_) throw;
        refused_version_ = version;
        runtime::log_error("the registry cannot be used; the last good one stands in",
                           {{"version", version}, {"what", failure.what()}});
    }
    return registry_;
}

}  // namespace chaiqin::postgres
