#pragma once
// What the checks of one file look at outside the record: the registry of the moment, the time of
// receipt, and what the envelope says. One a file, one thread (the agency cache is filled while
// checks ask).
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "checking/reading/seeded_hash.hpp"
#include "domain/registry.hpp"

namespace chaiqin::checking {

/// What the envelope tells about its records; an empty value where its key has a finding that hides
/// it.
struct Sender {
    std::optional<domain::Month> data_month;
    std::string agency;  ///< reporting_org_code; empty also after E04: C11 cannot be judged then
    std::string source_system;  ///< for the identity
    bool operator==(const Sender&) const = default;
};

/// What the registry says of an agency on a day.
struct AgencyStanding {
    bool known = false;
    bool within_sender = false;               ///< the reporting agency or under it (C11)
    std::optional<domain::Day> abolished_on;  ///< of the version in force that day
};

class AgencyStandings {
public:
    AgencyStandings(const domain::AgencyRegistry& agencies, SeededHash hash)
        : agencies_(agencies), hash_(hash) {}
    AgencyStandings(const AgencyStandings&) = delete;
    AgencyStandings& operator=(const AgencyStandings&) = delete;
    /// `org` has the length of an agency code.
    const AgencyStanding& of(std::string_view org, domain::Day day, std::string_view sender);

private:
    struct Entry {
        std::array<char, 10> org{};
        domain::Day day = 0;
        bool filled = false;
        AgencyStanding standing;
        bool is(std::string_view wanted, domain::Day on) const {
            return filled && day == on && std::string_view(org.data(), org.size()) == wanted;
        }
    };
    static constexpr std::size_t entry_count = 256;

    const domain::AgencyRegistry& agencies_;
    SeededHash hash_;
    std::array<Entry, entry_count> entries_;
    const Entry* last_ = &entries_[0];  ///< asked several times a record
};

struct World {
    World(const domain::Registry& the_registry, SeededHash hash)
        : registry(the_registry), agencies(the_registry.agencies, hash) {}
    const domain::Registry& registry;
    domain::Instant received_at{};
    domain::Day received_day = 0;  ///< in Asia/Taipei
    domain::Month first_month = 0;
    std::string acting_agency;
    Sender sender;
    mutable AgencyStandings agencies;

    /// Whose lines these are: the agency acted for; offline what the file says.
    std::string_view sending_agency() const {
        return acting_agency.empty() ? sender.agency : acting_agency;
    }
    const AgencyStanding& agency(std::string_view org, domain::Day day) const {
        return agencies.of(org, day, sender.agency);
    }
};

}  // namespace chaiqin::checking
