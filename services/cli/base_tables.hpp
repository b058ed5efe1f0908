#pragma once
// The product's own tables (office calendar, leave types, rules) from the files under schemas/, as
// postgres/registry stores them.
#include <string>
#include <vector>

#include "postgres/registry/registry_store.hpp"

namespace chaiqin::cli {

struct BaseTables {
    std::vector<postgres::registry::BaseTable> tables;
    std::string ruleset;  ///< the version of the rules
};

/// TableError: a file is wrong. ConfigError: it cannot be read.
BaseTables base_tables(const std::string& schemas_dir);

}  // namespace chaiqin::cli
