#include "domain/office_calendar.hpp"

#include <utility>

namespace chaiqin::domain {

namespace {

bool weekend(Day day) { return weekday(day) == 0 || weekday(day) == 6; }

}  // namespace

OfficeCalendar::OfficeCalendar(Day first, std::vector<bool> off, bool deadline_moves)
    : first_(first), deadline_moves_(deadline_moves), off_(std::move(off)) {
    working_before_.reserve(off_.size() + 1);
    int working = 0;
    working_before_.push_back(working);
    for (const bool day_off : off_) working_before_.push_back(working += day_off ? 0 : 1);
}

Day OfficeCalendar::deadline(Month month) const {
    Day day = first_day(month + 1) + 19;
    while (deadline_moves_ && day_off(day).value_or(weekend(day))) ++day;
    return day;
}

}  // namespace chaiqin::domain
