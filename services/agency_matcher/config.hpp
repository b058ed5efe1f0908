#pragma once
// Options of the matcher; read once in main.
#include "runtime/config.hpp"

namespace chaiqin::agency_matcher {

struct Config {
    runtime::CommonConfig common;
    /// Threads that apply batches; each partition belongs to one.
    int workers = 2;
};

/// Throws ConfigError with all problems.
Config read_config(int argc, const char* const* argv, runtime::KafkaProblems kafka_problems = {});

}  // namespace chaiqin::agency_matcher
