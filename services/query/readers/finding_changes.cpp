// The findings feed: what opened and what was fixed at the agency acted for, each change once.
#include "crypto/feed_cursor.hpp"
#include "query/readers/finding_changes.sql.hpp"
#include "query/readers/finding_rows.hpp"
#include "query/refusals.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

constexpr std::int32_t default_changes = 100;

std::int64_t change_no_of(const std::string& agency, const std::string& cursor) {
    if (cursor.empty()) return 0;
    const auto change_no = crypto::feed_change_no(agency, cursor);
    if (!change_no)
        refuse_bad("after：不是本機關的游標；請使用先前回應中的 cursor，或不帶 after 從頭讀取",
                   "after is no cursor of this agency; use one of an earlier answer, or leave it "
                   "out to begin at the first change");
    return *change_no;
}

void write_change(const postgres::Row& row, const std::string& agency, pb::FindingChange& to) {
    to.set_cursor(crypto::feed_cursor(agency, row.int8("change_no")));
    to.set_change(row.boolean("opened") ? pb::FINDING_TURN_OPENED : pb::FINDING_TURN_FIXED);
    to.set_submission_id(row.uuid("submission_id"));
    to.set_kind(finding_kind_of(row));
    if (const auto index = row.int8("index"); index >= 0)
        to.set_index(static_cast<std::uint32_t>(index));
    to.set_pointer(row.string("pointer"));
    if (const auto record_no = row.optional_text("record_no")) to.set_record_no(*record_no);
    if (const auto seq = row.optional_int8("record_seq")) to.set_record_seq(*seq);
    if (const auto revision = row.optional_int8("revision")) to.set_revision(*revision);
    to.set_code(row.string("code"));
    to.set_severity(finding_severity_of(row));
    to.set_field(row.string("field"));
    to.set_message(row.string("message"));
    to.set_at(rpc::microseconds(row.instant("at")));
    if (!row.is_null("fixed_by")) to.set_fixed_by(row.uuid("fixed_by"));
}

}  // namespace

pb::ListFindingChangesResponse finding_changes(const Asking& asking,
                                               const pb::ListFindingChangesRequest& request) {
    const auto& agency = asking.sight.acting();
    auto last = change_no_of(agency, request.after());
    postgres::Params params;
    params.add(agency).add(last).add(request.page_size() > 0 ? request.page_size()
                                                             : default_changes);
    pb::ListFindingChangesResponse response;
    for (const auto row : asking.rows(sql::finding_changes, params)) {
        write_change(row, agency, *response.add_changes());
        last = row.int8("change_no");
    }
    response.set_cursor(crypto::feed_cursor(agency, last));
    return response;
}

}  // namespace chaiqin::query::readers
