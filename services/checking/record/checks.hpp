#pragma once
// The rules about one record, one function a check, named by its public code (docs/checks.md and
// schemas/rules/rules.csv): true = broken. Key checks look at one key; the others may take for
// granted that every key they read (see record_table.hpp) is sound. Inline: the accepting pass runs
// all of them on every record.
#include <algorithm>
#include <array>

#include "checking/reading/person_id.hpp"
#include "checking/reading/text.hpp"
#include "checking/record/facts.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking::checks {

// Values that a code list or range allows.
constexpr bool one_character_of(std::string_view text, std::string_view allowed) {
    return text.size() == 1 && allowed.find(text[0]) != std::string_view::npos;
}
constexpr bool within(std::int64_t value, std::int64_t least, std::int64_t most) {
    return value >= least && value <= most;
}
/// [A-Za-z0-9_.-]
inline constexpr auto form_number_characters = [] {
    std::array<bool, 256> allowed{};
    for (const char c :
         std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.-")) {
        allowed[static_cast<unsigned char>(c)] = true;
    }
    return allowed;
}();
inline bool only_form_number_characters(std::string_view text) {
    for (const char c : text) {
        if (!form_number_characters[static_cast<unsigned char>(c)]) return false;
    }
    return true;
}
constexpr bool is_agency_code(std::string_view text) {
    if (text.size() != 10 || text[9] < 'A' || text[9] > 'Z') return false;
    for (const char c : text) {
        if ((c < '0' || c > '9') && (c < 'A' || c > 'Z')) return false;
    }
    return true;
}

// Both kinds: keys.
inline bool C01(const RecordFacts& r) { return !one_character_of(r.text(key::action), "AD"); }
inline bool C02(const RecordFacts& r) {
    const auto text = r.text(key::record_no);
    return text.empty() || !only_form_number_characters(text) || holds_person_id(text);
}
inline bool C03(const RecordFacts& r) { return !within(r.integer(key::record_seq), 1, 999); }
inline bool C04(const RecordFacts& r) { return !within(r.integer(key::revision), 1, 9999); }
inline bool C05(const RecordFacts& r) {
    return person_id_form(r.text(key::person_id)) == PersonIdForm::malformed;
}
inline bool C06(const RecordFacts& r) {
    return !C05(r) && !person_id_check_digit_holds(r.text(key::person_id));
}
inline bool C08(const RecordFacts& r) { return !is_agency_code(r.text(key::org_code)); }

// Both kinds: the id and the agency against the world.
inline bool C07(const RecordFacts& r, const World&) {
    return person_id_form(r.text(key::person_id)) == PersonIdForm::old_resident;
}
inline bool C09(const RecordFacts& r, const World& world) {
    return !world.agency(r.text(key::org_code), r.record_day()).known;
}
inline bool C10(const RecordFacts& r, const World& world) {
    const auto& standing = world.agency(r.text(key::org_code), r.record_day());
    return standing.abolished_on && r.record_day() >= *standing.abolished_on;
}
inline bool C11(const RecordFacts& r, const World& world) {
    if (world.sender.agency.empty() || r.text(key::org_code) == world.sender.agency) return false;
    return !world.agency(r.text(key::org_code), r.record_day()).within_sender;
}

// The record's month against data_month.
inline constexpr int oldest_month = -26;
/// Months of the record's date minus data_month; 0 where data_month cannot be read.
inline int months_after(const RecordFacts& r, const World& world) {
    return world.sender.data_month ? r.record_month - *world.sender.data_month : 0;
}
inline bool in_later_month(const RecordFacts& r, const World& world) {
    return months_after(r, world) > 0;
}
inline bool in_too_old_month(const RecordFacts& r, const World& world) {
    return months_after(r, world) < oldest_month;
}
inline bool in_earlier_month(const RecordFacts& r, const World& world) {
    return within(months_after(r, world), oldest_month, -1);
}
inline bool ends_before_it_starts(const RecordFacts& r) { return r.span_minutes() <= 0; }

// Leave: keys.
inline bool L01(const RecordFacts& r) { return r.leave_type == nullptr; }
inline bool L03(const RecordFacts& r) {
    if (r.leave_type == nullptr) return false;
    const auto given = r.text(leave_key::sub_type);
    if (given.empty()) return r.leave_type->needs_sub_type;
    const auto& allowed = r.leave_type->sub_types;
    return std::find(allowed.begin(), allowed.end(), given) == allowed.end();
}
inline bool L04(const RecordFacts& r) { return r.start_day == no_day; }
inline bool L05(const RecordFacts& r) { return r.start_minute == no_minute; }
inline bool L06(const RecordFacts& r) { return r.end_day == no_day; }
inline bool L07(const RecordFacts& r) { return r.end_minute == no_minute; }
inline bool L12(const RecordFacts& r) {
    return !within(r.integer(leave_key::leave_minutes), 1, 525'600);
}
inline bool L19(const RecordFacts& r) {
    return !one_character_of(r.text(leave_key::abroad_type), "0123");
}
/// A date or ""; where a date is needed, a blank one is L21's.
inline bool L20(const RecordFacts& r) {
    const auto given = r.text(leave_key::event_date);
    if (r.event_day != no_day || given.empty()) return false;
    const bool needed = r.leave_type != nullptr && r.leave_type->needs_event_date;
    return !(needed && is_blank(given));
}

// Leave: over several keys.
inline bool L02(const RecordFacts& r, const World&) { return !r.leave_type_in_force; }
inline bool L08(const RecordFacts& r, const World&) { return ends_before_it_starts(r); }
inline bool L09(const RecordFacts& r, const World& world) { return in_later_month(r, world); }
inline bool L10(const RecordFacts& r, const World& world) { return in_too_old_month(r, world); }
inline bool L11(const RecordFacts& r, const World& world) { return in_earlier_month(r, world); }
inline bool L13(const RecordFacts& r, const World&) {
    return r.integer(leave_key::leave_minutes) > r.span_minutes();
}

/// The days that a leave (end after start) touches: half-open, so an end at 0000 does not touch its
/// day.
inline domain::Day last_day_touched(const RecordFacts& r) {
    return r.end_minute == 0 ? r.end_day - 1 : r.end_day;
}

/// Σ over the days touched that count of min(480, clock minutes of the leave in that day); nothing
/// where a working day cannot be told because a day is outside the office calendar.
inline std::optional<std::int64_t> office_minutes(const RecordFacts& r,
                                                  const domain::OfficeCalendar& calendar) {
    constexpr std::int64_t office_day = 480;
    const auto first = r.start_day, last = last_day_touched(r);
    const auto counting_days = [&](domain::Day from,
                                   domain::Day to) -> std::optional<std::int64_t> {
        if (r.leave_type->calendar_basis) return std::max(0, to - from + 1);
        const auto working = calendar.working_days(from, to);
        return working ? std::optional<std::int64_t>(*working) : std::nullopt;
    };
    const auto on_first = counting_days(first, first), on_last = counting_days(last, last);
    if (!on_first || !on_last) return std::nullopt;
    if (first == last) return *on_first * std::min(office_day, r.span_minutes());
    const auto between = counting_days(first + 1, last - 1);
    const std::int64_t last_minutes = r.end_minute == 0 ? minutes_a_day : r.end_minute;
    return *on_first * std::min<std::int64_t>(office_day, minutes_a_day - r.start_minute) +
           *between * office_day + *on_last * std::min(office_day, last_minutes);
}

inline bool L14(const RecordFacts& r, const World& world) {
    const auto office = office_minutes(r, world.registry.calendar);
    return office && r.integer(leave_key::leave_minutes) > *office;
}
inline bool L15(const RecordFacts& r, const World&) {
    return r.integer(leave_key::leave_minutes) % 60 != 0;
}
inline bool L16(const RecordFacts& r, const World& world) {
    if (r.leave_type->calendar_basis) return false;
    const auto working = world.registry.calendar.working_days(r.start_day, last_day_touched(r));
    return working && *working == 0;
}
inline bool L17(const RecordFacts& r, const World&) {
    return std::int64_t{r.end_day} - r.start_day + 1 > 366;
}
inline bool L18(const RecordFacts& r, const World&) {
    if (!is_blank(r.text(leave_key::location))) return false;
    if (r.leave_type->needs_location || r.text(leave_key::abroad_type) != "0") return true;
    const auto& needing = r.leave_type->location_sub_types;
    return std::find(needing.begin(), needing.end(), r.text(leave_key::sub_type)) != needing.end();
}
inline bool L21(const RecordFacts& r, const World&) {
    return r.leave_type->needs_event_date && is_blank(r.text(leave_key::event_date));
}
inline bool L22(const RecordFacts& r, const World&) {
    if (r.event_day == no_day) return false;
    const auto &before = r.leave_type->window_before_days, &after = r.leave_type->window_after_days;
    return (before && r.start_day < r.event_day - *before) ||
           (after && r.end_day > r.event_day + *after);
}

// Overtime: keys.
inline bool O01(const RecordFacts& r) { return r.type == 0; }
inline bool O02(const RecordFacts& r) {
    return !one_character_of(r.text(overtime_key::day_type), "1234");
}
inline bool O04(const RecordFacts& r) { return r.overtime_day == no_day; }
/// One code for four keys, a message each.
inline bool O05_start_date(const RecordFacts& r) { return r.start_day == no_day; }
inline bool O05_start_time(const RecordFacts& r) { return r.start_minute == no_minute; }
inline bool O05_end_date(const RecordFacts& r) { return r.end_day == no_day; }
inline bool O05_end_time(const RecordFacts& r) { return r.end_minute == no_minute; }
inline bool O10(const RecordFacts& r) {
    return !within(r.integer(overtime_key::overtime_minutes), 1, minutes_a_day);
}
inline bool O12(const RecordFacts& r) { return r.integer(overtime_key::paid_minutes) < 0; }
inline bool O13(const RecordFacts& r) { return r.integer(overtime_key::comp_minutes) < 0; }
inline bool O14(const RecordFacts& r) { return r.integer(overtime_key::award_minutes) < 0; }
inline bool O15(const RecordFacts& r) { return r.integer(overtime_key::void_minutes) < 0; }

// Overtime: over several keys.
inline bool O03(const RecordFacts& r, const World& world) {
    const auto off = world.registry.calendar.day_off(r.overtime_day);
    const char type = r.text(overtime_key::day_type)[0];
    return off && ((type == '1' && *off) || ((type == '2' || type == '3') && !*off));
}
inline bool O06(const RecordFacts& r, const World&) { return ends_before_it_starts(r); }
inline bool O07(const RecordFacts& r, const World&) { return r.span_minutes() > minutes_a_day; }
inline bool O08(const RecordFacts& r, const World&) {
    return !within(r.start_day - r.overtime_day, 0, 1);
}
inline bool O09(const RecordFacts& r, const World& world) { return in_later_month(r, world); }
inline bool O26(const RecordFacts& r, const World& world) { return in_too_old_month(r, world); }
inline bool O27(const RecordFacts& r, const World& world) { return in_earlier_month(r, world); }
inline bool O11(const RecordFacts& r, const World&) {
    return r.integer(overtime_key::overtime_minutes) > r.span_minutes();
}
inline bool O16(const RecordFacts& r, const World&) {
    std::int64_t left = r.integer(overtime_key::overtime_minutes);
    for (const auto part : {overtime_key::paid_minutes, overtime_key::comp_minutes,
                            overtime_key::award_minutes, overtime_key::void_minutes}) {
        // One part above what is left decides; so sums of great numbers never overflow.
        if (r.integer(part) > left) return true;
        left -= r.integer(part);
    }
    return false;
}
inline bool O17(const RecordFacts& r, const World&) {
    return r.type == 2 && is_blank(r.text(overtime_key::approval_no));
}

}  // namespace chaiqin::checking::checks
