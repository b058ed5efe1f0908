#pragma once
// Dates as chaiqin computes with them: days and months are integers, all in Asia/Taipei (UTC+8, no
// daylight saving since 1979). Behind the parser and in every API dates are ISO 8601; ROC forms
// exist only on the wire.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::domain {

using Day = std::int32_t;    ///< days since 1970-01-01
using Month = std::int32_t;  ///< year * 12 + month - 1
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// "1151005" → 2026-10-05. Seven digits, a date that exists, year 1..999; else nothing.
std::optional<Day> parse_roc_day(std::string_view text);
/// "11510" → 2026-10. Five digits; else nothing.
std::optional<Month> parse_roc_month(std::string_view text);
/// "2026-10-05"; a date that exists, else nothing.
std::optional<Day> parse_iso_day(std::string_view text);
/// "2026-10"; else nothing.
std::optional<Month> parse_iso_month(std::string_view text);
/// RFC 3339 with seconds and offset (fractions allowed, 'T' or 't', 'Z' or offset); else nothing.
std::optional<Instant> parse_rfc3339(std::string_view text);

std::string iso_day(Day day);            ///< "2026-10-05"
std::string iso_month(Month month);      ///< "2026-10"
std::string roc_day(Day day);            ///< "1151005"
std::string roc_month(Month month);      ///< "11510"
std::string rfc3339_taipei(Instant at);  ///< "2026-11-05T09:31:02.123+08:00", milliseconds

Month month_of(Day day);
Day first_day(Month month);
Day last_day(Month month);
/// The day in Asia/Taipei that contains the instant.
Day taipei_day(Instant at);
/// 00:00 Asia/Taipei of the day.
Instant taipei_midnight(Day day);
/// 0 Sunday … 6 Saturday
int weekday(Day day);

}  // namespace chaiqin::domain
