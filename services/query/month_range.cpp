#include "query/month_range.hpp"

#include <string>

namespace chaiqin::query {

std::vector<domain::Month> MonthRange::months() const {
    std::vector<domain::Month> all;
    for (auto month = first; month <= last; ++month) all.push_back(month);
    return all;
}

std::vector<domain::Instant> deadline_ends(const std::vector<domain::Month>& months,
                                           const domain::OfficeCalendar& calendar) {
    std::vector<domain::Instant> all;
    for (const auto month : months)
        all.push_back(domain::taipei_midnight(calendar.deadline(month) + 1));
    return all;
}

MonthRange checked(MonthRange range, int most) {
    const auto is_month = [](domain::Month month) {
        return month >= first_month_ever && month <= last_month_ever;
    };
    if (!is_month(range.first) || !is_month(range.last))
        refuse_bad("from、to：應為年月，例如 2026-10", "from and to must look like 2026-10");
    if (range.first > range.last) refuse_bad("from：不得晚於 to", "from must not be after to");
    if (range.size() > most)
        refuse_bad("from、to：區間最長 " + std::to_string(most) + " 個月",
                   "from and to are at most " + std::to_string(most) + " months apart");
    return range;
}

MonthRange year_of(domain::Day day) {
    const auto january = domain::month_of(day) / 12 * 12;
    return {january, january + 11};
}

}  // namespace chaiqin::query
