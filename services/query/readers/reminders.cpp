// Reminders (催報) that supervisors have sent.
#include "query/reach.hpp"
#include "query/readers/authority.hpp"
#include "query/readers/readers.hpp"
#include "query/readers/reminders.sql.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

/// A text after every agency's code.
constexpr const char* after_every_agency = "~";

}  // namespace

pb::ListRemindersResponse reminders(const Asking& asking, const pb::ListRemindersRequest& request) {
    const auto today = asking.sight.today();
    const bool has_month = request.has_month();
    const auto of = authority_on(asking.sight, request.authority(),
                                 has_month ? domain::last_day(request.month()) : today,
                                 has_month ? hierarchy_day(request.month(), today) : today);
    ListFilters filters("reminders");
    filters.add(request.month()).add(of.code);
    const Page page(request, filters);
    PageKeyReader behind(page.key());
    postgres::Params params;
    params.add(behind.instant(end_of_time));
    params.add(behind.text(after_every_agency));
    params.add(behind.number<std::int32_t>(0));
    params.add(request.has_month() ? std::optional<std::int32_t>(request.month()) : std::nullopt);
    params.add_array(of.agencies);
    const auto rows = asking.rows(sql::reminders.with(page.rows_wanted()), params);
    const auto name_of = [&](const std::string& code) {
        return asking.sight.index().name_on(code, asking.sight.today());
    };
    pb::ListRemindersResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        auto& reminder = *response.add_reminders();
        reminder.set_agency(rows[i].string("agency"));
        reminder.set_month(rows[i].int4("month"));
        reminder.set_sent_at(rpc::microseconds(rows[i].instant("sent_at")));
        reminder.set_sent_by(rows[i].string("sent_by"));
        reminder.set_agency_name(name_of(reminder.agency()));
        reminder.set_sent_by_name(name_of(reminder.sent_by()));
    }
    response.set_next_page_token(page.next_token(rows, [](const postgres::Row& last) {
        return PageKey()
            .add(last.instant("sent_at"))
            .add(last.text("agency"))
            .add(last.int8("month"));
    }));
    response.set_others(asking.sight.others(of.mask));
    return response;
}

}  // namespace chaiqin::query::readers
