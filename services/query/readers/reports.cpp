// Reports (統計報表): counts, and findings, added up by one or two of their properties.
#include <algorithm>

#include "query/reach.hpp"
#include "query/readers/hiding.hpp"
#include "query/readers/readers.hpp"
#include "query/readers/record_types.hpp"
#include "query/readers/reports.sql.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Params;
using postgres::Row;

constexpr int most_months = 36, largest_report_page = 1000;

/// One or two properties, each once. `names` for the refusal: "month、code 或 agency".
template <class By>
void check_by(const By& by, std::string_view zh, std::string_view en) {
    const bool repeats = by.size() == 2 && by.Get(0) == by.Get(1);
    if (by.size() >= 1 && by.size() <= 2 && !repeats) return;
    refuse_bad("by：應為 " + std::string(zh) + " 其中一或兩項",
               "by must be one or two of " + std::string(en));
}
template <class By>
bool has(const By& by, int property) {
    return std::find(by.begin(), by.end(), property) != by.end();
}
template <class By>
void add_by(ListFilters& filters, const By& by) {
    std::int64_t bits = 0;
    for (const int property : by) bits |= std::int64_t{1} << property;
    filters.add(bits);
}

struct Asked {
    bool month, agency, kind, type;
};

void write_row(const Row& row, const Asked& asked, const Sight& sight, domain::Day name_day,
               pb::ReportRow& to) {
    const auto kind = row.int4("kind"), type = row.int4("type");
    if (asked.month) to.set_month(row.int4("month"));
    if (asked.agency) {
        to.set_agency(row.string("agency"));
        to.set_name(sight.index().name_on(to.agency(), name_day));
    }
    if (asked.kind) to.set_kind(kind_text(kind));
    if (asked.type) {
        to.set_type(type_text(kind, type));
        to.set_type_name(type_name(sight.index().registry().leave_types, kind, type));
    }
    to.set_records(row.int8("records"));
    to.set_minutes(row.int8("minutes"));
}

/// Six parameters like those of add_counted_in, with the times of receipt of the months.
void add_received_in(Params& params, const CountedIn& counted) {
    const auto start = [](domain::Month month) {
        return domain::taipei_midnight(domain::first_day(month));
    };
    params.add(counted.all)
        .add(start(counted.first))
        .add(start(counted.last + 1))
        .add_column(counted.spans, &AgencySpan::agency)
        .add_column(counted.spans, [&](const AgencySpan& span) { return start(span.first); })
        .add_column(counted.spans, [&](const AgencySpan& span) { return start(span.last + 1); });
}

template <class Response>
void write_updated_at(const postgres::Rows& rows, Response& to) {
    if (const auto at = rows[0].optional_instant("updated_at"))
        to.set_updated_at(rpc::microseconds(*at));
}

}  // namespace

pb::GetStatisticsReportResponse statistics_report(const Asking& asking,
                                                  const pb::GetStatisticsReportRequest& request) {
    const auto& sight = asking.sight;
    check_by(request.by(), "month、agency、kind、type", "month, agency, kind, type");
    const auto range = months_of(request, year_of(sight.today()), most_months);
    const auto& by = request.by();
    const bool type = has(by, pb::REPORT_BY_TYPE);
    const Asked asked{has(by, pb::REPORT_BY_MONTH), has(by, pb::REPORT_BY_AGENCY),
                      type || has(by, pb::REPORT_BY_KIND), type};
    const auto reached = reach(sight, request.q(), range.first, range.size());
    ListFilters filters("statistics report");
    filters.add(range.first).add(range.last).add(request.q()).add(request.kind());
    add_by(filters, by);
    const Page page(request, filters, largest_report_page);
    PageKeyReader behind(page.key());
    Params params;
    add_counted_in(params, counted_in(reached, sight.index()));
    params.add(asked.month).add(asked.agency).add(asked.kind).add(asked.type);
    params.add(static_cast<std::int16_t>(request.kind() - pb::RECORD_KIND_LEAVE));
    params.add(behind.number<std::int32_t>(-1));
    params.add(behind.text(""));
    params.add(behind.number<std::int32_t>(-1));
    params.add(behind.number<std::int32_t>(-1));
    params.add(page.limit());
    const auto rows = asking.rows(sql::statistics_report, params);
    pb::GetStatisticsReportResponse response;
    write_updated_at(rows, response);
    const auto name_day = hierarchy_day(range.last, sight.today());
    for (int i = 0; i < page.shown(rows); ++i)
        if (!rows[i].is_null("records"))
            write_row(rows[i], asked, sight, name_day, *response.add_rows());
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        return PageKey()
            .add(last.int8("month"))
            .add(last.text("agency"))
            .add(last.int8("kind"))
            .add(last.int8("type"));
    }));
    response.set_others(sight.others(reached.any));
    return response;
}

pb::GetFindingStatisticsResponse finding_statistics(
    const Asking& asking, const pb::GetFindingStatisticsRequest& request) {
    const auto& sight = asking.sight;
    check_by(request.by(), "month、code、agency", "month, code, agency");
    const auto range = months_of(request, year_of(sight.today()), most_months);
    const bool month = has(request.by(), pb::FINDINGS_BY_MONTH),
               agency = has(request.by(), pb::FINDINGS_BY_AGENCY),
               code = has(request.by(), pb::FINDINGS_BY_CODE);
    const auto reached = reach(sight, request.q(), range.first, range.size());
    ListFilters filters("finding statistics");
    filters.add(range.first).add(range.last).add(request.q());
    add_by(filters, request.by());
    const Page page(request, filters, largest_report_page);
    PageKeyReader behind(page.key());
    Params params;
    add_received_in(params, counted_in(reached, sight.index()));
    params.add(month).add(agency).add(code);
    params.add(behind.number<std::int32_t>(-1));
    params.add(behind.text(""));
    params.add(behind.text(""));
    params.add(behind.number<std::int32_t>(-2));
    params.add(page.limit());
    const auto rows = asking.rows(sql::finding_statistics, params);
    pb::GetFindingStatisticsResponse response;
    write_updated_at(rows, response);
    const auto name_day = hierarchy_day(range.last, sight.today());
    for (int i = 0; i < page.shown(rows); ++i) {
        if (rows[i].is_null("findings")) continue;
        auto& row = *response.add_rows();
        if (month) row.set_month(rows[i].int4("month"));
        if (agency) {
            row.set_agency(rows[i].string("agency"));
            row.set_name(sight.index().name_on(row.agency(), name_day));
        }
        if (code) {
            row.set_code(rows[i].string("code"));
            row.set_severity(
                static_cast<pb::Severity>(rows[i].int4("severity") + pb::SEVERITY_ERROR));
            row.set_message(rule_text(row.code(), sight.index().registry().rules));
        }
        row.set_findings(rows[i].int8("findings"));
        row.set_files(rows[i].int8("files"));
    }
    response.set_next_page_token(page.next_token(rows, [](const Row& last) {
        return PageKey()
            .add(last.int8("month"))
            .add(last.text("agency"))
            .add(last.text("code"))
            .add(last.int8("severity"));
    }));
    response.set_others(sight.others(reached.any));
    return response;
}

}  // namespace chaiqin::query::readers
