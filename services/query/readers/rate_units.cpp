// Reporting rates of the units of an authority: itself alone, and each agency directly below it
// with its subtree. They add up to the authority's figures.
#include <algorithm>
#include <map>
#include <set>

#include "query/month_range.hpp"
#include "query/readers/authority.hpp"
#include "query/readers/rates.sql.hpp"
#include "query/readers/readers.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Row;

constexpr int most_months = 12;

/// Months in which an agency belongs to a unit.
struct UnitSpan {
    int unit = -1;
    std::size_t agency = 0;
    domain::Month first = 0, last = 0;
};

/// By the hierarchy of each month's last day.
std::vector<UnitSpan> unit_spans(const AgencyIndex& index, std::optional<std::size_t> authority,
                                 const std::vector<domain::Month>& months) {
    std::vector<UnitSpan> spans;
    std::vector<std::size_t> open(index.size());
    const std::vector<int> none(index.size(), -1);
    std::vector<int> units_before = none, units;
    std::optional<domain::Month> before;
    for (const auto month : months) {
        const auto day = domain::last_day(month);
        if (!before || !index.same_versions(domain::last_day(*before), day))
            units = index.units(authority, day);
        if (before != month - 1) units_before = none;
        for (std::size_t i = 0; i < units.size(); ++i) {
            if (units[i] < 0) continue;
            if (units[i] != units_before[i]) {
                open[i] = spans.size();
                spans.push_back({units[i], i, month, month});
            }
            spans[open[i]].last = month;
        }
        before = month;
        units_before = units;
    }
    return spans;
}

/// The authority itself first, then by code.
std::vector<int> units_of(const std::vector<UnitSpan>& spans, int authority) {
    std::set<int> all;
    for (const auto& span : spans) all.insert(span.unit);
    std::vector<int> units(all.begin(), all.end());
    std::stable_partition(units.begin(), units.end(), [&](int unit) { return unit == authority; });
    return units;
}

/// The units of the page; the token of the next is the place of the last one shown.
struct UnitPage {
    std::vector<int> units;
    std::string next_token;
};
UnitPage page_of(const Page& page, const std::vector<int>& units) {
    const auto begin = std::min(PageKeyReader(page.key()).number<std::size_t>(0), units.size());
    const auto end = std::min(begin + static_cast<std::size_t>(page.size()), units.size());
    UnitPage found{{units.begin() + static_cast<std::ptrdiff_t>(begin),
                    units.begin() + static_cast<std::ptrdiff_t>(end)},
                   ""};
    if (end < units.size())
        found.next_token = make_page_token(page.filters(), {std::to_string(end)});
    return found;
}

void write_figures(const Row& row, const std::string& prefix, pb::RateFigures& to) {
    to.set_obliged(row.int8(prefix + "obliged"));
    to.set_reported(row.int8(prefix + "reported"));
    to.set_on_time(row.int8(prefix + "on_time"));
}

void write_month(const Row& row, pb::UnitMonth& to) {
    to.set_month(row.int4("month"));
    write_figures(row, "", *to.mutable_live());
    if (!row.is_null("version")) write_figures(row, "frozen_", *to.mutable_frozen());
}

/// "" for the agencies at the top, which operators and auditors see unless they name another.
std::string wanted_authority(const Sight& sight, const std::string& wanted) {
    if (wanted.empty() && sight.scope().everything) return "";
    return authority_code(sight, wanted);
}

postgres::Params parameters(const std::vector<UnitSpan>& spans, const AgencyIndex& index,
                            const std::vector<domain::Month>& months,
                            const std::string& authority) {
    postgres::Params params;
    params.add_array(months)
        .add_array(deadline_ends(months, index.registry().calendar))
        .add_column(
            spans,
            [&](const UnitSpan& span) { return index.code(static_cast<std::size_t>(span.unit)); })
        .add_column(spans, [&](const UnitSpan& span) { return index.code(span.agency); })
        .add_column(spans, &UnitSpan::first)
        .add_column(spans, &UnitSpan::last)
        .add(authority);
    return params;
}

}  // namespace

pb::ListReportingRateUnitsResponse rate_units(const Asking& asking,
                                              const pb::ListReportingRateUnitsRequest& request) {
    const auto& sight = asking.sight;
    const auto& index = sight.index();
    const auto range =
        months_of(request, months_before(request, sight.today(), most_months), most_months);
    const auto code = wanted_authority(sight, request.authority());
    const auto authority = code.empty() ? std::nullopt : index.find(code);
    const auto months = code.empty() ? range.months() : months_in_sight(sight, code, range);
    auto spans = unit_spans(index, authority, months);
    const int self = authority ? static_cast<int>(*authority) : -1;
    ListFilters filters("rate units");
    filters.add(range.first).add(range.last).add(code);
    const auto page = page_of(Page(request, filters), units_of(spans, self));
    pb::ListReportingRateUnitsResponse response;
    std::map<std::string, pb::RateUnit*> line_of;
    const auto above_others = index.with_subordinates(sight.today());
    for (const int unit : page.units) {
        auto& line = *response.add_units();
        line.set_agency(index.code(static_cast<std::size_t>(unit)));
        line.set_name(index.name_on(line.agency(), domain::last_day(range.last)));
        if (unit == self) line.set_self(true);
        line.set_has_subordinates(above_others[static_cast<std::size_t>(unit)]);
        line_of[line.agency()] = &line;
    }
    std::erase_if(spans, [&](const UnitSpan& span) {
        return std::find(page.units.begin(), page.units.end(), span.unit) == page.units.end();
    });
    for (const auto row : asking.rows(sql::rate_units, parameters(spans, index, months, code)))
        write_month(row, *line_of.at(row.string("unit"))->add_months());
    response.set_next_page_token(page.next_token);
    AgencyMask opened(index.size(), 0);
    for (const auto& span : spans) opened[span.agency] = 1;
    response.set_others(sight.others(opened));
    return response;
}

}  // namespace chaiqin::query::readers
