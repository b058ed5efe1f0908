// Findings (錯誤明細) of the validator, of the matcher and of Table 19 as one list.
#include <algorithm>

#include "query/readers/finding_rows.hpp"
#include "query/readers/findings.sql.hpp"
#include "query/readers/hiding.hpp"
#include "query/readers/submissions.hpp"
#include "query/refusals.hpp"

namespace chaiqin::query::readers {

using postgres::Params;
using postgres::Row;

pb::FindingKind finding_kind_of(const Row& row) {
    return static_cast<pb::FindingKind>(row.int4("kind") + pb::FINDING_KIND_FILE);
}
pb::Severity finding_severity_of(const Row& row) {
    return static_cast<pb::Severity>(row.int4("severity") + pb::SEVERITY_ERROR);
}

void write_finding(const Row& row, const std::string& file_name, pb::Finding& to) {
    to.set_submission_id(row.uuid("submission_id"));
    to.set_file_name(file_name);
    to.set_kind(finding_kind_of(row));
    if (const auto index = row.int8("index"); index >= 0)
        to.set_index(static_cast<std::uint32_t>(index));
    to.set_pointer(row.string("pointer"));
    if (const auto record_no = row.optional_text("record_no")) to.set_record_no(*record_no);
    if (const auto seq = row.optional_int8("record_seq")) to.set_record_seq(*seq);
    to.set_code(row.string("code"));
    to.set_severity(finding_severity_of(row));
    to.set_field(row.string("field"));
    to.set_field_name(row.string("field_name"));
    if (const auto value = row.optional_text("value")) to.set_value(*value);
    if (const auto expected = row.optional_text("expected")) to.set_expected(*expected);
    to.set_message(row.string("message"));
    to.set_message_en(row.string("message_en"));
}

namespace {

/// Where a page goes on within a file: five parameters, behind every finding of a key.
void add_place_in_file(Params& params, PageKeyReader& behind) {
    params.add(behind.number<std::int16_t>(-1));
    params.add(behind.number<std::int32_t>(-1));
    params.add(behind.text(""));
    params.add(behind.text(""));
    params.add(behind.number<std::int32_t>(0));
}
PageKey& add_place_in_file(PageKey& key, const Row& row) {
    return key.add(row.int8("kind"))
        .add(row.int8("index"))
        .add(row.text("pointer"))
        .add(row.text("code"))
        .add(row.int8("seq"));
}

/// 0 error, 1 warning, -1 both.
std::int16_t in_database(pb::Severity severity) {
    return static_cast<std::int16_t>(severity - pb::SEVERITY_ERROR);
}
/// 0 all, 1 open, 2 fixed.
std::int32_t wanted(pb::StatusWanted status) {
    return status == pb::STATUS_WANTED_ALL ? 0 : status;
}

struct Times {
    domain::Instant from{}, before{};
};
/// Both days inclusive; since ever and for ever unless the request says otherwise.
template <class Request>
Times times_of(const Request& request) {
    if (request.has_from() && request.has_to() && request.from() > request.to())
        refuse_bad("from：不得晚於 to", "from must not be after to");
    return {request.has_from() ? domain::taipei_midnight(request.from()) : domain::Instant{},
            request.has_to() ? domain::taipei_midnight(request.to() + 1) : end_of_time};
}

std::string others(const Sight& sight, const SubmissionOwner& owner) {
    return sight.others("findings of submission " + owner.submission_id, owner.agency);
}

}  // namespace

pb::ListFindingsResponse findings(const Asking& asking, const pb::ListFindingsRequest& request) {
    const auto owner = visible_submission(asking, request.submission_id());
    ListFilters filters("findings");
    filters.add(owner.submission_id).add(request.severity()).add(request.code());
    const Page page(request, filters);
    PageKeyReader behind(page.key());
    Params params;
    params.add_uuid(owner.submission_id).add(in_database(request.severity())).add(request.code());
    add_place_in_file(params, behind);
    const auto rows = asking.rows(sql::findings_of_submission.with(page.rows_wanted()), params);
    pb::ListFindingsResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        auto& finding = *response.add_findings();
        write_finding(rows[i], owner.file_name, finding);
        if (!asking.sight.shows_values(owner.agency))
            hide_values(finding, asking.sight.index().registry().rules);
    }
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        PageKey key;
        return add_place_in_file(key, last);
    }));
    response.set_others(others(asking.sight, owner));
    return response;
}

pb::ListFindingGroupsResponse finding_groups(const Asking& asking,
                                             const pb::ListFindingGroupsRequest& request) {
    const auto owner = visible_submission(asking, request.submission_id());
    Params params;
    params.add_uuid(owner.submission_id);
    const auto rows = asking.rows(sql::groups_of_submission, params);
    pb::ListFindingGroupsResponse response;
    for (const auto row : rows) {
        auto& group = *response.add_groups();
        group.set_code(row.string("code"));
        group.set_severity(finding_severity_of(row));
        group.set_field(row.string("field"));
        group.set_message(row.string("message"));
        group.set_count(row.int8("count"));
        for (const auto index : row.int4_array("first"))
            if (index >= 0) group.add_first(static_cast<std::uint32_t>(index));
        if (!asking.sight.shows_values(owner.agency))
            group.set_message(message_without_values(group.code(), group.message(),
                                                     group.code() == "S04",
                                                     asking.sight.index().registry().rules));
    }
    response.set_others(others(asking.sight, owner));
    return response;
}

pb::ListFindingHistoryResponse finding_history(const Asking& asking,
                                               const pb::ListFindingHistoryRequest& request) {
    const auto times = times_of(request);
    const auto set = asking.sight.agencies(request.agency());
    const auto status = wanted(request.status());
    ListFilters filters("finding history");
    filters.add(request.agency()).add(request.from()).add(request.to()).add(status);
    filters.add(request.code()).add(request.severity());
    const Page page(request, filters);
    PageKeyReader behind(page.key());
    Params params;
    params.add(status).add(times.from).add(times.before);
    params.add(behind.instant(end_of_time));
    params.add_uuid(behind.uuid(greatest_uuid));
    add_place_in_file(params, behind);
    params.add(request.code()).add(in_database(request.severity()));
    const auto rows = asking.rows(set, sql::history_of_few, sql::history_of_many, page, params);
    pb::ListFindingHistoryResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        const auto row = rows[i];
        auto& finding = *response.add_findings();
        write_finding(row, row.string("file_name"), *finding.mutable_finding());
        const bool fixed = !row.is_null("fixed_by");
        finding.set_status(fixed ? pb::FINDING_STATUS_FIXED : pb::FINDING_STATUS_OPEN);
        if (fixed) finding.set_fixed_by(row.uuid("fixed_by"));
        if (!asking.sight.shows_values(row.string("agency")))
            hide_values(*finding.mutable_finding(), asking.sight.index().registry().rules);
    }
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        PageKey key;
        key.add(last.instant("received_at")).add(last.uuid("submission_id"));
        return add_place_in_file(key, last);
    }));
    response.set_others(asking.sight.others(set));
    return response;
}

pb::ListFindingHistoryGroupsResponse finding_history_groups(
    const Asking& asking, const pb::ListFindingHistoryGroupsRequest& request) {
    const auto times = times_of(request);
    const auto set = asking.sight.agencies(request.agency());
    const auto status = wanted(request.status());
    Params params;
    params.add(times.from).add(times.before).add(request.code());
    params.add(in_database(request.severity()));
    params.add_array(set.everything ? std::nullopt : std::optional(set.codes));
    if (status != 0) params.add(status);
    const auto& sql = status == 0 ? sql::history_groups : sql::history_groups_of_status;
    const auto& rules = asking.sight.index().registry().rules;
    const bool hides = std::any_of(set.codes.begin(), set.codes.end(), [&](const auto& agency) {
        return !asking.sight.shows_values(agency);
    });
    pb::ListFindingHistoryGroupsResponse response;
    for (const auto row : asking.rows(sql, params)) {
        auto& group = *response.add_groups();
        group.set_code(row.string("code"));
        group.set_severity(finding_severity_of(row));
        group.set_field(row.string("field"));
        const bool differ = row.int8("messages") > 1 || set.everything || hides;
        group.set_message(differ ? rule_text(group.code(), rules) : row.string("message"));
        group.set_count(row.int8("count"));
        group.set_files(row.int8("files"));
    }
    response.set_others(asking.sight.others(set));
    return response;
}

}  // namespace chaiqin::query::readers
