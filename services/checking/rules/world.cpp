#include "checking/rules/world.hpp"

#include <algorithm>

namespace chaiqin::checking {

const AgencyStanding& AgencyStandings::of(std::string_view org, domain::Day day,
                                          std::string_view sender) {
    if (last_->is(org, day)) return last_->standing;
    auto& entry = entries_[(hash_(org) + static_cast<std::uint64_t>(day)) % entry_count];
    last_ = &entry;
    if (entry.is(org, day)) return entry.standing;
    entry = {};
    std::copy_n(org.begin(), std::min(org.size(), entry.org.size()), entry.org.begin());
    entry.day = day;
    entry.filled = true;
    entry.standing.known = agencies_.knows(org);
    if (!entry.standing.known) return entry.standing;
    if (const auto* version = agencies_.as_of(org, day))
        entry.standing.abolished_on = version->abolished_on;
    entry.standing.within_sender = org == sender || agencies_.within(org, sender, day);
    return entry.standing;
}

}  // namespace chaiqin::checking
