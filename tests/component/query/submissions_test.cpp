#include "component/query/query_under_test.hpp"
#include "domain/submission_state.hpp"
#include "rpc/submission_message.hpp"

namespace chaiqin::testing {
namespace {

class Submissions : public QueryTest<Submissions> {
protected:
    void SetUp() override {
        q.database.run(
            "TRUNCATE intake.receipt, validation.submission, matching.file, statistics.counted, "
            "validation.quarantine, matching.quarantine,"
            " notification.notice, notification.delivery, matching.career_load, "
            "matching.career_rejected, intake.career_load");
    }
    pb::GetSubmissionResponse ask_for(const rpc::Asker& asker, const std::string& id) {
        return q.ask<pb::GetSubmissionResponse>(asker, of_submission<pb::GetSubmissionRequest>(id));
    }
    pb::Submission submission(const std::string& id) {
        return ask_for(q.as("clerk of 11"), id).submission();
    }
    pb::SubmissionState state_of(const std::string& id) { return submission(id).state(); }
    /// A stage has given up on a file. `stage`: its schema.
    void give_up(const std::string& stage, const std::string& id) {
        q.database.run_in(stage,
                          "INSERT INTO quarantine (event_id, topic, partition, \"offset\", key,"
                          " headers, payload, reason)"
                          " VALUES ($1::text || '/1', 't', 0, 0, 'k', '{}', '', 'r')",
                          id);
    }
    void replay(const std::string& stage) {
        q.database.run_in(stage, "UPDATE quarantine SET replayed_at = now()");
    }
};

TEST_F(Submissions, state_is_the_furthest_of_what_the_stages_know) {
    struct Case {
        pb::SubmissionState state;
        domain::SubmissionState same;
        const char* next_actor;
    };
    const std::map<std::string, Case> cases{
        {"RECEIVED",
         {pb::SUBMISSION_STATE_RECEIVED, domain::SubmissionState::received, "platform"}},
        {"VALIDATED",
         {pb::SUBMISSION_STATE_VALIDATED, domain::SubmissionState::validated, "platform"}},
        {"MATCHED", {pb::SUBMISSION_STATE_MATCHED, domain::SubmissionState::matched, "platform"}},
        {"COUNTED",
         {pb::SUBMISSION_STATE_COUNTED, domain::SubmissionState::counted, "personnel_office"}},
        {"COUNTED_PARTIAL",
         {pb::SUBMISSION_STATE_COUNTED_PARTIAL, domain::SubmissionState::counted_partial,
          "sender"}},
        {"REJECTED_FILE",
         {pb::SUBMISSION_STATE_REJECTED_FILE, domain::SubmissionState::rejected_file, "sender"}}};
    int number = 0;
    for (const auto& [name, expected] : cases) {
        const auto found =
            submission(q.file(++number, "Z00000011A", "2026-11-05 09:31:02.123+08", name));
        EXPECT_EQ(found.state(), expected.state) << name;
        EXPECT_EQ(found.next_actor(), expected.next_actor) << name;
        const auto text = domain::state_text(
            expected.same, {.total = 7, .invalid = 1, .counted = 4, .unmatched = 2});
        EXPECT_EQ(found.state_text().zh(), text.zh) << name;
        EXPECT_EQ(found.state_text().en(), text.en) << name;
    }
}

TEST_F(Submissions, numbers_that_are_not_known_yet_are_left_out) {
    const auto received =
        submission(q.file(1, "Z00000011A", "2026-11-05 09:31:02.123+08", "RECEIVED"));
    EXPECT_FALSE(received.has_total() || received.has_record_count() ||
                 received.has_dispositions() || received.has_error_count() ||
                 received.has_warning_count() || received.has_ruleset() ||
                 received.has_counted_at());
    EXPECT_EQ(received.received_at(),
              rpc::microseconds(domain::parse_rfc3339("2026-11-05T09:31:02.123+08:00").value()));
    EXPECT_EQ(received.agency(), "Z00000011A");
    EXPECT_EQ(received.file_name(), "f1.json");
    EXPECT_EQ(received.route(), "WEBITR");
    EXPECT_EQ(received.size_bytes(), 1383);
    EXPECT_EQ(received.sha256(), "ab");
    const auto rejected =
        submission(q.file(2, "Z00000011A", "2026-11-05 09:31:02+08", "REJECTED_FILE"));
    ASSERT_TRUE(rejected.has_total());
    EXPECT_EQ(rejected.total(), 0);
    EXPECT_EQ(rejected.record_count(), 10);
    ASSERT_TRUE(rejected.has_dispositions());
    EXPECT_EQ(rejected.dispositions().ByteSizeLong(), 0u) << "every number is 0";
    EXPECT_FALSE(rejected.has_counted_at());
    const auto counted = submission(q.file(3, "Z00000011A", "2026-11-05 09:31:02+08"));
    EXPECT_EQ(counted.total(), 10);
    EXPECT_EQ(counted.ruleset(), "r1");
    EXPECT_EQ(counted.error_count(), 3) << "the validator's and the matcher's";
    EXPECT_EQ(counted.warning_count(), 5) << "the validator's, the matcher's, Table 19's";
    EXPECT_EQ(counted.dispositions().ShortDebugString(),
              "invalid: 2 unchanged: 1 superseded: 1 unmatched: 2 counted: 4");
    EXPECT_EQ(counted.counted_at(),
              rpc::microseconds(domain::parse_rfc3339("2026-11-06T01:00:00Z").value()));
}

TEST_F(Submissions, quarantined_until_it_is_replayed) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08", "RECEIVED");
    give_up("validation", id);
    EXPECT_EQ(state_of(id), pb::SUBMISSION_STATE_QUARANTINED);
    EXPECT_EQ(submission(id).next_actor(), "platform");
    replay("validation");
    EXPECT_EQ(state_of(id), pb::SUBMISSION_STATE_RECEIVED);
    const auto later = q.file(2, "Z00000011A", "2026-11-05 09:00+08", "VALIDATED");
    give_up("matching", later);
    EXPECT_EQ(state_of(later), pb::SUBMISSION_STATE_QUARANTINED);
    replay("matching");
    EXPECT_EQ(state_of(later), pb::SUBMISSION_STATE_RECEIVED) << "a replay makes it RECEIVED again";
}

TEST_F(Submissions, others_submissions_are_as_if_they_did_not_exist) {
    const auto of_11 = q.file(1, "Z00000011A", "2026-11-05 09:00+08"),
               of_12 = q.file(2, "Z00000012A", "2026-11-05 09:00+08");
    const auto ask = [&](const char* who, const std::string& id, const char* acting = "") {
        return q.refusal<pb::GetSubmissionResponse>(q.as(who, acting),
                                                    of_submission<pb::GetSubmissionRequest>(id));
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

TEST_F(Submissions, refusals_say_why_in_both_languages) {
    try {
        (void)ask_for(q.as("operator"), QueryUnderTest::id_of(99));
        ADD_FAILURE() << "answered";
    } catch (const rpc::Refused& refused) {
        EXPECT_EQ(refused.zh, "查無此報送");
        EXPECT_EQ(refused.en(), "There is no such submission");
    }
}

TEST_F(Submissions, what_the_audit_must_name_is_said) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    EXPECT_EQ(ask_for(q.as("clerk of 11"), id).others(), "");
    EXPECT_EQ(ask_for(q.as("operator"), id).others(), "submission " + id + " of Z00000011A");
    const auto others = [&](const char* who) {
        return q.ask<pb::ListSubmissionsResponse>(q.as(who)).others();
    };
    EXPECT_EQ(others("clerk of 11"), "");
    EXPECT_EQ(others("supervisor of 10"), "Z00000011A and 2 more");
    EXPECT_EQ(others("operator"), "all agencies");
}

TEST_F(Submissions, are_listed_newest_first_page_by_page) {
    for (int i = 1; i <= 7; ++i)
        q.file(i, i % 2 ? "Z00000011A" : "Z00000012A",
               "2026-11-05 09:0" + std::to_string(i / 3) + "+08", "RECEIVED");
    const auto pages = q.pages<pb::ListSubmissionsResponse>(
        q.as("supervisor of 10"), request<pb::ListSubmissionsRequest>("page_size: 3"));
    EXPECT_EQ(pages.size(), 3u);
    std::vector<std::string> ids, expected;
    for (const auto& page : pages)
        for (const auto& one : page.submissions()) ids.push_back(one.submission_id());
    for (int i = 7; i >= 1; --i) expected.push_back(QueryUnderTest::id_of(i));
    EXPECT_EQ(ids, expected);
    const auto size = [&](const char* who, const char* fields) {
        return q.ask<pb::ListSubmissionsResponse>(q.as(who), fields).submissions_size();
    };
    EXPECT_EQ(size("clerk of 11", ""), 4);
    EXPECT_EQ(size("supervisor of 10", "agency: 'Z00000012A'"), 3);
    EXPECT_EQ(q.refusal<pb::ListSubmissionsResponse>(q.as("clerk of 11"), "agency: 'Z00000012A'"),
              Why::not_found);
}

TEST_F(Submissions, history_is_the_last_month_unless_days_are_given) {
    q.file(1, "Z00000011A", "2026-10-09 23:59:59+08");
    q.file(2, "Z00000011A", "2026-10-10 00:00:00+08");
    q.file(3, "Z00000011A", "2026-11-10 23:59:59+08");
    q.file(4, "Z00000011A", "2026-11-11 00:00:00+08");
    const auto window = [&](const char* from, const char* to) {
        pb::ListSubmissionsRequest request;
        if (const auto day = domain::parse_iso_day(from)) request.set_from(*day);
        if (const auto day = domain::parse_iso_day(to)) request.set_to(*day);
        return request;
    };
    const auto count = [&](const char* from, const char* to) {
        return q.ask<pb::ListSubmissionsResponse>(q.as("clerk of 11"), window(from, to))
            .submissions_size();
    };
    const auto refusal = [&](const char* from, const char* to) {
        return q.refusal<pb::ListSubmissionsResponse>(q.as("clerk of 11"), window(from, to));
    };
    EXPECT_EQ(count("", ""), 2) << "both days inclusive, in Taipei";
    EXPECT_EQ(count("2026-10-09", ""), 3);
    EXPECT_EQ(count("2026-10-09", "2026-11-11"), 4);
    EXPECT_EQ(refusal("2025-10-07", ""), std::nullopt) << "400 days";
    EXPECT_EQ(refusal("2025-10-06", ""), Why::bad_request) << "401 days";
    EXPECT_EQ(refusal("2026-10-09", "2026-10-08"), Why::bad_request);
}

TEST_F(Submissions, token_of_other_filters_is_refused) {
    for (int i = 1; i <= 3; ++i) q.file(i, "Z00000011A", "2026-11-05 09:00+08", "RECEIVED");
    auto one = request<pb::ListSubmissionsRequest>("page_size: 1");
    const auto first = q.ask<pb::ListSubmissionsResponse>(q.as("operator"), one);
    one.set_page_token(first.next_page_token());
    EXPECT_EQ(q.refusal<pb::ListSubmissionsResponse>(q.as("operator"), one), std::nullopt);
    one.set_agency("Z00000011A");
    EXPECT_EQ(q.refusal<pb::ListSubmissionsResponse>(q.as("operator"), one), Why::bad_request);
    one.set_page_token("x");
    EXPECT_EQ(q.refusal<pb::ListSubmissionsResponse>(q.as("operator"), one), Why::bad_request);
}

TEST_F(Submissions, notices_are_for_whoever_may_read_the_submission) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    q.database.run(
        "INSERT INTO notification.notice (kind, agency, submission_id, intent_key, text,"
        " created_at) VALUES"
        " ('submission_counted', 'Z00000011A', $1, 'a', '已計入', '2026-11-05 10:00+08'),"
        " ('deadline_before', 'Z00000020A', NULL, 'b', '將屆期', now())",
        id);
    const auto mine = q.ask<pb::ListNoticesResponse>(q.as("clerk of 11"));
    ASSERT_EQ(mine.notices_size(), 1);
    EXPECT_EQ(mine.notices(0).kind(), "submission_counted");
    EXPECT_EQ(mine.notices(0).submission_id(), id);
    EXPECT_EQ(mine.notices(0).text(), "已計入");
    EXPECT_EQ(mine.notices(0).created_at(),
              rpc::microseconds(domain::parse_rfc3339("2026-11-05T10:00:00+08:00").value()));
    EXPECT_FALSE(mine.notices(0).has_read_at());
    const auto all = q.pages<pb::ListNoticesResponse>(
        q.as("operator"), request<pb::ListNoticesRequest>("page_size: 1"));
    ASSERT_EQ(all.size(), 2u);
    ASSERT_EQ(all[0].notices_size(), 1);
    EXPECT_FALSE(all[0].notices(0).has_submission_id());
    ASSERT_EQ(all[1].notices_size(), 1);
    EXPECT_EQ(all[1].notices(0).submission_id(), id);
}

TEST_F(Submissions, loads_are_read_by_their_authority) {
    const auto id = QueryUnderTest::id_of(1), waiting = QueryUnderTest::id_of(2);
    q.database.run(
        "INSERT INTO matching.career_load (load_id, mode, authority, force, state, received_at,"
        " rows, persons, persons_changed, persons_kept, rejected_count, committed_at,"
        " ignored_columns)"
        " VALUES ($1, 'snapshot', 'Z00000010A', false, 'LOADED', now(), 7, 3, 2, 0, 2, now(),"
        " '{Note,\"x y\"}')",
        id);
    q.database.run(
        "INSERT INTO matching.career_rejected (load_id, line, reason)"
        " VALUES ($1, 9, 'b'), ($1, 2, 'a')",
        id);
    q.database.run(
        "INSERT INTO intake.career_load (load_id, authority, mode, force, size_bytes, received_at)"
        " VALUES ($1, 'Z00000010A', 'changes', false, 10, now())",
        waiting);
    const auto request_for = [](const std::string& load_id) {
        pb::GetTable19LoadRequest request;
        request.set_load_id(load_id);
        return request;
    };
    const auto answer = q.ask<pb::GetTable19LoadResponse>(q.as("personnel of 10"), request_for(id));
    const auto& load = answer.load();
    EXPECT_EQ(load.state(), "LOADED");
    EXPECT_EQ(load.rows(), 7);
    EXPECT_EQ(load.persons(), 3);
    EXPECT_EQ(load.persons_changed(), 2);
    ASSERT_TRUE(load.has_persons_kept());
    EXPECT_EQ(load.persons_kept(), 0);
    EXPECT_EQ(load.rejected_count(), 2);
    ASSERT_EQ(load.ignored_columns_size(), 2);
    EXPECT_EQ(load.ignored_columns(1), "x y");
    ASSERT_EQ(answer.rejected_size(), 2);
    EXPECT_EQ(answer.rejected(0).line(), 2);
    EXPECT_EQ(answer.rejected(0).reason(), "a");
    EXPECT_EQ(answer.rejected(1).line(), 9);
    EXPECT_EQ(answer.rejected(1).reason(), "b");
    const auto unseen = q.ask<pb::GetTable19LoadResponse>(q.as("operator"), request_for(waiting));
    const auto& received = unseen.load();
    EXPECT_EQ(received.state(), "RECEIVED");
    EXPECT_EQ(received.mode(), "changes");
    EXPECT_FALSE(received.has_number() || received.has_reason() || received.has_rows() ||
                 received.has_committed_at());
    EXPECT_EQ(received.ignored_columns_size(), 0);
    EXPECT_TRUE(received.has_rematch()) << "an object without numbers, not null";
    EXPECT_FALSE(received.rematch().has_persons() || received.rematch().has_done());
    EXPECT_EQ(unseen.others(), "table19 load " + waiting + " of Z00000010A");
    const auto refusal = [&](const char* who) {
        return q.refusal<pb::GetTable19LoadResponse>(q.as(who), request_for(id));
    };
    EXPECT_EQ(refusal("clerk of 11"), Why::forbidden);
    EXPECT_EQ(refusal("personnel of 20"), Why::not_found);
}

TEST_F(Submissions, loads_are_listed_newest_first_to_their_authority) {
    const auto id = QueryUnderTest::id_of(1), waiting = QueryUnderTest::id_of(2);
    q.database.run(
        "INSERT INTO matching.career_load (load_id, mode, authority, force, state, received_at)"
        " VALUES ($1, 'snapshot', 'Z00000010A', false, 'LOADED', now())",
        id);
    q.database.run(
        "INSERT INTO intake.career_load (load_id, authority, mode, force, size_bytes, received_at)"
        " VALUES ($1, 'Z00000010A', 'changes', false, 10, now() + interval '1 second')",
        waiting);
    const auto listed = [&](const char* who, const std::string& authority = "") {
        pb::ListTable19LoadsRequest list;
        list.set_authority(authority);
        list.set_page_size(1);
        std::string ids;
        do {
            const auto page = q.ask<pb::ListTable19LoadsResponse>(q.as(who), list);
            for (const auto& one : page.loads()) ids += one.load_id() + one.state() + " ";
            list.set_page_token(page.next_page_token());
        } while (!list.page_token().empty());
        return ids;
    };
    const auto newest_first = waiting + "RECEIVED " + id + "LOADED ";
    EXPECT_EQ(listed("personnel of 10"), newest_first);
    EXPECT_EQ(listed("operator"), newest_first) << "of every authority";
    EXPECT_EQ(listed("operator", "Z00000020A"), "");
    EXPECT_EQ(listed("personnel of 20"), "");
    pb::ListTable19LoadsRequest of_10;
    of_10.set_authority("Z00000010A");
    EXPECT_EQ(q.refusal<pb::ListTable19LoadsResponse>(q.as("personnel of 20"), of_10),
              Why::not_found);
    EXPECT_EQ(
        q.refusal<pb::ListTable19LoadsResponse>(q.as("clerk of 11"), pb::ListTable19LoadsRequest()),
        Why::forbidden);
}

TEST_F(Submissions, rejected_lines_of_a_load_are_listed_in_their_order) {
    const auto id = QueryUnderTest::id_of(1), empty = QueryUnderTest::id_of(2);
    for (const auto& load : {id, empty})
        q.database.run(
            "INSERT INTO matching.career_load (load_id, mode, authority, force, state,"
            " received_at) VALUES ($1, 'snapshot', 'Z00000010A', false, 'LOADED', now())",
            load);
    q.database.run(
        "INSERT INTO matching.career_rejected (load_id, line, reason)"
        " VALUES ($1, 9, 'b'), ($1, 2, 'a')",
        id);
    auto of_load = request<pb::ListTable19LoadRejectedRequest>("page_size: 1");
    of_load.set_load_id(id);
    std::string lines;
    for (const auto& page :
         q.pages<pb::ListTable19LoadRejectedResponse>(q.as("personnel of 10"), of_load))
        for (const auto& one : page.rejected())
            lines += std::to_string(one.line()) + one.reason() + " ";
    EXPECT_EQ(lines, "2a 9b ");
    EXPECT_EQ(q.refusal<pb::ListTable19LoadRejectedResponse>(q.as("personnel of 20"), of_load),
              Why::not_found);
    of_load.set_load_id(empty);
    EXPECT_EQ(q.ask<pb::ListTable19LoadRejectedResponse>(q.as("operator"), of_load).rejected_size(),
              0);
    of_load.set_load_id(QueryUnderTest::id_of(3));
    EXPECT_EQ(q.refusal<pb::ListTable19LoadRejectedResponse>(q.as("operator"), of_load),
              Why::not_found);
}

TEST_F(Submissions, notices_are_read_by_each_person_for_the_agency_acted_for) {
    q.database.run("TRUNCATE portal.notice_read");
    for (const char* agency : {"Z00000011A", "Z00000011A", "Z00000011A", "Z00000010A"})
        q.database.run(
            "INSERT INTO notification.notice (kind, agency, intent_key, text, created_at)"
            " SELECT 'deadline_before', $1, $1 || '|2026-10|' || count(*), 't', now()"
            " FROM notification.notice",
            agency);
    const auto first = std::stoll(q.database.value("SELECT min(id) FROM notification.notice"));
    const auto mark = [&](const std::string& person, std::int64_t id, bool and_all_before) {
        q.database.run(
            "INSERT INTO portal.notice_read (agency, sub_hash, notice_id, and_all_before, read_at)"
            " VALUES ('Z00000011A', $1, $2, $3, '2026-11-05 10:00+08')",
            "hash of " + person, id, and_all_before);
    };
    const auto shown = [&](const char* who, const std::string& fields = "") {
        const auto answer = q.ask<pb::ListNoticesResponse>(q.as(who), fields);
        std::string all;
        for (const auto& one : answer.notices())
            all += std::to_string(one.id() - first) + (one.has_read_at() ? "r " : " ");
        return all + "unread " + std::to_string(answer.unread());
    };
    EXPECT_EQ(shown("clerk of 11"), "2 1 0 unread 3");
    mark("s1", first + 1, false);
    EXPECT_EQ(shown("clerk of 11"), "2 1r 0 unread 2");
    EXPECT_EQ(shown("clerk of 11", "unread: true"), "2 0 unread 2");
    q.callers["colleague"] = q.callers["clerk of 11"];
    q.callers["colleague"].sub = "s9";
    EXPECT_EQ(shown("colleague"), "2 1 0 unread 3") << "each person for themselves";
    mark("s1", first + 2, true);
    EXPECT_EQ(shown("clerk of 11"), "2r 1r 0r unread 0") << "it and all before";
    EXPECT_EQ(shown("clerk of 11", "unread: true"), "unread 0");
    EXPECT_EQ(shown("supervisor of 10"), "3 2 1 0 unread 1") << "the own agency's are counted";
    const auto one = q.ask<pb::ListNoticesResponse>(q.as("clerk of 11")).notices(0);
    EXPECT_EQ(one.agency_name(), "甲一局");
    EXPECT_EQ(one.month(), 24321) << "from the intent";
    EXPECT_FALSE(one.has_webhook_id());
}

TEST_F(Submissions, the_audit_is_for_operators_and_auditors) {
    q.database.run("TRUNCATE intake.audit");
    for (const auto& [at, object] : std::vector<std::pair<std::string, std::string>>{
             {"2026-11-10 09:00+08", "submission x of Z00000012A"},
             {"2026-11-10 09:30+08", "all agencies"},
             {"2026-11-01 09:00+08", "all agencies"}})
        q.database.run(
            "INSERT INTO intake.audit (at, sub, agency, acting, action, object, result, day,"
            " number, hash) SELECT $1, 'u', 'Z00000010A', 'Z00000011A', 'read summary', $2, '200',"
            " '2026-11-10', count(*) + 1, '' FROM intake.audit",
            at, object);
    const auto objects = [&](const std::string& fields) {
        std::string all;
        for (const auto& page : q.pages<pb::ListAuditResponse>(
                 q.as("operator"), request<pb::ListAuditRequest>("page_size: 1 " + fields)))
            for (const auto& line : page.lines()) all += line.object() + "; ";
        return all;
    };
    const auto day = std::to_string(domain::taipei_day(q.now) - 9);
    EXPECT_EQ(objects(""), "all agencies; submission x of Z00000012A; ") << "the last day";
    EXPECT_EQ(objects("agency: 'Z00000012A'"), "submission x of Z00000012A; ");
    EXPECT_EQ(objects("agency: 'Z00000011A' to: " + day + " from: " + day), "all agencies; ");
    EXPECT_EQ(objects("action: 'read nothing'"), "");
    const auto answer = q.ask<pb::ListAuditResponse>(q.as("operator"));
    EXPECT_EQ(answer.others(), "all agencies") << "reading it is a line, too";
    EXPECT_EQ(answer.lines(0).sub(), "u");
    EXPECT_EQ(answer.lines(0).acting(), "Z00000011A");
    EXPECT_EQ(q.refusal<pb::ListAuditResponse>(q.as("supervisor of 10")), Why::forbidden);
    EXPECT_EQ(q.refusal<pb::ListAuditResponse>(q.as("operator"), "from: 20000 to: 20400"),
              Why::bad_request);
}

TEST_F(Submissions, files_in_quarantine_are_listed_until_they_are_replayed) {
    q.database.run("TRUNCATE validation.quarantine, matching.quarantine");
    const auto give_up = [&](const std::string& stage, int number, const std::string& replayed_at) {
        q.database.run_in(stage,
                          "INSERT INTO quarantine (event_id, topic, partition, \"offset\", key,"
                          " headers, payload, reason, quarantined_at, replayed_at) VALUES ($1 ||"
                          " '/1', 't', 0, 0, 'k', '{}', '', 'died', $2::timestamptz,"
                          " NULLIF($3, '')::timestamptz)",
                          q.file(number, "Z00000011A", "2026-11-05 09:00+08", "RECEIVED"),
                          "2026-11-06 0" + std::to_string(number) + ":00+08", replayed_at);
    };
    give_up("validation", 1, "");
    give_up("matching", 2, "");
    give_up("matching", 3, "2026-11-07");
    std::string files;
    for (const auto& page : q.pages<pb::ListQuarantineResponse>(
             q.as("operator"), request<pb::ListQuarantineRequest>("page_size: 1")))
        for (const auto& one : page.files())
            files += one.submission_id().substr(35) + " " + one.stage() + " " + one.agency() + " " +
                     one.reason() + "; ";
    EXPECT_EQ(files, "2 agency_matcher Z00000011A died; 1 validator Z00000011A died; ");
    EXPECT_EQ(q.refusal<pb::ListQuarantineResponse>(q.as("supervisor of 10")), Why::forbidden);
    q.database.run("TRUNCATE validation.quarantine, matching.quarantine");
}

TEST_F(Submissions, reminders_are_listed_to_the_authorities_above) {
    q.database.run(
        "TRUNCATE portal.reminder;"
        "INSERT INTO portal.reminder (agency, month, day, sent_at, sent_by) VALUES"
        " ('Z00000011A', 24321, '2026-11-05', '2026-11-05 09:00+08', 'Z00000010A'),"
        " ('Z00000010A', 24321, '2026-11-05', '2026-11-05 09:00+08', 'Z00000010A'),"
        " ('Z00000011A', 24320, '2026-11-06', '2026-11-06 09:00+08', 'Z00000000A'),"
        " ('Z00000021A', 24321, '2026-11-06', '2026-11-06 09:00+08', 'Z00000020A')");
    const auto sent = [&](const char* who, const std::string& fields) {
        std::string all;
        for (const auto& page : q.pages<pb::ListRemindersResponse>(
                 q.as(who), request<pb::ListRemindersRequest>("page_size: 1 " + fields)))
            for (const auto& one : page.reminders())
                all += one.agency().substr(6, 3) + " " + domain::iso_month(one.month()) + " by " +
                       one.sent_by().substr(6, 3) + "; ";
        return all;
    };
    const auto first =
        q.ask<pb::ListRemindersResponse>(q.as("supervisor of 10"), "page_size: 1").reminders(0);
    EXPECT_EQ(first.agency_name() + " by " + first.sent_by_name(), "甲一局 by 院");
    EXPECT_EQ(sent("supervisor of 10", ""),
              "011 2026-09 by 000; 011 2026-10 by 010; 010 2026-10 by 010; ");
    EXPECT_EQ(sent("operator", "month: 24321 authority: 'Z00000020A'"), "021 2026-10 by 020; ");
    EXPECT_EQ(q.refusal<pb::ListRemindersResponse>(q.as("clerk of 10")), Why::forbidden);
}

TEST_F(Submissions, database_away_is_said_in_time_and_never_not_found) {
    postgres::ReadSessions nowhere(
        {.conninfo = "host=127.0.0.1 port=1 user=query", .application_name = "query"}, 1);
    query::Service service({.database = nowhere,
                            .verify = [&](const std::string&) { return q.callers["operator"]; },
                            .now = [&] { return q.now; }});
    const auto server = rpc::serve_questions(service, {});
    const auto client = rpc::connect_query_client("127.0.0.1:" + std::to_string(server->port()));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(
        (void)ask<pb::GetSubmissionResponse>(
            *client, q.as("x"), of_submission<pb::GetSubmissionRequest>(QueryUnderTest::id_of(1))),
        domain::TransientFailure);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST_F(Submissions, service_away_is_a_transient_failure_too) {
    const auto client = rpc::connect_query_client("127.0.0.1:1");
    EXPECT_THROW(
        (void)ask<pb::GetSubmissionResponse>(
            *client, q.as("x"), of_submission<pb::GetSubmissionRequest>(QueryUnderTest::id_of(1))),
        domain::TransientFailure);
    EXPECT_FALSE(client->answers());
    EXPECT_TRUE(q.client->answers());
}

TEST_F(Submissions, lost_sessions_are_replaced_within_the_answer) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    for (int i = 0; i < 8; ++i) (void)state_of(id);
    EXPECT_NE(
        q.database.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                         " WHERE application_name = 'query' AND datname = current_database()"),
        "0");
    EXPECT_EQ(state_of(id), pb::SUBMISSION_STATE_COUNTED) << q.last_failure;
}

TEST_F(Submissions, the_role_can_write_nothing) {
    pqxx::connection connection(q.database.conninfo("query"));
    pqxx::nontransaction work(connection);
    const auto writable = work.exec1(
        "SELECT count(*) FROM information_schema.table_privileges WHERE grantee = 'query'"
        " AND privilege_type <> 'SELECT'");
    EXPECT_EQ(writable[0].as<int>(), 0);
    const auto open_schemas =
        work.exec1("SELECT count(*) FROM pg_namespace WHERE has_schema_privilege(oid, 'CREATE')");
    EXPECT_EQ(open_schemas[0].as<int>(), 0);
}

}  // namespace
}  // namespace chaiqin::testing
