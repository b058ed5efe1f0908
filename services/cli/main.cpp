// chaiqin: the command of senders, vendors and operators. Composition only.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "wire/reference_data.hpp"

namespace {

void add_surroundings(CLI::App& app, chaiqin::cli::Surroundings& s) {
    const char* file = std::getenv("CHAIQIN_CONFIG");
    app.set_config("--config", file ? file : "", "configuration file (name=value)");
    app.add_option("--brokers", s.brokers, "Kafka bootstrap servers")->envname("CHAIQIN_BROKERS");
    app.add_option("--postgres", s.postgres, "libpq connection string of the owner")
        ->envname("CHAIQIN_POSTGRES");
    app.add_option("--url", s.url, "the gateway, e.g. http://127.0.0.1:8800")
        ->envname("CHAIQIN_URL");
    app.add_option("--token", s.token, "bearer token (deploy/token prints one)")
        ->envname("CHAIQIN_TOKEN");
    app.add_option("--keys_dir", s.keys_dir, "directory of key files")->envname("CHAIQIN_KEYS_DIR");
    app.add_option("--topics_file", s.topics_file, "topics.json")->envname("CHAIQIN_TOPICS_FILE");
    app.add_option("--schemas_dir", s.schemas_dir, "the product's schemas/ directory")
        ->envname("CHAIQIN_SCHEMAS_DIR");
    app.add_option("--clock_file", s.clock_file, "the test clock of the stack, if it has one")
        ->envname("CHAIQIN_CLOCK_FILE");
    app.allow_config_extras(CLI::config_extras_mode::error);
}

}  // namespace

int main(int argc, char** argv) {
    using namespace chaiqin;
    const cli::GuardedStreams guarded;
    CLI::App app{"chaiqin: check, send and follow leave and overtime files; operate the platform",
                 "chaiqin"};
    app.require_subcommand(1);
    app.fallthrough();
    app.footer(
        "Exit codes: 0 ok, 1 findings or differences, 2 usage, 3 unavailable, 4 not allowed, 70 "
        "bug.\n"
        "Example: chaiqin check report.json --agency Z00000001A --registry agencies.csv");
    cli::Surroundings surroundings;
    add_surroundings(app, surroundings);
    int exit_code = 0;
    const cli::Root root{app, surroundings, exit_code};
    for (const auto add :
         {cli::add_keys_command, cli::add_topics_command, cli::add_migrate_command,
          cli::add_check_command, cli::add_explain_command, cli::add_client_commands,
          cli::add_load_commands, cli::add_verify_command, cli::add_rebuild_command,
          cli::add_quarantine_command, cli::add_audit_command, cli::add_metrics_command})
        add(root);
    runtime::open_log("chaiqin", "error");
    try {
        app.parse(argc, argv);
        return exit_code;
    } catch (const CLI::ParseError& failure) {
        return app.exit(failure) == 0 ? 0 : 2;
    } catch (const wire::TableError& failure) {
        for (const auto& problem : failure.problems) std::cerr << problem << '\n';
        return 1;
    } catch (const domain::ConfigError& failure) {
        for (const auto& problem : failure.problems) std::cerr << "chaiqin: " << problem << '\n';
        return 2;
    } catch (const domain::TransientFailure& failure) {
        std::cerr << "chaiqin: not available now: " << failure.what()
                  << "\n  Is the stack running? deploy/status shows each part.\n";
        return 3;
    } catch (const std::exception& failure) {
        std::cerr << "chaiqin: " << failure.what() << '\n';
        return 70;
    }
}
