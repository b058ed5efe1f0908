// Live records that Table 19 does not cover (未比對清單), newest file first.
#include <algorithm>
#include <utility>

#include "query/readers/readers.hpp"
#include "query/readers/unmatched.sql.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Row;

/// A reason's number in tables is one less than in the message; -1 stands for all.
constexpr int number_before = 1;

void write_age(std::int64_t age_days, pb::UnmatchedRecord& to) {
    to.set_age_days(age_days);
    for (const std::int64_t band : {7, 30, 90}) {
        if (age_days > band) continue;
        to.set_band(band);
        return;
    }
}

void write_record(const Row& row, const Sight& sight, pb::UnmatchedRecord& to) {
    const auto today = sight.today();
    to.set_submission_id(row.uuid("submission_id"));
    to.set_agency(row.string("agency"));
    to.set_agency_name(sight.index().name_on(to.agency(), today));
    to.set_kind(row.int4("kind") == 0 ? pb::FINDING_KIND_LEAVE : pb::FINDING_KIND_OVERTIME);
    to.set_index(row.int8("index"));
    to.set_record_no(row.string("record_no"));
    to.set_record_seq(row.int8("record_seq"));
    to.set_person_id(row.string("person_id"));
    to.set_date(row.day("date"));
    to.set_reason(static_cast<pb::UnmatchedReason>(row.int4("shown") + number_before));
    to.set_mend(row.string("mend"));
    write_age(std::max(0, today - domain::taipei_day(row.instant("first_received_at"))), to);
}

/// When records of that age were first received: two parameters. One of tomorrow is as old as one
/// of today.
void add_band(postgres::Params& params, pb::UnmatchedBand band, domain::Day today) {
    constexpr int oldest[]{0, 7, 30, 90};
    const bool all = band == pb::UNMATCHED_BAND_UNSPECIFIED;
    const bool has_oldest = !all && band != pb::UNMATCHED_BAND_OVER;
    params.add(has_oldest ? domain::taipei_midnight(today - oldest[band]) : domain::Instant{});
    const bool has_youngest = !all && band != pb::UNMATCHED_BAND_7;
    params.add(has_youngest ? domain::taipei_midnight(today - oldest[band - 1]) : end_of_time);
}

/// Whose reasons the reader may know although the sender may not: two parameters, the agencies of
/// its scope (NULL for all) and the authority whose Table 19 it loads ("" for none).
void add_knowledge(postgres::Params& params, const Sight& sight) {
    const auto scope = sight.agencies("");
    params.add_array(scope.everything ? std::nullopt : std::optional(scope.codes));
    params.add(identity::may_load_authority(sight.caller(), sight.acting()) ? sight.acting() : "");
}

/// How many records there are of each reason, and the total of those that are wanted.
void write_totals(const Row& row, pb::UnmatchedReason wanted, pb::ListUnmatchedResponse& to) {
    const std::pair<pb::UnmatchedReason, const char*> columns[]{
        {pb::UNMATCHED_REASON_NO_PERSON, "no_person"},
        {pb::UNMATCHED_REASON_BEFORE_FIRST, "before_first"},
        {pb::UNMATCHED_REASON_GAP, "gap"},
        {pb::UNMATCHED_REASON_AFTER_LAST, "after_last"}};
    for (const auto& [reason, column] : columns) {
        const auto count = row.int8(column);
        if (wanted == pb::UNMATCHED_REASON_UNSPECIFIED || wanted == reason)
            to.set_total(to.total() + count);
        if (count == 0) continue;
        auto& line = *to.add_reasons();
        line.set_reason(reason);
        line.set_count(count);
    }
}

}  // namespace

pb::ListUnmatchedResponse unmatched(const Asking& asking, const pb::ListUnmatchedRequest& request) {
    const auto set = asking.sight.agencies(request.agency());
    const auto reason = static_cast<int>(request.reason()) - number_before;
    ListFilters filters("unmatched");
    filters.add(request.agency()).add(reason).add(request.band());
    const Page page(request, filters);
    PageKeyReader behind(page.key());
    postgres::Params params;
    params.add(static_cast<std::int16_t>(reason));
    params.add(behind.instant(end_of_time));
    params.add_uuid(behind.uuid(greatest_uuid));
    params.add(behind.number<std::int16_t>(-1));
    params.add(behind.number<std::int32_t>(-1));
    add_band(params, request.band(), asking.sight.today());
    add_knowledge(params, asking.sight);
    const auto rows = asking.rows(set, sql::unmatched_of_few, sql::unmatched_of_many, page, params);
    pb::ListUnmatchedResponse response;
    write_totals(rows[0], request.reason(), response);
    for (int i = 0; i < page.shown(rows); ++i)
        if (!rows[i].is_null("submission_id"))
            write_record(rows[i], asking.sight, *response.add_unmatched());
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
