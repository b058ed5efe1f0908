// Every statement of the product is planned on the migrated schema, as the role that runs it: a
// column that was renamed, a parameter without a type or a right that was not granted fails here
// and not in the middle of the night.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "statements_by_folder.hpp"
#include "support/scratch_database.hpp"

namespace chaiqin {
namespace {

using postgres::Sql;

/// The role that runs the statements of a folder; "" is the owner of the database.
const std::map<std::string_view, std::string> roles{
    {"postgres", ""},
    {"postgres/intake", "gateway"},
    {"postgres/matching", "agency_matcher"},
    {"postgres/notification", "notification"},
    {"postgres/operations", ""},
    {"postgres/registry", ""},
    {"postgres/statistics", "statistics_aggregator"},
    {"postgres/validation", "validator"},
    {"query", "query"},
};

/// "NULL, NULL" for the parameters $1, $2 of a statement.
std::string nulls_for(const std::string& text) {
    int most = 0;
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1))
        most = std::max(most, std::atoi(text.c_str() + at + 1));
    std::string nulls;
    for (int i = 0; i < most; ++i) nulls += i == 0 ? "NULL" : ", NULL";
    return nulls.empty() ? "" : "(" + nulls + ")";
}

/// "" or what PostgreSQL says against the statement. EXPLAIN also checks the role's rights.
std::string refusal(const std::string& conninfo, const Sql& sql) {
    pqxx::connection connection(conninfo);
    try {
        pqxx::work work(connection);
        work.exec0("PREPARE tried AS " + std::string(sql.text));
        work.exec("EXPLAIN EXECUTE tried" + nulls_for(sql.text));
        return "";
    } catch (const pqxx::sql_error& failure) {
        return std::string(sql.name) + ": " + failure.what();
    }
}

TEST(Statements, each_can_be_planned_by_the_role_that_runs_it) {
    testing::ScratchDatabase database;
    for (const auto& [folder, statements] : statements_by_folder) {
        ASSERT_TRUE(roles.contains(folder)) << "say in this test which role runs " << folder;
        for (const auto& sql : statements)
            EXPECT_EQ(refusal(database.conninfo(roles.at(folder)), sql), "");
    }
}

TEST(Statements, a_wrong_column_a_missing_type_and_a_missing_right_are_refused) {
    testing::ScratchDatabase database;
    const auto as_role = database.conninfo("notification");
    EXPECT_NE(refusal(as_role, {"column", "SELECT no_such FROM notification.notice"}), "");
    EXPECT_NE(refusal(as_role, {"type", "SELECT * FROM unnest($1) AS a(one)"}), "");
    EXPECT_NE(refusal(as_role, {"right", "SELECT token FROM matching.table19_row"}), "");
    EXPECT_EQ(refusal(as_role, {"good", "SELECT id FROM notification.notice WHERE id = $1"}), "");
}

}  // namespace
}  // namespace chaiqin
