// The findings feed from its triggers to its answers: a real database, the store of the service
// notification as its role, the query service.
#include "component/query/query_under_test.hpp"
#include "postgres/notification/notification_stores.hpp"
#include "postgres/session.hpp"

namespace chaiqin::testing {
namespace {

constexpr int file_kind = 0, leave = 2;
constexpr const char* agency = "Z00000011A";
/// A noted line that Table 19 does not know; one that it knows under another agency (V0006).
constexpr int no_person = 8, matched_elsewhere = 16 + 256;

class FindingChanges : public ::testing::Test {
protected:
    QueryUnderTest q;
    std::unique_ptr<domain::FindingFeedStore> store =
        postgres::notification::make_finding_feed_store();
    postgres::Session session{{q.database.conninfo("notification"), "feed test"}};
    domain::Instant now = q.now;

    static std::string id_of(int file) { return QueryUnderTest::id_of(file); }

    void file(int number, const std::string& day, const std::string& state = "MATCHED") {
        q.file(number, agency, "2026-11-" + day + " 01:00:00Z", state);
    }
    static constexpr const char* finding =
        "INSERT INTO validation.finding (submission_id, kind, index, pointer, code, seq, severity,"
        " record_no, record_seq, field, field_name, message, message_en, identity, agency,"
        " received_at, data_month, revision)"
        " SELECT submission_id, $2::smallint, $3::int, '/' || $3::text, $4, 0, 0, 'L1', 1, 'hours',"
        " '時數', '時數有誤', 'wrong', $5::bigint, agency, received_at, 24321, 3"
        " FROM intake.receipt WHERE submission_id = $1";
    void add_line(int of, int index, const std::string& code, std::int64_t identity) {
        q.database.run(finding, id_of(of), leave, index, code, identity);
    }
    void add_file_finding(int of, const std::string& code) {
        q.database.run(finding, id_of(of), file_kind, -1, code, std::optional<std::int64_t>());
    }
    void fix(int of, std::int64_t identity, int by) {
        q.database.run(
            "INSERT INTO matching.fixed (submission_id, fixed_by, identity)"
            " VALUES ($1, $2, ARRAY[$3::bigint])",
            id_of(of), id_of(by), identity);
    }
    void note(int of, int outcome) {
        q.database.run(
            "INSERT INTO matching.file_record (submission_id, agency, slot, received_at,"
            " first_month, last_month, leave_lines, orgs, line, identity, token, content,"
            " claimed_org, day_count, revision, day, minutes, kind_type, org, outcome, record_no,"
            " record_seq, masked_person_id)"
            " SELECT submission_id, agency, 0, received_at, 24321, 24321, 1, '{}', '\\x00000000',"
            " '\\x', '\\x', '\\x', '\\x', '\\x', '\\x00000107', '{}', '{}', '{}', '{}', '{}', 'L9',"
            " '\\x', '' FROM intake.receipt WHERE submission_id = $1",
            id_of(of));
        q.database.run(
            "INSERT INTO matching.noted (submission_id, agency, received_at, data_month, position,"
            " index, identity, token, day, kind_type, outcome, claimed_org, org, record_no,"
            " record_seq, person_id)"
            " SELECT submission_id, agency, received_at, 24321, '{0}', '{0}', '{77}', '{5}',"
            " '{20731}', '{16}', ARRAY[$2::smallint], ARRAY[agency], '{\"\"}', '{L9}', '{1}',"
            " '{A12*****89}' FROM intake.receipt WHERE submission_id = $1",
            id_of(of), outcome);
    }
    void rematch(int of, int outcome) {
        q.database.run(
            "UPDATE matching.noted SET outcome = ARRAY[$2::smallint] WHERE submission_id = $1",
            id_of(of), outcome);
    }

    /// Everything that waits is written down.
    void advance() {
        for (bool more = true; more;) {
            auto work = session.begin();
            more = store->advance(*work, now);
            session.commit(*work);
        }
    }
    std::vector<domain::RematchedFindings> rematched(std::chrono::seconds later) {
        auto work = session.begin();
        auto all = store->take_rematched(*work, now + later - std::chrono::seconds(10),
                                         now + later - std::chrono::seconds(120));
        session.commit(*work);
        return all;
    }

    pb::ListFindingChangesResponse changes(const std::string& fields = "") {
        return q.ask<pb::ListFindingChangesResponse>(q.as("clerk of 11"), fields);
    }
    /// "+L05/1 -L05/1>2": code and index of what opened, and was fixed by file 2.
    static std::string told(const pb::ListFindingChangesResponse& answer) {
        std::string all;
        for (const auto& one : answer.changes()) {
            all += (all.empty() ? "" : " ");
            all += one.change() == pb::FINDING_TURN_OPENED ? "+" : "-";
            all += one.code();
            if (one.has_index()) all += "/" + std::to_string(one.index());
            if (one.has_fixed_by()) all += ">" + one.fixed_by().substr(35);
        }
        return all;
    }
    std::string told_after(std::string& cursor) {
        const auto answer = changes(cursor.empty() ? "" : "after: '" + cursor + "'");
        cursor = answer.cursor();
        return told(answer);
    }
};

TEST_F(FindingChanges, a_finding_opens_once_and_is_fixed_once_by_the_file_that_answers_it) {
    std::string cursor;
    file(1, "05");
    add_line(1, 1, "L05", 71);
    add_line(1, 2, "L06", 72);
    advance();
    EXPECT_EQ(told_after(cursor), "+L05/1 +L06/2");
    EXPECT_EQ(told_after(cursor), "");
    file(2, "06");
    fix(1, 71, 2);
    advance();
    advance();
    EXPECT_EQ(told_after(cursor), "-L05/1>2");
    EXPECT_EQ(told_after(cursor), "");
    EXPECT_EQ(told(changes()), "+L05/1 +L06/2 -L05/1>2");
}

TEST_F(FindingChanges, a_change_names_record_revision_and_time) {
    file(1, "05");
    add_line(1, 1, "L05", 71);
    advance();
    const auto answer = changes();
    ASSERT_EQ(answer.changes_size(), 1);
    const auto& one = answer.changes(0);
    EXPECT_EQ(one.submission_id(), id_of(1));
    EXPECT_EQ(one.kind(), pb::FINDING_KIND_LEAVE);
    EXPECT_EQ(one.record_no(), "L1");
    EXPECT_EQ(one.record_seq(), 1);
    EXPECT_EQ(one.revision(), 3);
    EXPECT_EQ(one.pointer(), "/1");
    EXPECT_EQ(one.field(), "hours");
    EXPECT_EQ(one.message(), "時數有誤");
    EXPECT_EQ(one.at(), now.time_since_epoch().count());
    EXPECT_EQ(one.cursor(), answer.cursor());
}

TEST_F(FindingChanges, what_was_fixed_before_it_could_be_told_opens_and_is_fixed) {
    file(1, "05");
    add_line(1, 1, "L05", 71);
    file(2, "06");
    fix(1, 71, 2);
    advance();
    EXPECT_EQ(told(changes()), "+L05/1 -L05/1>2");
}

TEST_F(FindingChanges, a_later_accepted_file_fixes_the_findings_of_a_file) {
    std::string cursor;
    file(1, "05", "REJECTED_FILE");
    add_file_finding(1, "F06");
    advance();
    EXPECT_EQ(told_after(cursor), "+F06");
    file(2, "06");
    advance();
    EXPECT_EQ(told_after(cursor), "-F06>2");
    file(3, "07");
    advance();
    EXPECT_EQ(told_after(cursor), "");
}

TEST_F(FindingChanges, a_rematch_takes_a_finding_away_without_a_file_and_is_told_as_one) {
    std::string cursor;
    file(1, "05");
    note(1, no_person);
    advance();
    const auto first = changes();
    EXPECT_EQ(told(first), "+T01/0");
    EXPECT_EQ(first.changes(0).revision(), 0x107);
    cursor = first.cursor();
    EXPECT_TRUE(rematched(std::chrono::seconds(60)).empty()) << "no re-match yet";
    rematch(1, matched_elsewhere);
    advance();
    EXPECT_EQ(told_after(cursor), "+T05/0 -T01/0");
    EXPECT_TRUE(rematched(std::chrono::seconds(5)).empty()) << "it may still be at work";
    const auto all = rematched(std::chrono::seconds(60));
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].agency, agency);
    EXPECT_EQ(all[0].opened, 1);
    EXPECT_EQ(all[0].fixed, 1);
    EXPECT_TRUE(rematched(std::chrono::seconds(60)).empty()) << "told once";
}

/// T05 names the agency that Table 19 gives, so another one makes another finding.
TEST_F(FindingChanges, a_finding_of_table_19_whose_message_changes_is_another_one) {
    std::string cursor;
    file(1, "05");
    note(1, matched_elsewhere);
    q.database.run("UPDATE matching.noted SET org = '{Z00000012A}'");
    advance();
    EXPECT_EQ(told_after(cursor), "+T05/0");
    q.database.run("UPDATE matching.noted SET org = '{Z00000010A}'");
    advance();
    EXPECT_EQ(told_after(cursor), "+T05/0 -T05/0");
    EXPECT_EQ(told_after(cursor), "");
}

/// Why changes are numbered by one writer: with numbers given while they are written, the finding
/// of the slow transaction would have the lower number, and be behind the reader's cursor for ever.
TEST_F(FindingChanges, what_commits_late_comes_behind_every_cursor_that_was_given) {
    std::string cursor;
    file(1, "05");
    file(2, "06");
    pqxx::connection other(q.database.conninfo());
    pqxx::work open(other);
    open.exec_params(finding, id_of(1), leave, 1, "L05", 71);
    add_line(2, 1, "L06", 72);
    advance();
    EXPECT_EQ(told_after(cursor), "+L06/1");
    open.commit();
    advance();
    EXPECT_EQ(told_after(cursor), "+L05/1");
}

TEST_F(FindingChanges, pages_go_on_behind_their_cursor) {
    file(1, "05");
    for (int i = 0; i < 5; ++i) add_line(1, i, "L05", 70 + i);
    advance();
    std::string cursor, all;
    for (int page = 0; page < 3; ++page) {
        const auto answer =
            changes("page_size: 2" + (cursor.empty() ? "" : " after: '" + cursor + "'"));
        all += told(answer) + "|";
        cursor = answer.cursor();
    }
    EXPECT_EQ(all, "+L05/0 +L05/1|+L05/2 +L05/3|+L05/4|");
}

TEST_F(FindingChanges, a_cursor_serves_the_agency_that_got_it) {
    file(1, "05");
    add_line(1, 1, "L05", 71);
    advance();
    const auto cursor = changes().cursor();
    const auto elsewhere = q.ask<pb::ListFindingChangesResponse>(q.as("clerk of 10"));
    EXPECT_EQ(elsewhere.changes_size(), 0);
    EXPECT_NE(elsewhere.cursor(), "");
    EXPECT_EQ(
        q.refusal<pb::ListFindingChangesResponse>(q.as("clerk of 10"), "after: '" + cursor + "'"),
        Why::bad_request);
    EXPECT_EQ(q.refusal<pb::ListFindingChangesResponse>(q.as("clerk of 11"), "after: 'x'"),
              Why::bad_request);
    EXPECT_EQ(q.refusal<pb::ListFindingChangesResponse>(q.as("supervisor of 10")), Why::forbidden);
}

}  // namespace
}  // namespace chaiqin::testing
