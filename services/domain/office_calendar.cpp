#include "domain/office_calendar.hpp"

#include <charconv>
#include <utility>

namespace chaiqin::domain {

namespace {

bool weekend(Day day) { return weekday(day) == 0 || weekday(day) == 6; }

}  // namespace

std::optional<DeadlineRule> parse_deadline_rule(std::string_view day, std::string_view moves) {
    DeadlineRule rule;
    const auto [end, failure] = std::from_chars(day.data(), day.data() + day.size(), rule.day);
    if (failure != std::errc() || end != day.data() + day.size() || rule.day < 1 || rule.day > 28)
        return std::nullopt;
    rule.moves = moves != "0";
    return rule;
}

std::string rule_text(const DeadlineRule& rule) {
    return std::to_string(rule.day) + (rule.moves ? " moves" : "");
}

OfficeCalendar::OfficeCalendar(Day first, std::vector<bool> off, DeadlineRule rule)
    : first_(first), rule_(rule), off_(std::move(off)) {
    working_before_.reserve(off_.size() + 1);
    int working = 0;
    working_before_.push_back(working);
    for (const bool day_off : off_) working_before_.push_back(working += day_off ? 0 : 1);
}

Day OfficeCalendar::deadline(Month month) const {
    Day day = first_day(month + 1) + rule_.day - 1;
    while (rule_.moves && day_off(day).value_or(weekend(day))) ++day;
    return day;
}

}  // namespace chaiqin::domain
