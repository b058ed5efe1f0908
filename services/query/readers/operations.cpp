// What operators and auditors look after: the audit (稽核紀錄) and files in quarantine (隔離檔案).
#include <chrono>
#include <limits>

#include "query/readers/operations.sql.hpp"
#include "query/readers/readers.hpp"
#include "query/refusals.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Row;

constexpr int longest_audit_days = 400;

struct Times {
    domain::Instant from{}, before{};
};
/// Both days inclusive; the last 24 hours unless the request says otherwise.
Times times_of(const Sight& sight, const pb::ListAuditRequest& request) {
    const auto day = std::chrono::hours(24);
    const auto to = request.has_to() ? request.to() : std::max(sight.today(), request.from());
    const auto before = request.has_to() ? domain::taipei_midnight(to + 1) : end_of_time;
    if (!request.has_from()) return {std::min(before, sight.now()) - day, before};
    if (request.from() > to) refuse_bad("from：不得晚於 to", "from must not be after to");
    if (to - request.from() + 1 > longest_audit_days)
        refuse_bad("from、to：區間最長 400 天", "from and to are at most 400 days apart");
    return {domain::taipei_midnight(request.from()), before};
}

}  // namespace

pb::ListAuditResponse audit(const Asking& asking, const pb::ListAuditRequest& request) {
    const auto times = times_of(asking.sight, request);
    ListFilters filters("audit");
    filters.add(request.from()).add(request.to()).add(request.agency()).add(request.action());
    const Page page(request, filters);
    PageKeyReader behind(page.key());
    postgres::Params params;
    params.add(times.from).add(times.before);
    params.add(behind.instant(end_of_time));
    params.add(behind.number(std::numeric_limits<std::int64_t>::max()));
    params.add(request.agency()).add(request.action());
    const auto rows = asking.rows(sql::audit_lines.with(page.rows_wanted()), params);
    pb::ListAuditResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        auto& line = *response.add_lines();
        line.set_at(rpc::microseconds(rows[i].instant("at")));
        line.set_sub(rows[i].string("sub"));
        line.set_agency(rows[i].string("agency"));
        line.set_acting(rows[i].string("acting"));
        line.set_action(rows[i].string("action"));
        line.set_object(rows[i].string("object"));
        line.set_result(rows[i].string("result"));
    }
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        return PageKey().add(last.instant("at")).add(last.int8("id"));
    }));
    response.set_others(request.agency().empty() ? "all agencies" : request.agency());
    return response;
}

pb::ListQuarantineResponse quarantine(const Asking& asking,
                                      const pb::ListQuarantineRequest& request) {
    const Page page(request, ListFilters("quarantine"));
    PageKeyReader behind(page.key());
    postgres::Params params;
    params.add(behind.instant(end_of_time));
    params.add_uuid(behind.uuid(greatest_uuid));
    const auto rows = asking.rows(sql::quarantined_files.with(page.rows_wanted()), params);
    pb::ListQuarantineResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        auto& file = *response.add_files();
        file.set_submission_id(rows[i].uuid("submission_id"));
        file.set_agency(rows[i].string("agency"));
        file.set_stage(rows[i].string("stage"));
        file.set_reason(rows[i].string("reason"));
        file.set_at(rpc::microseconds(rows[i].instant("quarantined_at")));
    }
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        return PageKey().add(last.instant("quarantined_at")).add(last.uuid("submission_id"));
    }));
    response.set_others("all agencies");
    return response;
}

}  // namespace chaiqin::query::readers
