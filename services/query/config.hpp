#pragma once
// What the query service is told at its start.
#include "domain/calendar.hpp"
#include "identity/token_verifier.hpp"
#include "runtime/config.hpp"

namespace chaiqin::query {

struct Config {
    runtime::CommonConfig common;
    identity::TokenSettings tokens;
    int grpc_port = 0;
    /// The first data month that the platform takes.
    domain::Month first_month = 0;
};

/// Of the command line, the environment and the file; ends the process with 78 and all problems if
/// something is wrong.
Config read_config(int argc, char** argv);

}  // namespace chaiqin::query
