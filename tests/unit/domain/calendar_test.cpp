#include "domain/calendar.hpp"

#include <gtest/gtest.h>

namespace chaiqin::domain {
namespace {

Instant at(std::string_view text) { return *parse_rfc3339(text); }

TEST(Calendar, reads_roc_days_that_exist) {
    EXPECT_EQ(parse_roc_day("1151005"), parse_iso_day("2026-10-05"));
    EXPECT_EQ(parse_roc_day("0010101"), parse_iso_day("1912-01-01"));
    EXPECT_EQ(parse_roc_day("9991231"), parse_iso_day("2910-12-31"));
    EXPECT_EQ(parse_roc_day("1130229"), parse_iso_day("2024-02-29"));
    for (const auto* bad : {"", "115100", "11510055", "0001231", "1151301", "1151000", "1151032",
                            "1150229", "115 105", "-151005", "115100a"}) {
        EXPECT_FALSE(parse_roc_day(bad)) << bad;
    }
}

TEST(Calendar, reads_roc_months) {
    EXPECT_EQ(parse_roc_month("11510"), 2026 * 12 + 9);
    for (const auto* bad : {"", "1151", "11500", "11513", "00001", "1151x"})
        EXPECT_FALSE(parse_roc_month(bad)) << bad;
}

TEST(Calendar, reads_iso_days_and_months) {
    EXPECT_EQ(parse_iso_day("1970-01-01"), 0);
    EXPECT_EQ(parse_iso_day("2000-02-29"), 11'016);
    EXPECT_EQ(parse_iso_month("2026-10"), 2026 * 12 + 9);
    for (const auto* bad : {"2026-02-29", "1900-02-29", "2026-1-05", "2026/10/05", "20261005"}) {
        EXPECT_FALSE(parse_iso_day(bad)) << bad;
    }
    EXPECT_FALSE(parse_iso_month("2026-13"));
}

TEST(Calendar, writes_what_it_reads) {
    for (Day day = *parse_iso_day("1912-01-01"); day < *parse_iso_day("2100-01-01"); day += 13) {
        EXPECT_EQ(parse_iso_day(iso_day(day)), day);
        EXPECT_EQ(parse_roc_day(roc_day(day)), day);
        EXPECT_EQ(parse_iso_month(iso_month(month_of(day))), month_of(day));
        EXPECT_EQ(parse_roc_month(roc_month(month_of(day))), month_of(day));
        EXPECT_LE(first_day(month_of(day)), day);
        EXPECT_GE(last_day(month_of(day)), day);
    }
}

TEST(Calendar, reads_rfc3339_with_seconds_and_offset) {
    EXPECT_EQ(at("2026-11-05T09:30:00+08:00"), at("2026-11-05T01:30:00Z"));
    EXPECT_EQ(at("2026-11-05t01:30:00.5z") - at("2026-11-05T01:30:00Z"),
              std::chrono::milliseconds(500));
    EXPECT_EQ(at("2026-11-05T01:30:00.1234567Z") - at("2026-11-05T01:30:00Z"),
              std::chrono::microseconds(123'456));
    EXPECT_EQ(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
    EXPECT_EQ(at("2017-01-01T07:59:60+08:00"), at("2017-01-01T00:00:00Z"));
    for (const auto* bad :
         {"2026-11-05T09:30:00", "2026-11-05T09:30+08:00", "2026-11-05 09:30:00Z",
          "2026-11-05T24:00:00Z", "2026-11-05T09:60:00Z", "2026-11-05T09:30:60Z",
          "2026-11-05T09:30:00.Z", "2026-13-05T09:30:00Z", "2026-11-05T09:30:00+8:00",
          "2026-11-05T09:30:00+24:00", "2026-11-05T09:30:00+08:00 "}) {
        EXPECT_FALSE(parse_rfc3339(bad)) << bad;
    }
}

TEST(Calendar, counts_days_in_taipei) {
    EXPECT_EQ(taipei_day(at("2026-11-20T15:59:59.999999Z")), *parse_iso_day("2026-11-20"));
    EXPECT_EQ(taipei_day(at("2026-11-20T16:00:00Z")), *parse_iso_day("2026-11-21"));
    EXPECT_EQ(taipei_midnight(*parse_iso_day("2026-11-21")), at("2026-11-20T16:00:00Z"));
    EXPECT_EQ(taipei_day(at("1969-12-31T15:59:59Z")), -1);
    EXPECT_EQ(rfc3339_taipei(at("2026-11-05T01:31:02.1239Z")), "2026-11-05T09:31:02.123+08:00");
    EXPECT_EQ(weekday(*parse_iso_day("2026-10-05")), 1);
    EXPECT_EQ(weekday(*parse_iso_day("1969-12-28")), 0);
}

}  // namespace
}  // namespace chaiqin::domain
