#include "domain/calendar.hpp"

#include <cstdio>

namespace chaiqin::domain {

namespace {

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::int64_t us_per_day = 86'400 * us_per_second;
constexpr std::int64_t taipei_offset_us = std::int64_t{8} * 3'600 * us_per_second;
constexpr int roc_year_zero = 1911;

/// Days since 1970-01-01 of a proleptic Gregorian date (Hinnant's algorithm).
constexpr Day days_from_civil(int year, int month, int day) {
    year -= month <= 2;
    const int era = (year >= 0 ? year : year - 399) / 400;
    const int year_of_era = year - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719'468;
}

struct Civil {
    int year, month, day;
};

constexpr Civil civil_from_days(Day days) {
    const int shifted = days + 719'468;
    const int era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const int day_of_era = shifted - era * 146'097;
    const int year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int month_index = (5 * day_of_year + 2) / 153;
    const int month = month_index < 10 ? month_index + 3 : month_index - 9;
    return {year_of_era + era * 400 + (month <= 2), month,
            day_of_year - (153 * month_index + 2) / 5 + 1};
}

constexpr bool leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int days_in_month(int year, int month) {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : lengths[month - 1];
}

/// `count` decimal digits at `at`; -1 where there are none.
int digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
        if (digit > 9) return -1;
        value = value * 10 + static_cast<int>(digit);
    }
    return value;
}

std::optional<Day> existing_day(int year, int month, int day) {
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return std::nullopt;
    return days_from_civil(year, month, day);
}

constexpr std::int64_t floor_div(std::int64_t value, std::int64_t by) {
    return value / by - (value % by != 0 && (value < 0) != (by < 0));
}

template <typename... Values>
std::string formatted(const char* format, Values... values) {
    char buffer[64];
    const int length = std::snprintf(buffer, sizeof buffer, format, values...);
    return std::string(buffer, static_cast<std::size_t>(length));
}

/// Minutes east of UTC of "Z" or "±hh:mm" at the end of an RFC 3339 time.
std::optional<int> offset_minutes(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return std::nullopt;
    const int hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

/// Takes ".123…" from the front of the text; nothing if a point stands without digits.
std::optional<std::int64_t> take_fraction_us(std::string_view& text) {
    if (text.empty() || text[0] != '.') return 0;
    std::int64_t value = 0, unit = us_per_second;
    std::size_t length = 1;
    for (; length < text.size() && text[length] >= '0' && text[length] <= '9'; ++length) {
        unit /= 10;
        value += unit * (text[length] - '0');
    }
    if (length == 1) return std::nullopt;
    text.remove_prefix(length);
    return value;
}

}  // namespace

std::optional<Day> parse_roc_day(std::string_view text) {
    if (text.size() != 7) return std::nullopt;
    const int year = digits(text, 0, 3);
    if (year < 1) return std::nullopt;
    return existing_day(year + roc_year_zero, digits(text, 3, 2), digits(text, 5, 2));
}

std::optional<Month> parse_roc_month(std::string_view text) {
    if (text.size() != 5) return std::nullopt;
    const int year = digits(text, 0, 3), month = digits(text, 3, 2);
    if (year < 1 || month < 1 || month > 12) return std::nullopt;
    return (year + roc_year_zero) * 12 + month - 1;
}

std::optional<Day> parse_iso_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    return existing_day(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
}

std::optional<Month> parse_iso_month(std::string_view text) {
    if (text.size() != 7 || text[4] != '-') return std::nullopt;
    const int year = digits(text, 0, 4), month = digits(text, 5, 2);
    if (year < 0 || month < 1 || month > 12) return std::nullopt;
    return year * 12 + month - 1;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
        text[16] != ':') {
        return std::nullopt;
    }
    const auto day = parse_iso_day(text.substr(0, 10));
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2),
              second = digits(text, 17, 2);
    if (!day || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    auto rest = text.substr(19);
    const auto fraction_us = take_fraction_us(rest);
    const auto offset = offset_minutes(rest);
    if (!fraction_us || !offset) return std::nullopt;
    const std::int64_t minutes =
        std::int64_t{*day} * 1'440 + std::int64_t{hour} * 60 + minute - *offset;
    if (second == 60) {
        // A leap second ends a month in UTC (RFC 3339, 5.7); the clock then shows the next
        // midnight.
        const auto utc_day = static_cast<Day>(floor_div(minutes, 1'440));
        if (minutes - std::int64_t{utc_day} * 1'440 != 1'439 ||
            last_day(month_of(utc_day)) != utc_day) {
            return std::nullopt;
        }
    }
    return Instant(
        std::chrono::microseconds((minutes * 60 + second) * us_per_second + *fraction_us));
}

std::string iso_day(Day day) {
    const auto civil = civil_from_days(day);
    return formatted("%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

std::string iso_month(Month month) { return formatted("%04d-%02d", month / 12, month % 12 + 1); }

std::string roc_day(Day day) {
    const auto civil = civil_from_days(day);
    return formatted("%03d%02d%02d", civil.year - roc_year_zero, civil.month, civil.day);
}

std::string roc_month(Month month) {
    return formatted("%03d%02d", month / 12 - roc_year_zero, month % 12 + 1);
}

std::string rfc3339_taipei(Instant at) {
    const auto local_us = at.time_since_epoch().count() + taipei_offset_us;
    const auto day = floor_div(local_us, us_per_day);
    const auto ms = static_cast<int>((local_us - day * us_per_day) / 1'000);
    return iso_day(static_cast<Day>(day)) + formatted("T%02d:%02d:%02d.%03d+08:00", ms / 3'600'000,
                                                      ms / 60'000 % 60, ms / 1'000 % 60,
                                                      ms % 1'000);
}

Month month_of(Day day) {
    const auto civil = civil_from_days(day);
    return civil.year * 12 + civil.month - 1;
}

Day first_day(Month month) { return days_from_civil(month / 12, month % 12 + 1, 1); }

Day last_day(Month month) { return first_day(month + 1) - 1; }

Day taipei_day(Instant at) {
    return static_cast<Day>(
        floor_div(at.time_since_epoch().count() + taipei_offset_us, us_per_day));
}

Instant taipei_midnight(Day day) {
    return Instant(std::chrono::microseconds(day * us_per_day - taipei_offset_us));
}

int weekday(Day day) { return static_cast<int>(((day + 4) % 7 + 7) % 7); }

}  // namespace chaiqin::domain
