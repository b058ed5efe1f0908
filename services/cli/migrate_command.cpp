#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "cli/commands.hpp"
#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "postgres/migrations.hpp"
#include "postgres/registry/registry_store.hpp"
#include "wire/csv.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::cli {

namespace fs = std::filesystem;
using postgres::registry::BaseTable;

std::string read_text_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        throw domain::ConfigError(
            {"cannot read " + (path.empty() ? "a file that is not named in the configuration" : path)});
    return text.str();
}

namespace {

std::vector<postgres::Migration> read_migrations(const fs::path& directory) {
    std::vector<postgres::Migration> all;
    for (const auto& entry : fs::directory_iterator(directory)) {
        const auto name = entry.path().filename().string();
        if (name.size() < 8 || name[0] != 'V' || !name.ends_with(".sql")) continue;
        const auto sql = read_text_file(entry.path().string());
        all.push_back({std::stoi(name.substr(1)), name, sql, crypto::sha256_hex(sql)});
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    return all;
}

/// A CSV of ours as a table: its columns by name, blank dates and numbers as null, a row number at the end.
BaseTable csv_table(const std::string& name, const std::string& text,
                    std::vector<std::pair<std::string, std::string>> columns) {
    BaseTable table{name, {}, {}, {}};
    for (auto& [column, type] : columns) {
        table.columns.push_back(column);
        table.types.push_back(type);
    }
    table.columns.emplace_back("row_no");
    table.types.emplace_back("int");
    wire::read_csv(text, [&](const wire::CsvHeader& header, const wire::CsvRow& row) {
        std::vector<std::optional<std::string>> values;
        for (const auto& [column, type] : columns) {
            const std::string value(row.field(header.column(column)));
            values.push_back(value.empty() && type != "text" ? std::nullopt : std::optional(value));
        }
        values.push_back(std::to_string(table.rows.size() + 1));
        table.rows.push_back(std::move(values));
    });
    return table;
}

std::vector<BaseTable> base_tables(const fs::path& schemas) {
    std::vector<BaseTable> tables;
    BaseTable calendar{"registry.calendar_day", {"day", "day_off", "note"}, {"date", "boolean", "text"}, {}};
    for (const auto& day :
         wire::parse_calendar_days(read_text_file(schemas / "registry/office-calendar.json")))
        calendar.rows.push_back({domain::iso_day(day.day), day.day_off ? "true" : "false", day.note});
    tables.push_back(std::move(calendar));
    tables.push_back(csv_table("registry.leave_type", read_text_file(schemas / "registry/leave-types.csv"),
                               {{"code", "int"},
                                {"name", "text"},
                                {"valid_from", "date"},
                                {"valid_to", "date"},
                                {"unit_minutes", "int"},
                                {"day_basis", "text"},
                                {"yearly_limit_days", "int"},
                                {"limit_period", "text"},
                                {"official_duty", "boolean"},
                                {"sub_types", "text"},
                                {"needs_sub_type", "boolean"},
                                {"needs_event_date", "boolean"},
                                {"needs_location", "text"},
                                {"window_before_days", "int"},
                                {"window_after_days", "int"},
                                {"note", "text"}}));
    tables.push_back(csv_table("registry.rule", read_text_file(schemas / "rules/rules.csv"),
                               {{"code", "text"},
                                {"scope", "text"},
                                {"severity", "text"},
                                {"needs", "text"},
                                {"service", "text"},
                                {"note", "text"},
                                {"enabled", "boolean"},
                                {"valid_from", "date"},
                                {"valid_to", "date"},
                                {"field", "text"},
                                {"message_zh", "text"},
                                {"message_en", "text"}}));
    return tables;
}

}  // namespace

void add_migrate_command(Root root) {
    auto* migrate = root.app.add_subcommand(
        "migrate", "apply what is missing of schemas/postgres and load calendar, leave types and rules");
    migrate->footer(
        "Example: chaiqin migrate --postgres 'host=127.0.0.1 port=8804 dbname=chaiqin user=chaiqin'");
    migrate->callback([root] {
        const fs::path schemas = root.surroundings.schemas_dir;
        postgres::Session session({.conninfo = root.surroundings.postgres,
                                   .application_name = "chaiqin migrate",
                                   .statement_timeout = std::chrono::minutes(30)});
        for (const auto& name : postgres::migrate(session, read_migrations(schemas / "postgres")))
            std::cout << "applied " << name << '\n';
        const auto rules =
            wire::make_rule_set(wire::parse_rules(read_text_file(schemas / "rules/rules.csv")));
        for (const auto& table :
             postgres::registry::load_base_data(session, base_tables(schemas), rules.version()))
            std::cout << "loaded " << table << '\n';
        std::cout << "database is up to date, rule set " << rules.version() << '\n';
    });
}

}  // namespace chaiqin::cli
