#include "domain/rules.hpp"

#include <gtest/gtest.h>

#include "domain/finding.hpp"
#include "domain/leave_types.hpp"

namespace chaiqin::domain {
namespace {

Day day(std::string_view text) { return *parse_iso_day(text); }

Rule rule(std::string code, Severity severity, std::optional<Day> from, std::optional<Day> to) {
    Rule made;
    made.code = std::move(code);
    made.severity = severity;
    made.valid_from = from;
    made.valid_to = to;
    made.message_zh = "批次{n}於{d}";
    made.message_en = "batch n";
    return made;
}

TEST(RuleSet, tells_the_row_in_force) {
    auto off = rule("C08", Severity::error, {}, {});
    off.enabled = false;
    const RuleSet rules("r1", {rule("C07", Severity::warning, {}, day("2030-12-31")),
                               rule("C07", Severity::error, day("2031-01-01"), {}), off});
    EXPECT_EQ(rules.in_force("C07", day("2030-12-31"))->severity, Severity::warning);
    EXPECT_EQ(rules.in_force("C07", day("2031-01-01"))->severity, Severity::error);
    EXPECT_EQ(rules.in_force("C08", day("2031-01-01")), nullptr);
    EXPECT_EQ(rules.in_force("C99", day("2031-01-01")), nullptr);
}

TEST(Finding, fills_the_placeholders_it_is_given) {
    const Placeholder given[] = {{"n", "7"}, {"x", "地點"}};
    EXPECT_EQ(filled("缺少{x}項目{n}{n}{d}", given), "缺少地點項目77{d}");
    EXPECT_EQ(filled("{open", given), "{open");
    EXPECT_EQ(filled("", given), "");
}

TEST(Finding, of_a_file_has_the_texts_of_its_rule) {
    const RuleSet rules("r1", {rule("F11", Severity::warning, {}, day("2030-12-31"))});
    const Placeholder given[] = {{"n", "b-1"}};
    const auto finding = file_finding(rules, "F11", day("2026-01-01"), given);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->kind, FindingKind::file);
    EXPECT_EQ(finding->message, "批次b-1於{d}");
    EXPECT_EQ(finding->severity, Severity::warning);
    EXPECT_FALSE(finding->index);
    EXPECT_FALSE(file_finding(rules, "F11", day("2031-01-01"), given));
}

TEST(LeaveTypes, gives_the_row_of_the_day_or_the_latest) {
    LeaveType old, renewed;
    old.code = renewed.code = 3;
    old.valid_to = day("2025-12-31");
    renewed.valid_from = day("2027-01-01");
    const LeaveTypes types({old, renewed});
    EXPECT_EQ(types.covering(3, day("2025-12-31")), &types.rows()[0]);
    EXPECT_EQ(types.covering(3, day("2026-06-01")), nullptr);
    EXPECT_EQ(types.covering(3, day("2027-01-01")), &types.rows()[1]);
    EXPECT_EQ(types.latest(3), &types.rows()[1]);
    EXPECT_EQ(types.latest(4), nullptr);
    EXPECT_EQ(types.latest(100), nullptr);
    EXPECT_EQ(types.covering(-1, 0), nullptr);
}

}  // namespace
}  // namespace chaiqin::domain
