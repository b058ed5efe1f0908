#include "component/query/query_under_test.hpp"

namespace chaiqin::testing {
namespace {

using Why = domain::Refused::Why;
using domain::FindingStatus;

struct Row {
    int file, kind, index;
    std::string pointer, code;
    int severity = 0;
    long identity = 0;  ///< 0: none
    std::string agency = "Z00000011A", value = "甲";
};

class Findings : public ::testing::Test {
protected:
    static QueryUnderTest& stack() {
        static QueryUnderTest one;
        return one;
    }
    QueryUnderTest& q = stack();
    void SetUp() override {
        q.database.run(
            "TRUNCATE intake.receipt, validation.submission, matching.file, statistics.counted, "
            "validation.finding, validation.finding_group,"
            " matching.finding, matching.finding_group, matching.noted, matching.fixed");
    }
    void add(const char* schema, const Row& row) {
        q.database.run("INSERT INTO " + std::string(schema) +
                       ".finding (submission_id, kind, index, pointer, code, seq, severity, "
                       "record_no, record_seq,"
                       " field, field_name, value, expected, message, message_en, identity, "
                       "agency, received_at, data_month) SELECT '" +
                       QueryUnderTest::id_of(row.file) + "', " + std::to_string(row.kind) + ", " +
                       std::to_string(row.index) + ", '" + row.pointer + "', '" + row.code +
                       "', 0, " + std::to_string(row.severity) + ", " +
                       (row.kind < 2 ? "NULL, NULL" : "'L1', 1") + ", 'location', '地點', '" +
                       row.value + "', NULL, '地點不得為空白', 'blank', " +
                       (row.identity ? std::to_string(row.identity) : "NULL") + ", '" + row.agency +
                       "', received_at, 24321 FROM intake.receipt WHERE submission_id = '" +
                       QueryUnderTest::id_of(row.file) + "'");
    }
    /// One noted leave line: outcome as in V0006.
    void note(int file, int index, int outcome, const std::string& org = "",
              const std::string& agency = "Z00000011A") {
        q.database.run(
            "INSERT INTO matching.noted (submission_id, agency, received_at, data_month, position, "
            "index, identity, token, day, kind_type, outcome,"
            " claimed_org, org, record_no, record_seq, person_id) SELECT submission_id, '" +
            agency + "', received_at, 24321, '{0}', '{" + std::to_string(index) +
            "}', '{77}', '{5}', '{20731}', '{16}', '{" + std::to_string(outcome) +
            "}', '{Z00000011A}', '{\"" + org +
            "\"}', '{L9}', '{1}', '{A12*****89}' FROM intake.receipt WHERE submission_id = '" +
            QueryUnderTest::id_of(file) +
            "'"
            " ON CONFLICT (submission_id) DO UPDATE SET index = noted.index || EXCLUDED.index, "
            "outcome = noted.outcome || EXCLUDED.outcome,"
            " position = noted.position || EXCLUDED.position, identity = noted.identity || "
            "EXCLUDED.identity, token = noted.token || EXCLUDED.token,"
            " day = noted.day || EXCLUDED.day, kind_type = noted.kind_type || EXCLUDED.kind_type, "
            "claimed_org = noted.claimed_org || EXCLUDED.claimed_org,"
            " org = noted.org || EXCLUDED.org, record_no = noted.record_no || EXCLUDED.record_no, "
            "record_seq = noted.record_seq || EXCLUDED.record_seq,"
            " person_id = noted.person_id || EXCLUDED.person_id");
    }
    std::string codes(const char* who, domain::FindingsQuestion question) {
        std::string all;
        for (const auto& one : q.client->findings(q.as(who), question).findings)
            all += (all.empty() ? "" : " ") + one.finding.code;
        return all;
    }
    /// "code:fixed_by's number" of the history, "-" where open.
    std::string history(const char* who, domain::FindingHistoryQuestion question = {}) {
        std::string all;
        for (const auto& one : q.client->finding_history(q.as(who), question).findings)
            all += (all.empty() ? "" : " ") + one.finding.code +
                   (one.status == FindingStatus::fixed ? ":" + one.fixed_by.substr(35) : ":-");
        return all;
    }
};

TEST_F(Findings, OfValidatorMatcherAndTable19AreOneListInOrder) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    add("validation", {1, 3, 0, "/overtime_records/0/reason", "S06"});
    add("validation", {1, 2, 10, "/leave_records/10/location", "L18"});
    add("validation", {1, 2, 2, "/leave_records/2/location", "L18"});
    add("validation", {1, 2, 2, "/leave_records/2/abroad_type", "L19"});
    add("validation", {1, 0, -1, "", "F11", 1, 0});
    add("validation", {1, 1, -1, "/batch_no", "S05", 1});
    add("matching", {1, 2, 2, "/leave_records/2/revision", "U03", 0, 5});
    note(1, 2, 8);
    EXPECT_EQ(codes("clerk of 11", {.submission_id = id}), "F11 S05 L19 L18 T01 U03 L18 S06")
        << "pointers byte-wise: abroad_type, location, person_id, revision";
    EXPECT_EQ(codes("clerk of 11", {.submission_id = id, .severity = domain::Severity::warning}),
              "F11 S05 T01");
    EXPECT_EQ(codes("clerk of 11", {.submission_id = id, .code = "L18"}), "L18 L18");
    domain::FindingsQuestion paged{.submission_id = id};
    paged.page.size = 3;
    std::string all;
    do {
        const auto answer = q.client->findings(q.as("clerk of 11"), paged);
        for (const auto& one : answer.findings) all += one.finding.code + " ";
        paged.page.token = answer.next_page_token;
    } while (!paged.page.token.empty());
    EXPECT_EQ(all, "F11 S05 L19 L18 T01 U03 L18 S06 ");
    EXPECT_EQ(refusal([&] { (void)codes("clerk of 10", {.submission_id = id}); }), Why::not_found);
}

TEST_F(Findings, OfTable19AreShownToAThousandACodeAndCountedInFull) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    // Every line unmatched, its reason hidden (T01); the last two hundred match elsewhere (T05),
    // too.
    q.database.run(
        "INSERT INTO matching.noted SELECT submission_id, agency, received_at, 24321, array_agg(i),"
        " array_agg(i), array_agg(i), array_agg(5), array_agg(20731), array_agg(16),"
        " array_agg(CASE WHEN i < 1200 THEN 8 ELSE 16 + 256 END), array_agg('Z00000011A'::text),"
        " array_agg(CASE WHEN i < 1200 THEN '' ELSE 'Z00000020A' END::text), array_agg('L' || i),"
        " array_agg(1), array_agg('A12*****89'::text) FROM intake.receipt, generate_series(0, "
        "1399) i"
        " GROUP BY submission_id, agency, received_at");
    std::map<std::string, int> listed;
    domain::FindingsQuestion paged{.submission_id = id};
    paged.page.size = 100;
    std::string last;
    do {
        const auto answer = q.client->findings(q.as("clerk of 11"), paged);
        for (const auto& one : answer.findings) {
            ++listed[one.finding.code];
            last = one.finding.pointer + " " + one.finding.record_no.value_or("") + " " +
                   one.finding.message;
        }
        paged.page.token = answer.next_page_token;
    } while (!paged.page.token.empty());
    EXPECT_EQ(listed, (std::map<std::string, int>{{"T01", 1000}, {"T05", 200}}));
    EXPECT_EQ(last, "/leave_records/1399/org_code L1399 服務機關與表19不符，歸屬Z00000020A 乙部");
    const auto groups = q.client->groups(q.as("clerk of 11"), id).groups;
    ASSERT_EQ(groups.size(), 2u);
    EXPECT_EQ(groups[0].count, 1200u);
    EXPECT_EQ(groups[0].first, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(groups[1].count, 200u);
    EXPECT_EQ(groups[1].first, (std::vector<std::uint32_t>{1200, 1201, 1202, 1203, 1204}));
    EXPECT_EQ(groups[1].message, "服務機關與表19不符，歸屬Z00000020A 乙部");
}

TEST_F(Findings, HaveTheirMembers) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    add("validation", {1, 2, 0, "/leave_records/0/location", "L18"});
    const auto one = q.client->findings(q.as("clerk of 11"), {.submission_id = id}).findings.at(0);
    EXPECT_EQ(one.file_name, "f1.json");
    EXPECT_EQ(one.submission_id, id);
    EXPECT_EQ(one.finding.kind, domain::FindingKind::leave);
    EXPECT_EQ(one.finding.index, 0u);
    EXPECT_EQ(one.finding.value, "甲");
    EXPECT_EQ(one.finding.record_no, "L1");
    EXPECT_EQ(one.finding.record_seq, 1);
    EXPECT_EQ(one.finding.field_name, "地點");
}

TEST_F(Findings, ShowOperatorsNoValues) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    add("validation", {1, 0, -1, "", "F11", 1});
    q.database.run("UPDATE validation.finding SET message = '與批次20261105-001相同'");
    note(1, 1, 16 | 256, "Z00000020A");
    const auto seen = q.client->findings(q.as("supervisor of 10"), {.submission_id = id}).findings;
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].finding.message, "與批次20261105-001相同");
    EXPECT_EQ(seen[1].finding.message, "服務機關與表19不符，歸屬Z00000020A 乙部");
    for (const auto& answer : {q.client->findings(q.as("operator"), {.submission_id = id}),
                               q.client->finding_history(q.as("operator"), {})}) {
        EXPECT_EQ(answer.findings.at(0).finding.message, "與批次相同");
        EXPECT_EQ(answer.findings.at(1).finding.message, "服務機關與表19不符");
        for (const auto& one : answer.findings)
            EXPECT_FALSE(one.finding.value || one.finding.expected);
    }
}

TEST_F(Findings, GroupsAreOfAllThreeKinds) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    q.database.run(
        "INSERT INTO validation.finding_group (submission_id, code, severity, field, message, "
        "count, first) VALUES ('" +
        id + "', 'L18', 0, 'location', '地點不得為空白', 1200, '{0,5,9,11,12}')");
    note(1, 3, 8);
    note(1, 4, 8);
    const auto groups = q.client->groups(q.as("clerk of 11"), id).groups;
    ASSERT_EQ(groups.size(), 2u);
    EXPECT_EQ(groups[0].count, 1200u);
    EXPECT_EQ(groups[0].first, (std::vector<std::uint32_t>{0, 5, 9, 11, 12}));
    EXPECT_EQ(groups[1].code, "T01");
    EXPECT_EQ(groups[1].count, 2u);
}

TEST_F(Findings, HistorySaysWhatIsOpenAndWhatFixedTheRest) {
    q.file(1, "Z00000011A", "2026-10-01 09:00+08");
    q.file(2, "Z00000011A", "2026-11-05 09:00+08", "REJECTED_FILE");
    q.file(3, "Z00000011A", "2026-11-06 09:00+08");
    add("validation", {1, 2, 0, "/leave_records/0/location", "L18", 0, 100});
    add("validation", {1, 2, 1, "/leave_records/1/location", "L18", 0, 101});
    add("validation", {1, 2, 2, "/leave_records/2/record_no", "C01", 0});
    add("validation", {2, 1, -1, "/data_month", "E07"});
    add("validation", {3, 1, -1, "/batch_no", "S05", 1});
    q.database.run("INSERT INTO matching.fixed (submission_id, fixed_by, identity) VALUES ('" +
                   QueryUnderTest::id_of(1) + "', '" + QueryUnderTest::id_of(3) + "', '{100}')");
    EXPECT_EQ(history("clerk of 11"), "S05:- E07:3 L18:3 L18:- C01:-") << "newest first";
    EXPECT_EQ(history("clerk of 11", {.status = FindingStatus::open}), "S05:- L18:- C01:-");
    EXPECT_EQ(history("clerk of 11", {.status = FindingStatus::fixed}), "E07:3 L18:3");
    EXPECT_EQ(history("clerk of 11", {.from = domain::parse_iso_day("2026-11-05"),
                                      .to = domain::parse_iso_day("2026-11-05")}),
              "E07:3");
    EXPECT_EQ(history("clerk of 10"), "");
    EXPECT_EQ(history("supervisor of 10"), "S05:- E07:3 L18:3 L18:- C01:-");
    domain::FindingHistoryQuestion paged{.status = FindingStatus::open};
    paged.page.size = 1;
    std::string all;
    do {
        const auto answer = q.client->finding_history(q.as("supervisor of 10"), paged);
        all += answer.findings.at(0).finding.code + " ";
        paged.page.token = answer.next_page_token;
    } while (!paged.page.token.empty());
    EXPECT_EQ(all, "S05 L18 C01 ");
}

TEST_F(Findings, OfTwoFilesThatAnsweredALineTheEarlierFixedIt) {
    q.file(1, "Z00000011A", "2026-10-01 09:00+08");
    q.file(2, "Z00000011A", "2026-11-06 09:00+08");  // a finding of Table 19 that came in between
    q.file(3, "Z00000011A", "2026-11-05 09:00+08");
    add("validation", {1, 2, 0, "/leave_records/0/location", "L18", 0, 100});
    for (const int by : {2, 3})
        q.database.run("INSERT INTO matching.fixed (submission_id, fixed_by, identity) VALUES ('" +
                       QueryUnderTest::id_of(1) + "', '" + QueryUnderTest::id_of(by) +
                       "', '{100}')");
    EXPECT_EQ(history("clerk of 11"), "L18:3");
}

TEST_F(Findings, UnmatchedRecordsAreListedWithTheReasonThatMayBeShown) {
    q.file(1, "Z00000011A", "2026-10-01 09:00+08");
    q.file(2, "Z00000012A", "2026-11-05 09:00+08");
    note(1, 4, 8);
    note(1, 5, 9 | 256);
    note(2, 0, 8, "", "Z00000012A");
    const auto mine = q.client->unmatched(q.as("clerk of 11"), {.agency = "Z00000011A"});
    EXPECT_EQ(mine.total, 2) << "the file's own number";
    ASSERT_EQ(mine.unmatched.size(), 2u);
    EXPECT_EQ(mine.unmatched[0].reason, "NO_PERSON");
    EXPECT_EQ(mine.unmatched[0].mend, "attendance_clerk");
    EXPECT_EQ(mine.unmatched[0].age_days, 40);
    EXPECT_EQ(mine.unmatched[0].person_id, "A12*****89");
    EXPECT_EQ(mine.unmatched[1].reason, "BEFORE_FIRST");
    EXPECT_EQ(mine.unmatched[1].mend, "personnel_office");
    const auto early = q.client->unmatched(q.as("clerk of 11"), {.reason = "BEFORE_FIRST"});
    EXPECT_EQ(early.total, 1);
    EXPECT_EQ(early.unmatched.size(), 1u);
    domain::UnmatchedQuestion paged;
    paged.page.size = 2;
    const auto first = q.client->unmatched(q.as("personnel of 10"), paged);
    EXPECT_EQ(first.total, 4);
    ASSERT_EQ(first.unmatched.size(), 2u);
    EXPECT_EQ(first.unmatched[0].agency, "Z00000012A") << "newest first";
    paged.page.token = first.next_page_token;
    EXPECT_EQ(q.client->unmatched(q.as("personnel of 10"), paged).unmatched.at(0).index, 5);
    EXPECT_EQ(q.client->unmatched(q.as("supervisor of 20"), {}).unmatched.size(), 0u);
    EXPECT_EQ(
        refusal([&] { (void)q.client->unmatched(q.as("clerk of 11"), {.agency = "Z00000012A"}); }),
        Why::not_found);
}

}  // namespace
}  // namespace chaiqin::testing
