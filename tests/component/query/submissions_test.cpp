#include "component/query/query_under_test.hpp"

namespace chaiqin::testing {
namespace {

using Why = domain::Refused::Why;
using domain::SubmissionState;

class Submissions : public ::testing::Test {
protected:
    static QueryUnderTest& stack() {
        static QueryUnderTest one;
        return one;
    }
    QueryUnderTest& q = stack();
    void SetUp() override {
        q.database.run(
            "TRUNCATE intake.receipt, validation.submission, matching.file, statistics.counted, "
            "validation.quarantine, matching.quarantine,"
            " notification.notice, notification.delivery, matching.career_load, "
            "matching.career_rejected, intake.career_load");
    }
    SubmissionState state_of(const std::string& id) {
        return q.client->submission(q.as("clerk of 11"), id).submission.state;
    }
};

TEST_F(Submissions, StateIsTheFurthestOfWhatTheStagesKnow) {
    const std::pair<const char*, SubmissionState> states[]{
        {"RECEIVED", SubmissionState::received},
        {"VALIDATED", SubmissionState::validated},
        {"MATCHED", SubmissionState::matched},
        {"COUNTED", SubmissionState::counted},
        {"COUNTED_PARTIAL", SubmissionState::counted_partial},
        {"REJECTED_FILE", SubmissionState::rejected_file}};
    int number = 0;
    for (const auto& [name, state] : states)
        EXPECT_EQ(state_of(q.file(++number, "Z00000011A", "2026-11-05 09:31:02.123+08", name)),
                  state)
            << name;
}

TEST_F(Submissions, NumbersThatAreNotKnownYetAreLeftOut) {
    const auto received =
        q.client
            ->submission(q.as("clerk of 11"),
                         q.file(1, "Z00000011A", "2026-11-05 09:31:02.123+08", "RECEIVED"))
            .submission;
    EXPECT_FALSE(received.total || received.dispositions || received.error_count ||
                 received.ruleset || received.counted_at);
    EXPECT_EQ(domain::rfc3339_taipei(received.receipt.received_at),
              "2026-11-05T09:31:02.123+08:00");
    EXPECT_EQ(received.receipt.file_name, "f1.json");
    const auto rejected =
        q.client
            ->submission(q.as("clerk of 11"),
                         q.file(2, "Z00000011A", "2026-11-05 09:31:02+08", "REJECTED_FILE"))
            .submission;
    EXPECT_EQ(rejected.total, 0);
    EXPECT_EQ(rejected.record_count, 10);
    EXPECT_EQ(rejected.dispositions, domain::Dispositions{});
    const auto counted =
        q.client->submission(q.as("clerk of 11"), q.file(3, "Z00000011A", "2026-11-05 09:31:02+08"))
            .submission;
    EXPECT_EQ(counted.total, 10);
    EXPECT_EQ(counted.error_count, 3) << "the validator's and the matcher's";
    EXPECT_EQ(counted.warning_count, 5) << "the validator's, the matcher's, Table 19's";
    EXPECT_EQ(counted.dispositions->counted, 4);
}

TEST_F(Submissions, QuarantinedUntilItIsReplayed) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08", "RECEIVED");
    const auto row = [&](const char* schema) {
        return "INSERT INTO " + std::string(schema) +
               ".quarantine (event_id, topic, partition, \"offset\", key, headers, payload, reason)"
               " VALUES ('" +
               id + "/1', 't', 0, 0, 'k', '{}', '', 'r')";
    };
    q.database.run(row("validation"));
    EXPECT_EQ(state_of(id), SubmissionState::quarantined);
    q.database.run("UPDATE validation.quarantine SET replayed_at = now()");
    EXPECT_EQ(state_of(id), SubmissionState::received);
    const auto later = q.file(2, "Z00000011A", "2026-11-05 09:00+08", "VALIDATED");
    q.database.run(
        "INSERT INTO matching.quarantine (event_id, topic, partition, \"offset\", key, headers, "
        "payload, reason)"
        " VALUES ('" +
        later + "/1', 't', 0, 0, 'k', '{}', '', 'r')");
    EXPECT_EQ(state_of(later), SubmissionState::quarantined);
    q.database.run("UPDATE matching.quarantine SET replayed_at = now()");
    EXPECT_EQ(state_of(later), SubmissionState::received) << "a replay makes it RECEIVED again";
}

TEST_F(Submissions, OthersSubmissionsAreAsIfTheyDidNotExist) {
    const auto of_11 = q.file(1, "Z00000011A", "2026-11-05 09:00+08"),
               of_12 = q.file(2, "Z00000012A", "2026-11-05 09:00+08");
    const auto ask = [&](const char* who, const std::string& id, const char* acting = "") {
        return refusal([&] { (void)q.client->submission(q.as(who, acting), id); });
    };
    EXPECT_EQ(ask("clerk of 11", of_11), std::nullopt);
    EXPECT_EQ(ask("clerk of 11", of_12), Why::not_found);
    EXPECT_EQ(ask("clerk of 11", of_12, "Z00000012A"), std::nullopt) << "a delegated agency";
    EXPECT_EQ(ask("clerk of 11", of_11, "Z00000012A"), Why::not_found);
    EXPECT_EQ(ask("clerk of 11", of_11, "Z00000020A"), Why::forbidden);
    EXPECT_EQ(ask("clerk of 10", of_11), Why::not_found)
        << "a clerk reads no subordinates' submissions";
    EXPECT_EQ(ask("supervisor of 10", of_11), std::nullopt);
    EXPECT_EQ(ask("supervisor of 20", of_11), Why::not_found);
    EXPECT_EQ(ask("personnel of 10", of_11), Why::forbidden);
    EXPECT_EQ(ask("operator", of_11), std::nullopt);
    EXPECT_EQ(ask("nobody", of_11), Why::forbidden);
    EXPECT_EQ(ask("forged", of_11), Why::bad_token);
    EXPECT_EQ(ask("operator", "not-a-uuid"), Why::not_found);
    EXPECT_EQ(ask("operator", QueryUnderTest::id_of(99)), Why::not_found);
}

TEST_F(Submissions, WhatTheAuditMustNameIsSaid) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    EXPECT_EQ(q.client->submission(q.as("clerk of 11"), id).others, "");
    EXPECT_EQ(q.client->submission(q.as("operator"), id).others,
              "submission " + id + " of Z00000011A");
    EXPECT_EQ(q.client->submissions(q.as("clerk of 11"), {}).others, "");
    EXPECT_EQ(q.client->submissions(q.as("supervisor of 10"), {}).others, "Z00000011A and 2 more");
    EXPECT_EQ(q.client->submissions(q.as("operator"), {}).others, "all agencies");
}

TEST_F(Submissions, AreListedNewestFirstPageByPage) {
    for (int i = 1; i <= 7; ++i)
        q.file(i, i % 2 ? "Z00000011A" : "Z00000012A",
               "2026-11-05 09:0" + std::to_string(i / 3) + "+08", "RECEIVED");
    std::vector<std::string> ids;
    domain::SubmissionsQuestion question;
    question.page.size = 3;
    for (int page = 0; page < 3; ++page) {
        const auto answer = q.client->submissions(q.as("supervisor of 10"), question);
        for (const auto& one : answer.submissions) ids.push_back(one.receipt.submission_id);
        question.page.token = answer.next_page_token;
        EXPECT_EQ(answer.next_page_token.empty(), page == 2);
    }
    std::vector<std::string> expected;
    for (int i = 7; i >= 1; --i) expected.push_back(QueryUnderTest::id_of(i));
    EXPECT_EQ(ids, expected);
    EXPECT_EQ(q.client->submissions(q.as("clerk of 11"), {}).submissions.size(), 4u);
    EXPECT_EQ(q.client->submissions(q.as("supervisor of 10"), {.agency = "Z00000012A"})
                  .submissions.size(),
              3u);
    EXPECT_EQ(refusal([&] {
                  (void)q.client->submissions(q.as("clerk of 11"), {.agency = "Z00000012A"});
              }),
              Why::not_found);
}

TEST_F(Submissions, HistoryIsTheLastMonthUnlessDaysAreGiven) {
    q.file(1, "Z00000011A", "2026-10-09 23:59:59+08");
    q.file(2, "Z00000011A", "2026-10-10 00:00:00+08");
    q.file(3, "Z00000011A", "2026-11-10 23:59:59+08");
    q.file(4, "Z00000011A", "2026-11-11 00:00:00+08");
    const auto count = [&](std::optional<domain::Day> from, std::optional<domain::Day> to) {
        return q.client->submissions(q.as("clerk of 11"), {.from = from, .to = to})
            .submissions.size();
    };
    EXPECT_EQ(count({}, {}), 2u) << "both days inclusive, in Taipei";
    EXPECT_EQ(count(domain::parse_iso_day("2026-10-09"), {}), 3u);
    EXPECT_EQ(count(domain::parse_iso_day("2026-10-09"), domain::parse_iso_day("2026-11-11")), 4u);
    EXPECT_EQ(refusal([&] { count(domain::parse_iso_day("2025-10-07"), {}); }), std::nullopt)
        << "400 days";
    EXPECT_EQ(refusal([&] { count(domain::parse_iso_day("2025-10-06"), {}); }), Why::bad_request)
        << "401 days";
    EXPECT_EQ(refusal([&] {
                  count(domain::parse_iso_day("2026-10-09"), domain::parse_iso_day("2026-10-08"));
              }),
              Why::bad_request);
}

TEST_F(Submissions, TokenOfOtherFiltersIsRefused) {
    for (int i = 1; i <= 3; ++i) q.file(i, "Z00000011A", "2026-11-05 09:00+08", "RECEIVED");
    domain::SubmissionsQuestion question;
    question.page.size = 1;
    question.page.token = q.client->submissions(q.as("operator"), question).next_page_token;
    question.agency = "Z00000011A";
    EXPECT_EQ(refusal([&] { (void)q.client->submissions(q.as("operator"), question); }),
              Why::bad_request);
    question.page.token = "x";
    EXPECT_EQ(refusal([&] { (void)q.client->submissions(q.as("operator"), question); }),
              Why::bad_request);
}

TEST_F(Submissions, NoticesAreForWhoeverMayReadTheSubmission) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    q.database.run(
        "INSERT INTO notification.notice (kind, agency, submission_id, intent_key, text, "
        "created_at) VALUES"
        " ('submission_counted', 'Z00000011A', '" +
        id +
        "', 'a', '已計入', now()), ('deadline_before', 'Z00000020A', NULL, 'b', '將屆期', now())");
    const auto mine = q.client->notices(q.as("clerk of 11"), {}).notices;
    ASSERT_EQ(mine.size(), 1u);
    EXPECT_EQ(mine[0].kind, "submission_counted");
    EXPECT_EQ(mine[0].submission_id, id);
    const auto all = q.client->notices(q.as("operator"), {{1, "", std::nullopt}});
    ASSERT_EQ(all.notices.size(), 1u);
    EXPECT_EQ(all.notices[0].submission_id, "");
    EXPECT_EQ(q.client->notices(q.as("operator"), {{1, all.next_page_token, std::nullopt}})
                  .notices.at(0)
                  .submission_id,
              id);
}

TEST_F(Submissions, LoadsAreReadByTheirAuthority) {
    const auto id = QueryUnderTest::id_of(1), waiting = QueryUnderTest::id_of(2);
    q.database.run(
        "INSERT INTO matching.career_load (load_id, mode, authority, force, state, received_at, "
        "rows, persons, persons_changed, persons_kept,"
        " rejected_count, committed_at) VALUES ('" +
        id +
        "', 'snapshot', 'Z00000010A', false, 'LOADED', now(), 7, 3, 2, 0, 2, now());"
        "INSERT INTO matching.career_rejected (load_id, line, reason) VALUES ('" +
        id + "', 9, 'b'), ('" + id +
        "', 2, 'a');"
        "INSERT INTO intake.career_load (load_id, authority, mode, force, size_bytes, received_at) "
        "VALUES"
        " ('" +
        waiting + "', 'Z00000010A', 'changes', false, 10, now())");
    const auto load = q.client->table19_load(q.as("personnel of 10"), id).load;
    EXPECT_EQ(load.state, "LOADED");
    ASSERT_EQ(load.rejected.size(), 2u);
    EXPECT_EQ(load.rejected[0].line, 2);
    EXPECT_EQ(load.rejected[1].reason, "b");
    const auto received = q.client->table19_load(q.as("operator"), waiting);
    EXPECT_EQ(received.load.state, "RECEIVED");
    EXPECT_FALSE(received.load.number || received.load.rows);
    EXPECT_EQ(received.others, "table19 load " + waiting + " of Z00000010A");
    EXPECT_EQ(refusal([&] { (void)q.client->table19_load(q.as("clerk of 11"), id); }),
              Why::forbidden);
    q.callers["personnel of 20"] = {"s8", "", "Z00000020A", {}, {Role::personnel_office}, "portal"};
    EXPECT_EQ(refusal([&] { (void)q.client->table19_load(q.as("personnel of 20"), id); }),
              Why::not_found);
}

TEST_F(Submissions, DatabaseAwayIsSaidInTimeAndNeverNotFound) {
    const auto store = postgres::reading::make_read_store(
        {.conninfo = "host=127.0.0.1 port=1 user=query", .application_name = "query"}, 1);
    query::Service service({store.get(), [&](const std::string&) { return q.callers["operator"]; },
                            [&] { return q.now; }});
    const auto server = rpc::serve_queries(service, {});
    const auto client = rpc::connect_query_client("127.0.0.1:" + std::to_string(server->port()));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW((void)client->submission(q.as("x"), QueryUnderTest::id_of(1)),
                 domain::TransientFailure);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST_F(Submissions, ServiceAwayIsATransientFailureToo) {
    const auto client = rpc::connect_query_client("127.0.0.1:1");
    EXPECT_THROW((void)client->submission(q.as("x"), QueryUnderTest::id_of(1)),
                 domain::TransientFailure);
    EXPECT_FALSE(client->answers());
    EXPECT_TRUE(q.client->answers());
}

TEST_F(Submissions, LostSessionsAreReplacedWithinTheAnswer) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    for (int i = 0; i < 8; ++i) (void)state_of(id);
    q.database.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'query' AND "
        "datname = current_database()");
    EXPECT_EQ(state_of(id), SubmissionState::counted) << q.last_failure;
}

TEST_F(Submissions, TheRoleCanWriteNothing) {
    pqxx::connection connection(q.database.conninfo("query"));
    pqxx::nontransaction work(connection);
    const auto writable = work.exec1(
        "SELECT count(*) FROM information_schema.table_privileges WHERE grantee = 'query'"
        " AND privilege_type <> 'SELECT'");
    EXPECT_EQ(writable[0].as<int>(), 0);
}

}  // namespace
}  // namespace chaiqin::testing
