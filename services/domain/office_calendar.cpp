#include "domain/office_calendar.hpp"

namespace chaiqin::domain {

namespace {

bool weekend(Day day) { return weekday(day) == 0 || weekday(day) == 6; }

}  // namespace

Day OfficeCalendar::deadline(Month month, bool move) const {
    Day day = first_day(month + 1) + 19;
    while (move && day_off(day).value_or(weekend(day))) ++day;
    return day;
}

}  // namespace chaiqin::domain
