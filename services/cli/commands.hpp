#pragma once
// The chaiqin command: one file a command, each adds itself to the root. Exit codes: 0 ok, 1
// findings or differences, 2 usage, 3 unavailable, 4 not allowed, 70 bug. Results on stdout,
// everything else on stderr.
#include <filesystem>
#include <functional>
#include <string>

#include "runtime/config.hpp"

namespace CLI {
class App;
}

namespace chaiqin::cli {

/// Where the stack is: flag > environment > file (--config or CHAIQIN_CONFIG). "" where not known.
struct Surroundings {
    std::string brokers, postgres, url, token, keys_dir, topics_file, schemas_dir, clock_file;
    runtime::KafkaOptions kafka;
};

/// What a command returns to main: it sets `exit_code` or throws.
struct Root {
    CLI::App& app;
    const Surroundings& surroundings;  ///< filled before a command runs
    int& exit_code;
};

/// The options that say where the stack is.
void add_surroundings(CLI::App& app, Surroundings& surroundings);
void add_keys_command(Root root);
void add_topics_command(Root root);
void add_migrate_command(Root root);
void add_check_command(Root root);
void add_client_commands(Root root);  ///< submit, status
void add_load_commands(Root root);    ///< table19 load, registry load
void add_verify_command(Root root);
void add_rebuild_command(Root root);
void add_quarantine_command(Root root);
void add_archive_command(Root root);
void add_recover_command(Root root);
void add_audit_command(Root root);
void add_metrics_command(Root root);
void add_explain_command(Root root);

/// The configured folder, else the `schemas` of the tree that this program stands in: vendors need
/// no set-up. ConfigError if there is none.
std::filesystem::path find_schemas(const Surroundings& surroundings);

/// Whole file; ConfigError if it cannot be read.
std::string read_text_file(const std::string& path);

}  // namespace chaiqin::cli
