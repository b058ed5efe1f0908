#include "checking/record/facts.hpp"

#include "checking/record/leave.hpp"
#include "checking/record/overtime.hpp"

namespace chaiqin::checking {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

domain::Day day_of(const JsonValue& value) {
    return value.type == ValueType::string ? domain::parse_roc_day(value.text).value_or(no_day)
                                           : no_day;
}

/// HHmm, 0000–2359, and 2400 where `last` allows it; else no_minute.
int minute_of(const JsonValue& value, int last) {
    const auto text = value.text;
    if (value.type != ValueType::string || text.size() != 4) return no_minute;
    if (!is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[2]) || !is_digit(text[3]))
        return no_minute;
    const int minutes = (text[2] - '0') * 10 + text[3] - '0';
    const int minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 + minutes;
    return minutes < 60 && minute <= last ? minute : no_minute;
}

bool same_text(const JsonValue& a, const JsonValue& b) {
    return a.type == ValueType::string && b.type == ValueType::string && a.text == b.text;
}

domain::Month month_of(domain::Day day) { return day == no_day ? 0 : domain::month_of(day); }

template <std::size_t Start, std::size_t StartTime, std::size_t End, std::size_t EndTime>
void derive_span(RecordFacts& facts) {
    facts.start_day = day_of(facts.values[Start]);
    facts.end_day = same_text(facts.values[End], facts.values[Start]) ? facts.start_day
                                                                      : day_of(facts.values[End]);
    facts.start_minute = minute_of(facts.values[StartTime], minutes_a_day - 1);
    facts.end_minute = minute_of(facts.values[EndTime], minutes_a_day);
}

}  // namespace

void derive_leave(RecordFacts& facts, const domain::LeaveTypes& types) {
    using namespace leave;
    derive_span<start_date, start_time, end_date, end_time>(facts);
    facts.record_month = month_of(facts.start_day);
    facts.event_day = facts.text(event_date).empty() ? no_day : day_of(facts.values[event_date]);
    facts.type = 0;
    facts.leave_type = nullptr;
    facts.leave_type_in_force = false;
    const auto& code = facts.values[leave_type];
    if (code.type != ValueType::string || code.text.size() != 2 || !is_digit(code.text[0]) ||
        !is_digit(code.text[1])) {
        return;
    }
    facts.type = (code.text[0] - '0') * 10 + code.text[1] - '0';
    if (facts.start_day != no_day) facts.leave_type = types.covering(facts.type, facts.start_day);
    facts.leave_type_in_force = facts.leave_type != nullptr;
    if (facts.leave_type == nullptr) facts.leave_type = types.latest(facts.type);
}

void derive_overtime(RecordFacts& facts) {
    using namespace overtime;
    derive_span<start_date, start_time, end_date, end_time>(facts);
    facts.overtime_day = same_text(facts.values[overtime_date], facts.values[start_date])
                             ? facts.start_day
                             : day_of(facts.values[overtime_date]);
    facts.record_month = month_of(facts.overtime_day);
    const auto& code = facts.values[overtime_type];
    facts.type = code.type == ValueType::string && code.text.size() == 1 && code.text[0] >= '1' &&
                         code.text[0] <= '3'
                     ? code.text[0] - '0'
                     : 0;
}

}  // namespace chaiqin::checking
