// The registry on a real PostgreSQL: the product's own tables, agencies loads, and the source that
// follows them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "cli/base_tables.hpp"
#include "cli/commands.hpp"
#include "domain/failure.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "postgres/registry/registry_store.hpp"
#include "runtime/metrics.hpp"
#include "runtime/waits.hpp"
#include "support/scratch_database.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::postgres::registry {
namespace {

using chaiqin::testing::ScratchDatabase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string schemas = CHAIQIN_SOURCE_DIR "/schemas";
domain::Day day(std::string_view text) { return *domain::parse_iso_day(text); }

bool becomes_true(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

class RegistryOnDisk : public ::testing::Test {
protected:
    static void SetUpTestSuite() { runtime::open_metrics("test", "0"); }
    static void TearDownTestSuite() { shared().reset(); }
    RegistryOnDisk() {
        database_.run(
            "TRUNCATE registry.agency_version, registry.calendar_day, registry.leave_type, "
            "registry.rule, registry.setting");
        database_.run("UPDATE registry.version SET version = 1, ruleset = ''");
    }

    SessionSettings as(const std::string& role) { return {database_.conninfo(role), "test"}; }
    domain::RegistryPtr read() {
        Session session(as("query"));
        auto work = session.begin(Isolation::repeatable_read_read_only);
        auto registry = read_registry(*work);
        session.commit(*work);
        return registry;
    }
    domain::RegistryLoadPlan load(const std::string& rows, bool confirmed = false,
                                  const char* today = "2026-11-05") {
        Session gateway(as("gateway"));
        return load_agencies(
            gateway,
            std::get<domain::AgencyUploads>(wire::parse_agency_rows(
                "org_code,name,supervising_org_code,effective_on,contact_email\n" + rows)),
            day(today), confirmed);
    }

    /// One database for all; each test begins with an empty registry of version 1.
    static std::unique_ptr<ScratchDatabase>& shared() {
        static std::unique_ptr<ScratchDatabase> one;
        return one;
    }
    ScratchDatabase& database_ =
        shared() ? *shared() : *(shared() = std::make_unique<ScratchDatabase>());
};

TEST_F(RegistryOnDisk, holds_the_products_own_tables_as_their_files_say) {
    Session owner(as(""));
    const auto rules =
        wire::make_rule_set(wire::parse_rules(cli::read_text_file(schemas + "/rules/rules.csv")));
    EXPECT_THAT(load_base_data(owner, cli::base_tables(schemas).tables, rules.version()),
                ElementsAre("registry.calendar_day", "registry.leave_type", "registry.rule",
                            "registry.setting"));
    const auto registry = read();
    EXPECT_EQ(registry->version, 2);
    EXPECT_EQ(registry->rules.version(), rules.version());
    EXPECT_EQ(registry->rules.rules(), rules.rules());
    EXPECT_EQ(
        registry->leave_types.rows(),
        wire::parse_leave_types(cli::read_text_file(schemas + "/registry/leave-types.csv")).rows());
    for (const auto& expected :
         wire::parse_calendar_days(cli::read_text_file(schemas + "/registry/office-calendar.json")))
        ASSERT_EQ(registry->calendar.day_off(expected.day), expected.day_off)
            << domain::iso_day(expected.day);
}

TEST_F(RegistryOnDisk, moves_its_version_only_when_something_differs) {
    Session owner(as(""));
    load_base_data(owner, cli::base_tables(schemas).tables, "r1");
    EXPECT_THAT(load_base_data(owner, cli::base_tables(schemas).tables, "r1"), IsEmpty());
    EXPECT_EQ(read()->version, 2);
    database_.run("UPDATE registry.rule SET enabled = false WHERE code = 'L18'");
    EXPECT_THAT(load_base_data(owner, cli::base_tables(schemas).tables, "r1"),
                ElementsAre("registry.rule"));
    EXPECT_EQ(read()->version, 3);
    EXPECT_NE(read()->rules.in_force("L18", day("2026-11-01")), nullptr);
    EXPECT_THAT(load_base_data(owner, cli::base_tables(schemas).tables, "r2"), IsEmpty());
    EXPECT_EQ(read()->version, 4);
}

TEST_F(RegistryOnDisk, says_when_the_deadline_is_and_has_a_default_on_a_database_without_settings) {
    Session owner(as(""));
    load_base_data(owner, cli::base_tables(schemas).tables, "r1");
    const auto november = *domain::parse_iso_month("2026-11");  // its deadline is a Sunday
    EXPECT_EQ(read()->calendar.deadline(november), day("2026-12-21"));
    database_.run("UPDATE registry.setting SET value = '0' WHERE name = 'deadline_moves'");
    EXPECT_EQ(read()->calendar.deadline(november), day("2026-12-20"));
    database_.run("UPDATE registry.setting SET value = '5' WHERE name = 'deadline_day'");
    EXPECT_EQ(read()->calendar.deadline(november), day("2026-12-05"));
    database_.run("DELETE FROM registry.setting");
    EXPECT_EQ(read()->calendar.deadline(november), day("2026-12-21"));
    database_.run("ALTER TABLE registry.setting RENAME TO setting_of_later");
    EXPECT_EQ(read()->calendar.deadline(november), day("2026-12-21"));
    database_.run("ALTER TABLE registry.setting_of_later RENAME TO setting");
}

TEST_F(RegistryOnDisk, takes_agencies_with_dated_versions) {
    auto plan = load(
        "Z00000002B,乙,Z00000001A,,b@example.test\nZ00000001A,甲,,2010-01-01,\nZ00000003C,丙,"
        "Z00000009X,,\n");
    EXPECT_EQ(plan.added, 2u);
    ASSERT_EQ(plan.rejected.size(), 1u);
    EXPECT_EQ(plan.rejected[0].line, 4u);
    EXPECT_EQ(read()->version, 2);
    EXPECT_EQ(read()->agencies.as_of("Z00000002B", day("2026-11-05"))->contact_email,
              "b@example.test");

    plan = load("Z00000002B,乙,,,b@example.test\n", true, "2026-12-01");
    EXPECT_EQ(plan.changed, 1u);
    const auto registry = read();
    EXPECT_EQ(registry->version, 3);
    EXPECT_TRUE(registry->agencies.within("Z00000002B", "Z00000001A", day("2026-11-30")));
    EXPECT_FALSE(registry->agencies.within("Z00000002B", "Z00000001A", day("2026-12-01")));

    plan = load("Z00000002B,乙,,,b@example.test\n", false, "2027-01-01");
    EXPECT_EQ(plan.unchanged, 1u);
    EXPECT_EQ(read()->version, 3);
}

TEST_F(RegistryOnDisk, waits_for_confirmation_of_many_changes_and_applies_nothing_before) {
    load("Z00000001A,甲,,2010-01-01,\nZ00000002B,乙,Z00000001A,,\n");
    const std::string rows = "Z00000002B,新乙,Z00000001A,,\nZ00000003C,丙,,,\n";
    auto plan = load(rows);
    EXPECT_TRUE(plan.needs_confirmation);
    EXPECT_EQ(plan.added, 1u);
    EXPECT_EQ(plan.changed, 1u);
    EXPECT_EQ(read()->version, 2);
    EXPECT_FALSE(read()->agencies.knows("Z00000003C"));
    load(rows, true);
    EXPECT_TRUE(read()->agencies.knows("Z00000003C"));
    EXPECT_EQ(read()->agencies.as_of("Z00000002B", day("2026-11-05"))->name, "新乙");
}

TEST_F(RegistryOnDisk, is_written_by_the_gateway_and_the_owner_alone) {
    Session validator(as("validator"));
    const auto rows =
        std::get<domain::AgencyUploads>(wire::parse_agency_rows("org_code,name\nZ00000001A,甲\n"));
    EXPECT_THROW(load_agencies(validator, rows, day("2026-11-05"), true), domain::TransientFailure);
}

TEST_F(RegistryOnDisk, is_followed_by_a_source_that_keeps_the_last_one_while_the_database_is_away) {
    load("Z00000001A,甲,,,\n");
    database_.run("UPDATE registry.version SET ruleset = 'test'");
    const auto source = make_registry_source(as("validator"));
    const auto first = source->current();
    EXPECT_TRUE(first->agencies.knows("Z00000001A"));
    load("Z00000002B,乙,,,\n");
    EXPECT_TRUE(becomes_true([&] { return source->current()->agencies.knows("Z00000002B"); }));
    EXPECT_FALSE(first->agencies.knows("Z00000002B"));

    database_.allow_connections(false);
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    EXPECT_TRUE(source->current()->agencies.knows("Z00000002B"));
    database_.allow_connections(true);
    load("Z00000003C,丙,,,\n");
    EXPECT_TRUE(becomes_true([&] { return source->current()->agencies.knows("Z00000003C"); }));
}

struct FollowedRegistry : RegistryOnDisk {
    FollowedRegistry() {
        load("Z00000001A,甲,,,\n");
        sql("UPDATE registry.version SET ruleset = 'test'");
        calendar({"2026-11-02", "2026-11-03", "2026-11-04"});
    }
    void sql(const std::string& statement) { shared()->run(statement); }
    void calendar(const std::vector<std::string>& days) {
        sql("TRUNCATE registry.calendar_day");
        for (const auto& one : days)
            shared()->run("INSERT INTO registry.calendar_day (day, day_off) VALUES ($1, false)",
                          one);
        sql("UPDATE registry.version SET version = version + 1");
    }
};

TEST_F(FollowedRegistry, that_was_never_read_holds_nobody_up) {
    database_.allow_connections(false);
    const auto source = make_registry_source(as("validator"), std::chrono::milliseconds(200));
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) EXPECT_THROW(source->current(), domain::TransientFailure);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(1))
        << "they wait together, not one after the other";
    database_.allow_connections(true);
    EXPECT_TRUE(becomes_true([&] {
        try {
            return source->current()->agencies.knows("Z00000001A");
        } catch (const domain::TransientFailure&) {
            return false;
        }
    }));
}

TEST_F(FollowedRegistry, keeps_the_last_good_one_while_the_newest_cannot_be_used) {
    const auto source = make_registry_source(as("validator"));
    const auto good = source->newest();
    calendar({"2026-11-02", "2026-11-04"});
    EXPECT_EQ(source->newest(), good);
    EXPECT_EQ(source->newest(), good) << "and it is not read over and over";
    EXPECT_NE(runtime::metrics().text().find("chaiqin_registry_refused{service=\"test\"} 1"),
              std::string::npos);
    calendar({"2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"});
    EXPECT_TRUE(source->newest()->calendar.covers(day("2026-11-05")));
    EXPECT_NE(runtime::metrics().text().find("chaiqin_registry_refused{service=\"test\"} 0"),
              std::string::npos);
}

TEST_F(FollowedRegistry, makes_wait_until_there_was_a_good_one) {
    calendar({"2026-11-02", "2026-11-04"});
    const auto source = make_registry_source(as("validator"));
    EXPECT_THROW(source->newest(), domain::DeploymentFailure);
    EXPECT_THROW(source->current(), domain::DeploymentFailure) << "at once, not after 30 s";
    ASSERT_EQ(runtime::waits().all().size(), 1u) << "also where nobody has asked for it";
    EXPECT_EQ(runtime::waits().all()[0].reason, "registry");
    sql("INSERT INTO registry.calendar_day (day, day_off) VALUES ('2026-11-03', false)");
    EXPECT_TRUE(becomes_true([&] {
        try {
            return source->current() != nullptr;
        } catch (const domain::DeploymentFailure&) {
            return false;
        }
    })) << "the same version, mended by hand";
    EXPECT_TRUE(runtime::waits().all().empty());
}

TEST_F(FollowedRegistry, that_was_never_loaded_makes_wait) {
    sql("UPDATE registry.version SET ruleset = ''");
    const auto source = make_registry_source(as("validator"));
    EXPECT_THROW(source->newest(), domain::DeploymentFailure);
}

TEST_F(FollowedRegistry, takes_agencies_although_the_calendar_cannot_be_used) {
    calendar({"2026-11-02", "2026-11-04"});
    EXPECT_FALSE(load("Z00000002B,乙,,,\n").changes.empty());
}

}  // namespace
}  // namespace chaiqin::postgres::registry
