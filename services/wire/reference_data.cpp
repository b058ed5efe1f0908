#include "wire/reference_data.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <utility>

namespace chaiqin::wire {

namespace {

using domain::Day;

/// Reads the fields of one row by column name and collects what is wrong with them.
class RowReader {
public:
    RowReader(const CsvHeader& header, const CsvRow& row, std::vector<std::string>& problems)
        : header_(header), row_(row), problems_(problems) {}

    std::string text(std::string_view column) {
        return std::string(row_.field(header_.column(column)));
    }

    std::optional<Day> day(std::string_view column) {
        const auto value = text(column);
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

    int needed_number(std::string_view column) {
        if (text(column).empty()) problem(column, "is blank");
        return number(column).value_or(0);
    }

    std::string needed_text(std::string_view column) {
        auto value = text(column);
        if (value.empty()) problem(column, "is blank");
        return value;
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
        problems_.push_back(std::string(column) + " " + std::string(what));
    }

private:
    const CsvHeader& header_;
    const CsvRow& row_;
    std::vector<std::string>& problems_;
};

std::string at_line(std::string_view file, std::uint64_t line, const std::string& what) {
    return std::string(file) + ":" + std::to_string(line) + ": " + what;
}

/// A table of the product: every column is needed, and no other one may stand there. TableError
/// with all that is wrong.
template <typename Row>
std::vector<Row> parse_own_table(std::string_view csv, std::string_view file,
                                 std::vector<std::string_view> columns,
                                 const std::function<Row(RowReader&)>& parse,
                                 std::vector<std::uint64_t>* lines = nullptr) {
    std::vector<Row> rows;
    std::vector<std::string> problems;
    const auto fault =
        read_csv(csv, {std::move(columns), {}}, [&](const CsvHeader& header, const CsvRow& row) {
            std::vector<std::string> of_row;
            if (row.whole()) {
                RowReader reader(header, row, of_row);
                rows.push_back(parse(reader));
                if (lines != nullptr) lines->push_back(row.line);
            } else {
                of_row.emplace_back(shape_en(row.shape));
            }
            for (const auto& problem : of_row) problems.push_back(at_line(file, row.line, problem));
        });
    if (fault) throw TableError({at_line(file, fault->line, fault->en_without_line())});
    if (!problems.empty()) throw TableError(std::move(problems));
    return rows;
}

/// Of two rows with one code only one may be in force on a day.
template <typename Row>
void refuse_overlaps(const std::vector<Row>& rows, const std::vector<std::uint64_t>& lines,
                     std::string_view file) {
    const auto overlap = [](const Row& a, const Row& b) {
        return a.code == b.code && !(a.valid_to && b.valid_from && *a.valid_to < *b.valid_from) &&
               !(b.valid_to && a.valid_from && *b.valid_to < *a.valid_from);
    };
    std::vector<std::string> problems;
    for (std::size_t later = 0; later < rows.size(); ++later)
        for (std::size_t earlier = 0; earlier < later; ++earlier)
            if (overlap(rows[earlier], rows[later]))
                problems.push_back(
                    at_line(file, lines[later],
                            "code is in force on days of line " + std::to_string(lines[earlier])));
    if (!problems.empty()) throw TableError(std::move(problems));
}

LeaveTypeRow leave_type_row(RowReader& reader) {
    LeaveTypeRow row;
    row.code = reader.number("code").value_or(0);
    if (row.code < 1 || row.code > 99) reader.problem("code", "is not in 1..99");
    row.name = reader.needed_text("name");
    row.valid_from = reader.day("valid_from");
    row.valid_to = reader.day("valid_to");
    row.unit_minutes = reader.needed_number("unit_minutes");
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
    rule.code = reader.needed_text("code");
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

/// A plain address: no name, no quotes, no brackets.
bool is_plain_address(std::string_view text) {
    constexpr std::string_view signs = "!#$%&'*+-/=?^_`{|}~.";
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
    const auto is_word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto dots_are_good = [](std::string_view part) {
        return !part.empty() && part.front() != '.' && part.back() != '.' &&
               part.find("..") == std::string_view::npos;
    };
    const auto local = text.substr(0, at), host = text.substr(at + 1);
    return dots_are_good(local) && dots_are_good(host) &&
           std::all_of(
               local.begin(), local.end(),
               [&](char c) { return is_word(c) || signs.find(c) != std::string_view::npos; }) &&
           std::all_of(host.begin(), host.end(),
                       [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

/// One or several, separated by commas; blank: none.
bool are_plain_addresses(std::string_view text) {
    if (text.empty()) return true;
    for (;;) {
        const auto comma = text.find(',');
        if (!is_plain_address(trimmed(text.substr(0, comma)))) return false;
        if (comma == std::string_view::npos) return true;
        text.remove_prefix(comma + 1);
    }
}

/// Why the shape of an agency row is wrong, "" if it is right.
std::string agency_row_fault(const domain::AgencyUpload& row,
                             const std::vector<std::string>& problems) {
    const auto& version = row.version;
    if (!problems.empty()) return "日期格式錯誤";
    if (!agency_code_shape(row.org_code)) return "機關代碼格式錯誤";
    if (version.name.empty()) return "機關名稱不得為空白";
    if (!version.supervising_agency.empty() && !agency_code_shape(version.supervising_agency)) {
        return "主管機關代碼格式錯誤";
    }
    if (version.supervising_agency == row.org_code) return "主管機關不得為機關本身";
    if (!version.successor.empty() && !agency_code_shape(version.successor))
        return "承接機關代碼格式錯誤";
    if (!are_plain_addresses(version.contact_email))
        return "contact_email 須為電子郵件地址，多個以逗號分隔";
    return "";
}

domain::AgencyUpload agency_row(RowReader& reader, std::uint64_t line) {
    domain::AgencyUpload row;
    row.line = line;
    row.org_code = reader.text("org_code");
    row.effective_on = reader.day("effective_on");
    row.version.name = trimmed(reader.text("name"));
    row.version.supervising_agency = reader.text("supervising_org_code");
    row.version.established_on = reader.day("established_on");
    row.version.abolished_on = reader.day("abolished_on");
    row.version.successor = reader.text("successor_org_code");
    row.version.exempt_from = reader.day("exempt_from");
    row.version.exempt_to = reader.day("exempt_to");
    row.version.contact_email = trimmed(reader.text("contact_email"));
    return row;
}

const CsvColumns columns_of_agencies{
    .needed = {"org_code", "name"},
    .others = {"supervising_org_code", "effective_on", "established_on", "abolished_on",
               "successor_org_code", "exempt_from", "exempt_to", "contact_email"}};

domain::AgencyColumns agency_columns(const CsvHeader& header) {
    const auto has = [&](std::string_view name) { return header.column(name).has_value(); };
    return {.supervising_agency = has("supervising_org_code"),
            .established_on = has("established_on"),
            .abolished_on = has("abolished_on"),
            .successor = has("successor_org_code"),
            .exempt_from = has("exempt_from"),
            .exempt_to = has("exempt_to"),
            .contact_email = has("contact_email")};
}

std::uint64_t line_at(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, offset);
    return 1 + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
}

/// On which line each object of an array begins. The text is JSON.
std::vector<std::uint64_t> lines_of_entries(std::string_view json) {
    std::vector<std::uint64_t> lines;
    std::uint64_t line = 1;
    int depth = 0;
    bool in_text = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (c == '\n') ++line;
        if (in_text) {
            if (c == '\\') ++at;
            in_text = c != '"';
            continue;
        }
        in_text = c == '"';
        if (c == ']' || c == '}') --depth;
        const bool begins = depth == 1 && c != ',' && c != ']' && c != '}' && c > ' ';
        if (begins && (c == '{' || c == '[')) lines.push_back(line);
        if (c == '[' || c == '{') ++depth;
    }
    return lines;
}

/// None if it is wrong.
std::optional<CalendarDay> calendar_day(const rapidjson::Value& entry) {
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
    if (!parsed || off == nullptr || !off->IsBool()) return std::nullopt;
    day.day = *parsed;
    day.day_off = off->GetBool();
    if (note != nullptr && note->IsString())
        day.note.assign(note->GetString(), note->GetStringLength());
    return day;
}

}  // namespace

std::vector<LeaveTypeRow> parse_leave_type_rows(std::string_view csv, std::string_view file) {
    std::vector<std::uint64_t> lines;
    auto rows = parse_own_table<LeaveTypeRow>(
        csv, file,
        {"code", "name", "valid_from", "valid_to", "unit_minutes", "day_basis", "yearly_limit_days",
         "limit_period", "official_duty", "sub_types", "needs_sub_type", "needs_event_date",
         "needs_location", "window_before_days", "window_after_days", "note"},
        leave_type_row, &lines);
    refuse_overlaps(rows, lines, file);
    return rows;
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

domain::LeaveTypes parse_leave_types(std::string_view csv, std::string_view file) {
    std::vector<domain::LeaveType> types;
    for (const auto& row : parse_leave_type_rows(csv, file)) types.push_back(to_leave_type(row));
    return domain::LeaveTypes(std::move(types));
}

std::vector<domain::Rule> parse_rules(std::string_view csv, std::string_view file) {
    std::vector<std::uint64_t> lines;
    auto rules = parse_own_table<domain::Rule>(
        csv, file,
        {"code", "scope", "severity", "needs", "service", "note", "enabled", "valid_from",
         "valid_to", "field", "message_zh", "message_en"},
        rule_row, &lines);
    refuse_overlaps(rules, lines, file);
    return rules;
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

std::vector<CalendarDay> parse_calendar_days(std::string_view json, std::string_view file) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
    if (document.HasParseError())
        throw TableError(
            {at_line(file, line_at(json, document.GetErrorOffset()), "the calendar is no JSON")});
    if (!document.IsArray() || document.Empty())
        throw TableError({at_line(file, 1, "the calendar is no JSON array of days")});
    std::vector<CalendarDay> days;
    std::vector<std::string> problems;
    const auto lines = lines_of_entries(json);
    for (std::size_t i = 0, objects = 0; i < document.Size(); ++i) {
        const auto& entry = document[static_cast<rapidjson::SizeType>(i)];
        const auto line = lines.empty() ? 1 : lines[std::min(objects, lines.size() - 1)];
        if (entry.IsObject() || entry.IsArray()) ++objects;
        if (auto day = calendar_day(entry)) {
            day->line = line;
            days.push_back(std::move(*day));
        } else {
            problems.push_back(at_line(file, line, "date or day_off is missing or wrong"));
        }
    }
    if (!problems.empty()) throw TableError(std::move(problems));
    return days;
}

domain::OfficeCalendar make_office_calendar(std::vector<CalendarDay> days,
                                            domain::DeadlineRule rule, std::string_view file) {
    if (days.empty()) return {0, {}, rule};
    std::stable_sort(days.begin(), days.end(),
                     [](const CalendarDay& a, const CalendarDay& b) { return a.day < b.day; });
    std::vector<bool> off;
    std::vector<std::string> problems;
    for (std::size_t i = 0; i < days.size(); ++i) {
        if (i > 0 && days[i].day != days[i - 1].day + 1) {
            problems.push_back(at_line(file, days[i].line,
                                       days[i].day == days[i - 1].day
                                           ? domain::iso_day(days[i].day) + " stands there twice"
                                           : "no day between " + domain::iso_day(days[i - 1].day) +
                                                 " and " + domain::iso_day(days[i].day)));
        }
        off.push_back(days[i].day_off);
    }
    if (!problems.empty()) throw TableError(std::move(problems));
    return domain::OfficeCalendar(days.front().day, std::move(off), rule);
}

domain::DeadlineRule parse_deadline_rule(std::string_view csv, std::string_view file) {
    struct Setting {
        std::string name, value;
    };
    std::vector<std::uint64_t> lines;
    const auto rows = parse_own_table<Setting>(
        csv, file, {"name", "value", "note"},
        [](RowReader& reader) {
            return Setting{reader.needed_text("name"), reader.text("value")};
        },
        &lines);
    std::map<std::string, std::size_t, std::less<>> places;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (!places.emplace(rows[i].name, i).second)
            throw TableError({at_line(file, lines[i], rows[i].name + " stands there twice")});
    for (const char* name : {"deadline_day", "deadline_moves"})
        if (!places.contains(name))
            throw TableError({at_line(file, 1, std::string("there is no row ") + name)});
    const auto day = places["deadline_day"], moves = places["deadline_moves"];
    const auto rule = domain::parse_deadline_rule(rows[day].value, rows[moves].value);
    if (!rule) throw TableError({at_line(file, lines[day], "deadline_day must be 1 to 28")});
    return *rule;
}

std::variant<domain::AgencyUploads, TableFault> parse_agency_rows(std::string_view csv) {
    domain::AgencyUploads result;
    const auto fault =
        read_csv(csv, columns_of_agencies, [&](const CsvHeader& header, const CsvRow& row) {
            ++result.rows;
            result.columns = agency_columns(header);
            if (!row.whole())
                return result.rejected.push_back({row.line, std::string(shape_zh(row.shape))});
            std::vector<std::string> problems;
            RowReader reader(header, row, problems);
            auto parsed = agency_row(reader, row.line);
            if (auto wrong = agency_row_fault(parsed, problems); !wrong.empty()) {
                result.rejected.push_back({row.line, std::move(wrong)});
            } else {
                result.accepted.push_back(std::move(parsed));
            }
        });
    if (fault) return *fault;
    return result;
}

}  // namespace chaiqin::wire
