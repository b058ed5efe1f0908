// Sessions, binary values and COPY against a real PostgreSQL.
#include <gtest/gtest.h>

#include <thread>

#include "domain/failure.hpp"
#include "postgres/binary.hpp"
#include "postgres/pool.hpp"
#include "postgres/pq.hpp"
#include "support/scratch_database.hpp"

namespace chaiqin {
namespace {

using postgres::CopyWriter;
using postgres::exec;
using postgres::Params;
using postgres::Rows;
using postgres::Session;
using postgres::Sql;
using postgres::Statement;
using postgres::transact;

Rows query(domain::UnitOfWork& work, const char* text, const Params& params = {}) {
    return postgres::query(work, Sql{"test", text}, params);
}

struct Postgres : ::testing::Test {
    static void SetUpTestSuite() { shared = std::make_unique<testing::ScratchDatabase>(); }
    static void TearDownTestSuite() { shared.reset(); }
    static inline std::unique_ptr<testing::ScratchDatabase> shared;

    testing::ScratchDatabase& database = *shared;
    Session session{{.conninfo = database.conninfo(), .application_name = "test"}};
};

TEST_F(Postgres, libpqxx_and_libpq_work_in_one_transaction) {
    auto work = session.begin();
    postgres::pq(*work).exec("CREATE TABLE both_ways (a int)");
    query(*work, "INSERT INTO both_ways VALUES (1), (2)");
    EXPECT_EQ(postgres::pq(*work).exec1("SELECT count(*) FROM both_ways")[0].as<int>(), 2);
    EXPECT_EQ(PQtransactionStatus(postgres::raw(*work)), PQTRANS_INTRANS);
    session.commit(*work);
    work.reset();
    work = session.begin();
    EXPECT_EQ(query(*work, "SELECT a FROM both_ways").size(), 2);
    query(*work, "DELETE FROM both_ways");
    work.reset();  // not committed
    work = session.begin();
    EXPECT_EQ(query(*work, "SELECT a FROM both_ways").size(), 2);
}

TEST_F(Postgres, statements_of_one_round_trip_are_one_transaction) {
    auto work = session.begin();
    exec(*work, "CREATE TABLE at_once (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)");
    session.commit(*work);
    work.reset();
    const auto insert = [](std::int32_t number) {
        Params params;
        params.add(number);
        return Statement{{"insert", "INSERT INTO at_once VALUES ($1)"}, std::move(params)};
    };
    const Statement count{{"count", "SELECT count(*) AS rows FROM at_once"}, {}};
    const auto rows = transact(session, {insert(1), insert(2), count});
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[2].only().int8("rows"), 2);

    const Statement fails{{"fails", "SELECT 1 / (count(*) - 3) FROM at_once"}, {}};
    EXPECT_THROW(transact(session, {insert(3), fails, insert(4)}), domain::PermanentFailure);
    EXPECT_THROW(transact(session, {insert(5), insert(1)}), domain::PermanentFailure)
        << "told at the commit";
    EXPECT_EQ(transact(session, {count})[0].only().int8("rows"), 2) << "nothing of either stayed";
    EXPECT_EQ(postgres::query(*session.begin(), count.sql).only().int8("rows"), 2)
        << "out of the pipeline again";
}

TEST_F(Postgres, a_transaction_of_one_round_trip_fails_with_its_connection_and_then_connects) {
    const Statement kill{{"kill", "SELECT pg_terminate_backend(pg_backend_pid())"}, {}};
    const Statement seven{{"seven", "SELECT 7::bigint AS seven"}, {}};
    EXPECT_THROW(transact(session, {kill, kill}), domain::TransientFailure);
    EXPECT_EQ(transact(session, {seven})[0].only().int8("seven"), 7);
}

TEST_F(Postgres, values_come_back_as_they_went) {
    auto work = session.begin();
    const domain::Instant at(std::chrono::microseconds(1'790'000'000'123'456));
    const std::string bytes("\0\xff\n'\\", 5);
    Params p;
    p.add(std::int64_t{-5'000'000'000})
        .add(std::int32_t{-7})
        .add(std::int16_t{12})
        .add(true)
        .add("字")
        .add_bytes(bytes);
    p.add_uuid("0190F5fe-1234-8abc-9def-0123456789ab")
        .add(at)
        .add_date(20'000)
        .add(std::optional<std::string>());
    const auto rows = query(*work,
                            "SELECT $1 AS a, $2 AS b, $3 AS c, $4 AS d, $5 AS e, $6 AS f, $7 AS g,"
                            " $8 AS h, $9 AS i, $10::text AS j",
                            p);
    const auto row = rows.only();
    EXPECT_EQ(row.int8("a"), -5'000'000'000);
    EXPECT_EQ(row.int4("b"), -7);
    EXPECT_EQ(row.int8("c"), 12);
    EXPECT_TRUE(row.boolean("d"));
    EXPECT_EQ(row.text("e"), "字");
    EXPECT_EQ(row.text("f"), bytes);
    EXPECT_EQ(row.uuid("g"), "0190f5fe-1234-8abc-9def-0123456789ab");
    EXPECT_EQ(row.instant("h"), at);
    EXPECT_EQ(row.day("i"), 20'000);
    EXPECT_TRUE(row.is_null("j"));
    EXPECT_THROW(row.text("j"), domain::DeploymentFailure);
    EXPECT_EQ(query(*work, "SELECT '2000-01-01'::date AS day").only().day("day"), 10957);
}

TEST_F(Postgres, arrays_come_back_as_they_went) {
    auto work = session.begin();
    const std::vector<std::int64_t> big{1, -2, INT64_MIN};
    const std::vector<std::int32_t> middle{3, INT32_MAX};
    const std::vector<std::int16_t> small{-4};
    const std::vector<std::string> texts{"", "a,b", "{\"字\"}"}, none;
    const std::vector<std::optional<std::string>> some{"a", std::nullopt};
    Params p;
    p.add_array(big).add_array(middle).add_array(small).add_array(texts).add_array(none).add_array(
        some);
    p.add_uuid_array({"0190f5fe-1234-8abc-9def-0123456789ab"})
        .add_bytes_array({std::string("\0x", 2)});
    const auto rows =
        query(*work,
              "SELECT $1 AS a, $2 AS b, $3 AS c, $4 AS d, $5 AS e, ($6::text[])[2] IS NULL AS f,"
              " $7::text[] AS g, $8 AS h",
              p);
    const auto row = rows.only();
    EXPECT_EQ(row.int8_array("a"), big);
    EXPECT_EQ(row.int4_array("b"), middle);
    EXPECT_EQ(row.int2_array("c"), small);
    EXPECT_EQ(row.text_array("d"), texts);
    EXPECT_EQ(row.text_array("e"), none);
    EXPECT_TRUE(row.boolean("f"));
    EXPECT_EQ(row.text_array("g"),
              std::vector<std::string>{"0190f5fe-1234-8abc-9def-0123456789ab"});
    EXPECT_EQ(row.text_array("h"), std::vector<std::string>{std::string("\0x", 2)});
}

TEST_F(Postgres, copy_writes_rows_of_any_size) {
    auto work = session.begin();
    exec(*work,
         "CREATE TABLE t (a bigint, b int[], c text, d uuid, e timestamptz, f smallint[], g "
         "text[], h date, "
         "i boolean)");
    std::vector<std::int32_t> many(100'000);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int32_t>(i);
    const domain::Instant at(std::chrono::microseconds(5));
    CopyWriter copy(*work, "t", {"a", "b", "c", "d", "e", "f", "g", "h", "i"});
    for (std::int64_t row = 0; row < 10; ++row) {
        copy.row();
        copy.int8(row);
        copy.int4_array(many);
        if (row == 3)
            copy.null();
        else
            copy.text("字");
        copy.uuid("0190f5fe-1234-8abc-9def-0123456789ab");
        copy.instant(at);
        copy.int2_array({1, 2});
        copy.text_array(std::vector<std::string>{"x", ""});
        copy.day(7);
        copy.boolean(true);
    }
    copy.finish();
    const auto rows = query(*work, "SELECT a, b, c, e, g, h FROM t ORDER BY a");
    ASSERT_EQ(rows.size(), 10);
    EXPECT_EQ(rows[9].int4_array("b"), many);
    EXPECT_TRUE(rows[3].is_null("c"));
    EXPECT_EQ(rows[9].instant("e"), at);
    EXPECT_EQ(rows[9].text_array("g"), (std::vector<std::string>{"x", ""}));
    EXPECT_EQ(rows[9].day("h"), 7);
}

TEST_F(Postgres, a_copy_given_up_leaves_a_session_that_goes_on) {
    {
        auto work = session.begin();
        exec(*work, "CREATE TABLE t (a int)");
        CopyWriter copy(*work, "t", {"a"});
        copy.row();
        copy.int4(1);
    }
    auto work = session.begin();
    EXPECT_EQ(query(*work, "SELECT to_regclass('t') IS NULL AS gone").only().boolean("gone"), true);
}

TEST_F(Postgres,
       a_value_that_breaks_a_rule_is_permanent_and_a_missing_table_is_the_deployments_fault) {
    auto work = session.begin();
    EXPECT_THROW(query(*work, "SELECT 1 / 0"), domain::PermanentFailure);
    work.reset();
    work = session.begin();
    EXPECT_THROW(query(*work, "SELECT 1 FROM missing"), domain::DeploymentFailure);
    work.reset();
    work = session.begin();
    EXPECT_THROW(postgres::translated([&] { postgres::pq(*work).exec("SELECT 'x'::int"); }),
                 domain::PermanentFailure);
}

TEST_F(Postgres, a_failure_is_told_in_one_form_whichever_library_met_it) {
    const auto said = [&](const auto& fails) -> std::string {
        auto work = session.begin();
        try {
            fails(*work);
        } catch (const domain::PermanentFailure& failure) {
            return failure.what();
        }
        return "nothing";
    };
    EXPECT_EQ(said([](auto& work) { query(work, "SELECT 1 / 0"); }),
              "PostgreSQL 22012 at test: ERROR:  division by zero");
    EXPECT_EQ(said([](auto& work) { exec(work, "SELECT 1 / 0"); }),
              "PostgreSQL 22012: ERROR:  division by zero");
    EXPECT_EQ(said([&](auto&) {
                  const Statement good{{"good", "SELECT 1"}, {}};
                  const Statement fails{{"fails", "SELECT 1 / 0"}, {}};
                  transact(session, {good, fails, good});
              }),
              "PostgreSQL 22012 at fails: ERROR:  division by zero");
}

TEST_F(Postgres, a_failed_transaction_is_not_committed_silently) {
    auto work = session.begin();
    EXPECT_THROW(query(*work, "SELECT 1 / 0"), domain::PermanentFailure);
    EXPECT_THROW(session.commit(*work), domain::TransientFailure);
}

TEST_F(Postgres, a_lost_connection_is_transient_and_made_again) {
    auto work = session.begin();
    EXPECT_THROW(query(*work, "SELECT pg_terminate_backend(pg_backend_pid())"),
                 domain::TransientFailure);
    work.reset();
    work = session.begin();
    EXPECT_EQ(query_prepared(*work, Sql{"one", "SELECT 1::bigint AS one"}).only().int8("one"), 1);
    session.commit(*work);
    EXPECT_TRUE(session.answers());
}

TEST_F(Postgres, a_connection_that_the_server_ended_meanwhile_is_made_again_unseen) {
    auto work = session.begin();
    const auto pid = query(*work, "SELECT pg_backend_pid() AS pid").only().int8("pid");
    session.commit(*work);
    work.reset();
    database.value("SELECT pg_terminate_backend($1)", pid);
    while (database.value("SELECT 1 FROM pg_stat_activity WHERE pid = $1", pid) == "1")
        std::this_thread::yield();
    work = session.begin();
    EXPECT_EQ(query(*work, "SELECT 7::bigint AS seven").only().int8("seven"), 7);
    session.commit(*work);
}

TEST_F(Postgres, prepared_statements_survive_transactions_but_not_connections) {
    for (int round = 0; round < 3; ++round) {
        auto work = session.begin();
        for (std::int64_t i = 0; i < 10; ++i) {
            Params p;
            p.add(i);
            EXPECT_EQ(
                query_prepared(*work, Sql{"next", "SELECT $1 + 1 AS next"}, p).only().int8("next"),
                i + 1);
        }
        if (round != 1) continue;
        EXPECT_THROW(query(*work, "SELECT pg_terminate_backend(pg_backend_pid())"),
                     domain::TransientFailure);
    }
}

TEST_F(Postgres, a_server_that_is_away_is_transient_and_known_within_seconds) {
    Session away({.conninfo = "host=127.0.0.1 port=1 user=nobody", .application_name = "test"});
    EXPECT_THROW(away.begin(), domain::TransientFailure);
    EXPECT_FALSE(away.answers());
    EXPECT_FALSE(away.is_connected());
    Session wrong({.conninfo = "this is no connection string", .application_name = "test"});
    EXPECT_THROW(wrong.begin(), domain::ConfigError);
}

TEST_F(Postgres, a_server_that_would_lose_commits_is_refused) {
    const auto alter = [this](const char* how) {
        database.run(database.value("SELECT format($1, current_database())", how));
    };
    alter("ALTER DATABASE %I SET synchronous_commit = off");
    Session careful({.conninfo = database.conninfo(), .application_name = "test"});
    EXPECT_THROW(careful.begin(), domain::DeploymentFailure);
    Session reader(
        {.conninfo = database.conninfo(), .application_name = "test", .require_durable = false});
    EXPECT_TRUE(reader.answers());
    alter("ALTER DATABASE %I RESET synchronous_commit");
}

TEST_F(Postgres, a_statement_that_takes_too_long_is_transient) {
    Session hasty({.conninfo = database.conninfo(),
                   .application_name = "test",
                   .statement_timeout = std::chrono::milliseconds(50)});
    auto work = hasty.begin();
    EXPECT_THROW(query(*work, "SELECT pg_sleep(5)"), domain::TransientFailure);
}

TEST_F(Postgres, a_snapshot_does_not_move_and_does_not_write) {
    database.run("CREATE TABLE seen (a int)");
    auto work = session.begin(postgres::Isolation::repeatable_read_read_only);
    EXPECT_EQ(query(*work, "SELECT a FROM seen").size(), 0);
    database.run("INSERT INTO seen VALUES (1)");
    EXPECT_EQ(query(*work, "SELECT a FROM seen").size(), 0);
    EXPECT_THROW(query(*work, "INSERT INTO seen VALUES (2)"), domain::TransientFailure);
}

TEST_F(Postgres, waiting_for_a_free_session_is_bounded) {
    postgres::Pool pool({.conninfo = database.conninfo(), .application_name = "test"}, 2);
    auto one = pool.take(std::chrono::milliseconds(100));
    {
        auto two = pool.take(std::chrono::milliseconds(100));
        EXPECT_THROW(pool.take(std::chrono::milliseconds(50)), domain::TransientFailure);
    }
    EXPECT_TRUE(pool.take(std::chrono::milliseconds(100))->answers());
    EXPECT_TRUE(pool.answers());
}

TEST_F(Postgres, migrations_are_applied_once_and_must_not_change) {
    const std::vector<postgres::Migration> mine{
        {101, "V0101__a.sql", "CREATE TABLE a (x int); INSERT INTO a VALUES (1)", "c1"},
        {102, "V0102__b.sql", "CREATE TABLE b (x int)", "c2"}};
    EXPECT_EQ(postgres::migrate(session, {mine[0]}), std::vector<std::string>{"V0101__a.sql"});
    EXPECT_EQ(postgres::migrate(session, mine), std::vector<std::string>{"V0102__b.sql"});
    EXPECT_TRUE(postgres::migrate(session, mine).empty());
    EXPECT_THROW(
        postgres::migrate(session, {{101, "V0101__a.sql", "CREATE TABLE a (x int)", "other"}}),
        domain::ConfigError);
    EXPECT_ANY_THROW(postgres::migrate(
        session, {{103, "V0103__c.sql", "CREATE TABLE c (x int); SELECT 1 / 0", "c3"}}));
    EXPECT_EQ(database.value("SELECT to_regclass('c') IS NULL"), "t");
}

TEST_F(Postgres, two_migrations_at_once_apply_each_file_once) {
    const std::vector<postgres::Migration> mine{
        {201, "V0201__d.sql", "CREATE TABLE d (x int); SELECT pg_sleep(0.2)", "c1"}};
    std::vector<std::string> theirs;
    std::thread other([&] {
        Session session_of_other({.conninfo = database.conninfo(), .application_name = "test"});
        theirs = postgres::migrate(session_of_other, mine);
    });
    const auto ours = postgres::migrate(session, mine);
    other.join();
    EXPECT_EQ(ours.size() + theirs.size(), 1u);
}

}  // namespace
}  // namespace chaiqin
