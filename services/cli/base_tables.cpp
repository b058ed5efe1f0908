#include "cli/base_tables.hpp"

#include <filesystem>
#include <set>

#include "cli/commands.hpp"
#include "wire/csv.hpp"
#include "wire/json_writer.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::cli {

using postgres::registry::BaseTable;

namespace {

/// A CSV of ours as a table: its columns by name, a row number at the end. A blank is null in the
/// columns named so, otherwise an empty text. The text is known to be good.
BaseTable csv_table(const std::string& name, const std::string& text,
                    const std::vector<std::string_view>& columns,
                    const std::set<std::string_view>& null_if_blank) {
    wire::JsonWriter rows;
    rows.begin_array();
    int row_no = 0;
    wire::read_csv(
        text, {columns, {}}, [&](const wire::CsvHeader& header, const wire::CsvRow& row) {
            rows.begin_object();
            for (const auto& column : columns) {
                const std::string_view value = row.field(header.column(column));
                rows.key(column);
                value.empty() && null_if_blank.contains(column) ? rows.null() : rows.value(value);
            }
            rows.member("row_no", ++row_no).end_object();
        });
    rows.end_array();
    return {.name = name, .rows = rows.take()};
}

BaseTable calendar_table(const std::vector<wire::CalendarDay>& days) {
    wire::JsonWriter rows;
    rows.begin_array();
    for (const auto& day : days)
        rows.begin_object()
            .member("day", domain::iso_day(day.day))
            .member("day_off", day.day_off)
            .member("note", day.note)
            .end_object();
    rows.end_array();
    return {.name = "registry.calendar_day", .rows = rows.take()};
}

/// A file under schemas/, and its name as a message says it.
struct SourceFile {
    explicit SourceFile(const std::filesystem::path& path)
        : name(path.string()), text(read_text_file(name)) {}
    std::string name, text;
};

}  // namespace

BaseTables base_tables(const std::string& schemas_dir) {
    const std::filesystem::path schemas = schemas_dir;
    const SourceFile settings(schemas / "registry/settings.csv"),
        calendar(schemas / "registry/office-calendar.json"),
        leave_types(schemas / "registry/leave-types.csv"), rules(schemas / "rules/rules.csv");
    const auto days = wire::parse_calendar_days(calendar.text, calendar.name);
    (void)wire::make_office_calendar(days, wire::parse_deadline_rule(settings.text, settings.name),
                                     calendar.name);
    (void)wire::parse_leave_types(leave_types.text, leave_types.name);
    BaseTables all;
    all.ruleset = wire::make_rule_set(wire::parse_rules(rules.text, rules.name)).version();
    all.tables = {
        calendar_table(days),
        csv_table("registry.leave_type", leave_types.text,
                  {"code", "name", "valid_from", "valid_to", "unit_minutes", "day_basis",
                   "yearly_limit_days", "limit_period", "official_duty", "sub_types",
                   "needs_sub_type", "needs_event_date", "needs_location", "window_before_days",
                   "window_after_days", "note"},
                  {"valid_from", "valid_to", "yearly_limit_days", "window_before_days",
                   "window_after_days"}),
        csv_table("registry.rule", rules.text,
                  {"code", "scope", "severity", "needs", "service", "note", "enabled", "valid_from",
                   "valid_to", "field", "message_zh", "message_en"},
                  {"valid_from", "valid_to"}),
        csv_table("registry.setting", settings.text, {"name", "value", "note"}, {}),
    };
    return all;
}

}  // namespace chaiqin::cli
