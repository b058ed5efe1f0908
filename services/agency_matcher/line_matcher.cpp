#include "agency_matcher/line_matcher.hpp"

#include <algorithm>

namespace chaiqin::agency_matcher {

namespace outcome = domain::outcome;
using domain::CodeTable;

void LineMatcher::begin(domain::FileHead& file) {
    file_ = &file;
    claimed_.clear();
    org_number_.clear();
    scope_.clear();
    last_org_ = CodeTable::none;
    for (std::size_t at = 0; at < file.orgs.size(); ++at) {
        claimed_.push_back(table_.codes().find(file.orgs[at]));
        if (claimed_.back() != CodeTable::none)
            org_number_.emplace(claimed_.back(), static_cast<std::int32_t>(at + 1));
    }
}

LineMatcher::Found LineMatcher::match(std::uint64_t token, std::uint32_t claimed_org,
                                      domain::Day day, std::uint32_t day_count) {
    const auto last_day = static_cast<domain::Day>(day + static_cast<domain::Day>(day_count));
    const auto attribution = domain::attribute(
        table_.posts_of(token), {day, last_day, claimed_[claimed_org]}, table_.codes());
    Found found{0, attribution.value};
    if (outcome::is_unmatched(found.outcome)) {
        if (outcome::deciding_step(found.outcome) != domain::DecidingStep::no_person &&
            whole_person_within_scope(token))
            found.outcome |= outcome::shown;
        return found;
    }
    found.org = number_in_dictionary(attribution.org);
    if ((found.outcome & outcome::other_org) != 0 && within_scope(attribution.org))
        found.outcome |= outcome::shown;
    return found;
}

bool LineMatcher::within_scope(std::uint32_t org) {
    const auto [at, fresh] = scope_.try_emplace(org, false);
    if (fresh) at->second = agencies_.within(table_.codes().code(org), file_->agency, today_);
    return at->second;
}

bool LineMatcher::whole_person_within_scope(std::uint64_t token) {
    const auto posts = table_.posts_of(token);
    return std::all_of(posts.begin(), posts.end(),
                       [&](const domain::Post& post) { return within_scope(post.org); });
}

std::int32_t LineMatcher::number_in_dictionary(std::uint32_t org) {
    if (org == last_org_) return last_number_;
    const auto [at, fresh] =
        org_number_.try_emplace(org, static_cast<std::int32_t>(file_->orgs.size() + 1));
    if (fresh) file_->orgs.push_back(table_.codes().code(org));
    last_org_ = org;
    last_number_ = at->second;
    return last_number_;
}

}  // namespace chaiqin::agency_matcher
