// chaiqin: the command of senders, vendors and operators. Composition only.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "wire/reference_data.hpp"

int main(int argc, char** argv) {
    using namespace chaiqin;
    const cli::GuardedStreams guarded;
    CLI::App app{"chaiqin: check, send and follow leave and overtime files; operate the platform",
                 "chaiqin"};
    app.require_subcommand(1);
    app.fallthrough();
    app.footer(
        "Exit codes: 0 ok, 1 findings or differences, 2 usage, 3 unavailable, 4 not allowed, 70 "
        "bug."
        "\n"
        "Example: chaiqin check report.json --agency Z00000001A --registry agencies.csv");
    cli::Surroundings surroundings;
    cli::add_surroundings(app, surroundings);
    int exit_code = 0;
    const cli::Root root{app, surroundings, exit_code};
    for (const auto add :
         {cli::add_keys_command, cli::add_topics_command, cli::add_migrate_command,
          cli::add_check_command, cli::add_explain_command, cli::add_client_commands,
          cli::add_load_commands, cli::add_verify_command, cli::add_rebuild_command,
          cli::add_quarantine_command, cli::add_recover_command, cli::add_archive_command,
          cli::add_audit_command, cli::add_metrics_command})
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
