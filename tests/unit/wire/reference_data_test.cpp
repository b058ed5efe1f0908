#include "wire/reference_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace chaiqin::wire {
namespace {

std::string read_source_file(const char* path) {
    std::ifstream file(std::string(CHAIQIN_SOURCE_DIR) + "/" + path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}
domain::Day day(std::string_view text) { return *domain::parse_iso_day(text); }

TEST(OwnTables, leave_types_are_as_the_format_says) {
    const auto types = parse_leave_types(read_source_file("schemas/registry/leave-types.csv"));
    const auto* official = types.latest(14);
    ASSERT_NE(official, nullptr);
    EXPECT_EQ(official->name, "公假");
    EXPECT_EQ(official->sub_types.size(), 12u);
    EXPECT_EQ(official->location_sub_types, std::vector<std::string>{"21"});
    EXPECT_FALSE(official->needs_location);
    EXPECT_TRUE(types.latest(20)->needs_location);
    EXPECT_TRUE(types.latest(6)->calendar_basis);
    EXPECT_EQ(types.latest(12)->window_before_days, 0);
    EXPECT_EQ(types.latest(12)->window_after_days, 100);
    EXPECT_FALSE(types.latest(15)->window_after_days);
    EXPECT_EQ(types.covering(22, day("2023-05-01")), nullptr);
}

TEST(OwnTables, rules_have_a_row_a_code_and_day_and_a_version) {
    const auto rules = parse_rules(read_source_file("schemas/rules/rules.csv"));
    const auto set = make_rule_set(rules);
    EXPECT_EQ(set.version().size(), 13u);
    EXPECT_EQ(set.in_force("L18", day("2026-01-01"))->message_zh, "地點不得為空白");
    EXPECT_EQ(set.in_force("F10", day("2026-01-01"))->message_zh, "單檔資料超過 20,000 筆");
    EXPECT_EQ(set.in_force("L23", day("2026-01-01")), nullptr);
    auto changed = rules;
    changed[0].enabled = false;
    EXPECT_NE(make_rule_set(changed).version(), set.version());
    EXPECT_EQ(make_rule_set(rules).version(), set.version());
}

TEST(OwnTables, the_settings_say_when_the_deadline_is) {
    EXPECT_NO_THROW((void)parse_deadline_rule(read_source_file("schemas/registry/settings.csv")));
    const auto settings = [](const char* day, const char* moves) {
        return std::string("name,value,note\ndeadline_day,") + day + ",\ndeadline_moves," + moves +
               ",\n";
    };
    EXPECT_EQ(parse_deadline_rule(settings("5", "0")), (domain::DeadlineRule{5, false}));
    for (const char* day : {"0", "29", "", "x", "5x"})
        EXPECT_THROW((void)parse_deadline_rule(settings(day, "1")), domain::ConfigError) << day;
    EXPECT_THROW((void)parse_deadline_rule("name,value,note\ndeadline_day,20,\n"),
                 domain::ConfigError);
    EXPECT_THROW((void)parse_deadline_rule("name,value,note\ndeadline_moves,1,\n"),
                 domain::ConfigError);
}

TEST(OwnTables, the_office_calendar_has_no_gap) {
    const auto calendar = make_office_calendar(
        parse_calendar_days(read_source_file("schemas/registry/office-calendar.json")));
    EXPECT_EQ(calendar.day_off(day("2026-10-10")), true);
    EXPECT_EQ(calendar.day_off(day("2026-10-05")), false);
    EXPECT_THROW((void)make_office_calendar(
                     {{day("2026-01-01"), false, ""}, {day("2026-01-03"), false, ""}}),
                 domain::ConfigError);
    EXPECT_THROW((void)make_office_calendar(
                     {{day("2026-01-01"), false, ""}, {day("2026-01-01"), false, ""}}),
                 domain::ConfigError);
    EXPECT_THROW((void)parse_calendar_days("{}"), domain::ConfigError);
    EXPECT_THROW((void)parse_calendar_days(R"([{"date":"2026-02-30","day_off":true}])"),
                 domain::ConfigError);
}

TEST(OwnTables, tell_all_their_problems_at_once) {
    try {
        (void)parse_rules(
            "code,scope,severity,needs,service,note,enabled,valid_from,valid_to,field,message_zh,"
            "message_en\n"
            "X01,nowhere,fatal,,validator,,2,2026-13-01,,,a,b\n");
        FAIL();
    } catch (const domain::ConfigError& failure) {
        EXPECT_EQ(failure.problems.size(), 4u);
        EXPECT_THAT(failure.problems, testing::Each(testing::StartsWith("line 2: ")));
    }
    EXPECT_THROW((void)parse_leave_types(""), domain::ConfigError);
}

constexpr const char* agency_header =
    "org_code,name,supervising_org_code,effective_on,established_on,abolished_on,successor_org_"
    "code,exempt_"
    "from,exempt_to,"
    "contact_email\n";

TEST(AgencyRows, are_taken_or_rejected_with_their_line) {
    const auto rows =
        parse_agency_rows(std::string(agency_header) +
                          "Z00000001A,\"甲, 機關\",,2020-01-01,,,,,,a@example.test\n"
                          "Z00000002B,乙,Z00000001A,,2021-01-01,2026-07-01,,2026-01-01,,\n"
                          "bad,丙,,,,,,,,\n"
                          "Z00000003C,丁,,2020-02-30,,,,,,\n"
                          "Z00000004D,戊,,,2021-01-01,2021-01-01,,,,\n"
                          "Z00000005E,,,,,,,,,\n"
                          "Z00000006F,己,Z00000006F,,,,,,,\n");
    EXPECT_EQ(rows.rows, 7u);
    ASSERT_EQ(rows.accepted.size(), 2u);
    EXPECT_EQ(rows.accepted[0].version.name, "甲, 機關");
    EXPECT_EQ(rows.accepted[1].version.abolished_on, day("2026-07-01"));
    std::vector<std::uint64_t> lines;
    for (const auto& rejected : rows.rejected) lines.push_back(rejected.line);
    EXPECT_THAT(lines, testing::ElementsAre(4, 5, 6, 7, 8));
}

TEST(AgencyRows, columns_may_be_fewer_and_in_any_order) {
    const auto rows = parse_agency_rows("name,org_code,remark\n甲,Z00000001A,x\n");
    ASSERT_EQ(rows.accepted.size(), 1u);
    EXPECT_EQ(rows.accepted[0].org_code, "Z00000001A");
}

TEST(AgencyRows, make_a_registry_of_versions) {
    const auto rows = parse_agency_rows(std::string(agency_header) +
                                        "Z00000001A,舊名,,2020-01-01,,,,,,\n"
                                        "Z00000001A,新名,,2026-01-01,,,,,,\n"
                                        "Z00000001A,更新名,,2026-01-01,,,,,,\n"
                                        "Z00000002B,乙,Z00000001A,,,,,,,\n");
    const auto registry = make_agency_registry(rows, day("2026-11-01"));
    EXPECT_EQ(registry.as_of("Z00000001A", day("2025-01-01"))->name, "舊名");
    EXPECT_EQ(registry.as_of("Z00000001A", day("2026-01-01"))->name, "更新名");
    EXPECT_TRUE(registry.within("Z00000002B", "Z00000001A", day("2000-01-01")));
}

}  // namespace
}  // namespace chaiqin::wire
