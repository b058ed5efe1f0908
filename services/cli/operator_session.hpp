#pragma once
// The database as operators' commands see it: as its owner, across schemas, without the short
// statement time-out.
#include <string>

#include "cli/commands.hpp"
#include "domain/failure.hpp"
#include "postgres/session.hpp"

namespace chaiqin::cli {

/// ConfigError when the configuration does not say where the database is.
inline postgres::Session operator_session(const Surroundings& s, const std::string& command) {
    if (s.postgres.empty())
        throw domain::ConfigError(
            {"--postgres is needed (or CHAIQIN_POSTGRES, or a configuration file): the database as "
             "its "
             "owner"});
    return postgres::Session({.conninfo = s.postgres,
                              .application_name = "chaiqin " + command,
                              .statement_timeout = std::chrono::hours(2)});
}

}  // namespace chaiqin::cli
