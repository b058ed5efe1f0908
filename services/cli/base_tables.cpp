#include "cli/base_tables.hpp"

#include <filesystem>
#include <utility>

#include "cli/commands.hpp"
#include "wire/csv.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::cli {

using postgres::registry::BaseTable;

namespace {

/// A CSV of ours as a table: its columns by name, blank dates and numbers as null, a row number at
/// the end.
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

}  // namespace

std::vector<BaseTable> base_tables(const std::string& schemas_dir) {
    const std::filesystem::path schemas = schemas_dir;
    std::vector<BaseTable> tables;
    BaseTable calendar{
        "registry.calendar_day", {"day", "day_off", "note"}, {"date", "boolean", "text"}, {}};
    for (const auto& day :
         wire::parse_calendar_days(read_text_file(schemas / "registry/office-calendar.json")))
        calendar.rows.push_back(
            {domain::iso_day(day.day), day.day_off ? "true" : "false", day.note});
    tables.push_back(std::move(calendar));
    tables.push_back(csv_table("registry.leave_type",
                               read_text_file(schemas / "registry/leave-types.csv"),
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
    tables.push_back(csv_table("registry.setting",
                               read_text_file(schemas / "registry/settings.csv"),
                               {{"name", "text"}, {"value", "text"}, {"note", "text"}}));
    return tables;
}

}  // namespace chaiqin::cli
