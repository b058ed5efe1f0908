#pragma once
// The product's own tables as they stand in files (schemas/registry, schemas/rules) and an agencies
// file as the registry takes it, turned into domain objects. Pure: text in, values out; who reads
// files or tables is outside.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/failure.hpp"
#include "domain/leave_types.hpp"
#include "domain/office_calendar.hpp"
#include "domain/registry_load.hpp"
#include "domain/rules.hpp"
#include "wire/csv.hpp"

namespace chaiqin::wire {

/// A table of the product that is wrong: each problem begins with FILE:LINE. `chaiqin` prints them
/// as they are and exits 1.
struct TableError : domain::ConfigError {
    using ConfigError::ConfigError;
};

/// leave-types.csv as it stands, for whoever stores it (column names as in the file).
struct LeaveTypeRow {
    int code = 0;
    std::string name;
    std::optional<domain::Day> valid_from, valid_to;
    int unit_minutes = 60;
    std::string day_basis;  ///< working, calendar
    std::optional<int> yearly_limit_days;
    std::string limit_period;
    bool official_duty = false;
    std::string sub_types;  ///< space-separated
    bool needs_sub_type = false;
    bool needs_event_date = false;
    std::string needs_location;  ///< "0", "1", or the sub-types that need one
    std::optional<int> window_before_days, window_after_days;
    std::string note;
    bool operator==(const LeaveTypeRow&) const = default;
};

/// These are the product's own files: TableError with all problems of a text, each of them after
/// FILE:LINE, where `file` is FILE. Every column must be there.
std::vector<LeaveTypeRow> parse_leave_type_rows(std::string_view csv,
                                                std::string_view file = "leave-types.csv");
domain::LeaveType to_leave_type(const LeaveTypeRow& row);
domain::LeaveTypes parse_leave_types(std::string_view csv,
                                     std::string_view file = "leave-types.csv");

/// rules.csv. Field of O05 is "(that key)" and its message names the four keys. TableError as
/// above.
std::vector<domain::Rule> parse_rules(std::string_view csv, std::string_view file = "rules.csv");
/// Rules with their version: "r" and the first 12 hex digits of a hash over all rows.
domain::RuleSet make_rule_set(std::vector<domain::Rule> rules);

struct CalendarDay {
    domain::Day day = 0;
    bool day_off = false;
    std::string note;
    std::uint64_t line = 0;  ///< of the file
    bool operator==(const CalendarDay&) const = default;
};
/// office-calendar.json: an array of {date, day_off, note}, in any order. TableError as above.
std::vector<CalendarDay> parse_calendar_days(std::string_view json,
                                             std::string_view file = "office-calendar.json");
/// The days must follow each other without a gap once sorted; else TableError.
domain::OfficeCalendar make_office_calendar(std::vector<CalendarDay> days,
                                            domain::DeadlineRule rule = {},
                                            std::string_view file = "office-calendar.json");

/// settings.csv (name, value, note). TableError: a row is missing, or its value cannot be.
domain::DeadlineRule parse_deadline_rule(std::string_view csv,
                                         std::string_view file = "settings.csv");

/// An agencies file (docs/http-api.md, "Loading agencies"): the shape of each row is checked here,
/// what it does to the registry is domain/registry_load's. A fault: nothing of the file counts.
std::variant<domain::AgencyUploads, TableFault> parse_agency_rows(std::string_view csv);

}  // namespace chaiqin::wire
