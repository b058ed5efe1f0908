// Live records that Table 19 does not cover (未比對清單), newest file first.
#include <algorithm>

#include "query/readers/readers.hpp"
#include "query/readers/unmatched.sql.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Row;

/// "NO_PERSON"; "" for all.
std::string name_of(pb::UnmatchedReason reason) {
    constexpr std::string_view prefix = "UNMATCHED_REASON_";
    return reason == pb::UNMATCHED_REASON_UNSPECIFIED
               ? ""
               : pb::UnmatchedReason_Name(reason).substr(prefix.size());
}

void write_age(std::int64_t age_days, pb::UnmatchedRecord& to) {
    to.set_age_days(age_days);
    for (const std::int64_t band : {7, 30, 90}) {
        if (age_days > band) continue;
        to.set_band(band);
        return;
    }
}

void write_record(const Row& row, domain::Day today, pb::UnmatchedRecord& to) {
    to.set_submission_id(row.uuid("submission_id"));
    to.set_agency(row.string("agency"));
    to.set_kind(row.int4("kind") == 0 ? pb::FINDING_KIND_LEAVE : pb::FINDING_KIND_OVERTIME);
    to.set_index(row.int8("index"));
    to.set_record_no(row.string("record_no"));
    to.set_record_seq(row.int8("record_seq"));
    to.set_person_id(row.string("person_id"));
    to.set_date(row.day("date"));
    pb::UnmatchedReason reason{};
    pb::UnmatchedReason_Parse("UNMATCHED_REASON_" + row.string("reason"), &reason);
    to.set_reason(reason);
    to.set_mend(row.string("mend"));
    write_age(std::max(0, today - domain::taipei_day(row.instant("received_at"))), to);
}

}  // namespace

pb::ListUnmatchedResponse unmatched(const Asking& asking, const pb::ListUnmatchedRequest& request) {
    const auto set = asking.sight.agencies(request.agency());
    const auto reason = name_of(request.reason());
    ListFilters filters("unmatched");
    filters.add(request.agency()).add(reason);
    const Page page(request, filters);
    PageKeyReader behind(page.key());
    postgres::Params params;
    params.add(reason);
    params.add(behind.instant(end_of_time));
    params.add_uuid(behind.uuid(greatest_uuid));
    params.add(behind.number<std::int16_t>(-1));
    params.add(behind.number<std::int32_t>(-1));
    const auto rows = asking.rows(set, sql::unmatched_of_few, sql::unmatched_of_many, page, params);
    pb::ListUnmatchedResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        response.set_total(rows[i].int8("total"));
        if (!rows[i].is_null("submission_id"))
            write_record(rows[i], asking.sight.today(), *response.add_unmatched());
    }
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        return PageKey()
            .add(last.instant("received_at"))
            .add(last.uuid("submission_id"))
            .add(last.int8("kind"))
            .add(last.int8("index"));
    }));
    response.set_others(asking.sight.others(set));
    return response;
}

}  // namespace chaiqin::query::readers
