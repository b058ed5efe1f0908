// The list of all agencies (機關), as of today; it comes from the registry in memory.

#include "query/readers/readers.hpp"

namespace chaiqin::query::readers {

namespace {

void write_agency(const AgencyOnDay& agency, pb::AgencyLine& to) {
    to.set_agency(agency.agency);
    to.set_name(agency.name);
    if (!agency.supervising_agency.empty()) to.set_supervising_agency(agency.supervising_agency);
    if (agency.established_on) to.set_established_on(*agency.established_on);
    if (agency.abolished_on) to.set_abolished_on(*agency.abolished_on);
    if (!agency.successor.empty()) to.set_successor(agency.successor);
}

/// One agency, those that q names each with all below it, or all.
AgencyMask wanted(const AgencyIndex& index, const pb::ListAgenciesRequest& request,
                  domain::Day today) {
    AgencyMask mask(index.size(), request.agency().empty() ? 1 : 0);
    if (const auto one = index.find(request.agency())) mask[*one] = 1;
    if (request.q().empty()) return mask;
    const domain::Day days[]{today};
    return in_both(std::move(mask), index.below(index.named(request.q(), days), today));
}

}  // namespace

pb::ListAgenciesResponse agencies(const Asking& asking, const pb::ListAgenciesRequest& request) {
    const auto& index = asking.sight.index();
    const auto mask = wanted(index, request, asking.sight.today());
    ListFilters filters("agencies");
    filters.add(request.q()).add(request.agency());
    const auto page = agencies_of(Page(request, filters), mask, index);
    pb::ListAgenciesResponse response;
    for (const auto i : page.agencies)
        write_agency(index.on_day(i, asking.sight.today()), *response.add_agencies());
    response.set_next_page_token(page.next_token);
    return response;
}

}  // namespace chaiqin::query::readers
