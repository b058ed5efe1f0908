#include "postgres/binary.hpp"
#include "postgres/pool.hpp"
#include "postgres/portal/portal_stores.hpp"
#include "postgres/portal/reminders.sql.hpp"

namespace chaiqin::postgres::portal {

namespace {

constexpr std::size_t sessions = 2;
constexpr auto session_within = std::chrono::milliseconds(1'000);

class PostgresReminderStore final : public domain::ReminderStore {
public:
    explicit PostgresReminderStore(SessionSettings settings)
        : pool_(std::move(settings), sessions) {}

    std::vector<std::string> remind(std::span<const std::string> agencies, domain::Month month,
                                    const std::string& sent_by, domain::Instant now) override {
        Params params;
        params.add_array(std::vector<std::string>(agencies.begin(), agencies.end()))
            .add(month)
            .add_date(domain::taipei_day(now))
            .add(now)
            .add(sent_by);
        return pool_.in_transaction(session_within, [&](auto& work) {
            std::vector<std::string> written;
            for (const auto row : query_prepared(work, sql::write_reminders, params))
                written.push_back(row.string("agency"));
            return written;
        });
    }

private:
    Pool pool_;
};

}  // namespace

std::unique_ptr<domain::ReminderStore> make_reminder_store(SessionSettings settings) {
    return std::make_unique<PostgresReminderStore>(std::move(settings));
}

}  // namespace chaiqin::postgres::portal
