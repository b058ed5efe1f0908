#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "runtime/metrics_document.hpp"
#include "runtime/metrics_table.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

std::string metrics_json() {
    wire::JsonWriter json;
    json.begin_object().key("metrics").begin_array();
    for (const auto& row : runtime::metrics_table)
        json.begin_object()
            .member("name", row.name)
            .member("help", row.help)
            .member("processes", row.who)
            .member("label", row.label.name)
            .end_object();
    return json.end_array().end_object().take();
}

}  // namespace

void add_metrics_command(Root root) {
    auto* metrics = root.app.add_subcommand(
        "metrics", "print what the processes measure: every metric, its labels and its meaning");
    metrics->footer("Example: chaiqin metrics > docs/metrics.md");
    auto json = std::make_shared<bool>(false);
    metrics->add_flag("--json", *json, "print JSON");
    metrics->callback([json] {
        if (*json)
            std::cout << metrics_json() << '\n';
        else
            std::cout << runtime::metrics_document();
    });
}

}  // namespace chaiqin::cli
