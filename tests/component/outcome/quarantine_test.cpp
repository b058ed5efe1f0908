#include "postgres/operations/quarantine.hpp"

#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "postgres/operations/audit.hpp"
#include "postgres/stage_ledger.hpp"
#include "support/quarantined.hpp"

namespace chaiqin::testing {
namespace {

using postgres::operations::list_quarantine;
using postgres::operations::replay;

constexpr const char* into_validation = R"(
    INSERT INTO validation.quarantine
        (event_id, topic, partition, "offset", key, headers, payload, reason)
    VALUES ($1, $2, 3, 7, 'Z00000001A',
            ARRAY['ce_id', $1, 'attempt', '1'], 'bytes', 'why'))";

TEST(Quarantine, lists_all_stages_and_replays_once) {
    ScratchDatabase database;
    database.run(into_validation, "a/1", std::string(domain::topics::file_received));
    quarantine_in_matcher(database, "b");
    postgres::Session session({database.conninfo(), "test"});
    EXPECT_EQ(list_quarantine(session, false).size(), 2u);
    int sent = 0;
    replay(session, "validation", 1, [&](const runtime::Message& message) {
        ++sent;
        EXPECT_EQ(message.topic, domain::topics::file_received);
        EXPECT_EQ(message.partition, 3);
        EXPECT_EQ(message.payload, "bytes");
        EXPECT_EQ(message.header("attempt"), "1");
        return 2;
    });
    EXPECT_EQ(sent, 1);
    EXPECT_EQ(
        database.table("SELECT replayed_at IS NOT NULL, replay_attempt FROM validation.quarantine"),
        "t|2");
    EXPECT_EQ(list_quarantine(session, false).size(), 1u);
    EXPECT_EQ(list_quarantine(session, true).size(), 2u);
    EXPECT_THROW(replay(session, "validation", 1, [](const auto&) { return 3; }),
                 domain::ConfigError);
}

TEST(Quarantine, a_replay_that_is_not_delivered_leaves_the_message_where_it_is) {
    ScratchDatabase database;
    quarantine_in_matcher(database, "b");
    postgres::Session session({database.conninfo(), "test"});
    EXPECT_THROW(replay(session, "matching", 1,
                        [](const auto&) -> int { throw domain::TransientFailure("broker away"); }),
                 domain::TransientFailure);
    EXPECT_EQ(list_quarantine(session, false).size(), 1u);
    EXPECT_THROW(replay(session, "matching", 2, [](const auto&) { return 2; }),
                 domain::ConfigError);
    EXPECT_THROW(replay(session, "nowhere", 1, [](const auto&) { return 2; }), domain::ConfigError);
}

TEST(Quarantine, chooses_what_of_a_stage_is_replayed_together) {
    ScratchDatabase database;
    for (const auto* id : {"a/1", "b/1", "c/1"})
        database.run(into_validation, id, std::string(domain::topics::file_received));
    quarantine_in_matcher(database, "d");
    database.run(
        "UPDATE validation.quarantine SET quarantined_at = '2026-11-01 10:00+08', reason = 'other'"
        " WHERE event_id = 'a/1'");
    postgres::Session session({database.conninfo(), "test"});
    const auto ids = [&](const char* stage, const char* since, const char* reason) {
        std::string all;
        for (const auto& m :
             postgres::operations::to_replay(session, stage, domain::parse_rfc3339(since), reason))
            all += m.event_id + " ";
        return all;
    };
    EXPECT_EQ(ids("validation", "", ""), "a/1 b/1 c/1 ");
    EXPECT_EQ(ids("validator", "2026-11-01T10:00:00+08:00", ""), "a/1 b/1 c/1 ");
    EXPECT_EQ(ids("validation", "2026-11-01T10:00:01+08:00", ""), "b/1 c/1 ");
    EXPECT_EQ(ids("validation", "", "the"), "a/1 ");
    EXPECT_EQ(ids("agency_matcher.career", "", ""), "d/1 ");
    replay(session, "validator", 2, [](const auto&) { return 2; });
    EXPECT_EQ(ids("validation", "", ""), "a/1 c/1 ");
    EXPECT_THROW(ids("nowhere", "", ""), domain::ConfigError);
}

TEST(Quarantine, an_order_to_go_on_is_seen_by_the_stage_alone) {
    ScratchDatabase database;
    const auto validator =
        postgres::make_stage_ledger({.session = {database.conninfo("validator"), "validator"},
                                     .schema = "validation",
                                     .stage = "validator"});
    const auto matcher = postgres::make_stage_ledger(
        {.session = {database.conninfo("agency_matcher"), "agency_matcher"},
         .schema = "matching",
         .stage = "agency_matcher"});
    EXPECT_EQ(validator->last_resume(), 0);
    postgres::Session session({database.conninfo(), "test"});
    postgres::operations::resume(session, "validator");
    EXPECT_EQ(validator->last_resume(), 1);
    EXPECT_EQ(matcher->last_resume(), 0);
    EXPECT_THROW(postgres::operations::resume(session, "nowhere"), domain::ConfigError);
}

TEST(AuditLog, gives_the_lines_of_a_span_newest_first) {
    ScratchDatabase database;
    database.run(
        "INSERT INTO intake.audit (at, sub, agency, acting, action, object, result, day, number,"
        " hash) SELECT t, 's' || n, 'a', 'b', 'read', 'o', 'ok', '2026-11-01', n, ''"
        " FROM (VALUES (1, timestamptz '2026-11-01 10:00+08'), (2, '2026-11-02 10:00+08'), (3, "
        "'2026-11-03 "
        "10:00+08')) v(n, t)");
    postgres::Session session({database.conninfo(), "test"});
    const auto lines = postgres::operations::list_audit(
        session, domain::parse_rfc3339("2026-11-01T10:00:00+08:00").value(),
        domain::parse_rfc3339("2026-11-03T10:00:00+08:00").value());
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].sub, "s2");
    EXPECT_EQ(lines[1].sub, "s1");
}

}  // namespace
}  // namespace chaiqin::testing
