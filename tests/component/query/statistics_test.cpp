#include "component/query/statistics_stored.hpp"
#include "postgres/operations/verification.hpp"

namespace chaiqin::testing {
namespace {

class Statistics : public StatisticsStored {};

TEST_F(Statistics, monthly_counts_follow_the_hierarchy_of_each_months_last_day) {
    for (const char* each : {"2026-06", "2026-07"}) {
        count({.agency = "Z00000011A",
               .month = each,
               .kind = leave,
               .type = 16,
               .records = 1,
               .minutes = 60});
        count({.agency = "Z00000021A",
               .month = each,
               .kind = leave,
               .type = 16,
               .records = 10,
               .minutes = 600});
        count({.agency = "Z00000021A",
               .month = each,
               .kind = overtime,
               .type = 1,
               .records = 2,
               .minutes = 120});
    }
    EXPECT_EQ(monthly("supervisor of 10", "year: 2026"),
              "010: 011:6=1/0,7=1/0 012: 021:6=10/2 sum:6=11/2,7=1/0")
        << "021 was below 10 until June: not one month more is shown";
    EXPECT_EQ(monthly("supervisor of 10", "year: 2026 q: '遷'"), "021:6=10/2 sum:6=10/2");
    EXPECT_EQ(monthly("clerk of 10", "year: 2026 q: '遷'"), "021:6=10/2 sum:6=10/2");
    EXPECT_EQ(monthly("supervisor of 20", "year: 2026"), "020: 021:7=10/2 sum:7=10/2");
    EXPECT_EQ(monthly("operator", "year: 2026 q: 'Z00000020A'"),
              "020: 021:6=10/2,7=10/2 sum:7=10/2")
        << "who sees all sees the whole counts of those under the hit";
    EXPECT_EQ(monthly("supervisor of 20", ""), "020: 021:7=10/2 sum:7=10/2")
        << "this year unless another is named";
    EXPECT_EQ(monthly("supervisor of 20", "year: 2027"), "020: 021: sum:")
        << "months to come go by today's hierarchy";
    EXPECT_EQ(monthly("supervisor of 20", "year: 2025"), "020: sum:");
    EXPECT_EQ(monthly("clerk of 11", "year: 2026"), "011:6=1/0,7=1/0 sum:6=1/0,7=1/0");
}

TEST_F(Statistics, monthly_counts_have_their_members) {
    count({.agency = "Z00000021A",
           .month = "2026-12",
           .kind = leave,
           .type = 16,
           .records = 10,
           .minutes = 600});
    count({.agency = "Z00000021A",
           .month = "2026-12",
           .kind = overtime,
           .type = 1,
           .records = 2,
           .minutes = 120});
    const auto answer = monthly_answer("supervisor of 10", "");
    EXPECT_EQ(answer.year(), 2026);
    EXPECT_EQ(answer.total_agencies(), 4);
    EXPECT_EQ(answer.page(), 1);
    ASSERT_EQ(answer.agencies_size(), 4);
    const auto &abolished = answer.agencies(2), &moved = answer.agencies(3);
    EXPECT_EQ(abolished.name(), "甲二局");
    EXPECT_EQ(abolished.supervising_agency(), "Z00000010A");
    EXPECT_EQ(abolished.abolished_on(), domain::parse_iso_day("2026-09-01"));
    EXPECT_EQ(moved.name(), "遷局");
    EXPECT_EQ(moved.supervising_agency(), "Z00000020A");
    EXPECT_FALSE(moved.has_abolished_on());
    EXPECT_EQ(moved.months_size(), 0) << "it left in July";
    const auto of_20 = monthly_answer("supervisor of 20", "");
    ASSERT_EQ(of_20.agencies_size(), 2);
    ASSERT_EQ(of_20.agencies(1).months_size(), 1);
    EXPECT_EQ(of_20.agencies(1).months(0).ShortDebugString(),
              "month: 12 leave: 10 overtime: 2 leave_minutes: 600 overtime_minutes: 120");
    const auto top = monthly_answer("operator", "page_size: 1");
    ASSERT_EQ(top.agencies_size(), 1);
    EXPECT_FALSE(top.agencies(0).has_supervising_agency());
}

TEST_F(Statistics, search_finds_codes_and_parts_of_names_and_brings_subordinates) {
    count({.agency = "Z00000011A",
           .month = "2026-07",
           .kind = leave,
           .type = 16,
           .records = 1,
           .minutes = 60});
    count({.agency = "Z00000021A",
           .month = "2026-07",
           .kind = leave,
           .type = 16,
           .records = 10,
           .minutes = 600});
    EXPECT_EQ(monthly("operator", "year: 2026 q: '甲部'"),
              "010: 011:7=1/0 012: 021:7=10/0 sum:7=1/0");
    EXPECT_EQ(monthly("operator", "year: 2026 q: '一局'"), "011:7=1/0 sum:7=1/0");
    EXPECT_EQ(monthly("operator", "year: 2026 q: 'Z00000021A'"), "021:7=10/0 sum:7=10/0");
    EXPECT_EQ(monthly("operator", "year: 2026 q: 'Z0000002'"), " sum:") << "codes only as a whole";
    EXPECT_EQ(monthly("operator", "year: 2026 q: '%'"), " sum:") << "literally";
    EXPECT_EQ(monthly("supervisor of 20", "year: 2026 q: '甲'"), " sum:")
        << "hits that may not be seen are none";
    EXPECT_EQ(monthly("supervisor of 20", "year: 2026 q: '院'"), " sum:");
}

TEST_F(Statistics, sums_are_kept_until_the_counts_change) {
    count({.agency = "Z00000011A",
           .month = "2026-07",
           .kind = leave,
           .type = 16,
           .records = 1,
           .minutes = 60});
    const auto july = [](const pb::GetMonthlyStatisticsResponse& answer) {
        return answer.sum().months_size() == 1 ? answer.sum().months(0).ShortDebugString() : "";
    };
    EXPECT_EQ(july(monthly_answer("operator", "year: 2026")),
              "month: 7 leave: 1 leave_minutes: 60");
    const auto again = monthly_answer("operator", "year: 2026 page_size: 2 page: 2");
    EXPECT_EQ(july(again), "month: 7 leave: 1 leave_minutes: 60");
    EXPECT_EQ(again.page(), 2);
    EXPECT_EQ(again.agencies(0).months_size(), 1) << "011's own, beside the sum that was kept";
    count({.agency = "Z00000021A",
           .month = "2026-07",
           .kind = overtime,
           .type = 1,
           .records = 5,
           .minutes = 60});
    const auto changed = monthly_answer("operator", "year: 2026");
    EXPECT_EQ(july(changed),
              "month: 7 leave: 1 overtime: 5 leave_minutes: 60 overtime_minutes: 60");
    EXPECT_GT(changed.updated_at(), again.updated_at());
    EXPECT_GT(again.updated_at(), 0);
}

TEST_F(Statistics, sums_are_not_kept_over_a_rebuild) {
    count({.agency = "Z00000011A",
           .month = "2026-07",
           .kind = leave,
           .type = 16,
           .records = 1,
           .minutes = 60});
    EXPECT_EQ(monthly("operator", "year: 2026 q: 'Z00000011A'"), "011:7=1/0 sum:7=1/0");
    q.database.run("TRUNCATE matching.file_record");  // nothing that is published has a record
    postgres::Session session({q.database.conninfo(), "test"});
    EXPECT_TRUE(postgres::operations::rebuild_statistics(session, true).switched);
    EXPECT_EQ(monthly("operator", "year: 2026 q: 'Z00000011A'"), "011: sum:");
}

TEST_F(Statistics, pages_go_on_by_token_and_by_number) {
    const auto codes = [](const pb::GetMonthlyStatisticsResponse& answer) {
        std::string all;
        for (const auto& one : answer.agencies()) all += one.agency().substr(6, 3) + " ";
        return all;
    };
    const auto refusal = [&](const pb::GetMonthlyStatisticsRequest& request) {
        return q.refusal<pb::GetMonthlyStatisticsResponse>(q.as("operator"), request);
    };
    const auto first = monthly_answer("operator", "year: 2026 page_size: 2");
    EXPECT_EQ(codes(first), "000 010 ");
    EXPECT_EQ(first.total_agencies(), 6);
    auto next = request<pb::GetMonthlyStatisticsRequest>("year: 2026 page_size: 2");
    next.set_page_token(first.next_page_token());
    const auto second = q.ask<pb::GetMonthlyStatisticsResponse>(q.as("operator"), next);
    EXPECT_EQ(codes(second), "011 012 ");
    EXPECT_EQ(second.page(), 2);
    const auto third = monthly_answer("operator", "year: 2026 page_size: 2 page: 3");
    EXPECT_EQ(codes(third), "020 021 ");
    EXPECT_EQ(third.next_page_token(), "");
    const auto beyond = monthly_answer("operator", "year: 2026 page_size: 2 page: 9");
    EXPECT_EQ(codes(beyond), "");
    EXPECT_EQ(beyond.total_agencies(), 6);
    auto both = next;
    both.set_page(2);
    EXPECT_EQ(refusal(both), Why::bad_request);
    auto of_2025 = next;
    of_2025.set_year(2025);
    EXPECT_EQ(refusal(of_2025), Why::bad_request);
    for (const char* bad : {"page_size: -1", "page_size: 101", "page: 0", "year: 0", "year: 10000"})
        EXPECT_EQ(refusal(request<pb::GetMonthlyStatisticsRequest>(bad)), Why::bad_request) << bad;
    EXPECT_EQ(refusal(request<pb::GetMonthlyStatisticsRequest>("page_size: 100")), std::nullopt);
}

TEST_F(Statistics, a_page_has_twenty_lines_unless_a_size_is_given) {
    for (int i = 1; i <= 21; ++i) q.file(i, "Z00000011A", "2026-11-05 09:00+08", "RECEIVED");
    const auto size = [&](const std::string& fields) {
        return q.ask<pb::ListSubmissionsResponse>(q.as("operator"), fields).submissions_size();
    };
    EXPECT_EQ(size(""), 20);
    EXPECT_EQ(size("page_size: 0"), 20);
    EXPECT_EQ(size("page_size: 21"), 21);
}

TEST_F(Statistics, by_type_adds_up_the_months_in_which_an_agency_was_below) {
    for (const char* each : {"2026-06", "2026-07"}) {
        count({.agency = "Z00000021A",
               .month = each,
               .kind = leave,
               .type = 16,
               .records = 10,
               .minutes = 600});
        count({.agency = "Z00000021A",
               .month = each,
               .kind = overtime,
               .type = 2,
               .records = 3,
               .minutes = 30});
    }
    const auto from_to = [](const char* from, const char* to) {
        pb::GetStatisticsByTypeRequest request;
        request.set_from(month(from));
        request.set_to(month(to));
        return request;
    };
    const auto expected =
        "types { kind: \"leave\" type: \"16\" name: \"休假\" records: 10 minutes: 600 }"
        " types { kind: \"overtime\" type: \"2\" name: \"專案\" records: 3 minutes: 30 }";
    const auto types = [&](const pb::GetStatisticsByTypeRequest& request) {
        auto answer = q.ask<pb::GetStatisticsByTypeResponse>(q.as("supervisor of 10"), request);
        answer.clear_others();
        return answer.ShortDebugString();
    };
    auto wanted = request<pb::GetStatisticsByTypeResponse>(expected).ShortDebugString();
    EXPECT_EQ(types(from_to("2026-01", "2026-12")), wanted) << "June only";
    EXPECT_EQ(types({}), wanted) << "this year unless months are named";
    const auto july =
        q.ask<pb::GetStatisticsByTypeResponse>(q.as("operator"), from_to("2026-07", "2026-07"));
    ASSERT_EQ(july.types_size(), 2);
    EXPECT_EQ(july.types(0).records(), 10);
    const auto refusal = [&](const char* from, const char* to) {
        return q.refusal<pb::GetStatisticsByTypeResponse>(q.as("operator"), from_to(from, to));
    };
    EXPECT_EQ(refusal("2026-07", "2026-06"), Why::bad_request);
    EXPECT_EQ(refusal("2000-01", "2099-12"), std::nullopt) << "1,200 months";
    EXPECT_EQ(refusal("2000-01", "2100-01"), Why::bad_request);
    for (const char* bad :
         {"from: 11 to: 12", "from: 119999 to: 120000", "from: -2147483648 to: 2147483647"})
        EXPECT_EQ(q.refusal<pb::GetStatisticsByTypeResponse>(q.as("operator"), bad),
                  Why::bad_request)
            << bad;
}

TEST_F(Statistics, summary_shows_the_last_submission_of_every_agency) {
    q.file(1, "Z00000011A", "2026-11-01 09:00+08");
    const auto last = q.file(2, "Z00000011A", "2026-11-05 09:00+08", "COUNTED_PARTIAL");
    q.file(3, "Z00000010A", "2026-11-05 09:00+08", "RECEIVED");
    const auto answer = q.ask<pb::GetSummaryResponse>(q.as("supervisor of 10"));
    EXPECT_EQ(answer.total_agencies(), 3) << "today's subordinates, an abolished one too";
    ASSERT_EQ(answer.agencies_size(), 3);
    const auto &received = answer.agencies(0), &sent = answer.agencies(1),
               &silent = answer.agencies(2);
    EXPECT_EQ(received.state(), pb::SUBMISSION_STATE_RECEIVED);
    EXPECT_FALSE(received.has_total() || received.has_correct() || received.has_errors() ||
                 received.has_warnings());
    EXPECT_EQ(sent.agency(), "Z00000011A");
    EXPECT_EQ(sent.name(), "甲一局");
    EXPECT_EQ(sent.supervising_agency(), "Z00000010A");
    EXPECT_FALSE(sent.has_abolished_on());
    EXPECT_EQ(sent.last_submission_id(), last);
    EXPECT_EQ(sent.last_submitted_at(),
              domain::parse_rfc3339("2026-11-05T09:00:00+08:00")->time_since_epoch().count());
    EXPECT_EQ(sent.route(), "WEBITR");
    EXPECT_EQ(sent.state(), pb::SUBMISSION_STATE_COUNTED_PARTIAL);
    EXPECT_EQ(sent.total(), 10);
    EXPECT_EQ(sent.correct(), 8) << "two lines are invalid";
    EXPECT_EQ(sent.errors(), 3);
    EXPECT_EQ(sent.warnings(), 5);
    EXPECT_EQ(silent.abolished_on(), domain::parse_iso_day("2026-09-01"));
    EXPECT_FALSE(silent.has_last_submission_id() || silent.has_last_submitted_at() ||
                 silent.has_route() || silent.has_total() || silent.has_correct() ||
                 silent.has_errors() || silent.has_warnings());
    EXPECT_EQ(silent.state(), pb::SUBMISSION_STATE_UNSPECIFIED);
    EXPECT_EQ(answer.others(), "Z00000011A and 2 more");
}

TEST_F(Statistics, summary_counts_correct_lines_before_the_matcher_too) {
    q.file(1, "Z00000011A", "2026-11-05 09:00+08", "VALIDATED");
    q.file(2, "Z00000010A", "2026-11-05 09:00+08", "REJECTED_FILE");
    const auto answer = q.ask<pb::GetSummaryResponse>(q.as("supervisor of 10"));
    ASSERT_EQ(answer.agencies_size(), 3);
    EXPECT_EQ(answer.agencies(1).total(), 10);
    EXPECT_EQ(answer.agencies(1).correct(), 9) << "one line is invalid";
    ASSERT_TRUE(answer.agencies(0).has_correct());
    EXPECT_EQ(answer.agencies(0).correct(), 0) << "a rejected file has no lines";
}

TEST_F(Statistics, reports_add_up_what_is_asked_for) {
    for (const char* each : {"2026-06", "2026-07"}) {
        count({"Z00000011A", each, leave, 16, 1, 60});
        count({"Z00000021A", each, leave, 3, 10, 600});
        count({"Z00000021A", each, overtime, 1, 2, 120});
    }
    const auto report = [&](const char* who, const std::string& fields) {
        std::string all;
        for (const auto& page : q.pages<pb::GetStatisticsReportResponse>(
                 q.as(who), request<pb::GetStatisticsReportRequest>("page_size: 2 " + fields)))
            for (const auto& row : page.rows())
                all += (row.has_month() ? domain::iso_month(row.month()) + " " : "") +
                       (row.has_agency() ? row.agency().substr(6, 3) + row.name() + " " : "") +
                       row.kind() + (row.has_type() ? row.type() + row.type_name() : "") + " " +
                       std::to_string(row.records()) + "/" + std::to_string(row.minutes()) + "\n";
        return all;
    };
    EXPECT_EQ(report("operator", "by: REPORT_BY_TYPE by: REPORT_BY_MONTH"),
              "2026-06 leave033 10/600\n2026-06 leave16休假 1/60\n2026-06 overtime1一般 2/120\n"
              "2026-07 leave033 10/600\n2026-07 leave16休假 1/60\n2026-07 overtime1一般 2/120\n");
    EXPECT_EQ(report("operator", "by: REPORT_BY_KIND"), "leave 22/1320\novertime 4/240\n");
    EXPECT_EQ(report("operator", "by: REPORT_BY_AGENCY kind: RECORD_KIND_LEAVE"),
              "011甲一局  2/120\n021遷局  20/1200\n");
    EXPECT_EQ(report("supervisor of 10", "by: REPORT_BY_MONTH by: REPORT_BY_AGENCY"),
              "2026-06 011甲一局  1/60\n2026-06 021遷局  12/720\n2026-07 011甲一局  1/60\n")
        << "each month by its own hierarchy";
    EXPECT_EQ(report("clerk of 11", "by: REPORT_BY_MONTH to: 24317"), "2026-06  1/60\n");
    EXPECT_EQ(report("operator", "by: REPORT_BY_MONTH q: '遷'"),
              "2026-06  12/720\n2026-07  12/720\n");
    EXPECT_EQ(report("supervisor of 20", "by: REPORT_BY_MONTH from: 24324 to: 24325"), "");
    const auto refusal = [&](const std::string& fields) {
        return q.refusal<pb::GetStatisticsReportResponse>(q.as("operator"), fields);
    };
    for (const char* bad :
         {"", "by: REPORT_BY_MONTH by: REPORT_BY_MONTH",
          "by: REPORT_BY_MONTH by: REPORT_BY_KIND by: REPORT_BY_TYPE",
          "by: REPORT_BY_MONTH page_size: 1001", "by: REPORT_BY_MONTH from: 24290 to: 24326"})
        EXPECT_EQ(refusal(bad), Why::bad_request) << bad;
    EXPECT_EQ(refusal("by: REPORT_BY_MONTH page_size: 1000"), std::nullopt);
}

TEST_F(Statistics, findings_are_counted_by_the_month_of_receipt) {
    q.database.run(
        "TRUNCATE validation.finding_group, matching.finding_group, matching.noted,"
        " matching.unmatched_count, matching.unmatched_line");
    const auto group = [&](int number, const std::string& agency, const std::string& day,
                           const std::string& stage) {
        const auto id = q.file(number, agency, day + " 23:30+08");
        q.database.run_in(stage,
                          "INSERT INTO finding_group (submission_id, code, severity, field,"
                          " message, count, first) VALUES ($1, 'T01', 1, 'a', 'x', 2, '{}'),"
                          " ($1, 'T01', 1, 'b', 'y', 1, '{}'), ($1, 'L18', 0, 'c', 'z', 5, '{}')",
                          id);
    };
    group(1, "Z00000011A", "2026-06-30", "validation");
    group(2, "Z00000021A", "2026-07-01", "matching");
    group(3, "Z00000021A", "2026-06-01", "validation");
    const auto counts = [&](const char* who, const std::string& fields) {
        std::string all;
        for (const auto& page : q.pages<pb::GetFindingStatisticsResponse>(
                 q.as(who), request<pb::GetFindingStatisticsRequest>("page_size: 1 " + fields)))
            for (const auto& row : page.rows())
                all += (row.has_month() ? domain::iso_month(row.month()) + " " : "") +
                       (row.has_agency() ? row.agency().substr(6, 3) + " " : "") +
                       (row.has_code() ? row.code() + row.message() + " " : "") +
                       std::to_string(row.findings()) + " in " + std::to_string(row.files()) + "\n";
        return all;
    };
    EXPECT_EQ(counts("operator", "by: FINDINGS_BY_MONTH by: FINDINGS_BY_CODE"),
              "2026-06 L18L18 10 in 2\n2026-06 T01查無此人 6 in 2\n"
              "2026-07 L18L18 5 in 1\n2026-07 T01查無此人 3 in 1\n");
    EXPECT_EQ(counts("operator", "by: FINDINGS_BY_AGENCY"), "011 8 in 1\n021 16 in 2\n");
    EXPECT_EQ(counts("supervisor of 10", "by: FINDINGS_BY_AGENCY"), "011 8 in 1\n021 8 in 1\n")
        << "21 was below 10 until June";
    EXPECT_EQ(counts("clerk of 11", "by: FINDINGS_BY_MONTH"), "2026-06 8 in 1\n");
    EXPECT_EQ(q.refusal<pb::GetFindingStatisticsResponse>(q.as("operator")), Why::bad_request);
}

TEST_F(Statistics, agencies_are_listed_to_anybody_with_a_role) {
    const auto all = q.ask<pb::ListAgenciesResponse>(q.as("clerk of 11"));
    ASSERT_EQ(all.agencies_size(), 6);
    const auto &top = all.agencies(0), &with_all = all.agencies(1), &abolished = all.agencies(3);
    EXPECT_FALSE(top.has_supervising_agency() || top.has_established_on() ||
                 top.has_abolished_on() || top.has_successor());
    EXPECT_EQ(with_all.agency(), "Z00000010A");
    EXPECT_EQ(with_all.name(), "甲部");
    EXPECT_EQ(with_all.supervising_agency(), "Z00000000A");
    EXPECT_EQ(with_all.established_on(), domain::parse_iso_day("2020-01-01"));
    EXPECT_EQ(abolished.abolished_on(), domain::parse_iso_day("2026-09-01"));
    EXPECT_EQ(abolished.successor(), "Z00000011A");
    EXPECT_EQ(q.ask<pb::ListAgenciesResponse>(q.as("clerk of 11"), "q: '乙部'").agencies_size(), 2);
    const auto alone = q.ask<pb::ListAgenciesResponse>(q.as("clerk of 11"), "agency: 'Z00000020A'");
    ASSERT_EQ(alone.agencies_size(), 1) << "without those below it";
    EXPECT_EQ(alone.agencies(0).name(), "乙部");
    EXPECT_EQ(q.ask<pb::ListAgenciesResponse>(q.as("clerk of 11"), "agency: 'Z99999999A'")
                  .agencies_size(),
              0);
    EXPECT_EQ(q.refusal<pb::ListAgenciesResponse>(q.as("nobody")), Why::forbidden);
}

TEST_F(Statistics, registry_changes_are_seen_at_once) {
    const auto found = [&] {
        return q.ask<pb::ListAgenciesResponse>(q.as("operator"), "q: '新局'").agencies_size();
    };
    EXPECT_EQ(found(), 0);
    q.database.run(
        "INSERT INTO registry.agency_version (org_code, effective_on, name, supervising_org_code) "
        "VALUES ('Z00000022A', '2026-01-01', '新局', 'Z00000020A');"
        "UPDATE registry.version SET version = version + 1");
    EXPECT_EQ(found(), 1);
    q.database.run(
        "DELETE FROM registry.agency_version WHERE org_code = 'Z00000022A'; UPDATE "
        "registry.version SET version = version + 1");
}

}  // namespace
}  // namespace chaiqin::testing
