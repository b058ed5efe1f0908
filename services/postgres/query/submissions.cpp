// Submissions: a receipt and the furthest of what the stages know about it.
#include "domain/submission_state.hpp"
#include "postgres/query/statements.hpp"

namespace chaiqin::postgres::reading {

namespace {

/// Columns of a receipt with an alias: r where states are added to it, x inside a list.
std::string receipt_columns_of(const std::string& alias) {
    std::string columns;
    for (const char* name :
         {"submission_id", "agency", "file_name", "route", "size_bytes", "sha256", "received_at"})
        columns += (columns.empty() ? "" : ", ") + alias + "." + name;
    return columns;
}
const std::string receipt_columns = receipt_columns_of("r");

/// Of a receipt r; see states_of. A stage has given up on a file while its quarantine row waits for
/// a replay.
const std::string submission_columns =
    receipt_columns +
    ", s.verdict, s.ruleset, s.record_count, s.total, s.invalid, s.error_count, s.warning_count"
    ", f.total, f.invalid, f.unchanged, f.stale, f.deletion, f.superseded, f.unmatched, f.counted"
    ", f.matcher_errors, f.matcher_warnings + f.t_warnings, c.counted_at, c.partial"
    ", CASE WHEN s.submission_id IS NULL THEN EXISTS (SELECT FROM validation.quarantine q"
    " WHERE q.event_id LIKE r.submission_id || '/%' AND q.replayed_at IS NULL)"
    " WHEN f.submission_id IS NULL THEN EXISTS (SELECT FROM matching.quarantine q"
    " WHERE q.event_id LIKE r.submission_id || '/%' AND q.replayed_at IS NULL) ELSE false END"
    ", f.submission_id IS NULL AND EXISTS (SELECT FROM matching.quarantine q"
    " WHERE q.event_id LIKE r.submission_id || '/%' AND q.replayed_at IS NOT NULL)";
const std::string states_of =
    " LEFT JOIN validation.submission s ON s.submission_id = r.submission_id"
    " LEFT JOIN matching.file f ON f.submission_id = r.submission_id"
    " LEFT JOIN statistics.counted c ON c.submission_id = r.submission_id";

domain::Receipt receipt_of(const Rows& rows, int i) {
    return {rows.uuid(i, 0), rows.string(i, 1), rows.string(i, 2), rows.string(i, 3),
            rows.int8(i, 4), rows.string(i, 5), rows.instant(i, 6)};
}

domain::Submission submission_of(const Rows& rows, int i) {
    domain::Submission submission;
    submission.receipt = receipt_of(rows, i);
    const auto verdict = rows.optional_text(i, 7);
    domain::SubmissionFacts facts;
    facts.accepted = verdict == "ACCEPTED";
    facts.rejected = verdict == "REJECTED_FILE";
    facts.matched = !rows.is_null(i, 14);
    submission.counted_at = rows.optional_instant(i, 24);
    if (submission.counted_at) facts.counted_partial = rows.boolean(i, 25);
    facts.quarantined = rows.boolean(i, 26);
    facts.replayed = rows.boolean(i, 27);
    submission.state = domain::furthest(facts);
    if (!verdict) return submission;
    submission.ruleset = rows.string(i, 8);
    submission.record_count = rows.int8(i, 9);
    submission.total = rows.int8(i, 10);
    submission.invalid = facts.rejected ? 0 : rows.int8(i, 11);
    submission.error_count = rows.int8(i, 12);
    submission.warning_count = rows.int8(i, 13);
    if (facts.rejected) submission.dispositions = domain::Dispositions{};
    if (!facts.matched) return submission;
    submission.total = rows.int8(i, 14);
    submission.dispositions =
        domain::Dispositions{rows.int8(i, 15), rows.int8(i, 16), rows.int8(i, 17), rows.int8(i, 18),
                             rows.int8(i, 19), rows.int8(i, 20), rows.int8(i, 21)};
    submission.invalid = submission.dispositions->invalid;
    *submission.error_count += rows.int8(i, 22);
    *submission.warning_count += rows.int8(i, 23);
    return submission;
}

}  // namespace

std::optional<domain::Receipt> select_receipt(domain::UnitOfWork& work,
                                              const std::string& submission_id) {
    static const std::string sql =
        "SELECT " + receipt_columns + " FROM intake.receipt r WHERE r.submission_id = $1";
    Params params;
    params.add_uuid(submission_id);
    const auto rows = query_prepared(work, sql, params);
    return rows.size() == 0 ? std::nullopt : std::optional(receipt_of(rows, 0));
}

std::optional<domain::Submission> select_submission(domain::UnitOfWork& work,
                                                    const std::string& submission_id) {
    static const std::string sql = "SELECT " + submission_columns + " FROM intake.receipt r" +
                                   states_of + " WHERE r.submission_id = $1";
    Params params;
    params.add_uuid(submission_id);
    const auto rows = query_prepared(work, sql, params);
    return rows.size() == 0 ? std::nullopt : std::optional(submission_of(rows, 0));
}

std::vector<domain::Submission> select_submissions(
    domain::UnitOfWork& work, const domain::AgencySet& of, domain::Instant from,
    domain::Instant before, const std::optional<domain::SubmissionKey>& behind, int limit) {
    static const auto sql = [](Reach reach, int rows) {
        const std::string order = " ORDER BY x.received_at DESC, x.submission_id DESC";
        return "SELECT " + submission_columns + " FROM " +
               first_rows(reach, receipt_columns_of("x"), "intake.receipt",
                          "x.received_at >= $3 AND x.received_at < $4 AND x.received_at <= $5 AND "
                          "(x.received_at, x.submission_id) < ($5, $6)",
                          order, rows) +
               " r" + states_of + " ORDER BY r.received_at DESC, r.submission_id DESC LIMIT " +
               std::to_string(rows);
    };
    const auto key = behind.value_or(domain::SubmissionKey{end_of_time, greatest_uuid});
    Params params;
    params.add(of.everything)
        .add_array(of.codes)
        .add(from)
        .add(before)
        .add(key.received_at)
        .add_uuid(key.submission_id);
    const auto rows = query_prepared(work, sql(reach_of(of), rows_for(limit)), params);
    std::vector<domain::Submission> submissions;
    for (int i = 0; i < rows.size(); ++i) submissions.push_back(submission_of(rows, i));
    return submissions;
}

domain::SummaryRows select_summary(domain::UnitOfWork& work,
                                   const std::vector<std::string>& agencies) {
    static const std::string sql =
        "SELECT l.*, u.updated_at FROM statistics.last_update u LEFT JOIN ("
        "SELECT " +
        submission_columns + " FROM unnest($1) AS a(agency) CROSS JOIN LATERAL (SELECT " +
        receipt_columns +
        " FROM intake.receipt r WHERE r.agency = a.agency"
        " ORDER BY r.received_at DESC, r.submission_id DESC LIMIT 1) r" +
        states_of + ") l ON true";
    Params params;
    params.add_array(agencies);
    const auto rows = query_prepared(work, sql, params);
    domain::SummaryRows summary;
    for (int i = 0; i < rows.size(); ++i) {
        summary.updated_at = rows.optional_instant(i, 28);
        if (!rows.is_null(i, 0)) summary.last.push_back(submission_of(rows, i));
    }
    return summary;
}

}  // namespace chaiqin::postgres::reading
