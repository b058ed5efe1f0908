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

}  // namespace

pb::ListAgenciesResponse agencies(const Asking& asking, const pb::ListAgenciesRequest& request) {
    const auto& index = asking.sight.index();
    const domain::Day today[]{asking.sight.today()};
    const auto mask = request.q().empty()
                          ? AgencyMask(index.size(), 1)
                          : index.below(index.named(request.q(), today), asking.sight.today());
    ListFilters filters("agencies");
    filters.add(request.q());
    const auto page = agencies_of(Page(request, filters), mask, index);
    pb::ListAgenciesResponse response;
    for (const auto i : page.agencies)
        write_agency(index.on_day(i, asking.sight.today()), *response.add_agencies());
    response.set_next_page_token(page.next_token);
    return response;
}

}  // namespace chaiqin::query::readers
