#include "identity/access.hpp"

#include <gtest/gtest.h>

namespace chaiqin::identity {
namespace {

using Roles = std::set<Role>;
constexpr domain::Day today = 20'000;

Caller caller(Roles roles) {
    return {"sub", "", "Z00000010A", {"Z00000090A"}, std::move(roles), "portal"};
}

/// 10 over 11 over 12; 20 beside them; 21 went from 10 to 20 today.
domain::AgencyRegistry registry() {
    const auto version = [](domain::Day day, const char* above) {
        domain::AgencyVersion one;
        one.effective_on = day;
        one.supervising_agency = above;
        return one;
    };
    return domain::AgencyRegistry(
        {{"Z00000010A", {version(0, "")}},
         {"Z00000011A", {version(0, "Z00000010A")}},
         {"Z00000012A", {version(0, "Z00000011A")}},
         {"Z00000020A", {version(0, "")}},
         {"Z00000021A", {version(0, "Z00000010A"), version(today, "Z00000020A")}},
         {"Z00000090A", {version(0, "")}},
         {"Z00000091A", {version(0, "Z00000090A")}}});
}

TEST(Access, each_role_may_do_what_its_line_of_the_table_says) {
    const std::vector<std::pair<Role, std::set<Right>>> table{
        {Role::agency_clerk,
         {Right::submit, Right::check, Right::read_submissions, Right::read_statistics,
          Right::read_unmatched, Right::read_agencies, Right::read_workbench, Right::read_records,
          Right::manage_webhooks, Right::read_webhooks}},
        {Role::supervisor,
         {Right::read_submissions, Right::read_statistics, Right::read_unmatched, Right::read_rates,
          Right::read_agencies, Right::read_workbench, Right::send_reminders}},
        {Role::personnel_office,
         {Right::read_unmatched, Right::read_agencies, Right::read_table19_loads,
          Right::load_table19}},
        {Role::operator_,
         {Right::read_submissions, Right::read_statistics, Right::read_unmatched, Right::read_rates,
          Right::read_agencies, Right::read_table19_loads, Right::read_workbench,
          Right::read_operations, Right::read_webhooks, Right::load_table19, Right::force_table19,
          Right::load_registry, Right::write_announcements}},
        {Role::auditor,
         {Right::read_submissions, Right::read_statistics, Right::read_unmatched, Right::read_rates,
          Right::read_agencies, Right::read_table19_loads, Right::read_workbench,
          Right::read_operations, Right::read_webhooks}}};
    for (const auto& [role, rights] : table)
        for (int right = 0; right <= static_cast<int>(Right::write_announcements); ++right)
            EXPECT_EQ(may(caller({role}), static_cast<Right>(right)),
                      rights.contains(static_cast<Right>(right)))
                << "role " << static_cast<int>(role) << " right " << right;
}

TEST(Access, without_a_role_there_is_no_right) {
    for (int right = 0; right <= static_cast<int>(Right::write_announcements); ++right) {
        EXPECT_FALSE(may(caller({}), static_cast<Right>(right)));
        EXPECT_EQ(scope_of(caller({}), "Z00000010A", static_cast<Right>(right)), Scope{});
    }
}

TEST(Access, webhooks_are_seen_of_the_agency_acted_for_or_of_all) {
    const auto clerk = caller({Role::agency_clerk});
    for (const auto right : {Right::manage_webhooks, Right::read_webhooks}) {
        const auto scope = scope_of(clerk, "Z00000090A", right);
        EXPECT_EQ(scope.agencies, std::vector<std::string>{"Z00000090A"});
        EXPECT_TRUE(scope.roots.empty());
        EXPECT_FALSE(scope.everything);
    }
    for (const auto role : {Role::operator_, Role::auditor})
        EXPECT_TRUE(scope_of(caller({role}), "Z00000010A", Right::read_webhooks).everything);
    EXPECT_EQ(
        scope_of(caller({Role::agency_clerk, Role::supervisor}), "Z00000010A", Right::read_webhooks)
            .roots,
        std::vector<std::string>{})
        << "a supervisor sees none of subordinates";
}

TEST(Access, one_acts_for_the_own_or_a_delegated_agency) {
    const auto clerk = caller({Role::agency_clerk});
    EXPECT_EQ(acting_agency(clerk, ""), "Z00000010A");
    EXPECT_EQ(acting_agency(clerk, "Z00000010A"), "Z00000010A");
    EXPECT_EQ(acting_agency(clerk, "Z00000090A"), "Z00000090A");
    EXPECT_EQ(acting_agency(clerk, "Z00000011A"), std::nullopt) << "a subordinate is not delegated";
    EXPECT_EQ(acting_agency(clerk, "z00000090a"), std::nullopt);
}

TEST(Access, who_acts_for_another_agency_without_being_a_clerk_has_two_paths_left) {
    auto supervisor = caller({Role::supervisor});
    keep_roles_for(supervisor, "Z00000090A");
    for (int right = 0; right <= static_cast<int>(Right::write_announcements); ++right) {
        const auto one = static_cast<Right>(right);
        EXPECT_EQ(may(supervisor, one), one == Right::read_agencies || one == Right::read_workbench)
            << right;
    }
    const Scope own{.agencies = {"Z00000010A"}};
    EXPECT_EQ(scope_of(supervisor, "Z00000090A", Right::read_workbench), own);
    auto clerk = caller({Role::agency_clerk});
    const Scope all{.agencies = {"Z00000010A", "Z00000090A"}};
    EXPECT_EQ(scope_of(clerk, "Z00000010A", Right::read_workbench), all);
    keep_roles_for(clerk, "Z00000090A");
    EXPECT_EQ(scope_of(clerk, "Z00000090A", Right::read_workbench), all);
}

bool reaches(Roles roles, Right right, std::string_view agency, const char* acting = "Z00000010A") {
    static const auto agencies = registry();
    return covers(scope_of(caller(std::move(roles)), acting, right), agency, agencies, today);
}

TEST(Access, clerks_read_the_agency_acted_for_and_statistics_below_it) {
    EXPECT_TRUE(reaches({Role::agency_clerk}, Right::read_submissions, "Z00000010A"));
    EXPECT_FALSE(reaches({Role::agency_clerk}, Right::read_submissions, "Z00000011A"));
    EXPECT_TRUE(reaches({Role::agency_clerk}, Right::read_statistics, "Z00000012A"));
    EXPECT_FALSE(reaches({Role::agency_clerk}, Right::read_statistics, "Z00000021A"))
        << "today's hierarchy";
    EXPECT_TRUE(reaches({Role::agency_clerk}, Right::read_submissions, "Z00000090A", "Z00000090A"));
    EXPECT_TRUE(reaches({Role::agency_clerk}, Right::read_statistics, "Z00000091A", "Z00000090A"));
    EXPECT_FALSE(
        reaches({Role::agency_clerk}, Right::read_submissions, "Z00000010A", "Z00000090A"));
}

TEST(Access, supervisors_read_the_own_subtree_whoever_is_acted_for) {
    for (const auto right : {Right::read_submissions, Right::read_statistics, Right::read_unmatched,
                             Right::read_rates}) {
        EXPECT_TRUE(reaches({Role::supervisor}, right, "Z00000012A"));
        EXPECT_FALSE(reaches({Role::supervisor}, right, "Z00000020A"));
        EXPECT_FALSE(reaches({Role::supervisor}, right, "Z00000090A", "Z00000090A"));
        EXPECT_TRUE(reaches({Role::supervisor}, right, "Z00000012A", "Z00000090A"));
    }
}

TEST(Access, personnel_offices_read_their_subtrees_unmatched_and_their_own_loads) {
    EXPECT_TRUE(reaches({Role::personnel_office}, Right::read_unmatched, "Z00000012A"));
    EXPECT_FALSE(reaches({Role::personnel_office}, Right::read_submissions, "Z00000010A"));
    EXPECT_TRUE(reaches({Role::personnel_office}, Right::read_table19_loads, "Z00000010A"));
    EXPECT_FALSE(reaches({Role::personnel_office}, Right::read_table19_loads, "Z00000011A"));
    EXPECT_TRUE(may_load_authority(caller({Role::personnel_office}), "Z00000010A"));
    EXPECT_FALSE(may_load_authority(caller({Role::personnel_office}), "Z00000011A"));
    EXPECT_TRUE(may_load_authority(caller({Role::operator_}), "Z00000011A"));
    EXPECT_FALSE(may_load_authority(caller({Role::auditor}), "Z00000010A"));
}

TEST(Access, operators_and_auditors_read_all_but_no_values) {
    for (const auto role : {Role::operator_, Role::auditor}) {
        EXPECT_TRUE(reaches({role}, Right::read_submissions, "Z00000021A"));
        EXPECT_EQ(scope_of_values(caller({role}), "Z00000010A"), Scope{});
    }
    const auto both = scope_of_values(caller({Role::operator_, Role::agency_clerk}), "Z00000010A");
    EXPECT_FALSE(both.everything) << "roles add up: values of the own agency only";
    EXPECT_EQ(both.agencies, std::vector<std::string>{"Z00000010A"});
}

}  // namespace
}  // namespace chaiqin::identity
