#include "wire/reference_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
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

std::vector<std::string> problems_of(const std::function<void()>& parse) {
    try {
        parse();
    } catch (const TableError& failure) {
        return failure.problems;
    }
    return {};
}

TEST(OwnTables, say_the_line_of_what_is_wrong_with_the_calendar) {
    const std::string begin = R"([
  {"date":"2026-01-01","day_off":true,"note":"\"[{"},
)";
    const auto calendar = [&](const std::string& rest) {
        return problems_of([&] {
            (void)make_office_calendar(parse_calendar_days(begin + rest, "c.json"), {}, "c.json");
        });
    };
    using testing::ElementsAre;
    EXPECT_THAT(calendar(R"({"date":"2026-01-02","day_off":true}])"), testing::IsEmpty());
    EXPECT_THAT(calendar(R"({"date":"2026-01-03","day_off":true}])"),
                ElementsAre("c.json:3: no day between 2026-01-01 and 2026-01-03"));
    EXPECT_THAT(calendar("\n"
                         R"({"date":"2026-01-01","day_off":true}])"),
                ElementsAre("c.json:4: 2026-01-01 stands there twice"));
    EXPECT_THAT(calendar(R"({"date":"2026-02-30","day_off":true}])"),
                ElementsAre("c.json:3: date or day_off is missing or wrong"));
    EXPECT_THAT(calendar(R"({"date":"2026-01-02" "day_off":true}])"),
                ElementsAre("c.json:3: the calendar is no JSON"));
    EXPECT_THAT(problems_of([] { (void)parse_calendar_days("[]", "c.json"); }),
                ElementsAre("c.json:1: the calendar is no JSON array of days"));
}

TEST(OwnTables, say_the_line_of_what_is_wrong_with_a_csv) {
    using testing::ElementsAre;
    const std::string header =
        "code,scope,severity,needs,service,note,enabled,valid_from,valid_to,field,message_zh,"
        "message_en\n";
    const std::string row = "X01,file,error,,validator,,1,2026-01-01,,,a,b\n";
    const auto rules = [](const std::string& csv) {
        return problems_of([&] { (void)parse_rules(csv, "r.csv"); });
    };
    EXPECT_THAT(rules(header + row), testing::IsEmpty());
    EXPECT_THAT(rules(header + "X01,file,error,,validator,,1,2026-01-01,,,a\n"),
                ElementsAre("r.csv:2: the row has not as many fields as the header"));
    EXPECT_THAT(rules("code,scope\nX01,file\n"),
                ElementsAre("r.csv:1: no column severity, needs, service, note, enabled, "
                            "valid_from, valid_to, field, message_zh, message_en"));
    EXPECT_THAT(rules("x" + header + row), ElementsAre("r.csv:1: column 1: unknown column xcode"));
    EXPECT_THAT(rules(header + row + "X02,\"file,error\n"),
                ElementsAre("r.csv:3: column 2 (character 5): a line ends inside quotes; is the "
                            "quote never closed?"));
    EXPECT_THAT(rules(header + row + row),
                ElementsAre("r.csv:3: code is in force on days of line 2"));
    EXPECT_THAT(problems_of([] {
                    (void)parse_deadline_rule(
                        "name,value,note\ndeadline_day,20,\ndeadline_day,5,\n", "s.csv");
                }),
                ElementsAre("s.csv:3: deadline_day stands there twice"));
    EXPECT_THAT(problems_of([] {
                    (void)parse_deadline_rule(
                        "name,value,note\ndeadline_moves,1,\ndeadline_day,x,\n", "s.csv");
                }),
                ElementsAre("s.csv:3: deadline_day must be 1 to 28"));
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
        EXPECT_THAT(failure.problems, testing::Each(testing::StartsWith("rules.csv:2: ")));
    }
    EXPECT_THROW((void)parse_leave_types(""), domain::ConfigError);
}

constexpr const char* agency_header =
    "org_code,name,supervising_org_code,effective_on,established_on,abolished_on,successor_org_"
    "code,exempt_"
    "from,exempt_to,"
    "contact_email\n";

domain::AgencyUploads uploads_of(const std::string& csv) {
    return std::get<domain::AgencyUploads>(parse_agency_rows(csv));
}

TEST(AgencyRows, are_taken_or_rejected_with_their_line) {
    const auto rows = uploads_of(std::string(agency_header) +
                                 "Z00000001A,\"甲, 機關\",,2020-01-01,,,,,,a@example.test\n"
                                 "Z00000002B,乙,Z00000001A,,2021-01-01,2026-07-01,,2026-01-01,,\n"
                                 "bad,丙,,,,,,,,\n"
                                 "Z00000003C,丁,,2020-02-30,,,,,,\n"
                                 "Z00000004D,戊,,,2021-01-01\n"
                                 "Z00000005E,,,,,,,,,\n"
                                 "Z00000006F,己,Z00000006F,,,,,,,\n"
                                 "Z00000007G,庚,,,,,,,,,\n");
    EXPECT_EQ(rows.rows, 8u);
    ASSERT_EQ(rows.accepted.size(), 2u);
    EXPECT_EQ(rows.accepted[0].version.name, "甲, 機關");
    EXPECT_EQ(rows.accepted[1].version.abolished_on, day("2026-07-01"));
    std::vector<std::uint64_t> lines;
    for (const auto& rejected : rows.rejected) lines.push_back(rejected.line);
    EXPECT_THAT(lines, testing::ElementsAre(4, 5, 6, 7, 8, 9));
    EXPECT_EQ(rows.rejected[2].reason, "欄位數與標題列不同");
}

TEST(AgencyRows, columns_may_be_fewer_and_in_any_order) {
    const auto rows = uploads_of("Name , ORG_CODE,contact_email\r甲,Z00000001A,\r");
    ASSERT_EQ(rows.accepted.size(), 1u);
    EXPECT_EQ(rows.accepted[0].org_code, "Z00000001A");
    EXPECT_EQ(rows.columns, (domain::AgencyColumns{.supervising_agency = false,
                                                   .established_on = false,
                                                   .abolished_on = false,
                                                   .successor = false,
                                                   .exempt_from = false,
                                                   .exempt_to = false,
                                                   .contact_email = true}));
}

TEST(AgencyRows, of_a_file_that_cannot_be_read_are_none) {
    const auto fault_of = [](const std::string& csv) {
        const auto read = parse_agency_rows(csv);
        const auto* fault = std::get_if<TableFault>(&read);
        return fault ? fault->zh() : "";
    };
    EXPECT_EQ(fault_of(""), "第 1 行：沒有標題列");
    EXPECT_EQ(fault_of("org_code,名稱\nZ00000001A,甲\n"), "第 1 行第 2 欄：未知的欄位 名稱");
    EXPECT_EQ(fault_of("org_code\nZ00000001A\n"), "第 1 行：缺少欄位 name");
    EXPECT_EQ(fault_of("org_code,name,Name\nZ00000001A,甲,乙\n"), "第 1 行第 3 欄：欄位 Name 重複");
    EXPECT_EQ(fault_of("org_code,name\nZ00000001A,\"甲\nZ00000002B,乙\n"),
              "第 2 行第 2 欄（第 12 字）：引號內不得換行，引號可能未關閉");
    EXPECT_EQ(fault_of("org_code,name\nZ00000001A,\xA5\xD2\n"),
              "第 2 行第 2 欄（第 12 字）：不是 UTF-8 編碼");
}

TEST(AgencyRows, have_plain_addresses_or_none) {
    const auto is_taken = [](const std::string& email) {
        return uploads_of("org_code,name,contact_email\nZ00000001A,甲,\"" + email + "\"\n")
                   .accepted.size() == 1;
    };
    for (const char* good : {"", "a@example.test", "a.b+c@example.test, d@e-f.example.test", "a@b"})
        EXPECT_TRUE(is_taken(good)) << good;
    for (const char* bad :
         {"a", "@b", "a@", "a@b@c", "a b@c", "a@b,", ",a@b", "a@b;c@d", "甲 <a@b>", "<a@b>",
          "甲@example.test", "a@例.test", "a..b@c", ".a@b", "a@b.", "a@b\tc", "\"\"a\"\"@b"})
        EXPECT_FALSE(is_taken(bad)) << bad;
}

}  // namespace
}  // namespace chaiqin::wire
