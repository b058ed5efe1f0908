#include "postgres/query/read_store.hpp"

#include <mutex>
#include <type_traits>

#include "domain/failure.hpp"
#include "postgres/pool.hpp"
#include "postgres/query/statements.hpp"
#include "postgres/registry/registry_reader.hpp"

namespace chaiqin::postgres::reading {

namespace {

using domain::Until;
using std::chrono::milliseconds;

/// One plan fits all parameters (see Reach), so it is made once a session.
constexpr const char* planner_options =
    " options='-c plan_cache_mode=force_generic_plan -c jit=off -c "
    "default_transaction_read_only=on'";

SessionSettings for_reading(SessionSettings settings) {
    if (settings.conninfo.find("options=") == std::string::npos)
        settings.conninfo += planner_options;
    return settings;
}

class PostgresReadStore final : public ReadStore {
public:
    PostgresReadStore(SessionSettings settings, std::size_t sessions)
        : pool_(for_reading(std::move(settings)), sessions) {}

    bool answers() override { return pool_.answers(); }

    domain::RegistryPtr registry(Until until) override {
        const auto version =
            read(until, [](domain::UnitOfWork& work) { return registry::read_version(work); });
        std::lock_guard lock(registry_mutex_);
        if (!registry_ || registry_->version < version)
            registry_ =
                read(until, [](domain::UnitOfWork& work) { return registry::read_registry(work); });
        return registry_;
    }

    std::optional<domain::Receipt> receipt(const std::string& id, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) { return select_receipt(work, id); });
    }
    std::optional<domain::Submission> submission(const std::string& id, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) { return select_submission(work, id); });
    }
    std::vector<domain::Submission> submissions(const domain::AgencySet& of, domain::Instant from,
                                                domain::Instant before,
                                                const std::optional<domain::SubmissionKey>& behind,
                                                int limit, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) {
            return select_submissions(work, of, from, before, behind, limit);
        });
    }
    std::vector<domain::FindingRow> findings(const std::string& id, const FindingFilter& filter,
                                             const std::optional<domain::FindingKey>& behind,
                                             int limit, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) {
            return select_findings(work, id, filter, behind, limit);
        });
    }
    std::vector<domain::FindingGroup> groups(const std::string& id, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) { return select_groups(work, id); });
    }
    std::vector<domain::FindingRow> finding_history(const domain::AgencySet& of,
                                                    const HistoryFilter& filter,
                                                    const std::optional<domain::HistoryKey>& behind,
                                                    int limit, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) {
            return select_finding_history(work, of, filter, behind, limit);
        });
    }
    domain::MonthlyRows monthly(const std::vector<std::string>& agencies, domain::Month first,
                                const domain::CountedIn& summed, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) {
            return select_monthly(work, agencies, first, summed);
        });
    }
    std::vector<domain::TypeCounts> by_type(const domain::CountedIn& summed, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) { return select_by_type(work, summed); });
    }
    domain::SummaryRows summary(const std::vector<std::string>& agencies, Until until) override {
        return read(until,
                    [&](domain::UnitOfWork& work) { return select_summary(work, agencies); });
    }
    domain::UnmatchedRows unmatched(const domain::AgencySet& of, const std::string& reason,
                                    const std::optional<domain::UnmatchedKey>& behind, int limit,
                                    Until until) override {
        return read(until, [&](domain::UnitOfWork& work) {
            return select_unmatched(work, of, reason, behind, limit);
        });
    }
    domain::RateRows rates(domain::Month month, domain::Instant deadline_end,
                           const std::string& authority, const std::vector<std::string>& agencies,
                           Until until) override {
        return read(until, [&](domain::UnitOfWork& work) {
            return select_rates(work, month, deadline_end, authority, agencies);
        });
    }
    std::vector<domain::RateAgency> rate_agencies(domain::Month month, domain::Instant deadline_end,
                                                  bool deadline_passed,
                                                  const std::vector<std::string>& agencies,
                                                  const std::string& status,
                                                  const std::string& behind, int limit,
                                                  Until until) override {
        const RateAgenciesAsked asked{month, deadline_end, deadline_passed, status, behind, limit};
        return read(until, [&](domain::UnitOfWork& work) {
            return select_rate_agencies(work, asked, agencies);
        });
    }
    std::vector<domain::Notice> notices(const domain::AgencySet& of, std::int64_t below, int limit,
                                        Until until) override {
        return read(until, [&](domain::UnitOfWork& work) {
            return select_notices(work, of, below, limit);
        });
    }
    std::optional<domain::Table19Load> table19_load(const std::string& id, Until until) override {
        return read(until, [&](domain::UnitOfWork& work) { return select_table19_load(work, id); });
    }

private:
    static milliseconds left(Until until) {
        const auto time =
            std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
        if (time <= milliseconds(0)) throw domain::TransientFailure("the deadline has passed");
        return time;
    }

    /// A session may have been lost while it lay in the pool: such a read, which changed nothing,
    /// is done again once.
    template <class Statement>
    std::invoke_result_t<Statement&, domain::UnitOfWork&> read(Until until, Statement statement) {
        for (int attempt = 0;; ++attempt) {
            auto session = pool_.take(left(until));
            const bool stood = session->is_connected();
            try {
                auto work = session->begin(Isolation::repeatable_read_read_only);
                exec(*work, "SET LOCAL statement_timeout = " + std::to_string(left(until).count()));
                auto answer = statement(*work);
                session->commit(*work);
                return answer;
            } catch (const domain::TransientFailure&) {
                if (!stood || session->is_connected() || attempt > 0) throw;
            }
        }
    }

    Pool pool_;
    std::mutex registry_mutex_;
    domain::RegistryPtr registry_;
};

}  // namespace

std::unique_ptr<ReadStore> make_read_store(SessionSettings settings, std::size_t sessions) {
    return std::make_unique<PostgresReadStore>(std::move(settings), sessions);
}

}  // namespace chaiqin::postgres::reading
