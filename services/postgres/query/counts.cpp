// Published counts and the figures of the reporting rates.
#include "postgres/query/statements.hpp"

namespace chaiqin::postgres::reading {

namespace {

/// A set of agencies and months as four parameters from `at` on; then rows of `table` (agency,
/// month …) within it.
void add_spans(Params& params, const domain::CountedIn& summed) {
    std::vector<std::string> agencies;
    std::vector<std::int32_t> first, last;
    for (const auto& span : summed.spans) {
        agencies.push_back(span.agency);
        first.push_back(span.first);
        last.push_back(span.last);
    }
    params.add_array(agencies).add_array(first).add_array(last);
}

std::string in_spans(const std::string& table, int at) {
    const auto p = [&](int i) { return "$" + std::to_string(at + i); };
    return " FROM unnest(" + p(0) + ", " + p(1) + ", " + p(2) +
           ") AS s(agency, first, last)"
           " JOIN " +
           table + " c ON c.agency = s.agency AND c.month BETWEEN s.first AND s.last";
}

domain::MonthCounts month_of(const Rows& rows, int i, int column) {
    return {rows.int4(i, column), rows.int8(i, column + 1), rows.int8(i, column + 2),
            rows.int8(i, column + 3), rows.int8(i, column + 4)};
}

const std::string status_of =
    "CASE WHEN f.zero THEN 'zero' WHEN f.reported THEN 'reported' WHEN f.exempt THEN 'exempt' WHEN "
    "NOT f.obliged THEN 'not_obliged'"
    " WHEN $3 THEN 'missing' ELSE 'not_due' END";

}  // namespace

domain::MonthlyRows select_monthly(domain::UnitOfWork& work,
                                   const std::vector<std::string>& agencies, domain::Month first,
                                   const domain::CountedIn& summed) {
    static const std::string counts = "c.leave, c.overtime, c.leave_minutes, c.overtime_minutes";
    static const std::string sums =
        "sum(c.leave)::bigint, sum(c.overtime)::bigint, sum(c.leave_minutes)::bigint, "
        "sum(c.overtime_minutes)::bigint";
    static const std::string national =
        "(SELECT n.month, COALESCE(sum(n.records) FILTER (WHERE n.kind = 0), 0) AS leave, "
        "COALESCE(sum(n.records) FILTER (WHERE n.kind = 1), 0) AS overtime"
        ", COALESCE(sum(n.minutes) FILTER (WHERE n.kind = 0), 0) AS leave_minutes, "
        "COALESCE(sum(n.minutes) FILTER (WHERE n.kind = 1), 0) AS overtime_minutes"
        " FROM statistics.national_month n WHERE $3 AND n.month BETWEEN $4 AND $5 GROUP BY "
        "n.month) c";
    static const std::string something = " HAVING sum(c.leave) <> 0 OR sum(c.overtime) <> 0";
    static const std::string sql =
        "SELECT 0 AS part, NULL::text COLLATE \"C\" AS agency, NULL::int AS month, NULL::bigint, "
        "NULL::bigint, NULL::bigint, NULL::bigint, u.updated_at"
        " FROM statistics.last_update u"
        " UNION ALL SELECT 1, c.agency, c.month, " +
        counts +
        ", NULL::timestamptz FROM statistics.agency_month c"
        " WHERE c.agency = ANY ($1) AND c.month BETWEEN $2 AND $2 + 11 AND (c.leave <> 0 OR "
        "c.overtime <> 0)"
        " UNION ALL SELECT 2, NULL, c.month, " +
        sums + ", NULL FROM " + national + " GROUP BY c.month" + something +
        " UNION ALL SELECT 2, NULL, c.month, " + sums + ", NULL" +
        in_spans("statistics.agency_month", 6) + " GROUP BY c.month" + something +
        " ORDER BY part, agency, month";
    Params params;
    params.add_array(agencies).add(static_cast<std::int32_t>(first)).add(summed.all);
    params.add(static_cast<std::int32_t>(summed.first)).add(static_cast<std::int32_t>(summed.last));
    add_spans(params, summed);
    const auto rows = query_prepared(work, sql, params);
    domain::MonthlyRows monthly;
    for (int i = 0; i < rows.size(); ++i) {
        switch (rows.int4(i, 0)) {
            case 0:
                monthly.updated_at = rows.optional_instant(i, 7);
                break;
            case 1:
                monthly.counts.emplace_back(rows.string(i, 1), month_of(rows, i, 2));
                break;
            default:
                monthly.sum.push_back(month_of(rows, i, 2));
        }
    }
    return monthly;
}

std::vector<domain::TypeCounts> select_by_type(domain::UnitOfWork& work,
                                               const domain::CountedIn& summed) {
    static const std::string sums =
        "SELECT c.kind, c.type, sum(c.records)::bigint, sum(c.minutes)::bigint";
    static const std::string grouped = " GROUP BY c.kind, c.type HAVING sum(c.records) <> 0";
    static const std::string sql =
        sums + " FROM statistics.national_month c WHERE $1 AND c.month BETWEEN $2 AND $3" +
        grouped + " UNION ALL " + sums + in_spans("statistics.monthly_count", 4) + grouped +
        " ORDER BY 1, 2";
    Params params;
    params.add(summed.all)
        .add(static_cast<std::int32_t>(summed.first))
        .add(static_cast<std::int32_t>(summed.last));
    add_spans(params, summed);
    const auto rows = query_prepared(work, sql, params);
    std::vector<domain::TypeCounts> types;
    for (int i = 0; i < rows.size(); ++i)
        types.push_back({rows.int4(i, 0), rows.int4(i, 1), "", rows.int8(i, 2), rows.int8(i, 3)});
    return types;
}

domain::RateRows select_rates(domain::UnitOfWork& work, domain::Month month,
                              domain::Instant deadline_end, const std::string& authority,
                              const std::vector<std::string>& agencies) {
    static const std::string figures =
        "count(*) FILTER (WHERE f.obliged) AS obliged, count(*) FILTER (WHERE f.obliged AND "
        "f.reported) AS reported"
        ", count(*) FILTER (WHERE f.obliged AND f.on_time) AS on_time";
    static const std::string sql =
        "SELECT l.obliged, l.reported, l.on_time, z.version, z.frozen_at, z.formula, zf.obliged, "
        "zf.reported, zf.on_time"
        " FROM (SELECT " +
        figures +
        " FROM statistics.filing($1, $2) f WHERE (f.agency IN (SELECT unnest($3))) IS TRUE) l"
        " LEFT JOIN (SELECT version, frozen_at, formula FROM statistics.frozen_month WHERE month = "
        "$1 ORDER BY version DESC LIMIT 1) z ON true"
        " LEFT JOIN LATERAL (SELECT " +
        figures +
        " FROM statistics.frozen_filing f WHERE f.month = $1 AND f.version = z.version"
        " AND CASE WHEN f.chain IS NULL THEN (f.agency IN (SELECT unnest($3))) IS TRUE"
        " ELSE $4 = ANY (f.chain) END) zf ON true";
    Params params;
    params.add(static_cast<std::int32_t>(month))
        .add(deadline_end)
        .add_array(agencies)
        .add(authority);
    const auto rows = query_prepared(work, sql, params);
    domain::RateRows rates;
    rates.live = {rows.int8(0, 0), rows.int8(0, 1), rows.int8(0, 2)};
    if (!rows.is_null(0, 3))
        rates.frozen = domain::FrozenRate{{rows.int8(0, 6), rows.int8(0, 7), rows.int8(0, 8)},
                                          rows.instant(0, 4),
                                          rows.string(0, 5),
                                          rows.int4(0, 3)};
    return rates;
}

std::vector<domain::RateAgency> select_rate_agencies(domain::UnitOfWork& work,
                                                     const RateAgenciesAsked& asked,
                                                     const std::vector<std::string>& agencies) {
    static const std::string sql =
        "SELECT x.agency, x.status, x.on_time FROM (SELECT f.agency, " + status_of +
        " AS status, f.on_time"
        " FROM statistics.filing($1, $2) f WHERE (f.agency IN (SELECT unnest($4))) IS TRUE AND "
        "f.agency COLLATE \"C\" > $5) x"
        " WHERE $6 = '' OR x.status = $6 ORDER BY x.agency COLLATE \"C\" LIMIT $7";
    Params params;
    params.add(static_cast<std::int32_t>(asked.month))
        .add(asked.deadline_end)
        .add(asked.deadline_passed)
        .add_array(agencies);
    params.add(asked.behind).add(asked.status).add(static_cast<std::int64_t>(asked.limit));
    const auto rows = query_prepared(work, sql, params);
    std::vector<domain::RateAgency> found;
    for (int i = 0; i < rows.size(); ++i)
        found.push_back({rows.string(i, 0), "", rows.string(i, 1), rows.boolean(i, 2)});
    return found;
}

}  // namespace chaiqin::postgres::reading
