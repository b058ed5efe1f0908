#include "postgres/binary.hpp"
#include "postgres/notification/notification_stores.hpp"
#include "postgres/notification/reminders.sql.hpp"

namespace chaiqin::postgres::notification {

using domain::Reminder;
using domain::UnitOfWork;

namespace {

constexpr std::int32_t reminders_at_once = 500;

class PostgresReminderQueue final : public domain::ReminderQueue {
public:
    std::vector<Reminder> take(UnitOfWork& work) override {
        Params params;
        params.add(reminders_at_once);
        std::vector<Reminder> all;
        for (const auto row : query_prepared(work, sql::take_reminders, params))
            all.push_back({row.string("agency"), row.int4("month"), row.instant("sent_at"),
                           row.string("sent_by")});
        return all;
    }
};

}  // namespace

std::unique_ptr<domain::ReminderQueue> make_reminder_queue() {
    return std::make_unique<PostgresReminderQueue>();
}

}  // namespace chaiqin::postgres::notification
