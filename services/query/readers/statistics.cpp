// Published counts: by month and agency (機關每月筆數統計表), and by type.
#include <map>

#include "query/reach.hpp"
#include "query/readers/readers.hpp"
#include "query/readers/record_types.hpp"
#include "query/readers/statistics.sql.hpp"
#include "query/refusals.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Params;
using postgres::Row;

constexpr int most_months = 1200;

/// What the sums rest on beside the counts: the registry, the day, the question and who may ask it.
std::string sum_name(const Sight& sight, int year, const std::string& q) {
    ListFilters name("monthly sum");
    name.add(sight.index().registry().version)
        .add(sight.today())
        .add(year)
        .add(q)
        .add(sight.scope().everything ? 1 : 0);
    for (const auto& root : sight.scope().roots) name.add(root);
    return name.text();
}

void write_month(const Row& row, pb::MonthCounts& to) {
    to.set_month(row.int4("month") % 12 + 1);
    to.set_leave(row.int8("leave"));
    to.set_overtime(row.int8("overtime"));
    to.set_leave_minutes(row.int8("leave_minutes"));
    to.set_overtime_minutes(row.int8("overtime_minutes"));
}

void write_agency(const AgencyOnDay& agency, pb::AgencyMonths& to) {
    to.set_agency(agency.agency);
    to.set_name(agency.name);
    if (!agency.supervising_agency.empty()) to.set_supervising_agency(agency.supervising_agency);
    if (agency.abolished_on) to.set_abolished_on(*agency.abolished_on);
}

/// The counts of the page's agencies and the sum, into an answer that holds the agencies already.
/// Of an agency the months in which the asker may see it.
void read_counts(const Asking& asking, const Reach& reached, const CountedIn& summed,
                 pb::GetMonthlyStatisticsResponse& response) {
    const auto& index = asking.sight.index();
    std::map<std::string, pb::AgencyMonths*> line_of;
    for (auto& agency : *response.mutable_agencies()) {
        agency.clear_months();
        line_of[agency.agency()] = &agency;
    }
    const auto is_visible = [&](const Row& row) {
        const auto month = static_cast<std::size_t>(row.int4("month") - reached.first);
        return (*reached.visible.at(month))[index.find(row.text("agency")).value()] != 0;
    };
    Params params;
    params.add_column(response.agencies(), &pb::AgencyMonths::agency)
        .add(static_cast<std::int32_t>(reached.first));
    add_counted_in(params, summed);
    for (const auto row : asking.rows(sql::monthly_counts, params)) {
        switch (row.int4("part")) {
            case 0:
                if (const auto at = row.optional_instant("updated_at"))
                    response.set_updated_at(rpc::microseconds(*at));
                break;
            case 1:
                if (is_visible(row))
                    write_month(row, *line_of.at(row.string("agency"))->add_months());
                break;
            default:
                write_month(row, *response.mutable_sum()->add_months());
        }
    }
}

std::optional<std::int64_t> updated_at(const pb::GetMonthlyStatisticsResponse& response) {
    return response.has_updated_at() ? std::optional(response.updated_at()) : std::nullopt;
}

/// The sum comes from memory while the counts have not changed.
void read_counts_and_sum(const Asking& asking, const Reach& reached, const std::string& name,
                         pb::GetMonthlyStatisticsResponse& response) {
    if (const auto known = asking.sums.find(name)) {
        read_counts(asking, reached, {}, response);
        *response.mutable_sum() = known->months;
        if (updated_at(response) == known->updated_at) return;
        response.clear_sum();
    }
    read_counts(asking, reached, counted_in(reached, asking.sight.index()), response);
    response.mutable_sum();
    if (response.has_updated_at()) asking.sums.keep(name, {updated_at(response), response.sum()});
}

}  // namespace

pb::GetMonthlyStatisticsResponse monthly(const Asking& asking,
                                         const pb::GetMonthlyStatisticsRequest& request) {
    const auto& sight = asking.sight;
    const int year = request.has_year() ? request.year() : domain::month_of(sight.today()) / 12;
    if (year < 1 || year > 9999)
        refuse_bad("year：應為西元年，例如 2026", "year must be a year, for example 2026");
    const auto first = static_cast<domain::Month>(year * 12);
    const auto reached = reach(sight, request.q(), first, 12);
    ListFilters filters("monthly");
    filters.add(year).add(request.q());
    const auto page = agencies_of(Page(request, filters), reached.any, sight.index());
    pb::GetMonthlyStatisticsResponse response;
    response.set_year(year);
    response.set_total_agencies(page.total);
    response.set_page(page.number);
    const auto shown_day = hierarchy_day(first + 11, sight.today());
    for (const auto i : page.agencies)
        write_agency(sight.index().on_day(i, shown_day), *response.add_agencies());
    read_counts_and_sum(asking, reached, sum_name(sight, year, request.q()), response);
    response.set_next_page_token(page.next_token);
    response.set_others(sight.others(reached.any));
    return response;
}

pb::GetStatisticsByTypeResponse by_type(const Asking& asking,
                                        const pb::GetStatisticsByTypeRequest& request) {
    const auto range = months_of(request, year_of(asking.sight.today()), most_months);
    const auto reached = reach(asking.sight, request.q(), range.first, range.size());
    Params params;
    add_counted_in(params, counted_in(reached, asking.sight.index()));
    pb::GetStatisticsByTypeResponse response;
    for (const auto row : asking.rows(sql::counts_by_type, params)) {
        const auto kind = row.int4("kind"), type = row.int4("type");
        auto& counts = *response.add_types();
        counts.set_kind(kind_text(kind));
        counts.set_type(type_text(kind, type));
        counts.set_name(type_name(asking.sight.index().registry().leave_types, kind, type));
        counts.set_records(row.int8("records"));
        counts.set_minutes(row.int8("minutes"));
    }
    response.set_others(asking.sight.others(reached.any));
    return response;
}

}  // namespace chaiqin::query::readers
