// Reporting rates (差假資料報送比率) of an authority: itself and all below it on the month's last
// day.
#include "query/reach.hpp"
#include "query/readers/rates.sql.hpp"
#include "query/readers/readers.hpp"
#include "query/refusals.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::query::readers {

namespace {

using postgres::Params;

constexpr std::string_view status_prefix = "FILING_STATUS_";

struct Authority {
    std::string code;
    AgencyMask mask;
    /// The codes of the mask.
    std::vector<std::string> agencies;
    domain::Day deadline = 0;
    /// 00:00 of the day after.
    domain::Instant deadline_end{};
};

Authority authority_of(const Sight& sight, domain::Month month, const std::string& wanted) {
    if (month < first_month_ever || month > last_month_ever)
        refuse_bad("month：應為年月，例如 2026-10", "month must look like 2026-10");
    Authority authority;
    authority.code = wanted.empty() ? sight.caller().agency : wanted;
    const auto& index = sight.index();
    const auto at = index.find(authority.code);
    if (!at || !sight.covers(authority.code))
        refuse_unknown("查無此主管機關", "There is no such authority");
    AgencyMask root(index.size(), 0);
    root[*at] = 1;
    authority.mask = index.below(root, domain::last_day(month));
    for (std::size_t i = 0; i < authority.mask.size(); ++i)
        if (authority.mask[i]) authority.agencies.push_back(index.code(i));
    authority.deadline = index.registry().calendar.deadline(month);
    authority.deadline_end = domain::taipei_midnight(authority.deadline + 1);
    return authority;
}

pb::FilingStatus status_of(std::string name) {
    for (char& c : name)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    pb::FilingStatus status{};
    pb::FilingStatus_Parse(std::string(status_prefix) + name, &status);
    return status;
}

/// "not_due"; "" for all.
std::string name_of(pb::FilingStatus status) {
    if (status == pb::FILING_STATUS_UNSPECIFIED) return "";
    auto name = pb::FilingStatus_Name(status).substr(status_prefix.size());
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return name;
}

void write_figures(const postgres::Row& row, const std::string& prefix, pb::RateFigures& to) {
    to.set_obliged(row.int8(prefix + "obliged"));
    to.set_reported(row.int8(prefix + "reported"));
    to.set_on_time(row.int8(prefix + "on_time"));
}

}  // namespace

pb::GetReportingRatesResponse rates(const Asking& asking,
                                    const pb::GetReportingRatesRequest& request) {
    const auto of = authority_of(asking.sight, request.month(), request.authority());
    Params params;
    params.add(request.month()).add(of.deadline_end).add_array(of.agencies).add(of.code);
    const auto rows = asking.rows(sql::reporting_rates, params);
    const auto row = rows.only();
    pb::GetReportingRatesResponse response;
    response.set_month(request.month());
    response.set_authority(of.code);
    response.set_deadline(of.deadline);
    write_figures(row, "", *response.mutable_live());
    if (!row.is_null("version")) {
        auto& frozen = *response.mutable_frozen();
        write_figures(row, "frozen_", *frozen.mutable_figures());
        frozen.set_frozen_at(rpc::microseconds(row.instant("frozen_at")));
        frozen.set_formula(row.string("formula"));
        frozen.set_version(row.int4("version"));
    }
    response.set_others(asking.sight.others(of.mask));
    return response;
}

pb::ListReportingRateAgenciesResponse rate_agencies(
    const Asking& asking, const pb::ListReportingRateAgenciesRequest& request) {
    const auto of = authority_of(asking.sight, request.month(), request.authority());
    const auto status = name_of(request.status());
    ListFilters filters("rate agencies");
    filters.add(request.month()).add(of.code).add(status);
    const Page page(request, filters);
    Params params;
    params.add(request.month())
        .add(of.deadline_end)
        .add(asking.sight.now() >= of.deadline_end)
        .add_array(of.agencies);
    params.add(PageKeyReader(page.key()).text("")).add(status);
    params.add(static_cast<std::int64_t>(page.size() + 1));
    const auto rows = asking.rows(sql::rate_agencies, params);
    pb::ListReportingRateAgenciesResponse response;
    const auto& index = asking.sight.index();
    for (int i = 0; i < page.shown(rows); ++i) {
        auto& agency = *response.add_agencies();
        agency.set_agency(rows[i].string("agency"));
        if (const auto at = index.find(agency.agency()))
            agency.set_name(index.on_day(*at, domain::last_day(request.month())).name);
        agency.set_status(status_of(rows[i].string("status")));
        agency.set_on_time(rows[i].boolean("on_time"));
    }
    response.set_next_page_token(page.next_token(
        rows, [](const postgres::Row& last) { return PageKey().add(last.text("agency")); }));
    response.set_others(asking.sight.others(of.mask));
    return response;
}

}  // namespace chaiqin::query::readers
