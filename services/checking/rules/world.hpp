#pragma once
// What the checks of one file look at outside the record: the registry of the moment, the time of
// receipt, and what the envelope says. One per file, one thread (the cache of agencies is filled
// while checks ask).
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
    /// reporting_org_code. Empty also after E04, because C11 cannot be judged then.
    std::string agency;
    /// A part of the identity of each line.
    std::string source_system;
    bool operator==(const Sender&) const = default;
};

/// What the registry says of an agency on a day.
struct AgencyStanding {
    bool known = false;
    /// It is the reporting agency or under it (C11).
    bool within_sender = false;
    /// As it is known today, for every day.
    std::optional<domain::Day> abolished_on;
};

/// Remembers the answers of a file, whose records mostly have few agencies and days.
class AgencyStandings {
public:
    AgencyStandings(const domain::AgencyRegistry& agencies, SeededHash hash)
        : agencies_(agencies), hash_(hash) {}
    AgencyStandings(const AgencyStandings&) = delete;
    AgencyStandings& operator=(const AgencyStandings&) = delete;
    /// `org` has the length of an agency code.
    const AgencyStanding& of(std::string_view org, domain::Day day, std::string_view sender);

private:
    struct Remembered {
        std::array<char, 10> org{};
        domain::Day day = 0;
        bool filled = false;
        AgencyStanding standing;
        bool is(std::string_view wanted, domain::Day on) const {
            return filled && day == on && std::string_view(org.data(), org.size()) == wanted;
        }
    };
    static constexpr std::size_t remembered_count = 256;

    const domain::AgencyRegistry& agencies_;
    SeededHash hash_;
    std::array<Remembered, remembered_count> remembered_;
    /// C09, C10 and C11 ask for the same one in turn.
    const Remembered* last_ = &remembered_[0];
};

struct World {
    World(const domain::Registry& the_registry, SeededHash hash)
        : registry(the_registry), agencies(the_registry.agencies, hash) {}
    const domain::Registry& registry;
    domain::Instant received_at{};
    /// In Asia/Taipei.
    domain::Day received_day = 0;
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
