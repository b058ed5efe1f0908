#pragma once
// The product's own tables (office calendar, leave types, rules) from the files under schemas/, as
// postgres/registry stores them.
#include <string>
#include <vector>

#include "postgres/registry/registry_store.hpp"

namespace chaiqin::cli {

/// ConfigError: a file that cannot be read or is wrong.
std::vector<postgres::registry::BaseTable> base_tables(const std::string& schemas_dir);

}  // namespace chaiqin::cli
