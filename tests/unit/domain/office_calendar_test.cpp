#include "domain/office_calendar.hpp"

#include <gtest/gtest.h>

namespace chaiqin::domain {
namespace {

Day day(std::string_view text) { return *parse_iso_day(text); }
Month month(std::string_view text) { return *parse_iso_month(text); }

TEST(OfficeCalendar, knows_nothing_outside_itself) {
    const OfficeCalendar calendar(day("2026-10-01"), {false, true});
    EXPECT_EQ(calendar.day_off(day("2026-10-01")), false);
    EXPECT_EQ(calendar.day_off(day("2026-10-02")), true);
    EXPECT_FALSE(calendar.day_off(day("2026-09-30")));
    EXPECT_FALSE(calendar.day_off(day("2026-10-03")));
}

TEST(OfficeCalendar, counts_working_days_where_it_covers_all) {
    const OfficeCalendar calendar(day("2026-10-01"), {false, true, true, false, false});
    EXPECT_EQ(calendar.working_days(day("2026-10-01"), day("2026-10-05")), 3);
    EXPECT_EQ(calendar.working_days(day("2026-10-02"), day("2026-10-03")), 0);
    EXPECT_EQ(calendar.working_days(day("2026-10-04"), day("2026-10-04")), 1);
    EXPECT_EQ(calendar.working_days(day("2026-10-05"), day("2026-10-04")), 0);
    EXPECT_FALSE(calendar.working_days(day("2026-10-05"), day("2026-10-06")));
}

TEST(OfficeCalendar, moves_the_deadline_to_the_next_working_day) {
    const OfficeCalendar none;
    EXPECT_EQ(none.deadline(month("2026-10")), day("2026-11-20"));
    EXPECT_EQ(none.deadline(month("2026-11")), day("2026-12-21"));  // the 20th is a Sunday
    const OfficeCalendar holiday(day("2026-11-20"), {true});
    EXPECT_EQ(holiday.deadline(month("2026-10")), day("2026-11-23"));
    const OfficeCalendar working_sunday(day("2026-12-20"), {false});
    EXPECT_EQ(working_sunday.deadline(month("2026-11")), day("2026-12-20"));
}

TEST(OfficeCalendar, takes_the_day_of_the_deadline_from_the_rule) {
    const OfficeCalendar fifth(0, {}, {.day = 5});
    EXPECT_EQ(fifth.deadline(month("2026-10")), day("2026-11-05"));
    EXPECT_EQ(fifth.deadline(month("2026-11")), day("2026-12-07"));  // the 5th is a Saturday
}

TEST(OfficeCalendar, leaves_the_deadline_on_the_20th_where_the_switch_says_so) {
    const OfficeCalendar fixed(day("2026-11-20"), {true}, {20, false});
    EXPECT_EQ(fixed.deadline(month("2026-10")), day("2026-11-20"));
    EXPECT_EQ(fixed.deadline(month("2026-11")), day("2026-12-20"));  // a Sunday
}

}  // namespace
}  // namespace chaiqin::domain
