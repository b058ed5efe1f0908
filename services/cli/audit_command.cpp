// `chaiqin audit list`: who read or loaded other agencies' data.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/operator_session.hpp"
#include "cli/terminal.hpp"
#include "domain/failure.hpp"
#include "postgres/operations/quarantine.hpp"
#include "runtime/clock.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

/// A day is its first moment in Asia/Taipei, as an end its last.
domain::Instant moment_of(const std::string& text, bool is_end) {
    if (const auto at = domain::parse_rfc3339(text)) return *at;
    if (const auto day = domain::parse_iso_day(text))
        return domain::taipei_midnight(*day + (is_end ? 1 : 0));
    throw domain::ConfigError(
        {"not a time such as 2026-11-05 or 2026-11-05T09:00:00+08:00: " + text});
}

void print_json(const std::vector<postgres::operations::AuditLine>& lines) {
    wire::JsonWriter out;
    out.begin_object();
    out.key("lines");
    out.begin_array();
    for (const auto& l : lines) {
        out.begin_object();
        out.member("at", domain::rfc3339_taipei(l.at));
        out.member("sub", l.sub);
        out.member("agency", l.agency);
        out.member("acting", l.acting);
        out.member("action", l.action);
        out.member("object", l.object);
        out.member("result", l.result);
        out.end_object();
    }
    out.end_array();
    out.end_object();
    std::cout << out.take() << '\n';
}

void list(const Root& root, const std::string& from_text, const std::string& to_text, bool json) {
    const auto now = runtime::make_clock(root.surroundings.clock_file)->now();
    const auto to = to_text.empty() ? now + std::chrono::minutes(1) : moment_of(to_text, true);
    const auto from = from_text.empty() ? std::min(to, now) - std::chrono::hours(24)
                                        : moment_of(from_text, false);
    auto session = operator_session(root.surroundings, "audit");
    const auto lines = postgres::operations::list_audit(session, from, to);
    if (json) return print_json(lines);
    for (const auto& l : lines)
        std::cout << domain::rfc3339_taipei(l.at) << "  "
                  << printable(l.sub + "  " + l.agency + " for " + l.acting + "  " + l.action +
                               ' ' + l.object + "  " + l.result)
                  << '\n';
}

}  // namespace

void add_audit_command(Root root) {
    auto* audit = root.app.add_subcommand("audit", "reads and loads of other agencies' data");
    audit->require_subcommand(1);
    auto from = std::make_shared<std::string>(), to = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    auto* list_command = audit->add_subcommand("list", "newest first; the last day by default");
    list_command->footer("Example: chaiqin audit list --from 2026-11-01 --to 2026-11-20 --json");
    list_command->add_option("--from", *from, "day or time, inclusive");
    list_command->add_option("--to", *to, "day, inclusive, or time, exclusive");
    list_command->add_flag("--json", *json, "print JSON");
    list_command->callback([root, from, to, json] { list(root, *from, *to, *json); });
}

}  // namespace chaiqin::cli
