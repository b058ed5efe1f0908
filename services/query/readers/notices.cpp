// Notices (通知), newest first.
#include <limits>

#include "query/readers/notices.sql.hpp"
#include "query/readers/readers.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

pb::ListNoticesResponse notices(const Asking& asking, const pb::ListNoticesRequest& request) {
    const auto set = asking.sight.agencies("");
    const Page page(request, ListFilters("notices"));
    postgres::Params params;
    params.add(PageKeyReader(page.key()).number(std::numeric_limits<std::int64_t>::max()));
    const auto rows = asking.rows(set, sql::notices_of_few, sql::notices_of_many, page, params);
    pb::ListNoticesResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        const auto row = rows[i];
        auto& notice = *response.add_notices();
        notice.set_id(row.int8("id"));
        notice.set_kind(row.string("kind"));
        if (!row.is_null("submission_id")) notice.set_submission_id(row.uuid("submission_id"));
        notice.set_text(row.string("text"));
        notice.set_created_at(rpc::microseconds(row.instant("created_at")));
        if (const auto at = row.optional_instant("read_at"))
            notice.set_read_at(rpc::microseconds(*at));
    }
    response.set_next_page_token(page.next_token(
        rows, [](const postgres::Row& last) { return PageKey().add(last.int8("id")); }));
    response.set_others(asking.sight.others(set));
    return response;
}

}  // namespace chaiqin::query::readers
