// Every statement of the product is planned on the migrated schema, as the role that runs it: a
// column that was renamed, a parameter without a type or a right that was not granted fails here
// and not in the middle of the night.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <string>
#include <vector>

#include "statements_by_file.hpp"
#include "support/scratch_database.hpp"

namespace chaiqin {
namespace {

using postgres::Sql;

/// Who runs a statement: a role ("" is the owner of the database), and the schema of the names
/// that have none.
struct Runner {
    std::string role = {};
    std::string search_path = {};
};

/// By file, or by folder for all its files.
const std::map<std::string, std::vector<Runner>> runners{
    {"postgres/migrations.sql", {{}}},
    {"postgres/session.sql", {{.role = "query"}}},
    {"postgres/stage_ledger.sql",
     {{.role = "validator", .search_path = "validation"},
      {.role = "agency_matcher", .search_path = "matching"},
      {.role = "statistics_aggregator", .search_path = "statistics"},
      {.role = "notification", .search_path = "notification"}}},
    {"postgres/intake", {{.role = "gateway"}}},
    {"postgres/matching", {{.role = "agency_matcher"}}},
    {"postgres/matching/heads.sql", {{.role = "query"}}},
    {"postgres/notification", {{.role = "notification"}}},
    {"postgres/operations", {{}}},
    {"postgres/portal", {{.role = "gateway"}}},
    {"postgres/portal/webhook_events.sql", {{.role = "notification"}}},
    {"postgres/portal/webhook_queue.sql", {{.role = "notification"}}},
    {"postgres/operations/quarantine.sql", {{.search_path = "validation"}}},
    {"postgres/operations/recovery.sql",
     {{.search_path = "validation"},
      {.search_path = "matching"},
      {.search_path = "statistics"},
      {.search_path = "notification"}}},
    {"postgres/registry/agencies.sql", {{.role = "gateway"}}},
    {"postgres/registry/base_tables.sql", {{}}},
    {"postgres/registry/reader.sql",
     {{.role = "gateway"},
      {.role = "validator"},
      {.role = "agency_matcher"},
      {.role = "statistics_aggregator"},
      {.role = "notification"},
      {.role = "query"}}},
    {"postgres/statistics", {{.role = "statistics_aggregator"}}},
    {"postgres/validation", {{.role = "validator"}}},
    {"query/readers", {{.role = "query"}}},
};

/// None if this test does not know the file.
std::vector<Runner> runners_of(const std::string& file) {
    auto found = runners.find(file);
    if (found == runners.end()) found = runners.find(file.substr(0, file.rfind('/')));
    return found == runners.end() ? std::vector<Runner>{} : found->second;
}

std::string conninfo_of(const testing::ScratchDatabase& database, const Runner& runner) {
    const auto path = runner.search_path.empty() ? "" : " -c search_path=" + runner.search_path;
    const auto role = runner.role.empty() ? "" : " -c role=" + runner.role;
    return database.conninfo() + " options='" + role + path + "'";
}

/// "NULL, NULL" for the parameters $1, $2 of a statement.
std::string nulls_for(const std::string& text) {
    int most = 0;
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1))
        most = std::max(most, std::atoi(text.c_str() + at + 1));
    std::string nulls;
    for (int i = 0; i < most; ++i) nulls += i == 0 ? "NULL" : ", NULL";
    return nulls.empty() ? "" : "(" + nulls + ")";
}

/// A command such as CREATE TEMP TABLE, not a statement that has a plan.
bool is_command(std::string_view text) {
    for (const std::string_view planned :
         {"SELECT", "(SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})
        if (text.starts_with(planned)) return false;
    return true;
}

/// Plans the statements of one file, in one transaction. Commands are carried out: the statements
/// after them may be about what they make.
class Planner {
public:
    explicit Planner(const std::string& conninfo) : connection_(conninfo), work_(connection_) {}

    /// "" or what PostgreSQL says against the statement. EXPLAIN also checks the role's rights.
    std::string refusal(const Sql& sql) {
        const auto name = "tried_" + std::to_string(++tried_);
        try {
            pqxx::subtransaction attempt(work_);
            if (is_command(sql.text)) {
                attempt.exec(sql.text);
            } else {
                attempt.exec("PREPARE " + name + " AS " + sql.text);
                attempt.exec("EXPLAIN EXECUTE " + name + nulls_for(sql.text));
            }
            attempt.commit();
            return "";
        } catch (const pqxx::sql_error& failure) {
            return std::string(sql.name) + ": " + failure.what();
        }
    }

private:
    pqxx::connection connection_;
    pqxx::work work_;
    int tried_ = 0;
};

TEST(Statements, each_can_be_planned_by_the_role_that_runs_it) {
    testing::ScratchDatabase database;
    for (const auto& [file, statements] : statements_by_file) {
        const auto who = runners_of(std::string(file));
        ASSERT_FALSE(who.empty()) << "say in this test which role runs " << file;
        for (const auto& runner : who) {
            Planner planner(conninfo_of(database, runner));
            for (const auto& sql : statements) EXPECT_EQ(planner.refusal(sql), "");
        }
    }
}

/// What a role's own statements say.
std::string statements_of(const std::string& role) {
    std::string text;
    for (const auto& [file, statements] : statements_by_file)
        for (const auto& runner : runners_of(std::string(file)))
            if (runner.role == role)
                for (const auto& sql : statements) text += std::string(sql.text) + "\n";
    return text;
}

/// Adds what the functions and views do that the text names and that work with the rights of
/// whoever calls them, and what those name in turn.
void add_what_it_calls(testing::ScratchDatabase& database, std::string& text) {
    auto callable = database.run(
        "SELECT pronamespace::regnamespace || '.' || proname, prosrc FROM pg_proc"
        " WHERE NOT prosecdef AND pronamespace::regnamespace::text !~ '^(pg_|information_)'"
        " UNION ALL SELECT oid::regclass::text, pg_get_viewdef(oid) FROM pg_class"
        " WHERE relkind = 'v' AND 'security_invoker=true' = ANY (reloptions)");
    std::vector<bool> added(static_cast<std::size_t>(callable.size()), false);
    for (bool found = true; found;) {
        found = false;
        for (pqxx::result::size_type i = 0; i < callable.size(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            if (added[at] || text.find(callable[i][0].c_str()) == std::string::npos) continue;
            text += std::string(callable[i][1].c_str()) + "\n";
            added[at] = found = true;
        }
    }
}

/// What a role's statements say, and the views and functions that work with its rights.
std::string text_of(testing::ScratchDatabase& database, const std::string& role) {
    auto text = statements_of(role);
    text += database.value(
        "SELECT string_agg(pg_get_viewdef(oid), '') FROM pg_class"
        " WHERE relkind = 'v' AND pg_get_userbyid(relowner) = $1",
        role);
    text += database.value(
        "SELECT string_agg(prosrc, '') FROM pg_proc"
        " WHERE pg_get_userbyid(proowner) = $1",
        role);
    add_what_it_calls(database, text);
    return text;
}

TEST(Statements, a_service_may_read_of_other_schemas_only_what_its_statements_read) {
    testing::ScratchDatabase database;
    for (const std::string role : {"gateway", "validator", "agency_matcher",
                                   "statistics_aggregator", "notification", "query"}) {
        const auto text = text_of(database, role);
        const auto granted = database.run(
            "SELECT table_schema || '.' || table_name FROM information_schema.role_table_grants"
            " WHERE privilege_type = 'SELECT' AND grantee = $1 AND grantor <> grantee",
            role);
        ASSERT_FALSE(granted.empty()) << role;
        for (const auto& row : granted) {
            const std::string table = row[0].c_str();
            EXPECT_TRUE(std::regex_search(text, std::regex(table + "\\b")))
                << role << " may read " << table << " and never does: take the right back";
        }
    }
}

TEST(Statements, a_wrong_column_a_missing_type_and_a_missing_right_are_refused) {
    testing::ScratchDatabase database;
    Planner planner(database.conninfo("notification"));
    EXPECT_NE(planner.refusal({"column", "SELECT no_such FROM notification.notice"}), "");
    EXPECT_NE(planner.refusal({"type", "SELECT * FROM unnest($1) AS a(one)"}), "");
    EXPECT_NE(planner.refusal({"right", "SELECT token FROM matching.career"}), "");
    EXPECT_NE(planner.refusal({"too early", "SELECT one FROM made_here"}), "");
    EXPECT_EQ(planner.refusal({"command", "CREATE TEMP TABLE made_here (one int)"}), "");
    EXPECT_EQ(planner.refusal({"made", "SELECT one FROM made_here"}), "");
    EXPECT_EQ(planner.refusal({"good", "SELECT id FROM notification.notice WHERE id = $1"}), "");
}

}  // namespace
}  // namespace chaiqin
