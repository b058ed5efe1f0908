// Notices (通知), newest first, with what the asking person has read of them.
#include <limits>

#include "query/readers/notices.sql.hpp"
#include "query/readers/readers.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Row;

void write_notice(const Row& row, const Sight& sight, pb::Notice& to) {
    to.set_id(row.int8("id"));
    to.set_kind(row.string("kind"));
    if (!row.is_null("submission_id")) to.set_submission_id(row.uuid("submission_id"));
    to.set_text(row.string("text"));
    to.set_created_at(rpc::microseconds(row.instant("created_at")));
    if (const auto at = row.optional_instant("read_at")) to.set_read_at(rpc::microseconds(*at));
    to.set_agency(row.string("agency"));
    to.set_agency_name(sight.index().name_on(to.agency(), sight.today()));
    if (const auto month = row.optional_int8("month"))
        to.set_month(static_cast<std::int32_t>(*month));
    if (const auto webhook = row.optional_text("webhook_id")) to.set_webhook_id(*webhook);
}

}  // namespace

pb::ListNoticesResponse notices(const Asking& asking, const pb::ListNoticesRequest& request) {
    const auto& sight = asking.sight;
    const auto set = request.unread() ? AgencySet{false, {sight.acting()}} : sight.agencies("");
    ListFilters filters("notices");
    filters.add(request.unread());
    const Page page(request, filters);
    postgres::Params params;
    params.add(PageKeyReader(page.key()).number(std::numeric_limits<std::int64_t>::max()))
        .add(sight.acting())
        .add(asking.known.person_of(sight.caller().sub));
    const auto rows =
        request.unread()
            ? asking.rows(sql::unread_notices.with(page.rows_wanted()), params)
            : asking.rows(set, sql::notices_of_few, sql::notices_of_many, page, params);
    pb::ListNoticesResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        response.set_unread(rows[i].int8("unread"));
        if (!rows[i].is_null("id")) write_notice(rows[i], sight, *response.add_notices());
    }
    response.set_next_page_token(
        page.next_token(rows, [](const Row& last) { return PageKey().add(last.int8("id")); }));
    response.set_others(sight.others(set));
    return response;
}

}  // namespace chaiqin::query::readers
