// Reporting rates (差假資料報送比率) of an authority: itself and all below it on the month's last
// day.
#include <array>

#include "query/month_range.hpp"
#include "query/reach.hpp"
#include "query/readers/authority.hpp"
#include "query/readers/filing_names.hpp"
#include "query/readers/rates.sql.hpp"
#include "query/readers/readers.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Params;
using postgres::Row;

constexpr int most_months_of_series = 36, default_months = 12;
/// A supervisor of thousands chooses among all of them.
constexpr int largest_agency_page = 1000;

/// An authority in one month.
struct AuthorityOfMonth : Authority {
    domain::Day deadline = 0;
    /// 00:00 of the day after.
    domain::Instant deadline_end{};
};

AuthorityOfMonth authority_of(const Sight& sight, domain::Month month, const std::string& wanted) {
    if (month < first_month_ever || month > last_month_ever)
        refuse_bad("month：應為年月，例如 2026-10", "month must look like 2026-10");
    AuthorityOfMonth of{
        authority_on(sight, wanted, domain::last_day(month), hierarchy_day(month, sight.today()))};
    of.deadline = sight.index().registry().calendar.deadline(month);
    of.deadline_end = domain::taipei_midnight(of.deadline + 1);
    return of;
}

void write_figures(const Row& row, const std::string& prefix, pb::RateFigures& to) {
    to.set_obliged(row.int8(prefix + "obliged"));
    to.set_reported(row.int8(prefix + "reported"));
    to.set_on_time(row.int8(prefix + "on_time"));
}

/// Live and frozen figures of a month, into an answer or a line of one.
template <class Rates>
void write_rates(const Row& row, Rates& to) {
    write_figures(row, "", *to.mutable_live());
    if (row.is_null("version")) return;
    auto& frozen = *to.mutable_frozen();
    write_figures(row, "frozen_", *frozen.mutable_figures());
    frozen.set_frozen_at(rpc::microseconds(row.instant("frozen_at")));
    frozen.set_formula(row.string("formula"));
    frozen.set_version(row.int4("version"));
}

/// The statuses as statements name them.
std::vector<std::string> names_of(const pb::ListReportingRateAgenciesRequest& request) {
    std::vector<std::string> names;
    for (const auto status : request.status())
        names.push_back(filing_name(static_cast<pb::FilingStatus>(status)));
    return names;
}

/// The authority's agencies that q names, each with all below it.
std::vector<std::string> agencies_named(const Sight& sight, const AuthorityOfMonth& of,
                                        domain::Month month, const std::string& q) {
    if (q.empty()) return of.agencies;
    const std::array days{domain::last_day(month)};
    const auto named = sight.index().below(sight.index().named(q, days), days[0]);
    return codes_of(in_both(named, of.mask), sight.index());
}

struct Span {
    std::string agency;
    domain::Month first = 0, last = 0;
};
/// The months in which each agency is under the authority.
std::vector<Span> spans_under(const Sight& sight, const std::string& authority,
                              const std::vector<domain::Month>& months) {
    std::vector<Span> spans;
    std::size_t under = 0;  // the last ones, of the month before
    std::optional<domain::Month> before;
    for (const auto month : months) {
        const auto day = domain::last_day(month);
        const bool goes_on =
            before == month - 1 && sight.index().same_versions(domain::last_day(*before), day);
        before = month;
        if (goes_on) {
            for (auto i = spans.size() - under; i < spans.size(); ++i) spans[i].last = month;
            continue;
        }
        const auto of = authority_on(sight, authority, day, hierarchy_day(month, sight.today()));
        for (const auto& agency : of.agencies) spans.push_back({agency, month, month});
        under = of.agencies.size();
    }
    return spans;
}

}  // namespace

pb::GetReportingRatesResponse rates(const Asking& asking,
                                    const pb::GetReportingRatesRequest& request) {
    const auto of = authority_of(asking.sight, request.month(), request.authority());
    Params params;
    params.add(request.month()).add(of.deadline_end).add_array(of.agencies).add(of.code);
    const auto rows = asking.rows(sql::reporting_rates, params);
    pb::GetReportingRatesResponse response;
    response.set_month(request.month());
    response.set_authority(of.code);
    response.set_deadline(of.deadline);
    write_rates(rows.only(), response);
    response.set_others(asking.sight.others(of.mask));
    return response;
}

pb::ListReportingRateAgenciesResponse rate_agencies(
    const Asking& asking, const pb::ListReportingRateAgenciesRequest& request) {
    const auto& sight = asking.sight;
    const auto of = authority_of(sight, request.month(), request.authority());
    const auto statuses = names_of(request);
    ListFilters filters("rate agencies");
    filters.add(request.month()).add(of.code).add(request.q());
    for (const auto& status : statuses) filters.add(status);
    const Page page(request, filters, largest_agency_page);
    Params params;
    params.add(request.month())
        .add(of.deadline_end)
        .add(sight.now() >= of.deadline_end)
        .add_array(agencies_named(sight, of, request.month(), request.q()));
    params.add(PageKeyReader(page.key()).text("")).add_array(statuses);
    params.add(request.month() < domain::month_of(sight.today())).add(page.limit());
    const auto rows = asking.rows(sql::rate_agencies, params);
    pb::ListReportingRateAgenciesResponse response;
    for (int i = 0; i < page.shown(rows); ++i) {
        auto& agency = *response.add_agencies();
        agency.set_agency(rows[i].string("agency"));
        agency.set_name(sight.index().name_on(agency.agency(), domain::last_day(request.month())));
        agency.set_status(filing_status(rows[i].string("status")));
        agency.set_on_time(rows[i].boolean("on_time"));
    }
    response.set_next_page_token(
        page.next_token(rows, [](const Row& last) { return PageKey().add(last.text("agency")); }));
    response.set_others(sight.others(of.mask));
    return response;
}

pb::GetReportingRateSeriesResponse rate_series(const Asking& asking,
                                               const pb::GetReportingRateSeriesRequest& request) {
    const auto& sight = asking.sight;
    const auto& calendar = sight.index().registry().calendar;
    const auto range = months_of(request, months_before(request, sight.today(), default_months),
                                 most_months_of_series);
    const auto code = authority_code(sight, request.authority());
    const auto months = months_in_sight(sight, code, range);
    const auto spans = spans_under(sight, code, months);
    Params params;
    params.add_array(months).add_array(deadline_ends(months, calendar));
    params.add_column(spans, &Span::agency)
        .add_column(spans, &Span::first)
        .add_column(spans, &Span::last)
        .add(code);
    pb::GetReportingRateSeriesResponse response;
    for (const auto row : asking.rows(sql::rate_series, params)) {
        auto& month = *response.add_months();
        month.set_month(row.int4("month"));
        month.set_deadline(calendar.deadline(month.month()));
        write_rates(row, month);
    }
    AgencyMask opened(sight.index().size(), 0);
    for (const auto& span : spans) opened[*sight.index().find(span.agency)] = 1;
    response.set_others(sight.others(opened));
    return response;
}

pb::ListFilingsResponse filings(const Asking& asking, const pb::ListFilingsRequest& request) {
    const auto& sight = asking.sight;
    const auto of = authority_of(sight, request.month(), "");
    const auto& index = sight.index();
    std::vector<std::string> below;
    for (const auto& agency : request.agencies()) {
        const auto found = index.find(agency);
        if (found && of.mask[*found] && agency != of.code) below.push_back(agency);
    }
    const bool month_is_over = request.month() < domain::month_of(sight.today());
    Params params;
    params.add(request.month())
        .add(of.deadline_end)
        .add(sight.now() >= of.deadline_end)
        .add_array(below);
    pb::ListFilingsResponse response;
    for (const auto row : asking.rows(sql::filings, params)) {
        auto& filing = *response.add_filings();
        filing.set_agency(row.string("agency"));
        const auto status = filing_status(row.string("status"));
        filing.set_status(
            month_is_over && status == pb::FILING_STATUS_NOT_DUE ? pb::FILING_STATUS_DUE : status);
    }
    response.set_others(sight.others(of.mask));
    return response;
}

}  // namespace chaiqin::query::readers
