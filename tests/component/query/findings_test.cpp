#include "component/query/noted_lines.hpp"

namespace chaiqin::testing {
namespace {

/// As the database counts kinds and severities.
constexpr int file_kind = 0, envelope = 1, leave = 2, overtime = 3;
constexpr int error = 0, warning = 1;

/// A finding in the table of a stage.
struct FindingRow {
    int file;
    int kind;
    int index = -1;
    std::string pointer, code;
    int severity = error;
    /// 0: none
    std::int64_t identity = 0;
};

class Findings : public QueryTest<Findings> {
protected:
    int pointers = 0;
    void SetUp() override {
        q.database.run(
            "TRUNCATE intake.receipt, validation.submission, matching.file, statistics.counted, "
            "validation.finding, validation.finding_group,"
            " matching.finding, matching.finding_group, matching.noted, matching.fixed,"
            " matching.unmatched_count, matching.unmatched_line, portal.open_error");
    }
    /// `stage`: its schema.
    void add(const std::string& stage, const FindingRow& row) {
        q.database.run_in(
            stage,
            "INSERT INTO finding (submission_id, kind, index, pointer, code, seq, severity, "
            "record_no,"
            " record_seq, field, field_name, value, expected, message, message_en, identity,"
            " agency, received_at, data_month)"
            " SELECT submission_id, $2::smallint, $3::int, $4, $5, 0, $6::smallint,"
            " CASE WHEN $2 < 2 THEN NULL ELSE 'L1' END, CASE WHEN $2 < 2 THEN NULL ELSE 1 END,"
            " 'location', '地點', '甲', NULL, '地點不得為空白', 'blank', NULLIF($7::bigint, 0),"
            " 'Z00000011A', received_at, 24321"
            " FROM intake.receipt WHERE submission_id = $1",
            QueryUnderTest::id_of(row.file), row.kind, row.index, row.pointer, row.code,
            row.severity, row.identity);
    }
    void note(const NotedLine& line) { note_line(q, line); }
    /// A line of a file was answered by a later file.
    void fix(int file, std::int64_t identity, int by) {
        q.database.run(
            "INSERT INTO matching.fixed (submission_id, fixed_by, identity)"
            " VALUES ($1, $2, ARRAY[$3::bigint])",
            QueryUnderTest::id_of(file), QueryUnderTest::id_of(by), identity);
    }
    pb::ListFindingsResponse findings(const char* who, const std::string& id,
                                      const std::string& fields = "") {
        return q.ask<pb::ListFindingsResponse>(q.as(who),
                                               of_submission<pb::ListFindingsRequest>(id, fields));
    }
    pb::ListFindingGroupsResponse groups(const char* who, const std::string& id) {
        return q.ask<pb::ListFindingGroupsResponse>(
            q.as(who), of_submission<pb::ListFindingGroupsRequest>(id));
    }
    std::string codes(const char* who, const std::string& id, const std::string& fields = "") {
        std::string all;
        for (const auto answer = findings(who, id, fields); const auto& one : answer.findings())
            all += (all.empty() ? "" : " ") + one.code();
        return all;
    }
    /// "code:fixed_by's number" of the history, "-" where open.
    std::string history(const char* who, const pb::ListFindingHistoryRequest& request) {
        std::string all;
        for (const auto answer = q.ask<pb::ListFindingHistoryResponse>(q.as(who), request);
             const auto& one : answer.findings())
            all += (all.empty() ? "" : " ") + one.finding().code() + ":" + fixed_by(one);
        return all;
    }
    std::string history(const char* who, const std::string& fields = "") {
        return history(who, request<pb::ListFindingHistoryRequest>(fields));
    }
    static std::string fixed_by(const pb::FindingInHistory& finding) {
        EXPECT_EQ(finding.has_fixed_by(), finding.status() == pb::FINDING_STATUS_FIXED);
        return finding.has_fixed_by() ? finding.fixed_by().substr(35) : "-";
    }
};

TEST_F(Findings, of_validator_matcher_and_table19_are_one_list_in_order) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    add("validation", {.file = 1,
                       .kind = overtime,
                       .index = 0,
                       .pointer = "/overtime_records/0/reason",
                       .code = "S06"});
    add("validation", {.file = 1,
                       .kind = leave,
                       .index = 10,
                       .pointer = "/leave_records/10/location",
                       .code = "L18"});
    add("validation", {.file = 1,
                       .kind = leave,
                       .index = 2,
                       .pointer = "/leave_records/2/location",
                       .code = "L18"});
    add("validation", {.file = 1,
                       .kind = leave,
                       .index = 2,
                       .pointer = "/leave_records/2/abroad_type",
                       .code = "L19"});
    add("validation",
        {.file = 1, .kind = file_kind, .pointer = "", .code = "F11", .severity = warning});
    add("validation",
        {.file = 1, .kind = envelope, .pointer = "/batch_no", .code = "S05", .severity = warning});
    add("matching", {.file = 1,
                     .kind = leave,
                     .index = 2,
                     .pointer = "/leave_records/2/revision",
                     .code = "U03",
                     .identity = 5});
    note({.file = 1, .index = 2, .outcome = no_person});
    EXPECT_EQ(codes("clerk of 11", id), "F11 S05 L19 L18 T01 U03 L18 S06")
        << "pointers byte-wise: abroad_type, location, person_id, revision";
    EXPECT_EQ(codes("clerk of 11", id, "severity: SEVERITY_WARNING"), "F11 S05 T01");
    EXPECT_EQ(codes("clerk of 11", id, "severity: SEVERITY_ERROR"), "L19 L18 U03 L18 S06");
    EXPECT_EQ(codes("clerk of 11", id, "code: 'L18'"), "L18 L18");
    std::string all;
    for (const auto& page : q.pages<pb::ListFindingsResponse>(
             q.as("clerk of 11"), of_submission<pb::ListFindingsRequest>(id, "page_size: 3")))
        for (const auto& one : page.findings()) all += one.code() + " ";
    EXPECT_EQ(all, "F11 S05 L19 L18 T01 U03 L18 S06 ");
    EXPECT_EQ(q.refusal<pb::ListFindingsResponse>(q.as("clerk of 10"),
                                                  of_submission<pb::ListFindingsRequest>(id)),
              Why::not_found);
}

TEST_F(Findings, of_table19_are_shown_to_a_thousand_a_code_and_counted_in_full) {
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
    pb::Finding last;
    for (const auto& page : q.pages<pb::ListFindingsResponse>(
             q.as("clerk of 11"), of_submission<pb::ListFindingsRequest>(id, "page_size: 100")))
        for (const auto& one : page.findings()) {
            ++listed[one.code()];
            last = one;
        }
    EXPECT_EQ(listed, (std::map<std::string, int>{{"T01", 1000}, {"T05", 200}}));
    EXPECT_EQ(last.pointer(), "/leave_records/1399/org_code");
    EXPECT_EQ(last.record_no(), "L1399");
    EXPECT_EQ(last.message(), "服務機關與表19不符，歸屬Z00000020A 乙部");
    const auto grouped = groups("clerk of 11", id);
    ASSERT_EQ(grouped.groups_size(), 2);
    EXPECT_EQ(grouped.groups(0).count(), 1200);
    EXPECT_THAT(grouped.groups(0).first(), ::testing::ElementsAre(0, 1, 2, 3, 4));
    EXPECT_EQ(grouped.groups(1).count(), 200);
    EXPECT_THAT(grouped.groups(1).first(), ::testing::ElementsAre(1200, 1201, 1202, 1203, 1204));
    EXPECT_EQ(grouped.groups(1).message(), "服務機關與表19不符，歸屬Z00000020A 乙部");
}

TEST_F(Findings, have_their_members) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    add("validation", {.file = 1,
                       .kind = leave,
                       .index = 0,
                       .pointer = "/leave_records/0/location",
                       .code = "L18"});
    add("validation", {.file = 1, .kind = envelope, .pointer = "/data_month", .code = "E07"});
    const auto answer = findings("clerk of 11", id);
    ASSERT_EQ(answer.findings_size(), 2);
    const auto& of_envelope = answer.findings(0);
    EXPECT_EQ(of_envelope.kind(), pb::FINDING_KIND_ENVELOPE);
    EXPECT_FALSE(of_envelope.has_index() || of_envelope.has_record_no() ||
                 of_envelope.has_record_seq());
    const auto& one = answer.findings(1);
    EXPECT_EQ(one.file_name(), "f1.json");
    EXPECT_EQ(one.submission_id(), id);
    EXPECT_EQ(one.kind(), pb::FINDING_KIND_LEAVE);
    ASSERT_TRUE(one.has_index());
    EXPECT_EQ(one.index(), 0u);
    EXPECT_EQ(one.pointer(), "/leave_records/0/location");
    EXPECT_EQ(one.severity(), pb::SEVERITY_ERROR);
    EXPECT_EQ(one.value(), "甲");
    EXPECT_FALSE(one.has_expected());
    EXPECT_EQ(one.record_no(), "L1");
    EXPECT_EQ(one.record_seq(), 1);
    EXPECT_EQ(one.field(), "location");
    EXPECT_EQ(one.field_name(), "地點");
    EXPECT_EQ(one.message(), "地點不得為空白");
    EXPECT_EQ(one.message_en(), "blank");
}

TEST_F(Findings, show_operators_no_values) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    add("validation",
        {.file = 1, .kind = file_kind, .pointer = "", .code = "F11", .severity = warning});
    q.database.run("UPDATE validation.finding SET message = '與批次20261105-001相同'");
    note({.file = 1, .index = 1, .outcome = matched_elsewhere | shown, .org = "Z00000020A"});
    const auto seen = findings("supervisor of 10", id);
    ASSERT_EQ(seen.findings_size(), 2);
    EXPECT_EQ(seen.findings(0).message(), "與批次20261105-001相同");
    EXPECT_EQ(seen.findings(1).message(), "服務機關與表19不符，歸屬Z00000020A 乙部");
    EXPECT_TRUE(seen.findings(0).has_value());
    std::vector<pb::Finding> hidden;
    for (const auto answer = findings("operator", id); const auto& one : answer.findings())
        hidden.push_back(one);
    for (const auto answer = q.ask<pb::ListFindingHistoryResponse>(q.as("operator"));
         const auto& one : answer.findings())
        hidden.push_back(one.finding());
    ASSERT_EQ(hidden.size(), 4u);
    for (const std::size_t first : {0u, 2u}) {
        EXPECT_EQ(hidden[first].message(), "與批次相同");
        EXPECT_EQ(hidden[first + 1].message(), "服務機關與表19不符");
    }
    for (const auto& one : hidden) EXPECT_FALSE(one.has_value() || one.has_expected());
    const auto grouped = groups("operator", id);
    ASSERT_EQ(grouped.groups_size(), 1);
    EXPECT_EQ(grouped.groups(0).message(), "服務機關與表19不符");
}

TEST_F(Findings, groups_are_of_all_three_kinds) {
    const auto id = q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    q.database.run(
        "INSERT INTO validation.finding_group (submission_id, code, severity, field, message,"
        " count, first)"
        " VALUES ($1, 'L18', 0, 'location', '地點不得為空白', 1200, '{0,5,9,11,12}')",
        id);
    note({.file = 1, .index = 3, .outcome = no_person});
    note({.file = 1, .index = 4, .outcome = no_person});
    const auto answer = groups("clerk of 11", id);
    ASSERT_EQ(answer.groups_size(), 2);
    EXPECT_EQ(answer.groups(0).code(), "L18");
    EXPECT_EQ(answer.groups(0).severity(), pb::SEVERITY_ERROR);
    EXPECT_EQ(answer.groups(0).field(), "location");
    EXPECT_EQ(answer.groups(0).count(), 1200);
    EXPECT_THAT(answer.groups(0).first(), ::testing::ElementsAre(0, 5, 9, 11, 12));
    EXPECT_EQ(answer.groups(1).code(), "T01");
    EXPECT_EQ(answer.groups(1).severity(), pb::SEVERITY_WARNING);
    EXPECT_EQ(answer.groups(1).count(), 2);
}

TEST_F(Findings, history_says_what_is_open_and_what_fixed_the_rest) {
    q.file(1, "Z00000011A", "2026-10-01 09:00+08");
    q.file(2, "Z00000011A", "2026-11-05 09:00+08", "REJECTED_FILE");
    q.file(3, "Z00000011A", "2026-11-06 09:00+08");
    add("validation", {.file = 1,
                       .kind = leave,
                       .index = 0,
                       .pointer = "/leave_records/0/location",
                       .code = "L18",
                       .identity = 100});
    add("validation", {.file = 1,
                       .kind = leave,
                       .index = 1,
                       .pointer = "/leave_records/1/location",
                       .code = "L18",
                       .identity = 101});
    add("validation", {.file = 1,
                       .kind = leave,
                       .index = 2,
                       .pointer = "/leave_records/2/record_no",
                       .code = "C01"});
    add("validation", {.file = 2, .kind = envelope, .pointer = "/data_month", .code = "E07"});
    add("validation",
        {.file = 3, .kind = envelope, .pointer = "/batch_no", .code = "S05", .severity = warning});
    fix(1, 100, 3);
    EXPECT_EQ(history("clerk of 11"), "S05:- E07:3 L18:3 L18:- C01:-") << "newest first";
    EXPECT_EQ(history("clerk of 11", "status: STATUS_WANTED_ALL"), "S05:- E07:3 L18:3 L18:- C01:-");
    EXPECT_EQ(history("clerk of 11", "status: STATUS_WANTED_OPEN"), "S05:- L18:- C01:-");
    EXPECT_EQ(history("clerk of 11", "status: STATUS_WANTED_FIXED"), "E07:3 L18:3");
    pb::ListFindingHistoryRequest of_a_day;
    of_a_day.set_from(domain::parse_iso_day("2026-11-05").value());
    of_a_day.set_to(of_a_day.from());
    EXPECT_EQ(history("clerk of 11", of_a_day), "E07:3");
    of_a_day.set_to(of_a_day.from() - 1);
    EXPECT_EQ(q.refusal<pb::ListFindingHistoryResponse>(q.as("clerk of 11"), of_a_day),
              Why::bad_request);
    EXPECT_EQ(history("clerk of 10"), "");
    EXPECT_EQ(history("supervisor of 10"), "S05:- E07:3 L18:3 L18:- C01:-");
    std::string all;
    for (const auto& page : q.pages<pb::ListFindingHistoryResponse>(
             q.as("supervisor of 10"),
             request<pb::ListFindingHistoryRequest>("status: STATUS_WANTED_OPEN page_size: 1"))) {
        ASSERT_EQ(page.findings_size(), 1);
        EXPECT_EQ(page.findings(0).finding().file_name().substr(0, 1), "f");
        all += page.findings(0).finding().code() + " ";
    }
    EXPECT_EQ(all, "S05 L18 C01 ");
}

TEST_F(Findings, history_and_its_groups_take_the_same_filters) {
    for (int number = 1; number <= 2; ++number) {
        const auto id = q.file(number, "Z00000011A", "2026-11-0" + std::to_string(number));
        for (const int index : {0, 1})
            add("validation", {.file = number,
                               .kind = leave,
                               .index = index,
                               .pointer = "/leave_records/" + std::to_string(index) + "/location",
                               .code = "L18",
                               .identity = number * 10 + index});
        add("validation", {.file = number, .kind = envelope, .code = "F11", .severity = warning});
        q.database.run(
            "INSERT INTO validation.finding_group (submission_id, code, severity, field, message,"
            " count, first) VALUES ($1, 'L18', 0, 'location', '地點不得為空白', 2, '{0,1}'),"
            " ($1, 'F11', 1, '', '與批次' || $2::text || '相同', 1, '{}')",
            id, number);
        q.database.run(
            "UPDATE validation.finding SET message = '與批次' || $2::text || '相同'"
            " WHERE submission_id = $1 AND code = 'F11'",
            id, number);
    }
    fix(1, 10, 2);
    const auto lines = [&](const char* who, const std::string& fields) {
        std::string all;
        for (const auto answer = q.ask<pb::ListFindingHistoryGroupsResponse>(q.as(who), fields);
             const auto& one : answer.groups())
            all += one.code() + " " + one.message() + " " + std::to_string(one.count()) + " in " +
                   std::to_string(one.files()) + "; ";
        return all;
    };
    EXPECT_EQ(history("clerk of 11", "code: 'L18' status: STATUS_WANTED_FIXED"), "L18:2");
    EXPECT_EQ(history("clerk of 11", "severity: SEVERITY_WARNING"), "F11:- F11:2");
    EXPECT_EQ(lines("clerk of 11", ""), "F11 與批次相同 2 in 2; L18 地點不得為空白 4 in 2; ")
        << "the rule's text where the messages differ";
    EXPECT_EQ(lines("clerk of 11", "severity: SEVERITY_ERROR status: STATUS_WANTED_OPEN"),
              "L18 地點不得為空白 3 in 2; ");
    EXPECT_EQ(lines("clerk of 11", "code: 'F11' status: STATUS_WANTED_FIXED"),
              "F11 與批次1相同 1 in 1; ");
    EXPECT_EQ(lines("operator", "code: 'F11' agency: 'Z00000011A' status: STATUS_WANTED_FIXED"),
              "F11 與批次相同 1 in 1; ")
        << "without what the file says";
    EXPECT_EQ(lines("operator", "code: 'F11'"), "F11 與批次相同 2 in 2; ");
    EXPECT_EQ(lines("clerk of 10", ""), "");
    EXPECT_EQ(q.refusal<pb::ListFindingHistoryGroupsResponse>(q.as("clerk of 11"),
                                                              "agency: 'Z00000010A'"),
              Why::not_found);
}

TEST_F(Findings, the_workbench_counts_what_is_open) {
    const auto row_of_october = [&](const char* who, const std::string& acting = "") {
        for (const auto answer = q.ask<pb::GetWorkbenchResponse>(q.as(who, acting));
             const auto& row : answer.rows())
            if (row.month() == 24321 && row.agency() == "Z00000011A") return row;
        return pb::WorkbenchRow();
    };
    q.database.run(
        "INSERT INTO statistics.post (agency, month, delta) VALUES ('Z00000011A', 24000, 1)"
        " ON CONFLICT DO NOTHING");
    q.file(1, "Z00000011A", "2026-11-01 09:00+08", "REJECTED_FILE");
    for (const int identity : {1, 2, 2, 0})
        add("validation", {.file = 1,
                           .kind = leave,
                           .index = identity,
                           .pointer = "/" + std::to_string(++pointers),
                           .code = "L18",
                           .identity = identity});
    add("validation", {.file = 1, .kind = envelope, .code = "E06"});
    add("validation", {.file = 1, .kind = leave, .index = 9, .code = "W01", .severity = warning});
    auto row = row_of_october("clerk of 11");
    EXPECT_EQ(row.open_errors(), 5) << "warnings are none";
    EXPECT_EQ(row.status(), pb::FILING_STATUS_DUE);
    EXPECT_EQ(row.last_submission_id(), QueryUnderTest::id_of(1));
    const auto second = q.file(2, "Z00000011A", "2026-11-02 09:00+08");
    fix(1, 2, 2);
    note({.file = 2, .index = 4, .outcome = no_person});
    note({.file = 2, .index = 5, .outcome = matched_elsewhere, .org = "Z00000012A"});
    row = row_of_october("clerk of 11");
    EXPECT_EQ(row.open_errors(), 2) << "a later file answers the envelope and a line";
    EXPECT_EQ(row.last_submission_id(), second);
    EXPECT_EQ(row.unmatched(), 1);
    EXPECT_EQ(row.name(), "甲一局");
    EXPECT_EQ(row.deadline(), domain::parse_iso_day("2026-11-20"));
    EXPECT_FALSE(row.delegated());
    q.database.run("DELETE FROM matching.noted; DELETE FROM validation.finding");
    row = row_of_october("clerk of 11");
    EXPECT_EQ(row.open_errors(), 0);
    EXPECT_EQ(row.unmatched(), 0);
    q.database.run("DELETE FROM statistics.post");
}

TEST_F(Findings, of_two_files_that_answered_a_line_the_earlier_fixed_it) {
    q.file(1, "Z00000011A", "2026-10-01 09:00+08");
    q.file(2, "Z00000011A", "2026-11-06 09:00+08");  // a finding of Table 19 that came in between
    q.file(3, "Z00000011A", "2026-11-05 09:00+08");
    add("validation", {.file = 1,
                       .kind = leave,
                       .index = 0,
                       .pointer = "/leave_records/0/location",
                       .code = "L18",
                       .identity = 100});
    for (const int by : {2, 3}) fix(1, 100, by);
    EXPECT_EQ(history("clerk of 11"), "L18:3");
}

}  // namespace
}  // namespace chaiqin::testing
