#include "checking/rules/world.hpp"

#include <algorithm>

#include "domain/agency_facts.hpp"

namespace chaiqin::checking {

const AgencyStanding& AgencyStandings::of(std::string_view org, domain::Day day,
                                          std::string_view sender) {
    if (last_->is(org, day)) return last_->standing;
    auto& answer = remembered_[(hash_(org) + static_cast<std::uint64_t>(day)) % remembered_count];
    last_ = &answer;
    if (answer.is(org, day)) return answer.standing;
    answer = {};
    std::copy_n(org.begin(), std::min(org.size(), answer.org.size()), answer.org.begin());
    answer.day = day;
    answer.filled = true;
    answer.standing.known = agencies_.knows(org);
    if (!answer.standing.known) return answer.standing;
    answer.standing.abolished_on = domain::newest_version(agencies_, org)->abolished_on;
    answer.standing.within_sender = org == sender || agencies_.within(org, sender, day);
    return answer.standing;
}

}  // namespace chaiqin::checking
