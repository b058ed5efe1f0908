// Submissions: a receipt and the furthest of what the stages know about it.
#include "query/readers/submissions.hpp"

#include <algorithm>

#include "query/readers/submissions.sql.hpp"
#include "query/refusals.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Row;

constexpr int longest_history_days = 400;

/// The same day a month earlier (the month's last if it has no such day).
domain::Day month_before(domain::Day day) {
    const auto month = domain::month_of(day);
    return std::min(domain::first_day(month - 1) + (day - domain::first_day(month)),
                    domain::last_day(month - 1));
}

void write_dispositions(const Row& row, pb::Dispositions& to) {
    to.set_invalid(row.int8("invalid"));
    to.set_unchanged(row.int8("unchanged"));
    to.set_stale(row.int8("stale"));
    to.set_deletion(row.int8("deletion"));
    to.set_superseded(row.int8("superseded"));
    to.set_unmatched(row.int8("unmatched"));
    to.set_counted(row.int8("counted"));
}

/// What the verdict says, with the matcher's numbers once there are any.
void write_numbers(const Row& row, const domain::SubmissionFacts& facts, pb::Submission& to) {
    to.set_ruleset(row.string("ruleset"));
    to.set_record_count(row.int8("record_count"));
    const auto matched = [&](const char* name) { return facts.matched ? row.int8(name) : 0; };
    to.set_total(row.int8(facts.matched ? "matched_total" : "judged_total"));
    to.set_error_count(row.int8("error_count") + matched("matcher_errors"));
    to.set_warning_count(row.int8("warning_count") + matched("matcher_warnings"));
    if (facts.rejected) to.mutable_dispositions();
    if (facts.matched) write_dispositions(row, *to.mutable_dispositions());
}

struct Window {
    domain::Day from = 0, to = 0;
};
/// Both days inclusive; the last month unless the request says otherwise.
Window window(const Sight& sight, const pb::ListSubmissionsRequest& request) {
    Window window;
    const auto from = request.has_from() ? request.from() : sight.today();
    window.to = request.has_to() ? request.to() : std::max(sight.today(), from);
    window.from = request.has_from() ? request.from() : month_before(window.to);
    if (window.from > window.to) refuse_bad("from：不得晚於 to", "from must not be after to");
    if (window.to - window.from + 1 > longest_history_days)
        refuse_bad("from、to：區間最長 400 天", "from and to are at most 400 days apart");
    return window;
}

}  // namespace

void write_submission(const Row& row, pb::Submission& to) {
    rpc::write_receipt({.submission_id = row.uuid("submission_id"),
                        .agency = row.string("agency"),
                        .file_name = row.string("file_name"),
                        .route = row.string("route"),
                        .size_bytes = row.int8("size_bytes"),
                        .sha256 = row.string("sha256"),
                        .received_at = row.instant("received_at")},
                       to);
    const auto verdict = row.optional_text("verdict");
    domain::SubmissionFacts facts;
    facts.accepted = verdict == "ACCEPTED";
    facts.rejected = verdict == "REJECTED_FILE";
    facts.matched = !row.is_null("matched_total");
    if (const auto at = row.optional_instant("counted_at")) {
        to.set_counted_at(rpc::microseconds(*at));
        facts.counted_partial = row.boolean("partial");
    }
    facts.quarantined = row.boolean("quarantined");
    facts.replayed = row.boolean("replayed");
    if (verdict) write_numbers(row, facts, to);
    rpc::write_state(domain::furthest(facts), to);
}

void refuse_submission() { refuse_unknown("查無此報送", "There is no such submission"); }

SubmissionOwner visible_submission(const Asking& asking, const std::string& submission_id) {
    const auto id = canonical_uuid(submission_id);
    if (id.empty()) refuse_submission();
    postgres::Params params;
    params.add_uuid(id);
    const auto rows = asking.rows(sql::receipt, params);
    if (rows.empty()) refuse_submission();
    SubmissionOwner owner{id, rows.only().string("agency"), rows.only().string("file_name")};
    if (!asking.sight.covers(owner.agency)) refuse_submission();
    return owner;
}

pb::GetSubmissionResponse submission(const Asking& asking,
                                     const pb::GetSubmissionRequest& request) {
    const auto id = canonical_uuid(request.submission_id());
    if (id.empty()) refuse_submission();
    postgres::Params params;
    params.add_uuid(id);
    const auto rows = asking.rows(sql::submission, params);
    if (rows.empty() || !asking.sight.covers(rows.only().string("agency"))) refuse_submission();
    pb::GetSubmissionResponse response;
    write_submission(rows.only(), *response.mutable_submission());
    response.set_others(asking.sight.others("submission " + id, response.submission().agency()));
    return response;
}

pb::ListSubmissionsResponse submissions(const Asking& asking,
                                        const pb::ListSubmissionsRequest& request) {
    const auto days = window(asking.sight, request);
    const auto set = asking.sight.agencies(request.agency());
    ListFilters filters("submissions");
    // Without dates the window moves with the day; a token goes on in any window that it lies in.
    filters.add(request.agency()).add(request.from()).add(request.to());
    const Page page(request, filters);
    PageKeyReader behind(page.key());
    postgres::Params params;
    params.add(domain::taipei_midnight(days.from)).add(domain::taipei_midnight(days.to + 1));
    params.add(behind.instant(end_of_time));
    params.add_uuid(behind.uuid(greatest_uuid));
    const auto rows =
        asking.rows(set, sql::submissions_of_few, sql::submissions_of_many, page, params);
    pb::ListSubmissionsResponse response;
    for (int i = 0; i < page.shown(rows); ++i)
        write_submission(rows[i], *response.add_submissions());
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        return PageKey().add(last.instant("received_at")).add(last.uuid("submission_id"));
    }));
    response.set_others(asking.sight.others(set));
    return response;
}

}  // namespace chaiqin::query::readers
