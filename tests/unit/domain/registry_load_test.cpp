#include "domain/registry_load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chaiqin::domain {
namespace {

using testing::ElementsAre;

Day day(std::string_view text) { return *parse_iso_day(text); }
const Day today = day("2026-11-05");

struct Row {
    std::string code, parent;
    std::optional<Day> effective_on = std::nullopt, established_on = std::nullopt;
    std::string name = "made-up agency";
};

AgencyUploads uploads(const std::vector<Row>& rows) {
    AgencyUploads all;
    for (const auto& row : rows) {
        AgencyUpload upload;
        upload.line = ++all.rows + 1;
        upload.org_code = row.code;
        upload.effective_on = row.effective_on;
        upload.version.supervising_agency = row.parent;
        upload.version.established_on = row.established_on;
        upload.version.name = row.name;
        all.accepted.push_back(std::move(upload));
    }
    return all;
}

AgencyRegistry registry_of(const std::vector<Row>& rows) {
    const AgencyRegistry empty{AgencyRegistry::Versions{}};
    const auto plan = plan_registry_load(uploads(rows), empty, today);
    EXPECT_TRUE(plan.rejected.empty());
    return with_changes(empty, plan);
}

std::vector<std::uint64_t> rejected_lines(const RegistryLoadPlan& plan) {
    std::vector<std::uint64_t> lines;
    for (const auto& rejected : plan.rejected) lines.push_back(rejected.line);
    return lines;
}

void expect_counts(const RegistryLoadPlan& plan, std::uint64_t added, std::uint64_t changed,
                   std::uint64_t unchanged) {
    EXPECT_EQ(plan.added, added);
    EXPECT_EQ(plan.changed, changed);
    EXPECT_EQ(plan.unchanged, unchanged);
    EXPECT_EQ(plan.rows, added + changed + unchanged + plan.rejected.size());
}

TEST(RegistryLoad, adds_agencies_whose_parents_stand_after_them) {
    const AgencyRegistry empty{AgencyRegistry::Versions{}};
    const auto plan =
        plan_registry_load(uploads({{"c", "b"}, {"b", "a"}, {"a", ""}}), empty, today);
    expect_counts(plan, 3, 0, 0);
    EXPECT_FALSE(plan.needs_confirmation);
    EXPECT_TRUE(with_changes(empty, plan).within("c", "a", today));
}

TEST(RegistryLoad, of_the_same_file_again_changes_nothing) {
    const std::vector<Row> rows{
        {"a", "", std::nullopt, day("2010-01-01")}, {"b", "a"}, {"c", "a", day("2026-01-01")}};
    const auto plan = plan_registry_load(uploads(rows), registry_of(rows), day("2027-03-01"));
    expect_counts(plan, 0, 0, 3);
    EXPECT_TRUE(plan.changes.empty());
}

TEST(RegistryLoad, dates_a_row_without_a_date_by_establishment_when_new_and_by_today_when_known) {
    const auto before = registry_of({{"a", "", std::nullopt, day("2010-01-01")}, {"b", ""}});
    EXPECT_EQ(before.all().at("a").front().effective_on, day("2010-01-01"));
    EXPECT_EQ(before.all().at("b").front().effective_on, today);
    const auto plan = plan_registry_load(uploads({{"a", "b", std::nullopt, day("2010-01-01")}}),
                                         before, day("2026-12-01"));
    ASSERT_EQ(plan.changes.size(), 1u);
    EXPECT_EQ(plan.changes[0].second.effective_on, day("2026-12-01"));
    const auto after = with_changes(before, plan);
    EXPECT_FALSE(after.within("a", "b", day("2026-11-30")));
    EXPECT_TRUE(after.within("a", "b", day("2026-12-01")));
}

TEST(RegistryLoad, replaces_the_version_of_the_same_date_and_removes_nothing) {
    const auto before = registry_of({{"a", "", day("2020-01-01"), std::nullopt, "old"},
                                     {"a", "", day("2026-01-01"), std::nullopt, "new"}});
    const auto plan = plan_registry_load(
        uploads({{"a", "", day("2020-01-01"), std::nullopt, "mended"}}), before, today);
    expect_counts(plan, 0, 1, 0);
    const auto after = with_changes(before, plan);
    EXPECT_EQ(after.as_of("a", day("2021-01-01"))->name, "mended");
    EXPECT_EQ(after.as_of("a", today)->name, "new");
}

TEST(RegistryLoad, takes_the_last_of_two_rows_for_one_date) {
    const auto registry = registry_of({{"a", "", day("2020-01-01"), std::nullopt, "first"},
                                       {"a", "", day("2020-01-01"), std::nullopt, "last"}});
    ASSERT_EQ(registry.all().at("a").size(), 1u);
    EXPECT_EQ(registry.as_of("a", today)->name, "last");
}

TEST(RegistryLoad, rejects_an_unknown_parent_and_whoever_hangs_on_it) {
    const auto plan = plan_registry_load(uploads({{"a", ""}, {"b", "x"}, {"c", "b"}, {"d", "a"}}),
                                         registry_of({}), today);
    EXPECT_THAT(rejected_lines(plan), ElementsAre(3, 4));
    EXPECT_EQ(plan.rejected[0].reason, "主管機關代碼不存在");
    expect_counts(plan, 2, 0, 0);
}

TEST(RegistryLoad, rejects_every_row_of_a_cycle_but_not_those_beside_it) {
    const auto before = registry_of({{"a", ""}, {"b", ""}, {"c", ""}});
    const auto plan = plan_registry_load(uploads({{"a", "b"}, {"b", "c"}, {"c", "a"}, {"d", "a"}}),
                                         before, today);
    EXPECT_THAT(rejected_lines(plan), ElementsAre(2, 3, 4));
    EXPECT_EQ(plan.rejected[0].reason, "主管機關形成循環");
    expect_counts(plan, 1, 0, 0);
}

TEST(RegistryLoad, sees_a_cycle_that_exists_only_later_or_only_before) {
    // b goes under a from 2027 on; a under b from 2020 on would make a cycle from 2027 on.
    const auto before = registry_of({{"a", "", day("2010-01-01")},
                                     {"b", "", day("2010-01-01")},
                                     {"b", "a", day("2027-01-01")}});
    EXPECT_THAT(
        rejected_lines(plan_registry_load(uploads({{"a", "b", day("2020-01-01")}}), before, today)),
        ElementsAre(2));
    // Until 2026 b was under a. The first version of a holds backwards: under b before it was made,
    // too.
    const auto earlier = registry_of({{"a", "", day("2010-01-01")},
                                      {"b", "a", day("2010-01-01")},
                                      {"b", "", day("2026-01-01")}});
    EXPECT_THAT(rejected_lines(
                    plan_registry_load(uploads({{"a", "b", day("2010-01-01")}}), earlier, today)),
                ElementsAre(2));
    EXPECT_TRUE(plan_registry_load(uploads({{"a", "b", day("2026-01-01")}}), earlier, today)
                    .rejected.empty());
}

TEST(RegistryLoad, allows_six_levels_and_rejects_the_seventh) {
    std::vector<Row> rows{{"1", ""}, {"2", "1"}, {"3", "2"}, {"4", "3"}, {"5", "4"}, {"6", "5"}};
    const auto six = registry_of(rows);
    const auto plan = plan_registry_load(uploads({{"7", "6"}, {"8", "7"}}), six, today);
    EXPECT_THAT(rejected_lines(plan), ElementsAre(2, 3));
    EXPECT_EQ(plan.rejected[0].reason, "機關層級超過 6 層");
}

TEST(RegistryLoad, rejects_a_move_that_pushes_others_below_the_sixth_level) {
    const auto before = registry_of(
        {{"1", ""}, {"2", "1"}, {"3", "2"}, {"4", "3"}, {"5", "4"}, {"x", ""}, {"y", "x"}});
    EXPECT_THAT(rejected_lines(plan_registry_load(uploads({{"x", "5"}}), before, today)),
                ElementsAre(2));
    EXPECT_TRUE(plan_registry_load(uploads({{"x", "4"}}), before, today).rejected.empty());
}

TEST(RegistryLoad, of_more_than_one_percent_changed_needs_confirmation) {
    std::vector<Row> rows;
    for (int i = 0; i < 200; ++i) rows.push_back({"agency" + std::to_string(i), ""});
    const auto before = registry_of(rows);
    std::vector<Row> some{{"agency1", "", std::nullopt, std::nullopt, "x"},
                          {"agency2", "", std::nullopt, std::nullopt, "x"},
                          {"new", ""}};
    EXPECT_FALSE(plan_registry_load(uploads(some), before, today).needs_confirmation);
    some.push_back({"agency2", "", day("2027-01-01"), std::nullopt, "y"});  // the same agency
    EXPECT_FALSE(plan_registry_load(uploads(some), before, today).needs_confirmation);
    some.push_back({"agency3", "", std::nullopt, std::nullopt, "x"});
    const auto plan = plan_registry_load(uploads(some), before, today);
    EXPECT_TRUE(plan.needs_confirmation);
    expect_counts(plan, 1, 4, 0);
}

TEST(RegistryLoad, an_absent_column_leaves_what_is_stored) {
    auto first = uploads({{"a", ""}, {"b", "a", day("2020-01-01"), day("2010-01-01")}});
    first.accepted[1].version.abolished_on = day("2027-01-01");
    first.accepted[1].version.successor = "a";
    first.accepted[1].version.exempt_from = day("2026-08-01");
    first.accepted[1].version.exempt_to = day("2026-12-31");
    first.accepted[1].version.contact_email = "b@example.test";
    const AgencyRegistry empty{AgencyRegistry::Versions{}};
    const auto before = with_changes(empty, plan_registry_load(first, empty, today));
    auto renamed = uploads({{"b", "", std::nullopt, std::nullopt, "new name"}});
    renamed.columns = {false, false, false, false, false, false, false};
    const auto after = with_changes(before, plan_registry_load(renamed, before, today));
    auto expected = before.all().at("b").front();
    expected.name = "new name";
    expected.effective_on = today;
    EXPECT_EQ(*after.as_of("b", today), expected);
    EXPECT_EQ(*after.as_of("b", today - 1), before.all().at("b").front());

    auto again = uploads({{"b", "a"}});
    again.columns.established_on = again.columns.exempt_from = again.columns.exempt_to = false;
    EXPECT_EQ(plan_registry_load(again, before, today).changes[0].second.abolished_on,
              std::nullopt);
}

TEST(RegistryLoad, rejects_dates_that_cannot_stand_beside_those_that_are_stored) {
    const auto before = registry_of({{"a", "", std::nullopt, day("2026-01-01")}});
    auto all = uploads({{"a", ""}, {"a", ""}, {"a", ""}});
    all.columns.established_on = false;
    all.accepted[0].version.abolished_on = day("2026-01-01");
    all.accepted[1].version.exempt_to = day("2026-01-01");
    all.accepted[2].version.exempt_from = day("2026-02-01");
    all.accepted[2].version.exempt_to = day("2026-01-31");
    const auto plan = plan_registry_load(all, before, today);
    EXPECT_THAT(rejected_lines(plan), ElementsAre(2, 3, 4));
    expect_counts(plan, 0, 0, 0);
}

TEST(RegistryLoad, reads_a_file_with_one_agency_twice_as_two_dates) {
    // The second row has no date, and the agency is known by then: it holds from today on.
    const AgencyRegistry empty{AgencyRegistry::Versions{}};
    const auto established = day("2010-01-01");
    const auto plan = plan_registry_load(uploads({{"top", ""},
                                                  {"a", "", std::nullopt, established},
                                                  {"a", "top", std::nullopt, established}}),
                                         empty, today);
    const auto after = with_changes(empty, plan);
    EXPECT_FALSE(after.within("a", "top", today - 1));
    EXPECT_TRUE(after.within("a", "top", today));
}

TEST(RegistryLoad, lists_rows_rejected_by_their_shape_among_the_others) {
    auto all = uploads({{"b", "x"}});
    all.rows += 2;
    all.rejected = {{4, "機關代碼格式錯誤"}, {1, "日期格式錯誤"}};
    const auto plan = plan_registry_load(all, registry_of({}), today);
    EXPECT_THAT(rejected_lines(plan), ElementsAre(1, 2, 4));
    expect_counts(plan, 0, 0, 0);
}

}  // namespace
}  // namespace chaiqin::domain
