// Unmatched records, notices, Table 19 loads.
#include "postgres/query/statements.hpp"

namespace chaiqin::postgres::reading {

Reach reach_of(const domain::AgencySet& of) {
    constexpr std::size_t most_merged = 200;
    return of.everything ? Reach::all : of.codes.size() <= most_merged ? Reach::few : Reach::many;
}

int rows_for(int limit) {
    constexpr int default_rows = domain::default_page_size + 1;
    return limit <= default_rows ? default_rows : domain::largest_page_size + 1;
}

std::string first_rows(Reach reach, const std::string& columns, const std::string& table,
                       const std::string& condition, const std::string& order, int rows) {
    const auto select = "SELECT " + columns + " FROM " + table + " x WHERE " + condition;
    const auto cut = order + " LIMIT " + std::to_string(rows);
    switch (reach) {
        case Reach::all:
            return "(" + select + cut + ")";
        case Reach::many:
            return "(" + select + " AND (x.agency IN (SELECT unnest($2))) IS TRUE" + cut + ")";
        case Reach::few:
            break;
    }
    return "(SELECT x.* FROM unnest($2) AS a(one) CROSS JOIN LATERAL (" + select +
           " AND x.agency = a.one" + cut + ") x)";
}

std::string first_lines(Reach reach, const LinesOfFiles& of, int rows) {
    const auto limit = " LIMIT " + std::to_string(rows);
    const auto lines_of = [&](const std::string& whose) {
        return "SELECT x.* FROM (SELECT f.submission_id, f.received_at FROM " + of.files +
               " f WHERE " + of.file_condition + whose +
               " ORDER BY f.received_at DESC, f.submission_id DESC) f CROSS JOIN LATERAL (SELECT " +
               of.columns + " FROM " + of.lines +
               " x WHERE x.submission_id = f.submission_id AND " + of.line_condition + of.order +
               limit + ") x" + limit;
    };
    switch (reach) {
        case Reach::all:
            return "(" + lines_of("") + ")";
        case Reach::many:
            return "(" + lines_of(" AND (f.agency IN (SELECT unnest($2))) IS TRUE") + ")";
        case Reach::few:
            break;
    }
    return "(SELECT x.* FROM unnest($2) AS a(one) CROSS JOIN LATERAL (" +
           lines_of(" AND f.agency = a.one") + ") x)";
}

namespace {

/// All reasons together are kept as a number of each file; else the lines are counted.
std::string unmatched_total(Reach reach, bool any_reason) {
    const std::string counted = any_reason ? "(SELECT sum(x.unmatched) AS n FROM matching.file x"
                                           : "(SELECT count(*) AS n FROM matching.unmatched x";
    const std::string reason = any_reason ? "" : " AND x.reason = $3";
    if (reach == Reach::few)
        return "SELECT COALESCE(sum(c.n), 0)::bigint FROM unnest($2) AS a(one) CROSS JOIN "
               "LATERAL " +
               counted + " WHERE x.agency = a.one" + reason + ") c";
    const std::string in_set =
        reach == Reach::all ? "true" : "(x.agency IN (SELECT unnest($2))) IS TRUE";
    return "SELECT COALESCE(sum(c.n), 0)::bigint FROM " + counted + " WHERE " + in_set + reason +
           ") c";
}

std::string unmatched_sql(Reach reach, bool any_reason, int rows) {
    const LinesOfFiles lines{"matching.noted",
                             "f.received_at <= $4 AND (f.received_at, f.submission_id) <= ($4, $5)",
                             "x.submission_id, x.agency, x.kind, x.index, x.record_no, "
                             "x.record_seq, x.person_id, x.date, x.reason, x.mend, x.received_at",
                             "matching.unmatched",
                             "($3 = '' OR x.reason = $3) AND ((f.received_at, f.submission_id) < "
                             "($4, $5) OR (x.kind, x.index) > ($6, $7))",
                             " ORDER BY x.kind, x.index"};
    return "SELECT t.total, x.* FROM (SELECT (" + unmatched_total(reach, any_reason) +
           ") AS total) t LEFT JOIN " + first_lines(reach, lines, rows) +
           " x ON true ORDER BY x.received_at DESC, x.submission_id DESC, x.kind, x.index LIMIT " +
           std::to_string(rows);
}

}  // namespace

domain::UnmatchedRows select_unmatched(domain::UnitOfWork& work, const domain::AgencySet& of,
                                       const std::string& reason,
                                       const std::optional<domain::UnmatchedKey>& behind,
                                       int limit) {
    const auto key = behind.value_or(domain::UnmatchedKey{{end_of_time, greatest_uuid}, -1, -1});
    Params params;
    params.add(of.everything)
        .add_array(of.codes)
        .add(reason)
        .add(key.submission.received_at)
        .add_uuid(key.submission.submission_id);
    params.add(static_cast<std::int16_t>(key.kind)).add(static_cast<std::int32_t>(key.index));
    const auto rows =
        query_prepared(work, unmatched_sql(reach_of(of), reason.empty(), rows_for(limit)), params);
    domain::UnmatchedRows unmatched;
    for (int i = 0; i < rows.size(); ++i) {
        unmatched.total = rows.int8(i, 0);
        if (rows.is_null(i, 1)) continue;
        unmatched.records.push_back({rows.uuid(i, 1), rows.string(i, 2), rows.int4(i, 3),
                                     rows.int8(i, 4), rows.string(i, 5), rows.int8(i, 6),
                                     rows.string(i, 7), rows.day(i, 8), rows.string(i, 9),
                                     rows.string(i, 10), 0, rows.instant(i, 11)});
    }
    return unmatched;
}

std::vector<domain::Notice> select_notices(domain::UnitOfWork& work, const domain::AgencySet& of,
                                           std::int64_t below, int limit) {
    const auto rows = rows_for(limit);
    const auto sql =
        "SELECT x.* FROM " +
        first_rows(reach_of(of), "x.id, x.kind, x.submission_id, x.text, x.created_at, x.read_at",
                   "notification.notice", "x.id < $3", " ORDER BY x.id DESC", rows) +
        " x ORDER BY x.id DESC LIMIT " + std::to_string(rows);
    Params params;
    params.add(of.everything).add_array(of.codes).add(below);
    const auto found = query_prepared(work, sql, params);
    std::vector<domain::Notice> notices;
    for (int i = 0; i < found.size(); ++i)
        notices.push_back({found.int8(i, 0), found.string(i, 1),
                           found.is_null(i, 2) ? "" : found.uuid(i, 2), found.string(i, 3),
                           found.instant(i, 4), found.optional_instant(i, 5)});
    return notices;
}

std::optional<domain::Table19Load> select_table19_load(domain::UnitOfWork& work,
                                                       const std::string& load_id) {
    // Until the matcher has seen the first chunk only the gateway knows the load.
    static const std::string sql =
        "SELECT COALESCE(m.load_id, i.load_id), m.number, COALESCE(m.mode, i.mode), "
        "COALESCE(m.authority, i.authority)"
        ", COALESCE(m.state, 'RECEIVED'), m.reason, m.rows, m.persons, m.persons_changed, "
        "m.persons_kept, m.rejected_count"
        ", ARRAY(SELECT (r.one ->> 'line')::bigint FROM jsonb_array_elements(m.rejected) WITH "
        "ORDINALITY AS r(one, at) ORDER BY r.at LIMIT 1000)"
        ", ARRAY(SELECT r.one ->> 'reason' FROM jsonb_array_elements(m.rejected) WITH ORDINALITY "
        "AS r(one, at) ORDER BY r.at LIMIT 1000)"
        ", m.committed_at, m.rematch_persons, m.rematch_done"
        " FROM (SELECT load_id, number, mode, authority, state, reason, rows, persons, "
        "persons_changed, persons_kept, rejected_count, rejected"
        ", committed_at, rematch_persons, rematch_done FROM matching.table19_load WHERE load_id = "
        "$1) m"
        " FULL JOIN (SELECT load_id, mode, authority FROM intake.career_load WHERE load_id = $1) i "
        "ON i.load_id = m.load_id";
    Params params;
    params.add_uuid(load_id);
    const auto rows = query_prepared(work, sql, params);
    if (rows.size() == 0) return std::nullopt;
    domain::Table19Load load;
    load.load_id = rows.uuid(0, 0);
    load.number = rows.optional_int8(0, 1);
    load.mode = rows.string(0, 2);
    load.authority = rows.string(0, 3);
    load.state = rows.string(0, 4);
    load.reason = rows.optional_text(0, 5);
    load.rows = rows.optional_int8(0, 6);
    load.persons = rows.optional_int8(0, 7);
    load.persons_changed = rows.optional_int8(0, 8);
    load.persons_kept = rows.optional_int8(0, 9);
    load.rejected_count = rows.optional_int8(0, 10);
    const auto lines = rows.int8_array(0, 11);
    const auto reasons = rows.text_array(0, 12);
    for (std::size_t i = 0; i < lines.size(); ++i) load.rejected.push_back({lines[i], reasons[i]});
    load.committed_at = rows.optional_instant(0, 13);
    load.rematch_persons = rows.optional_int8(0, 14);
    load.rematch_done = rows.optional_int8(0, 15);
    return load;
}

}  // namespace chaiqin::postgres::reading
