#pragma once
// The government office calendar (辦公日曆) and the reporting deadline (申報期限). Immutable.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

/// When a month's data are due; the rows of schemas/registry/settings.csv.
struct DeadlineRule {
    /// Day of the next month.
    int day = 20;
    /// A deadline on a day off moves to the next working day.
    bool moves = true;
    bool operator==(const DeadlineRule&) const = default;
};
/// The values of `deadline_day` and `deadline_moves` as the settings say them. Nothing if the day
/// is not one that every month has (1 to 28).
std::optional<DeadlineRule> parse_deadline_rule(std::string_view day, std::string_view moves);
/// "20 moves", "20": as a frozen month keeps it.
std::string rule_text(const DeadlineRule& rule);

class OfficeCalendar {
public:
    OfficeCalendar() = default;
    /// `off[i]` says whether day first + i is a day off (放假日).
    OfficeCalendar(Day first, std::vector<bool> off, DeadlineRule rule = {});

    bool covers(Day day) const {
        return day >= first_ && day - first_ < static_cast<Day>(off_.size());
    }
    /// The last day that it knows; 1969-12-31 of an empty one.
    Day last() const { return first_ + static_cast<Day>(off_.size()) - 1; }
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
    /// By the rule (outside the calendar Saturday and Sunday are off). Late = received on or after
    /// 00:00 Asia/Taipei of the day after it.
    Day deadline(Month month) const;
    const DeadlineRule& deadline_rule() const { return rule_; }

private:
    Day first_ = 0;
    DeadlineRule rule_;
    std::vector<bool> off_;
    std::vector<int> working_before_;  ///< [i]: working days before day first + i
};

}  // namespace chaiqin::domain
