#pragma once
// The government office calendar (辦公日曆) and the reporting deadline (申報期限). Immutable.
#include <optional>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

class OfficeCalendar {
public:
    OfficeCalendar() = default;
    /// `off[i]` says whether day first + i is a day off (放假日).
    /// `deadline_moves`: see deadline().
    OfficeCalendar(Day first, std::vector<bool> off, bool deadline_moves = true);

    bool covers(Day day) const {
        return day >= first_ && day - first_ < static_cast<Day>(off_.size());
    }
    /// Nothing outside the calendar.
    std::optional<bool> day_off(Day day) const {
        if (!covers(day)) return std::nullopt;
        return off_[static_cast<std::size_t>(day - first_)];
    }
    /// Working days from `first` to `last`, both inclusive; nothing if one of them is outside the
    /// calendar.
    std::optional<int> working_days(Day first, Day last) const {
        if (last < first) return 0;
        if (!covers(first) || !covers(last)) return std::nullopt;
        return working_before_[static_cast<std::size_t>(last - first_) + 1] -
               working_before_[static_cast<std::size_t>(first - first_)];
    }
    /// The 20th of the month after `month`; if that is a day off the next working day, unless the
    /// switch of schemas/registry/settings.csv forbids it (outside the calendar Saturday and Sunday
    /// are off). Late = received on or after 00:00 Asia/Taipei of the day after it.
    Day deadline(Month month) const;

private:
    Day first_ = 0;
    bool deadline_moves_ = true;
    std::vector<bool> off_;
    std::vector<int> working_before_;  ///< [i]: working days before day first + i
};

}  // namespace chaiqin::domain
