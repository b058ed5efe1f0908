// Findings of the validator (validation.finding), of the matcher (matching.finding) and of Table 19
// (matching.t_finding, a view) as one list.
#include <array>

#include "postgres/query/statements.hpp"

namespace chaiqin::postgres::reading {

namespace {

/// Where findings stand, and which files have any.
struct Source {
    const char *findings, *files, *has_some;
};
constexpr std::array<Source, 3> sources{
    Source{"validation.finding", "validation.submission", "f.error_count + f.warning_count > 0"},
    Source{"matching.finding", "matching.file", "f.matcher_errors + f.matcher_warnings > 0"},
    Source{"matching.t_finding", "matching.noted", "true"}};

const std::string order_in_file = "kind, index, pointer, code, seq";
const std::string columns =
    "submission_id, agency, received_at, kind, index, pointer, code, seq, severity, record_no, "
    "record_seq, field, field_name"
    ", value, expected, message, message_en";

/// The submission that fixed finding x; null: open (docs/statistics.md, "Open and fixed findings").
/// A line has two where a finding of Table 19 was raised after the first: that one has fixed it.
const std::string fixed_by =
    "CASE WHEN x.kind < 2 THEN matching.file_fixed_by(x.agency, x.data_month, x.received_at, "
    "x.submission_id)"
    " ELSE (SELECT d.fixed_by FROM matching.fixed_finding d LEFT JOIN matching.file b ON "
    "b.submission_id = d.fixed_by WHERE d.submission_id = x.submission_id AND d.identity = "
    "x.identity ORDER BY b.received_at, b.submission_id LIMIT 1) END";

/// Lines of file f that are fixed (or open), judged without a look-up a line: a table of the file's
/// answered identities is made once, and a file that has none is read no further than its findings
/// of file and envelope.
std::string of_status(bool fixed) {
    const std::string answered =
        "SELECT z.identity FROM matching.fixed_finding z WHERE z.submission_id = f.submission_id";
    const std::string judged =
        " AND CASE WHEN x.kind < 2 THEN matching.file_fixed_by(x.agency, x.data_month, "
        "x.received_at, x.submission_id) IS NOT NULL ELSE (x.identity IN (" +
        answered + ")) IS TRUE END = " + (fixed ? "true" : "false");
    if (!fixed) return judged;
    return " AND x.kind < (SELECT CASE WHEN EXISTS (" + answered + ") THEN 4 ELSE 2 END)" + judged;
}

domain::FindingRow finding_of(const Rows& rows, int i) {
    domain::FindingRow row;
    row.listed.submission_id = rows.uuid(i, 0);
    row.agency = rows.string(i, 1);
    row.key.submission = {rows.instant(i, 2), row.listed.submission_id};
    row.key.finding = {rows.int4(i, 3), rows.int8(i, 4), rows.string(i, 5), rows.string(i, 6),
                       rows.int4(i, 7)};
    auto& finding = row.listed.finding;
    finding.kind = static_cast<domain::FindingKind>(rows.int4(i, 3));
    if (rows.int8(i, 4) >= 0) finding.index = static_cast<std::uint32_t>(rows.int8(i, 4));
    finding.pointer = row.key.finding.pointer;
    finding.code = row.key.finding.code;
    finding.severity = rows.int4(i, 8) == 0 ? domain::Severity::error : domain::Severity::warning;
    finding.record_no = rows.optional_text(i, 9);
    finding.record_seq = rows.optional_int8(i, 10);
    finding.field = rows.string(i, 11);
    finding.field_name = rows.string(i, 12);
    finding.value = rows.optional_text(i, 13);
    finding.expected = rows.optional_text(i, 14);
    finding.message = rows.string(i, 15);
    finding.message_en = rows.string(i, 16);
    return row;
}

void add_key(Params& params, const domain::FindingKey& key) {
    params.add(static_cast<std::int16_t>(key.kind))
        .add(static_cast<std::int32_t>(key.index))
        .add(key.pointer)
        .add(key.code);
    params.add(static_cast<std::int32_t>(key.seq));
}

std::string findings_sql(int rows) {
    const auto limit = " ORDER BY " + order_in_file + " LIMIT " + std::to_string(rows);
    std::string each;
    for (const auto& source : sources)
        each +=
            (each.empty() ? "(" : " UNION ALL (") +
            ("SELECT " + columns + " FROM " + source.findings +
             " WHERE submission_id = $1 AND ($2 < 0 OR severity = $2) AND ($3 = '' OR code = $3)"
             " AND (kind, index, pointer, code, seq) > ($4, $5, $6, $7, $8)" +
             limit + ")");
    return "SELECT * FROM (" + each + ") x" + limit;
}

/// "a, b" → "x.a, x.b"
std::string of_x(const std::string& names) {
    std::string text = "x.";
    for (const char c : names) {
        text += c;
        if (c == ' ') text += "x.";
    }
    return text;
}

/// `status`: 0 all, 1 open, 2 fixed. Only the latter two need to know it before the page is cut.
std::string history_sql(Reach reach, int status, int rows) {
    const std::string order_in_files = " ORDER BY x.kind, x.index, x.pointer, x.code, x.seq";
    const std::string kept = status == 0 ? "" : of_status(status == 2);
    std::string each;
    for (const auto& source : sources) {
        const LinesOfFiles lines{
            source.files,
            std::string(source.has_some) +
                " AND f.received_at >= $3 AND f.received_at < $4 AND f.received_at <= $5 AND "
                "(f.received_at, f.submission_id) <= ($5, $6)",
            of_x(columns + ", identity, data_month"),
            source.findings,
            "((f.received_at, f.submission_id) < ($5, $6) OR (x.kind, x.index, x.pointer, x.code, "
            "x.seq) > ($7, $8, $9, $10, $11))" +
                kept,
            order_in_files};
        each += (each.empty() ? "SELECT * FROM " : " UNION ALL SELECT * FROM ") +
                first_lines(reach, lines, rows) + " s";
    }
    const std::string order =
        " ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index, x.pointer, x.code, "
        "x.seq";
    return "SELECT x.*, COALESCE(r.file_name, ''), " + fixed_by + " FROM (SELECT * FROM (" + each +
           ") x" + order + " LIMIT " + std::to_string(rows) +
           ") x LEFT JOIN intake.receipt r ON r.submission_id = x.submission_id" + order;
}

}  // namespace

std::vector<domain::FindingRow> select_findings(domain::UnitOfWork& work,
                                                const std::string& submission_id,
                                                const domain::ReadStore::FindingFilter& filter,
                                                const std::optional<domain::FindingKey>& behind,
                                                int limit) {
    Params params;
    params.add_uuid(submission_id);
    params
        .add(static_cast<std::int16_t>(
            filter.severity ? (*filter.severity == domain::Severity::error ? 0 : 1) : -1))
        .add(filter.code);
    add_key(params, behind.value_or(domain::FindingKey{-1, -1, "", "", 0}));
    const auto rows = query_prepared(work, findings_sql(rows_for(limit)), params);
    std::vector<domain::FindingRow> findings;
    for (int i = 0; i < rows.size(); ++i) findings.push_back(finding_of(rows, i));
    return findings;
}

std::vector<domain::FindingGroup> select_groups(domain::UnitOfWork& work,
                                                const std::string& submission_id) {
    static const std::string sql = [] {
        std::string each;
        for (const auto* source :
             {"validation.finding_group", "matching.finding_group", "matching.t_finding_group"})
            each += (each.empty() ? "" : " UNION ALL ") +
                    ("SELECT code, severity, field, message, count, first FROM " +
                     std::string(source) + " WHERE submission_id = $1");
        return "SELECT * FROM (" + each +
               ") x ORDER BY code COLLATE \"C\", severity, field COLLATE \"C\"";
    }();
    Params params;
    params.add_uuid(submission_id);
    const auto rows = query_prepared(work, sql, params);
    std::vector<domain::FindingGroup> groups;
    for (int i = 0; i < rows.size(); ++i) {
        const auto severity =
            rows.int4(i, 1) == 0 ? domain::Severity::error : domain::Severity::warning;
        domain::FindingGroup group{rows.string(i, 0),
                                   severity,
                                   rows.string(i, 2),
                                   rows.string(i, 3),
                                   static_cast<std::uint64_t>(rows.int8(i, 4)),
                                   {}};
        for (const auto index : rows.int4_array(i, 5))
            if (index >= 0) group.first.push_back(static_cast<std::uint32_t>(index));
        groups.push_back(std::move(group));
    }
    return groups;
}

std::vector<domain::FindingRow> select_finding_history(
    domain::UnitOfWork& work, const domain::AgencySet& of,
    const domain::ReadStore::HistoryFilter& filter, const std::optional<domain::HistoryKey>& behind,
    int limit) {
    const auto status = filter.status ? (*filter.status == domain::FindingStatus::open ? 1 : 2) : 0;
    const auto key =
        behind.value_or(domain::HistoryKey{{end_of_time, greatest_uuid}, {-1, -1, "", "", 0}});
    Params params;
    params.add(of.everything)
        .add_array(of.codes)
        .add(filter.from.value_or(domain::Instant{}))
        .add(filter.before.value_or(end_of_time));
    params.add(key.submission.received_at).add_uuid(key.submission.submission_id);
    add_key(params, key.finding);
    const auto rows =
        query_prepared(work, history_sql(reach_of(of), status, rows_for(limit)), params);
    std::vector<domain::FindingRow> findings;
    for (int i = 0; i < rows.size(); ++i) {
        auto row = finding_of(rows, i);
        row.listed.file_name = rows.string(i, 19);
        if (!rows.is_null(i, 20)) {
            row.listed.status = domain::FindingStatus::fixed;
            row.listed.fixed_by = rows.uuid(i, 20);
        }
        findings.push_back(std::move(row));
    }
    return findings;
}

}  // namespace chaiqin::postgres::reading
