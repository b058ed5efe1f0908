#pragma once
// Agencies (機關) with dated versions, as of a date always (Words: product). Immutable snapshot of
// the registry; postgres/registry loads it, whoever needs it holds a shared_ptr to the newest.
// Thread-safe: nothing changes.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

struct AgencyVersion {
    Day effective_on = 0;
    std::string name;
    std::string supervising_agency;  ///< 主管機關 (code); "" at the top
    std::optional<Day> established_on;
    std::optional<Day>
        abolished_on;  ///< 裁撤日: the first day on which the agency no longer exists
    std::string successor;
    std::optional<Day> exempt_from;
    std::optional<Day> exempt_to;
    std::string contact_email;
    bool operator==(const AgencyVersion&) const = default;
};

class AgencyRegistry {
public:
    /// Versions of one agency in any order; they are sorted here.
    using Versions = std::map<std::string, std::vector<AgencyVersion>, std::less<>>;
    explicit AgencyRegistry(Versions versions);
    AgencyRegistry(const AgencyRegistry& other) : AgencyRegistry(other.versions_) {}
    AgencyRegistry(AgencyRegistry&&) = default;
    AgencyRegistry& operator=(AgencyRegistry&&) = default;

    bool knows(std::string_view code) const { return place_of_.contains(code); }
    /// The version in force on the day; the first one holds backwards. nullptr: unknown agency.
    const AgencyVersion* as_of(std::string_view code, Day day) const;
    /// code is `ancestor` or is below it, by the hierarchy of that day. About 50 ns: asked for
    /// records.
    bool within(std::string_view code, std::string_view ancestor, Day day) const;
    /// `ancestor` (if known) and all below it on that day, sorted by code. Costs what it returns.
    std::vector<std::string> subtree(std::string_view ancestor, Day day) const;
    /// All codes, sorted.
    const Versions& all() const { return versions_; }

private:
    using Place = std::int32_t;  ///< of an agency in agencies_
    static constexpr Place nowhere = -1;
    struct Agency {
        const std::string* code;                     ///< into versions_
        const std::vector<AgencyVersion>* versions;  ///< into versions_
        std::vector<Place> parents;   ///< one a version; nowhere: at the top or unknown
        std::vector<Place> children;  ///< whoever is under it in some version
    };
    Place find(std::string_view code) const;
    Place parent_of(Place place, Day day) const;

    Versions versions_;  // its nodes do not move with it
    std::vector<Agency> agencies_;
    std::unordered_map<std::string_view, Place> place_of_;
};

}  // namespace chaiqin::domain
