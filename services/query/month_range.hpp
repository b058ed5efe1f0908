#pragma once
// The months that a question is about: `from` and `to` of its request, both inclusive. Pure.
#include <vector>

#include "domain/office_calendar.hpp"
#include "query/refusals.hpp"

namespace chaiqin::query {

/// Months that can be asked about: of the years 1 to 9999.
inline constexpr domain::Month first_month_ever = 1 * 12, last_month_ever = 9999 * 12 + 11;

struct MonthRange {
    domain::Month first = 0, last = 0;
    int size() const { return last - first + 1; }
    std::vector<domain::Month> months() const;
};
/// Of each month, 00:00 of the day after its deadline.
std::vector<domain::Instant> deadline_ends(const std::vector<domain::Month>& months,
                                           const domain::OfficeCalendar& calendar);

/// Refused if a month is none, the end lies before the start, or there are more than `most`.
MonthRange checked(MonthRange range, int most);

/// What the request names, the rest from `otherwise`.
template <class Request>
MonthRange months_of(const Request& request, MonthRange otherwise, int most) {
    if (request.has_from()) otherwise.first = request.from();
    if (request.has_to()) otherwise.last = request.to();
    return checked(otherwise, most);
}
/// So many months to `to` of the request, or to the month before the day's.
template <class Request>
MonthRange months_before(const Request& request, domain::Day day, int months) {
    const auto last = request.has_to() ? request.to() : domain::month_of(day) - 1;
    return {last - months + 1, last};
}
/// January to December of the day's year.
MonthRange year_of(domain::Day day);

}  // namespace chaiqin::query
