#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.hpp"
#include "runtime/metrics_document.hpp"

namespace chaiqin::cli {

void add_metrics_command(Root root) {
    auto* metrics = root.app.add_subcommand(
        "metrics", "print what the processes measure: every metric, its labels and its meaning");
    metrics->footer("Example: chaiqin metrics > docs/metrics.md");
    metrics->callback([] { std::cout << runtime::metrics_document(); });
}

}  // namespace chaiqin::cli
