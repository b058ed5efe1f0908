#pragma once
// Writing the registry: agencies uploads (gateway) and the product's own tables (`chaiqin
// migrate`). Each write moves registry.version under its lock, so that two writers come one after
// the other.
#include <string>
#include <vector>

#include "domain/registry_load.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::registry {

/// Plans against the registry as it stands under the lock and, unless it needs a confirmation that
/// was not given (plan.needs_confirmation), applies it as a whole. TransientFailure while
/// PostgreSQL is away.
domain::RegistryLoadPlan load_agencies(Session& session, const domain::AgencyUploads& uploads,
                                       domain::Day today, bool confirmed);

/// One of the product's own tables and the rows that it shall hold.
struct BaseTable {
    std::string name;  ///< registry.calendar_day, leave_type, rule or setting
    std::string rows;  ///< a JSON array of objects whose members are columns
};
/// Makes the tables hold just these rows; returns the names of those that differed. Idempotent.
std::vector<std::string> load_base_data(Session& session, const std::vector<BaseTable>& tables,
                                        const std::string& ruleset);

}  // namespace chaiqin::postgres::registry
