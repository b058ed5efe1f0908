#pragma once
// Which agencies a search reaches in each of some months: those that the asker may see and that
// match, with their subordinates, by the hierarchy of the month's last day; a month that has not
// ended goes by today's (docs/statistics.md, "Sums of a supervising agency"). Pure.
#include <memory>
#include <string>
#include <vector>

#include "postgres/binary.hpp"
#include "query/month_range.hpp"
#include "query/sight.hpp"

namespace chaiqin::query {

struct Reach {
    domain::Month first = 0;
    /// One per month; months with the same hierarchy share one.
    std::vector<std::shared_ptr<const AgencyMask>> months;
    /// The same for all that the asker may see in the month, whether it matches or not.
    std::vector<std::shared_ptr<const AgencyMask>> visible;
    /// Those of `months` of any month.
    AgencyMask any;
};

/// The day whose hierarchy says who may see what of the month.
domain::Day hierarchy_day(domain::Month month, domain::Day today);
Reach reach(const Sight& sight, const std::string& q, domain::Month first, int months);

/// Months (both inclusive) of which an agency's counts are added up.
struct AgencySpan {
    std::string agency;
    domain::Month first = 0, last = 0;
};
/// Whose counts are added up: every agency's from `first` to `last`, or those of the spans.
struct CountedIn {
    bool all = false;
    domain::Month first = 0, last = 0;
    std::vector<AgencySpan> spans;
};
/// For each agency the unbroken stretches of months in which it is reached.
CountedIn counted_in(const Reach& reach, const AgencyIndex& index);
/// Six parameters: all, first, last; agencies, first months, last months of the spans.
void add_counted_in(postgres::Params& params, const CountedIn& counted);

}  // namespace chaiqin::query
