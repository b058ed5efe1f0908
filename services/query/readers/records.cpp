// What the gateway makes records of (依紀錄): the sealed file, and which of its records have
// findings; and what a check is compared with. No content is read here: the keys are the gateway's.
#include "postgres/matching/heads.hpp"
#include "query/readers/finding_rows.hpp"
#include "query/readers/records.sql.hpp"
#include "query/readers/submissions.hpp"
#include "query/refusals.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Params;
using postgres::Row;
using postgres::Rows;

constexpr std::int16_t leave = 2, overtime = 3;  // as the database counts kinds
/// The lines of one file.
constexpr int most_identities = 20'000;

pb::FindingKind kind_of(std::int64_t kind) {
    return static_cast<pb::FindingKind>(kind + pb::FINDING_KIND_FILE);
}

std::int16_t severity_wanted(pb::Severity severity) {
    return static_cast<std::int16_t>(severity - pb::SEVERITY_ERROR);
}

/// Where a page goes on within a file, and in what it stands for.
struct Place {
    std::int16_t kind = leave;
    std::int32_t index = -1;
};
Place place_of(PageKeyReader& behind) {
    Place place;
    place.kind = behind.number<std::int16_t>(place.kind);
    place.index = behind.number<std::int32_t>(place.index);
    if (place.kind != leave && place.kind != overtime) refuse_page_token();
    return place;
}

bool is_of(const pb::Record& record, const Row& row) {
    return record.kind() == kind_of(row.int8("kind")) &&
           record.index() == static_cast<std::uint32_t>(row.int8("index")) &&
           record.submission_id() == row.uuid("submission_id");
}

/// The findings of rows from `at` on that belong to one record; returns the row behind them.
int take_record(const Rows& rows, int at, const std::string& file_name, pb::Record& record) {
    const auto first = rows[at];
    record.set_submission_id(first.uuid("submission_id"));
    record.set_file_name(file_name);
    record.set_kind(kind_of(first.int8("kind")));
    record.set_index(static_cast<std::uint32_t>(first.int8("index")));
    for (; at < rows.size() && is_of(record, rows[at]); ++at)
        write_finding(rows[at], file_name, *record.add_findings());
    return at;
}

/// The records of the page that have findings.
void list_found(const Page& page, const Rows& rows, const SubmissionOwner& owner,
                pb::ListRecordsResponse& response) {
    int at = 0;
    while (at < rows.size() && response.records_size() < page.size())
        at = take_record(rows, at, owner.file_name, *response.add_records());
    if (at == rows.size()) return;
    const auto last = rows[at - 1];
    response.set_next_page_token(make_page_token(
        page.filters(), PageKey().add(last.int8("kind")).add(last.int8("index")).texts()));
}

/// All records behind a place, with the findings that some of them have.
void list_all(const Page& page, const Rows& rows, const SubmissionOwner& owner, Place behind,
              const pb::ListRecordsRequest& request, pb::ListRecordsResponse& response) {
    const std::int64_t leaves = request.leave_count(), total = leaves + request.overtime_count();
    auto number = (behind.kind == leave ? 0 : leaves) + behind.index + 1;
    const auto end = std::min(total, number + page.size());
    int at = 0;
    for (; number < end; ++number) {
        pb::Record& record = *response.add_records();
        record.set_submission_id(owner.submission_id);
        record.set_file_name(owner.file_name);
        record.set_kind(number < leaves ? pb::FINDING_KIND_LEAVE : pb::FINDING_KIND_OVERTIME);
        record.set_index(static_cast<std::uint32_t>(number < leaves ? number : number - leaves));
        if (at < rows.size() && is_of(record, rows[at]))
            at = take_record(rows, at, owner.file_name, record);
    }
    if (end == total || response.records().empty()) return;
    const auto& last = *response.records().rbegin();
    response.set_next_page_token(
        make_page_token(page.filters(), PageKey()
                                            .add(std::int64_t{last.kind() - pb::FINDING_KIND_FILE})
                                            .add(std::int64_t{last.index()})
                                            .texts()));
}

}  // namespace

pb::GetSealedFileResponse sealed_file(const Asking& asking,
                                      const pb::GetSealedFileRequest& request) {
    const auto owner = visible_submission(asking, request.submission_id());
    Params params;
    params.add_uuid(owner.submission_id);
    const auto rows = asking.rows(sql::sealed_file, params);
    const auto row = rows.only();
    pb::GetSealedFileResponse response;
    response.set_submission_id(owner.submission_id);
    response.set_agency(owner.agency);
    response.set_file_name(owner.file_name);
    response.set_judged(row.boolean("judged"));
    if (!row.is_null("sealed")) response.set_sealed(row.string("sealed"));
    response.set_others(asking.sight.others("submission " + owner.submission_id, owner.agency));
    return response;
}

pb::ListRecordsResponse records(const Asking& asking, const pb::ListRecordsRequest& request) {
    const auto owner = visible_submission(asking, request.submission_id());
    const bool all = request.with() == pb::RECORDS_WANTED_ALL;
    ListFilters filters("records");
    filters.add(owner.submission_id).add(all).add(request.severity()).add(request.code());
    const Page page(request, filters);
    PageKeyReader key(page.key());
    const auto behind = place_of(key);
    Params params;
    params.add_uuid(owner.submission_id)
        .add(severity_wanted(request.severity()))
        .add(request.code())
        .add(behind.kind)
        .add(behind.index);
    const auto rows = asking.rows(sql::records_of_submission.with(page.rows_wanted()), params);
    pb::ListRecordsResponse response;
    if (all)
        list_all(page, rows, owner, behind, request, response);
    else
        list_found(page, rows, owner, response);
    response.set_others(
        asking.sight.others("records of submission " + owner.submission_id, owner.agency));
    return response;
}

pb::ListFindingRecordsResponse finding_records(const Asking& asking,
                                               const pb::ListFindingRecordsRequest& request) {
    if (request.has_from() && request.has_to() && request.from() > request.to())
        refuse_bad("from：不得晚於 to", "from must not be after to");
    // The agency acted for, and no other: the scope of the right has no more.
    const auto set = asking.sight.agencies(request.agency());
    const std::int32_t status =
        request.status() == pb::STATUS_WANTED_ALL ? 0 : std::int32_t{request.status()};
    ListFilters filters("records with findings");
    filters.add(set.codes.front()).add(request.from()).add(request.to()).add(status);
    filters.add(request.severity()).add(request.code());
    const Page page(request, filters);
    PageKeyReader key(page.key());
    Params params;
    params.add(status);
    params.add(request.has_from() ? domain::taipei_midnight(request.from()) : domain::Instant{});
    params.add(request.has_to() ? domain::taipei_midnight(request.to() + 1) : end_of_time);
    params.add(key.instant(end_of_time));
    params.add_uuid(key.uuid(greatest_uuid));
    const auto behind = place_of(key);
    params.add(behind.kind).add(behind.index);
    params.add(severity_wanted(request.severity())).add(request.code()).add(set.codes.front());
    const auto rows = asking.rows(sql::records_of_history.with(page.rows_wanted()), params);
    pb::ListFindingRecordsResponse response;
    int at = 0;
    while (at < rows.size() && response.records_size() < page.size())
        at = take_record(rows, at, rows[at].string("file_name"), *response.add_records());
    if (at < rows.size()) {
        const auto last = rows[at - 1];
        PageKey next;
        next.add(last.instant("received_at")).add(last.uuid("submission_id"));
        next.add(last.int8("kind")).add(last.int8("index"));
        response.set_next_page_token(make_page_token(page.filters(), next.texts()));
    }
    response.set_others(asking.sight.others(set));
    return response;
}

pb::FindHeadsResponse heads(const Asking& asking, const pb::FindHeadsRequest& request) {
    if (request.identities_size() > most_identities)
        refuse_bad("identities：至多 20,000 筆", "identities are at most 20,000");
    const auto set = asking.sight.agencies("");
    const auto& agency = set.codes.front();
    const std::span<const std::uint64_t> identities(
        request.identities().data(), static_cast<std::size_t>(request.identities_size()));
    const auto run = [&](const auto& sql, const auto& params) { return asking.rows(sql, params); };
    const auto found = postgres::matching::stored_heads(run, agency, identities);
    pb::FindHeadsResponse response;
    for (const auto& [identity, line] : found) {
        auto& head = *response.add_heads();
        head.set_identity(identity);
        head.set_revision(line.revision);
        head.set_deletion(line.deletion);
        head.set_token(line.token);
        head.set_content(line.content);
    }
    response.set_others(asking.sight.others("stored records", agency));
    return response;
}

}  // namespace chaiqin::query::readers
