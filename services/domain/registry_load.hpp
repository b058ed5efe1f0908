#pragma once
// What an upload of agencies would do to the registry (HTTP API: POST /registry/agencies), decided before anything is
// written. Pure. A row adds or replaces the version of its agency from effective_on; nothing is ever removed.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/agency.hpp"

namespace chaiqin::domain {

struct AgencyUpload {
    std::uint64_t line = 0;
    std::string org_code;
    std::optional<Day> effective_on;  ///< blank: established_on, or today for a known agency
    AgencyVersion version;
};

struct RegistryLoadPlan {
    std::uint64_t rows = 0, added = 0, changed = 0, unchanged = 0;  ///< agencies added; agencies changed
    std::vector<std::pair<std::uint64_t, std::string>> rejected;    ///< (line, reason in zh-TW), by line
    std::vector<std::pair<std::string, AgencyVersion>> changes;     ///< versions to write
    bool needs_confirmation = false;  ///< over 1 % of the agencies registered before would change
};

inline constexpr int deepest_hierarchy = 6;

RegistryLoadPlan plan_registry_load(const std::vector<AgencyUpload>& uploads, const AgencyRegistry& before, Day today);

}  // namespace chaiqin::domain
