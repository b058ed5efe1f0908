#include "component/query/query_under_test.hpp"
#include "domain/attribution.hpp"

namespace chaiqin::testing {
namespace {

constexpr const char* agency = "Z00000011A";
constexpr int leave = 2, overtime = 3;

class Records : public QueryTest<Records> {
protected:
    void SetUp() override {
        q.database.run(
            "TRUNCATE intake.receipt, validation.submission, validation.archive, matching.file,"
            " statistics.counted, validation.finding, matching.finding, matching.noted,"
            " matching.fixed, matching.file_record, matching.identity_prefix, "
            "matching.unmatched_count, matching.unmatched_line");
    }
    void add(const std::string& stage, int file, int kind, int index, const std::string& code,
             std::int64_t identity = 0, int severity = 0) {
        q.database.run_in(
            stage,
            "INSERT INTO finding (submission_id, kind, index, pointer, code, seq, severity,"
            " record_no, record_seq, field, field_name, value, expected, message, message_en,"
            " identity, agency, received_at, data_month)"
            " SELECT submission_id, $2::smallint, $3::int, '/p', $4, 0, $6::smallint, 'L1', 1,"
            " 'location', '地點', '甲', NULL, '地點不得為空白', 'blank', NULLIF($5::bigint, 0),"
            " agency, received_at, 24321 FROM intake.receipt WHERE submission_id = $1",
            QueryUnderTest::id_of(file), kind, index, code, identity, severity);
    }
    void note(int file, int index) {
        q.database.run(
            "INSERT INTO matching.noted (submission_id, agency, received_at, data_month, position,"
            " index, identity, token, day, kind_type, outcome, claimed_org, org, record_no,"
            " record_seq, person_id)"
            " SELECT submission_id, agency, received_at, 24321, '{0}', ARRAY[$2::int], '{77}',"
            " '{5}', '{20731}', '{16}', '{8}', '{Z00000011A}', '{\"\"}', '{L9}', '{1}',"
            " '{A12*****89}' FROM intake.receipt WHERE submission_id = $1",
            QueryUnderTest::id_of(file), index);
    }
    template <class Response>
    static std::string text(const Response& response) {
        std::string all;
        for (const auto& record : response.records()) {
            all += (all.empty() ? "" : " ") +
                   std::string(record.kind() == pb::FINDING_KIND_LEAVE ? "L" : "O") +
                   std::to_string(record.index()) + ":";
            for (const auto& finding : record.findings()) all += finding.code();
        }
        return all;
    }
    /// Pages joined by " | ".
    template <class Answer, class Request>
    std::string pages(const Request& request, const char* who = "clerk of 11") {
        std::string all;
        for (const auto& page : q.pages<Answer>(q.as(who), request))
            all += (all.empty() ? "" : " | ") + text(page);
        return all;
    }
    std::string of_submission(const std::string& id, const std::string& fields = "") {
        return pages<pb::ListRecordsResponse>(of_submission_request(id, fields));
    }
    static pb::ListRecordsRequest of_submission_request(const std::string& id,
                                                        const std::string& fields) {
        return testing::of_submission<pb::ListRecordsRequest>(id, fields);
    }
    std::string of_history(const std::string& fields = "") {
        return pages<pb::ListFindingRecordsResponse>(
            testing::request<pb::ListFindingRecordsRequest>(fields));
    }
    pb::GetSealedFileResponse sealed(const std::string& id, const char* who = "clerk of 11",
                                     const std::string& acting = "") {
        return q.ask<pb::GetSealedFileResponse>(
            q.as(who, acting), testing::of_submission<pb::GetSealedFileRequest>(id));
    }
};

TEST_F(Records, the_sealed_file_is_handed_over_as_it_is) {
    const auto id = q.file(1, agency, "2026-11-05 01:00Z");
    EXPECT_TRUE(sealed(id).judged());
    EXPECT_FALSE(sealed(id).has_sealed());
    q.database.run("INSERT INTO validation.archive VALUES ($1, '1', decode('00ff41', 'hex'))", id);
    EXPECT_EQ(sealed(id).sealed(), std::string("\x00\xff\x41", 3));
    EXPECT_EQ(sealed(id).agency(), agency);
    EXPECT_EQ(sealed(id).file_name(), "f1.json");
    EXPECT_FALSE(sealed(q.file(2, agency, "2026-11-05 01:00Z", "RECEIVED")).judged());
    q.database.run("UPDATE validation.archive SET sealed = decode(repeat('ab', 5500000), 'hex')");
    EXPECT_EQ(sealed(id).sealed().size(), 5'500'000U);
}

TEST_F(Records, only_who_acts_for_the_agency_is_answered) {
    using pb::GetSealedFileResponse;
    const auto id = q.file(1, agency, "2026-11-05 01:00Z");
    const auto delegated = q.file(2, "Z00000012A", "2026-11-05 01:00Z");
    const auto of = [](const std::string& one) {
        return testing::of_submission<pb::GetSealedFileRequest>(one);
    };
    EXPECT_FALSE(q.refusal<GetSealedFileResponse>(q.as("clerk of 11"), of(id)));
    EXPECT_FALSE(
        q.refusal<GetSealedFileResponse>(q.as("clerk of 11", "Z00000012A"), of(delegated)));
    EXPECT_EQ(q.refusal<GetSealedFileResponse>(q.as("clerk of 11", "Z00000012A"), of(id)),
              Why::not_found);
    EXPECT_EQ(q.refusal<GetSealedFileResponse>(q.as("clerk of 11"), of(delegated)), Why::not_found);
    EXPECT_EQ(q.refusal<GetSealedFileResponse>(q.as("clerk of 10"), of(id)), Why::not_found);
    for (const char* who : {"operator", "supervisor of 10", "personnel of 10", "nobody"}) {
        EXPECT_EQ(q.refusal<GetSealedFileResponse>(q.as(who), of(id)), Why::forbidden) << who;
        EXPECT_EQ(q.refusal<pb::ListRecordsResponse>(q.as(who), of_submission_request(id, "")),
                  Why::forbidden);
        EXPECT_EQ(q.refusal<pb::ListFindingRecordsResponse>(q.as(who)), Why::forbidden);
        EXPECT_EQ(q.refusal<pb::FindHeadsResponse>(q.as(who)), Why::forbidden);
    }
    EXPECT_EQ(q.refusal<pb::ListFindingRecordsResponse>(q.as("clerk of 11"),
                                                        std::string("agency: 'Z00000012A'")),
              Why::not_found);
}

TEST_F(Records, records_with_findings_of_all_three_places_by_the_page) {
    const auto id = q.file(1, agency, "2026-11-05 01:00Z");
    add("validation", 1, 0, -1, "F11");
    add("validation", 1, leave, 3, "L18");
    add("validation", 1, leave, 3, "S04", 0, 1);
    add("validation", 1, overtime, 0, "O01");
    add("matching", 1, leave, 1, "U03");
    note(1, 2);
    EXPECT_EQ(of_submission(id), "L1:U03 L2:T01 L3:L18S04 O0:O01");
    EXPECT_EQ(of_submission(id, "page_size: 1"), "L1:U03 | L2:T01 | L3:L18S04 | O0:O01");
    EXPECT_EQ(of_submission(id, "page_size: 3"), "L1:U03 L2:T01 L3:L18S04 | O0:O01");
    EXPECT_EQ(of_submission(id, "code: 'S04'"), "L3:S04");
    EXPECT_EQ(of_submission(id, "severity: SEVERITY_ERROR"), "L1:U03 L3:L18 O0:O01");
}

TEST_F(Records, all_records_go_from_leave_to_overtime) {
    const auto id = q.file(1, agency, "2026-11-05 01:00Z");
    add("validation", 1, leave, 2, "L18");
    add("validation", 1, overtime, 1, "O01");
    const std::string all = "with: RECORDS_WANTED_ALL leave_count: 3 overtime_count: 2 ";
    EXPECT_EQ(of_submission(id, all), "L0: L1: L2:L18 O0: O1:O01");
    EXPECT_EQ(of_submission(id, all + "page_size: 2"), "L0: L1: | L2:L18 O0: | O1:O01");
    EXPECT_EQ(of_submission(id, all + "page_size: 1"), "L0: | L1: | L2:L18 | O0: | O1:O01");
    EXPECT_EQ(of_submission(id, "with: RECORDS_WANTED_ALL"), "");
    EXPECT_EQ(q.refusal<pb::ListRecordsResponse>(
                  q.as("clerk of 11"), of_submission_request(id, all + "page_token: 'x'")),
              Why::bad_request);
}

TEST_F(Records, the_history_goes_from_the_newest_file_on_and_knows_what_is_fixed) {
    q.file(1, agency, "2026-11-05 01:00Z");
    q.file(2, agency, "2026-11-06 01:00Z");
    q.file(3, "Z00000012A", "2026-11-07 01:00Z");
    add("validation", 1, leave, 3, "L18", 41);
    add("validation", 1, leave, 4, "L18", 42);
    add("matching", 2, overtime, 0, "U03", 43);
    add("validation", 3, leave, 0, "L01", 44);
    note(1, 2);
    q.database.run(
        "INSERT INTO matching.fixed (submission_id, fixed_by, identity) VALUES ($1, $2,"
        " '{42}')",
        QueryUnderTest::id_of(1), QueryUnderTest::id_of(2));
    EXPECT_EQ(of_history(), "O0:U03 L2:T01 L3:L18 L4:L18");
    EXPECT_EQ(of_history("page_size: 1"), "O0:U03 | L2:T01 | L3:L18 | L4:L18");
    EXPECT_EQ(of_history("status: STATUS_WANTED_OPEN"), "O0:U03 L2:T01 L3:L18");
    EXPECT_EQ(of_history("status: STATUS_WANTED_FIXED"), "L4:L18");
    EXPECT_EQ(of_history("code: 'L18'"), "L3:L18 L4:L18");
    EXPECT_EQ(of_history("severity: SEVERITY_WARNING"), "L2:T01");
    EXPECT_EQ(of_history("agency: 'Z00000011A' to: 20761"), "");
    const auto first = q.ask<pb::ListFindingRecordsResponse>(q.as("clerk of 11"));
    EXPECT_EQ(first.records(0).submission_id(), QueryUnderTest::id_of(2));
    EXPECT_EQ(first.records(0).file_name(), "f2.json");
}

TEST_F(Records, heads_are_the_last_lines_of_identities_of_the_agency_acted_for) {
    const auto store = [&](int number, const std::string& of, const std::string& identities,
                           const std::string& outcomes) {
        const auto id = q.file(number, of, "2026-11-05 01:00Z");
        q.database.run(
            "INSERT INTO matching.file_record (submission_id, agency, slot, received_at,"
            " first_month, last_month, leave_lines, orgs, line, identity, token, content,"
            " claimed_org, day_count, revision, day, minutes, kind_type, org, outcome, record_no,"
            " record_seq, masked_person_id)"
            " SELECT $1, $2, 0, now(), 0, -1, 0, '{}', '', p.eight, p.eight, p.eight, '', '',"
            " p.four, '{}', '{}', '{}', '{}', $4::smallint[], '', '', ''"
            " FROM (SELECT string_agg(int8send(n), '' ORDER BY place) AS eight,"
            " string_agg(int4send(7), '') AS four"
            " FROM unnest($3::bigint[]) WITH ORDINALITY AS u(n, place)) p",
            id, of, identities, outcomes);
        q.database.run(
            "INSERT INTO matching.identity_prefix (agency, submissions, prefix, owner)"
            " SELECT $1, ARRAY[$2::text], (SELECT string_agg(int4send((n >> 32)::int), ''"
            " ORDER BY n) FROM unnest($3::bigint[]) AS u(n)), ''",
            of, id, identities);
    };
    // 4294967296 is 1 in the high half; two identities share it.
    store(1, agency, "{4294967296,4294967297,8589934592}",
          "{" + std::to_string(domain::outcome::superseded) + ",0," +
              std::to_string(domain::outcome::deletion) + "}");
    store(2, agency, "{4294967296}", "{0}");
    store(3, "Z00000012A", "{12884901888}", "{0}");
    const std::string all = "identities: 4294967296 identities: 8589934592 identities: 12884901888";
    const auto found = [&](const std::string& acting) {
        std::string text;
        for (const auto answer = q.ask<pb::FindHeadsResponse>(q.as("clerk of 11", acting), all);
             const auto& head : answer.heads()) {
            EXPECT_EQ(head.token(), head.identity());
            EXPECT_EQ(head.content(), head.identity());
            EXPECT_EQ(head.revision(), 7U);
            text += std::to_string(head.identity()) + (head.deletion() ? "D " : " ");
        }
        return text;
    };
    const auto own = found("");
    EXPECT_TRUE(own == "8589934592D 4294967296 " || own == "4294967296 8589934592D ") << own;
    EXPECT_EQ(found("Z00000012A"), "12884901888 ");
    EXPECT_EQ(q.ask<pb::FindHeadsResponse>(q.as("clerk of 11")).heads_size(), 0);
}

}  // namespace
}  // namespace chaiqin::testing
