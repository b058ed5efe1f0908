#pragma once
// What one question may see: the caller of a verified token, the agency acted for, the registry as
// it stands now, and the scope of the right that the question needs. Made anew for every question
// (query/service); nothing is remembered of a caller. A value; immutable.
#include <memory>
#include <string>
#include <vector>

#include "query/agency_index.hpp"

namespace chaiqin::query {

/// Agencies whose rows may be read: all, or those of the list.
struct AgencySet {
    bool everything = false;
    /// sorted
    std::vector<std::string> codes;
};

class Sight {
public:
    Sight(identity::Caller caller, std::string acting, std::shared_ptr<const AgencyIndex> index,
          domain::Instant now, identity::Right right);

    const identity::Caller& caller() const { return caller_; }
    /// The agency acted for.
    const std::string& acting() const { return acting_; }
    const identity::Scope& scope() const { return scope_; }
    const AgencyIndex& index() const { return *index_; }
    domain::Instant now() const { return now_; }
    domain::Day today() const { return domain::taipei_day(now_); }

    /// By today's hierarchy.
    bool covers(const std::string& agency) const { return covers(agency, today()); }
    bool covers(const std::string& agency, domain::Day day) const;
    /// The agencies of the scope as of today; only `agency` unless "". Refused (not_found) if it is
    /// outside or unknown.
    AgencySet agencies(const std::string& agency) const;
    /// Whether values of findings of the agency may be shown.
    bool shows_values(const std::string& agency) const;

    /// What the audit is to name when rows of these agencies were opened; "" if there are none but
    /// the own one.
    std::string others(const AgencySet& set) const;
    std::string others(const AgencyMask& mask) const;
    /// The same for one object of an agency.
    std::string others(std::string_view object, const std::string& agency) const;

private:
    identity::Caller caller_;
    std::string acting_;
    std::shared_ptr<const AgencyIndex> index_;
    domain::Instant now_;
    identity::Scope scope_, values_;
};

}  // namespace chaiqin::query
