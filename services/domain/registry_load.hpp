#pragma once
// What an upload of agencies would do to the registry (docs/http-api.md, "Loading agencies"),
// decided before anything is written. Pure. A row adds or replaces the version of its agency from
// effective_on; nothing is ever removed. Rows are taken in the order of the file, but parents may
// stand after children.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/agency.hpp"

namespace chaiqin::domain {

/// One row of an agencies file, its shape checked, not yet judged against others.
struct AgencyUpload {
    std::uint64_t line = 0;  ///< of the file; the header is line 1
    std::string org_code;
    std::optional<Day> effective_on;  ///< blank: established_on, or today for a known agency
    AgencyVersion version;            ///< its effective_on is filled by the plan
    bool operator==(const AgencyUpload&) const = default;
};

struct RejectedUpload {
    std::uint64_t line = 0;
    std::string reason;  ///< zh-TW
    auto operator<=>(const RejectedUpload&) const = default;
};

/// Which columns the file has; one that is absent leaves what is stored.
struct AgencyColumns {
    bool supervising_agency = true, established_on = true, abolished_on = true, successor = true,
         exempt_from = true, exempt_to = true, contact_email = true;
    bool operator==(const AgencyColumns&) const = default;
};

/// An agencies file as wire/reference_data reads it.
struct AgencyUploads {
    AgencyColumns columns;
    std::uint64_t rows = 0;  ///< all after the header
    std::vector<AgencyUpload> accepted;
    std::vector<RejectedUpload> rejected;  ///< whose shape is wrong
};

struct RegistryLoadPlan {
    /// Rows of new agencies, of known ones that change, of those that stand already; with the
    /// rejected ones they make up `rows`.
    std::uint64_t rows = 0, added = 0, changed = 0, unchanged = 0;
    std::vector<RejectedUpload> rejected;  ///< by line
    std::vector<std::pair<std::string, AgencyVersion>>
        changes;                      ///< versions to write, each (code, date) once
    bool needs_confirmation = false;  ///< over 1 % of the agencies registered before would change
};

inline constexpr int deepest_hierarchy = 6;

RegistryLoadPlan plan_registry_load(const AgencyUploads& uploads, const AgencyRegistry& before,
                                    Day today);
/// The registry as it stands after the plan.
AgencyRegistry with_changes(const AgencyRegistry& before, const RegistryLoadPlan& plan);

}  // namespace chaiqin::domain
