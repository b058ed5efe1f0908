// Loads of Table 19 (表19載入).
#include "query/readers/readers.hpp"
#include "query/readers/table19_loads.sql.hpp"
#include "query/refusals.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

[[noreturn]] void refuse_load() { refuse_unknown("查無此載入", "There is no such load"); }

void write_load(const postgres::Row& row, pb::Table19Load& to) {
    to.set_load_id(row.uuid("load_id"));
    if (const auto n = row.optional_int8("number")) to.set_number(*n);
    to.set_mode(row.string("mode"));
    to.set_authority(row.string("authority"));
    to.set_state(row.string("state"));
    if (const auto reason = row.optional_text("reason")) to.set_reason(*reason);
    if (const auto n = row.optional_int8("rows")) to.set_rows(*n);
    if (const auto n = row.optional_int8("persons")) to.set_persons(*n);
    if (const auto n = row.optional_int8("persons_changed")) to.set_persons_changed(*n);
    if (const auto n = row.optional_int8("persons_kept")) to.set_persons_kept(*n);
    if (const auto n = row.optional_int8("rejected_count")) to.set_rejected_count(*n);
    if (const auto at = row.optional_instant("committed_at"))
        to.set_committed_at(rpc::microseconds(*at));
    for (auto& name : row.text_array("ignored_columns")) to.add_ignored_columns(std::move(name));
    auto& rematch = *to.mutable_rematch();
    if (const auto n = row.optional_int8("rematch_persons")) rematch.set_persons(*n);
    if (const auto n = row.optional_int8("rematch_done")) rematch.set_done(*n);
}

void write_rejected(const postgres::Row& row, pb::GetTable19LoadResponse& to) {
    const auto lines = row.int8_array("rejected_lines");
    const auto reasons = row.text_array("rejected_reasons");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto& rejected = *to.add_rejected();
        rejected.set_line(lines[i]);
        rejected.set_reason(reasons.at(i));
    }
}

/// The authority asked for; without one, the own agency's loads, for operators and auditors all.
AgencySet authorities_of(const Sight& sight, const std::string& wanted) {
    if (!wanted.empty()) return sight.agencies(wanted);
    if (sight.scope().everything) return {.everything = true, .codes = {}};
    return {.everything = false, .codes = {sight.caller().agency}};
}

}  // namespace

pb::GetTable19LoadResponse table19_load(const Asking& asking,
                                        const pb::GetTable19LoadRequest& request) {
    const auto id = canonical_uuid(request.load_id());
    if (id.empty()) refuse_load();
    postgres::Params params;
    params.add_uuid(id);
    const auto rows = asking.rows(sql::table19_load, params);
    if (rows.empty() || !asking.sight.covers(rows.only().string("authority"))) refuse_load();
    pb::GetTable19LoadResponse response;
    write_load(rows.only(), *response.mutable_load());
    write_rejected(rows.only(), response);
    response.set_others(asking.sight.others("table19 load " + id, response.load().authority()));
    return response;
}

pb::ListTable19LoadRejectedResponse table19_load_rejected(
    const Asking& asking, const pb::ListTable19LoadRejectedRequest& request) {
    const auto id = canonical_uuid(request.load_id());
    if (id.empty()) refuse_load();
    ListFilters filters("table19 load rejected");
    filters.add(id);
    const Page page(request, filters);
    postgres::Params params;
    params.add_uuid(id);
    params.add(PageKeyReader(page.key()).number<std::int64_t>(-1));
    const auto rows = asking.rows(sql::table19_load_rejected.with(page.rows_wanted()), params);
    if (rows.empty()) refuse_load();
    const auto authority = rows[0].string("authority");
    if (!asking.sight.covers(authority)) refuse_load();
    pb::ListTable19LoadRejectedResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        if (rows[i].is_null("line")) continue;
        auto& rejected = *response.add_rejected();
        rejected.set_line(rows[i].int8("line"));
        rejected.set_reason(rows[i].string("reason"));
    }
    response.set_next_page_token(page.next_token(
        rows, [](const postgres::Row& last) { return PageKey().add(last.int8("line")); }));
    response.set_others(asking.sight.others("table19 load " + id, authority));
    return response;
}

pb::ListTable19LoadsResponse table19_loads(const Asking& asking,
                                           const pb::ListTable19LoadsRequest& request) {
    const auto of = authorities_of(asking.sight, request.authority());
    ListFilters filters("table19 loads");
    filters.add(request.authority());
    const Page page(request, filters);
    PageKeyReader behind(page.key());
    postgres::Params params;
    params.add(behind.instant(end_of_time));
    params.add_uuid(behind.uuid(greatest_uuid));
    const auto rows = asking.rows(of, sql::table19_loads, sql::table19_loads, page, params);
    pb::ListTable19LoadsResponse response;
    for (int i = 0; i < page.shown(rows); ++i) write_load(rows[i], *response.add_loads());
    response.set_next_page_token(page.next_token(rows, [](const postgres::Row& last) {
        return PageKey().add(last.instant("received_at")).add(last.uuid("load_id"));
    }));
    response.set_others(asking.sight.others(of));
    return response;
}

}  // namespace chaiqin::query::readers
