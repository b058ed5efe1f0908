#include "wire/reference_data.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <utility>

#include "wire/csv.hpp"

namespace chaiqin::wire {

namespace {

using domain::Day;

/// Reads the fields of one row by column name and collects what is wrong with them.
class RowReader {
public:
    RowReader(const CsvHeader& header, const CsvRow& row, std::vector<std::string>& problems)
        : header_(header), row_(row), problems_(problems) {
        if (!row.well_formed) problem("", "not well-formed CSV");
    }

    std::string text(std::string_view column) {
        const auto index = header_.column(column);
        if (!index) problem(column, "the column is missing");
        return std::string(row_.field(index));
    }

    std::string text_if_present(std::string_view column) {
        return std::string(row_.field(header_.column(column)));
    }

    std::optional<Day> day(std::string_view column) {
        const auto value = text_if_present(column);
        if (value.empty()) return std::nullopt;
        const auto day = domain::parse_iso_day(value);
        if (!day) problem(column, "is no ISO date");
        return day;
    }

    std::optional<int> number(std::string_view column) {
        const auto value = text(column);
        if (value.empty()) return std::nullopt;
        int parsed = 0;
        const auto [end, failure] =
            std::from_chars(value.data(), value.data() + value.size(), parsed);
        if (failure == std::errc{} && end == value.data() + value.size()) return parsed;
        problem(column, "is no integer");
        return std::nullopt;
    }

    bool flag(std::string_view column) {
        const auto value = text(column);
        if (value != "0" && value != "1") problem(column, "is neither 0 nor 1");
        return value == "1";
    }

    std::string one_of(std::string_view column, std::initializer_list<std::string_view> allowed) {
        auto value = text(column);
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            problem(column, "is not allowed");
        return value;
    }

    void problem(std::string_view column, std::string_view what) {
        problems_.push_back("line " + std::to_string(row_.line) + ": " + std::string(column) + " " +
                            std::string(what));
    }

private:
    const CsvHeader& header_;
    const CsvRow& row_;
    std::vector<std::string>& problems_;
};

template <typename Row>
std::vector<Row> parse_own_table(std::string_view csv,
                                 const std::function<Row(RowReader&)>& parse) {
    std::vector<Row> rows;
    std::vector<std::string> problems;
    const bool has_header = read_csv(csv, [&](const CsvHeader& header, const CsvRow& row) {
        RowReader reader(header, row, problems);
        rows.push_back(parse(reader));
    });
    if (!has_header) problems.push_back("the header row is missing");
    if (!problems.empty()) throw domain::ConfigError(std::move(problems));
    return rows;
}

LeaveTypeRow leave_type_row(RowReader& reader) {
    LeaveTypeRow row;
    row.code = reader.number("code").value_or(0);
    if (row.code < 1 || row.code > 99) reader.problem("code", "is not in 1..99");
    row.name = reader.text("name");
    row.valid_from = reader.day("valid_from");
    row.valid_to = reader.day("valid_to");
    row.unit_minutes = reader.number("unit_minutes").value_or(60);
    row.day_basis = reader.one_of("day_basis", {"working", "calendar"});
    row.yearly_limit_days = reader.number("yearly_limit_days");
    row.limit_period = reader.text("limit_period");
    row.official_duty = reader.flag("official_duty");
    row.sub_types = reader.text("sub_types");
    row.needs_sub_type = reader.flag("needs_sub_type");
    row.needs_event_date = reader.flag("needs_event_date");
    row.needs_location = reader.text("needs_location");
    row.window_before_days = reader.number("window_before_days");
    row.window_after_days = reader.number("window_after_days");
    row.note = reader.text("note");
    return row;
}

domain::Rule rule_row(RowReader& reader) {
    domain::Rule rule;
    rule.code = reader.text("code");
    rule.scope = reader.one_of("scope", {"file", "envelope", "record"});
    rule.severity = reader.one_of("severity", {"error", "warning"}) == "error"
                        ? domain::Severity::error
                        : domain::Severity::warning;
    rule.needs = reader.text("needs");
    rule.service = reader.one_of("service", {"gateway", "validator", "agency_matcher"});
    rule.note = reader.text("note");
    rule.enabled = reader.flag("enabled");
    rule.valid_from = reader.day("valid_from");
    rule.valid_to = reader.day("valid_to");
    rule.field = reader.text("field");
    rule.message_zh = reader.text("message_zh");
    rule.message_en = reader.text("message_en");
    return rule;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> found;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) found.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return found;
}

/// FNV-1a over fields with a separator: names a rule set, protects nothing.
class Fingerprint {
public:
    void add(std::string_view field) {
        for (const char c : field) mix(static_cast<unsigned char>(c));
        mix(0x1F);
    }
    std::string hex() const {
        std::string text;
        for (int shift = 60; shift >= 0; shift -= 4)
            text += "0123456789abcdef"[state_ >> shift & 15];
        return text;
    }

private:
    void mix(unsigned char byte) { state_ = (state_ ^ byte) * 0x100000001B3u; }
    std::uint64_t state_ = 0xCBF29CE484222325u;
};

bool agency_code_shape(std::string_view code) {
    if (code.size() != 10 || code[9] < 'A' || code[9] > 'Z') return false;
    return std::all_of(code.begin(), code.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

/// Why an agency row cannot stand, "" if it can.
std::string agency_row_fault(const domain::AgencyUpload& row,
                             const std::vector<std::string>& problems) {
    const auto& version = row.version;
    if (!problems.empty()) return "日期格式錯誤或非 CSV 格式";
    if (!agency_code_shape(row.org_code)) return "機關代碼格式錯誤";
    if (version.name.empty()) return "機關名稱不得為空白";
    if (!version.supervising_agency.empty() && !agency_code_shape(version.supervising_agency)) {
        return "主管機關代碼格式錯誤";
    }
    if (version.supervising_agency == row.org_code) return "主管機關不得為機關本身";
    if (!version.successor.empty() && !agency_code_shape(version.successor))
        return "承接機關代碼格式錯誤";
    if (version.established_on && version.abolished_on &&
        *version.abolished_on <= *version.established_on) {
        return "裁撤日須晚於成立日";
    }
    if (version.exempt_to && !version.exempt_from) return "免報送迄日須有起日";
    if (version.exempt_from && version.exempt_to && *version.exempt_to < *version.exempt_from) {
        return "免報送迄日早於起日";
    }
    return "";
}

domain::AgencyUpload agency_row(RowReader& reader, std::uint64_t line) {
    domain::AgencyUpload row;
    row.line = line;
    row.org_code = reader.text("org_code");
    row.effective_on = reader.day("effective_on");
    row.version.name = reader.text("name");
    row.version.supervising_agency = reader.text_if_present("supervising_org_code");
    row.version.established_on = reader.day("established_on");
    row.version.abolished_on = reader.day("abolished_on");
    row.version.successor = reader.text_if_present("successor_org_code");
    row.version.exempt_from = reader.day("exempt_from");
    row.version.exempt_to = reader.day("exempt_to");
    row.version.contact_email = reader.text_if_present("contact_email");
    return row;
}

CalendarDay calendar_day(const rapidjson::Value& entry, std::size_t index,
                         std::vector<std::string>& problems) {
    CalendarDay day;
    const auto member = [&](const char* name) -> const rapidjson::Value* {
        if (!entry.IsObject()) return nullptr;
        const auto found = entry.FindMember(name);
        return found == entry.MemberEnd() ? nullptr : &found->value;
    };
    const auto *date = member("date"), *off = member("day_off"), *note = member("note");
    const auto parsed = date != nullptr && date->IsString()
                            ? domain::parse_iso_day({date->GetString(), date->GetStringLength()})
                            : std::nullopt;
    if (!parsed || off == nullptr || !off->IsBool()) {
        problems.push_back("entry " + std::to_string(index + 1) +
                           ": date or day_off is missing or wrong");
        return day;
    }
    day.day = *parsed;
    day.day_off = off->GetBool();
    if (note != nullptr && note->IsString())
        day.note.assign(note->GetString(), note->GetStringLength());
    return day;
}

}  // namespace

std::vector<LeaveTypeRow> parse_leave_type_rows(std::string_view csv) {
    return parse_own_table<LeaveTypeRow>(csv, leave_type_row);
}

domain::LeaveType to_leave_type(const LeaveTypeRow& row) {
    domain::LeaveType type;
    type.code = row.code;
    type.name = row.name;
    type.valid_from = row.valid_from;
    type.valid_to = row.valid_to;
    type.calendar_basis = row.day_basis == "calendar";
    type.sub_types = words(row.sub_types);
    type.needs_sub_type = row.needs_sub_type;
    type.needs_event_date = row.needs_event_date;
    type.needs_location = row.needs_location == "1";
    if (row.needs_location != "0" && row.needs_location != "1")
        type.location_sub_types = words(row.needs_location);
    type.window_before_days = row.window_before_days;
    type.window_after_days = row.window_after_days;
    return type;
}

domain::LeaveTypes parse_leave_types(std::string_view csv) {
    std::vector<domain::LeaveType> types;
    for (const auto& row : parse_leave_type_rows(csv)) types.push_back(to_leave_type(row));
    return domain::LeaveTypes(std::move(types));
}

std::vector<domain::Rule> parse_rules(std::string_view csv) {
    return parse_own_table<domain::Rule>(csv, rule_row);
}

domain::RuleSet make_rule_set(std::vector<domain::Rule> rules) {
    Fingerprint fingerprint;
    for (const auto& rule : rules) {
        fingerprint.add(rule.code);
        fingerprint.add(rule.scope);
        fingerprint.add(domain::severity_name(rule.severity));
        fingerprint.add(rule.needs);
        fingerprint.add(rule.service);
        fingerprint.add(rule.note);
        fingerprint.add(rule.enabled ? "1" : "0");
        fingerprint.add(rule.valid_from ? domain::iso_day(*rule.valid_from) : "");
        fingerprint.add(rule.valid_to ? domain::iso_day(*rule.valid_to) : "");
        fingerprint.add(rule.field);
        fingerprint.add(rule.message_zh);
        fingerprint.add(rule.message_en);
    }
    return domain::RuleSet("r" + fingerprint.hex().substr(0, 12), std::move(rules));
}

std::vector<CalendarDay> parse_calendar_days(std::string_view json) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
    if (document.HasParseError() || !document.IsArray()) {
        throw domain::ConfigError({"the office calendar is no JSON array"});
    }
    std::vector<CalendarDay> days;
    std::vector<std::string> problems;
    for (std::size_t i = 0; i < document.Size(); ++i) {
        days.push_back(calendar_day(document[static_cast<rapidjson::SizeType>(i)], i, problems));
    }
    if (!problems.empty()) throw domain::ConfigError(std::move(problems));
    return days;
}

domain::OfficeCalendar make_office_calendar(std::vector<CalendarDay> days,
                                            domain::DeadlineRule rule) {
    if (days.empty()) return {0, {}, rule};
    std::sort(days.begin(), days.end(),
              [](const CalendarDay& a, const CalendarDay& b) { return a.day < b.day; });
    std::vector<bool> off;
    std::vector<std::string> problems;
    for (std::size_t i = 0; i < days.size(); ++i) {
        if (i > 0 && days[i].day != days[i - 1].day + 1) {
            problems.push_back("the office calendar has a gap or a repetition before " +
                               domain::iso_day(days[i].day));
        }
        off.push_back(days[i].day_off);
    }
    if (!problems.empty()) throw domain::ConfigError(std::move(problems));
    return domain::OfficeCalendar(days.front().day, std::move(off), rule);
}

domain::DeadlineRule parse_deadline_rule(std::string_view csv) {
    std::map<std::string, std::string, std::less<>> values;
    read_csv(csv, [&](const CsvHeader& header, const CsvRow& row) {
        values.emplace(row.field(header.column("name")), row.field(header.column("value")));
    });
    for (const char* name : {"deadline_day", "deadline_moves"})
        if (!values.contains(name))
            throw domain::ConfigError({std::string("settings.csv has no row ") + name});
    const auto rule = domain::parse_deadline_rule(values["deadline_day"], values["deadline_moves"]);
    if (!rule) throw domain::ConfigError({"settings.csv: deadline_day must be 1 to 28"});
    return *rule;
}

domain::AgencyUploads parse_agency_rows(std::string_view csv) {
    domain::AgencyUploads result;
    read_csv(csv, [&](const CsvHeader& header, const CsvRow& row) {
        ++result.rows;
        std::vector<std::string> problems;
        RowReader reader(header, row, problems);
        auto parsed = agency_row(reader, row.line);
        if (auto fault = agency_row_fault(parsed, problems); !fault.empty()) {
            result.rejected.push_back({row.line, std::move(fault)});
        } else {
            result.accepted.push_back(std::move(parsed));
        }
    });
    return result;
}

domain::AgencyRegistry make_agency_registry(const domain::AgencyUploads& rows, Day today) {
    domain::AgencyRegistry::Versions versions;
    for (const auto& row : rows.accepted) {
        auto& of_agency = versions[row.org_code];
        auto version = row.version;
        const auto otherwise = of_agency.empty() ? Day{0} : today;
        version.effective_on =
            row.effective_on.value_or(version.established_on.value_or(otherwise));
        std::erase_if(of_agency,
                      [&](const auto& held) { return held.effective_on == version.effective_on; });
        of_agency.push_back(std::move(version));
    }
    return domain::AgencyRegistry(std::move(versions));
}

}  // namespace chaiqin::wire
