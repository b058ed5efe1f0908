#include "component/query/statistics_stored.hpp"

namespace chaiqin::testing {
namespace {

class Rates : public StatisticsStored {};

TEST_F(Rates, rates_add_up_the_agencies_of_the_months_last_day) {
    oblige({"Z00000010A", "Z00000011A", "Z00000012A", "Z00000020A", "Z00000021A"});
    claim("Z00000011A", 3, "2026-11-05");
    claim("Z00000021A", 0, "2026-12-05");
    const auto live = rates("supervisor of 10");
    EXPECT_EQ(live.month(), month("2026-10"));
    EXPECT_EQ(live.authority(), "Z00000010A");
    EXPECT_EQ(live.deadline(), domain::parse_iso_day("2026-11-20"));
    EXPECT_EQ(text(live.live()), "2 obliged, 1 reported, 1 on time")
        << "12 is abolished, 21 has left";
    EXPECT_FALSE(live.has_frozen());
    EXPECT_EQ(text(rates("supervisor of 20").live()), "2 obliged, 1 reported, 0 on time");
    const auto refusal = [&](const char* who, const std::string& authority = "") {
        return q.refusal<pb::GetReportingRatesResponse>(q.as(who), october(authority));
    };
    EXPECT_EQ(refusal("supervisor of 20", "Z00000010A"), Why::not_found);
    EXPECT_EQ(refusal("operator", "Z99999999Z"), Why::not_found);
    EXPECT_EQ(refusal("clerk of 10"), Why::forbidden);
    EXPECT_EQ(q.refusal<pb::GetReportingRatesResponse>(q.as("operator")), Why::bad_request)
        << "a month is needed";
    q.database.run(
        "INSERT INTO statistics.frozen_month (month, version, deadline_end, frozen_at, formula,"
        " reason) VALUES (24321, 1, now(), now(), 'v1', ''),"
        " (24321, 2, now(), '2026-11-21 00:00+08', 'v1', 'late');"
        "INSERT INTO statistics.frozen_filing (month, version, agency, obliged, reported, zero,"
        " on_time) VALUES"
        " (24321, 1, 'Z00000010A', true, false, false, false),"
        " (24321, 2, 'Z00000010A', true, true, false, true)");
    const auto frozen = rates("operator", "Z00000010A");
    ASSERT_TRUE(frozen.has_frozen());
    EXPECT_EQ(frozen.frozen().version(), 2);
    EXPECT_EQ(frozen.frozen().formula(), "v1");
    EXPECT_EQ(frozen.frozen().frozen_at(),
              domain::parse_rfc3339("2026-11-21T00:00:00+08:00")->time_since_epoch().count());
    EXPECT_EQ(text(frozen.frozen().figures()), "1 obliged, 1 reported, 1 on time");
    q.database.run(
        "UPDATE statistics.frozen_filing SET chain = '{Z00000010A,Z00000020A}' WHERE version = 2");
    EXPECT_EQ(text(rates("operator", "Z00000020A").frozen().figures()),
              "1 obliged, 1 reported, 1 on time")
        << "as the hierarchy was when they were frozen";
    const auto of_11 = rates("operator", "Z00000011A");
    ASSERT_TRUE(of_11.has_frozen());
    EXPECT_EQ(text(of_11.frozen().figures()), "0 obliged, 0 reported, 0 on time");
}

TEST_F(Rates, an_authority_is_seen_in_the_months_in_which_it_was_below) {
    const auto refusal = [&](const char* who, const std::string& month_text) {
        pb::GetReportingRatesRequest asked;
        asked.set_month(month(month_text));
        asked.set_authority("Z00000021A");
        return q.refusal<pb::GetReportingRatesResponse>(q.as(who), asked);
    };
    EXPECT_EQ(refusal("supervisor of 10", "2026-06"), std::nullopt);
    EXPECT_EQ(refusal("supervisor of 10", "2026-07"), Why::not_found) << "it has left";
    EXPECT_EQ(refusal("supervisor of 20", "2026-06"), Why::not_found) << "it had not come yet";
    EXPECT_EQ(refusal("supervisor of 20", "2026-07"), std::nullopt);
    EXPECT_EQ(refusal("supervisor of 20", "2027-02"), std::nullopt)
        << "a month to come goes by today's hierarchy";
    const auto series = [&](const char* who) {
        std::string all;
        const auto answer = q.ask<pb::GetReportingRateSeriesResponse>(
            q.as(who), "authority: 'Z00000021A' from: 24315 to: 24319");
        for (const auto& one : answer.months()) all += domain::iso_month(one.month()) + " ";
        return all;
    };
    EXPECT_EQ(series("operator"), "2026-04 2026-05 2026-06 2026-07 2026-08 ");
    EXPECT_EQ(series("supervisor of 10"), "2026-04 2026-05 2026-06 ");
    EXPECT_EQ(series("supervisor of 20"), "2026-07 2026-08 ");
    const auto units = [&](const char* who) {
        std::string all;
        const auto answer = q.ask<pb::ListReportingRateUnitsResponse>(
            q.as(who), "authority: 'Z00000021A' from: 24315 to: 24319");
        for (const auto& unit : answer.units())
            for (const auto& one : unit.months()) all += domain::iso_month(one.month()) + " ";
        return all;
    };
    EXPECT_EQ(units("supervisor of 10"), "2026-04 2026-05 2026-06 ");
    EXPECT_EQ(units("supervisor of 20"), "2026-07 2026-08 ");
    EXPECT_EQ(q.refusal<pb::GetReportingRateSeriesResponse>(
                  q.as("supervisor of 10"), "authority: 'Z00000021A' from: 24318 to: 24319"),
              Why::not_found);
}

TEST_F(Rates, rate_agencies_say_who_is_behind_the_numbers) {
    oblige({"Z00000010A", "Z00000011A", "Z00000020A", "Z00000021A"});
    claim("Z00000011A", 3, "2026-11-05");
    claim("Z00000021A", 0, "2026-11-05");
    const auto statuses = [&](const std::string& fields) {
        auto of_october = request<pb::ListReportingRateAgenciesRequest>("page_size: 2 " + fields);
        of_october.set_month(month("2026-10"));
        std::string all;
        for (const auto& page :
             q.pages<pb::ListReportingRateAgenciesResponse>(q.as("operator"), of_october))
            for (const auto& one : page.agencies())
                all += one.agency().substr(6, 3) + " " + one.name() + " " +
                       pb::FilingStatus_Name(one.status()).substr(14) +
                       (one.on_time() ? " on time" : "") + "\n";
        return all;
    };
    EXPECT_EQ(statuses(""),
              "000 院 NOT_OBLIGED\n"
              "010 甲部 NOT_DUE\n"
              "011 甲一局 REPORTED on time\n"
              "012 甲二局 NOT_OBLIGED\n"
              "020 乙部 NOT_DUE\n"
              "021 遷局 ZERO on time\n");
    EXPECT_EQ(statuses("status: FILING_STATUS_ZERO"), "021 遷局 ZERO on time\n");
    EXPECT_EQ(statuses("q: '乙部'"), "020 乙部 NOT_DUE\n021 遷局 ZERO on time\n");
    EXPECT_EQ(statuses("q: 'Z00000011A'"), "011 甲一局 REPORTED on time\n");
    EXPECT_EQ(statuses("q: '乙部' authority: 'Z00000010A'"), "") << "it is not below";
    EXPECT_EQ(statuses("q: '甲' status: FILING_STATUS_REPORTED"), "011 甲一局 REPORTED on time\n");
    q.now = domain::parse_rfc3339("2026-11-21T00:00:00+08:00").value();
    EXPECT_EQ(statuses("status: FILING_STATUS_MISSING"), "010 甲部 MISSING\n020 乙部 MISSING\n");
    q.now = domain::parse_rfc3339("2026-11-10T10:00:00+08:00").value();
}

TEST_F(Rates, rate_agencies_take_several_statuses) {
    oblige({"Z00000010A", "Z00000011A"});
    claim("Z00000011A", 3, "2026-11-05");
    const auto codes = [&](const std::string& month_text, const std::string& fields) {
        auto asked = request<pb::ListReportingRateAgenciesRequest>(fields);
        asked.set_month(month(month_text));
        std::string all;
        for (const auto answer =
                 q.ask<pb::ListReportingRateAgenciesResponse>(q.as("supervisor of 10"), asked);
             const auto& one : answer.agencies())
            all += one.agency().substr(6, 3) + " " +
                   pb::FilingStatus_Name(one.status()).substr(14) + " ";
        return all;
    };
    EXPECT_EQ(codes("2026-10", "status: FILING_STATUS_REPORTED status: FILING_STATUS_NOT_DUE"),
              "010 NOT_DUE 011 REPORTED ");
    EXPECT_EQ(codes("2026-10", "status: FILING_STATUS_DUE"), "010 NOT_DUE ");
    EXPECT_EQ(codes("2026-10", "status: FILING_STATUS_DUE page_size: 1000"), "010 NOT_DUE ");
    EXPECT_EQ(codes("2026-11", "status: FILING_STATUS_DUE"), "") << "the month is not over";
}

TEST_F(Rates, the_workbench_has_a_row_per_open_or_overdue_month) {
    oblige({"Z00000011A", "Z00000012A"});
    claim("Z00000011A", 3, "2026-11-05");
    for (const char* reported : {"2026-07", "2026-09"})
        q.database.run(
            "INSERT INTO statistics.claim (agency, month, records, zero_reports,"
            " first_received_at, first_file_received_at)"
            " VALUES ('Z00000011A', $1, 0, 1, '2026-11-01', '2026-11-01')",
            month(reported));
    const auto rows = [&](const char* who, const std::string& acting = "") {
        std::string all;
        for (const auto answer = q.ask<pb::GetWorkbenchResponse>(q.as(who, acting));
             const auto& one : answer.rows())
            all += domain::iso_month(one.month()) + " " + one.agency().substr(6, 3) +
                   (one.delegated() ? "d " : " ") + pb::FilingStatus_Name(one.status()).substr(14) +
                   (one.on_time() ? " on time\n" : "\n");
        return all;
    };
    const std::string missing_before =
        "2026-08 011 MISSING\n2026-08 012d MISSING\n2026-07 012d MISSING\n"
        "2026-06 011 MISSING\n2026-06 012d MISSING\n2026-05 011 MISSING\n2026-05 012d MISSING\n"
        "2026-04 011 MISSING\n2026-04 012d MISSING\n2026-03 011 MISSING\n2026-03 012d MISSING\n"
        "2026-02 011 MISSING\n2026-02 012d MISSING\n2026-01 011 MISSING\n2026-01 012d MISSING\n"
        "2025-12 011 MISSING\n2025-12 012d MISSING\n2025-11 011 MISSING\n2025-11 012d MISSING\n";
    EXPECT_EQ(rows("clerk of 11"),
              "2026-11 011 NOT_DUE\n2026-10 011 REPORTED on time\n" + missing_before)
        << "12 was abolished in September; what has been reported too late is done";
    EXPECT_EQ(rows("clerk of 11", "Z00000012A"), rows("clerk of 11"))
        << "of every agency of the token, whichever is acted for";
    EXPECT_EQ(rows("operator"), "") << "nothing is asked of the top";
    q.callers["supervisor with delegation"] = q.callers["supervisor of 10"];
    q.callers["supervisor with delegation"].delegated_agencies = {"Z00000011A"};
    EXPECT_EQ(rows("supervisor with delegation", "Z00000011A"), "")
        << "delegation is the clerk's alone";
    EXPECT_EQ(q.refusal<pb::GetWorkbenchResponse>(q.as("personnel of 10")), Why::forbidden);
    EXPECT_EQ(q.refusal<pb::GetWorkbenchResponse>(q.as("nobody")), Why::forbidden);
    EXPECT_EQ(q.ask<pb::GetWorkbenchResponse>(q.as("clerk of 11")).others(),
              "Z00000012A and 1 more")
        << "the delegated agency, beside the own one";
}

TEST_F(Rates, filing_of_some_agencies_and_months_is_that_of_all_agencies_in_a_month) {
    oblige({"Z00000010A", "Z00000012A", "Z00000021A"});
    claim("Z00000010A", 3, "2026-11-05");
    claim("Z00000021A", 0, "2026-12-05");
    q.database.run(
        "INSERT INTO statistics.post (agency, month, delta) VALUES ('Z00000010A', 24318, 2),"
        " ('Z00000011A', 24320, 1), ('Z00000021A', 24319, -1), ('Z00000021A', 24321, 1)");
    EXPECT_EQ(q.database.value(
                  "WITH asked AS (SELECT month, timestamptz '2026-11-21 00:00+08' AS deadline_end"
                  "               FROM unnest('{24316,24321,24318,24319}'::int[]) AS a(month)),"
                  " one AS (SELECT a.month, f.* FROM asked a"
                  "         CROSS JOIN LATERAL statistics.filing(a.month, a.deadline_end) f),"
                  " several AS (SELECT f.month, f.agency, f.obliged, f.exempt, f.reported, f.zero,"
                  "             f.on_time, f.on_time_by_file FROM statistics.filing_of("
                  "             ARRAY(SELECT org_code FROM registry.agency_version),"
                  "             ARRAY(SELECT month FROM asked),"
                  "             ARRAY(SELECT deadline_end FROM asked)) f)"
                  " SELECT count(*) || ' of ' || (SELECT count(*) FROM one) FROM ("
                  " SELECT * FROM one INTERSECT SELECT * FROM several) x"),
              "24 of 24");
}

TEST_F(Rates, rates_are_a_series_of_months) {
    oblige({"Z00000010A", "Z00000021A"});
    claim("Z00000010A", 3, "2026-11-05");
    q.database.run(
        "INSERT INTO statistics.frozen_month (month, version, deadline_end, frozen_at, formula,"
        " reason) VALUES (24317, 1, now(), now(), 'v1', '');"
        "INSERT INTO statistics.frozen_filing (month, version, agency, obliged, reported, zero,"
        " on_time, chain) VALUES"
        " (24317, 1, 'Z00000011A', true, true, false, true, '{Z00000011A,Z00000010A,Z00000000A}'),"
        " (24317, 1, 'Z00000021A', true, false, false, false, '{Z00000021A,Z00000010A}')");
    const auto answer = q.ask<pb::GetReportingRateSeriesResponse>(q.as("supervisor of 10"));
    ASSERT_EQ(answer.months_size(), 12);
    EXPECT_EQ(answer.months(0).month(), month("2025-11"));
    const auto &june = answer.months(7), &october = answer.months(11);
    EXPECT_EQ(text(june.live()), "2 obliged, 0 reported, 0 on time");
    EXPECT_EQ(june.deadline(), domain::parse_iso_day("2026-07-20"));
    EXPECT_EQ(text(june.frozen().figures()), "2 obliged, 1 reported, 1 on time");
    EXPECT_EQ(text(october.live()), "1 obliged, 1 reported, 1 on time") << "21 has left";
    EXPECT_FALSE(october.has_frozen());
    EXPECT_EQ(text(october.live()), text(rates("supervisor of 10").live()));
    const auto refusal = [&](const std::string& fields) {
        return q.refusal<pb::GetReportingRateSeriesResponse>(q.as("supervisor of 10"), fields);
    };
    EXPECT_EQ(refusal("from: 24321 to: 24320"), Why::bad_request);
    EXPECT_EQ(refusal("from: 24285 to: 24321"), Why::bad_request) << "37 months";
    EXPECT_EQ(refusal("from: 24286 to: 24321"), std::nullopt);
    EXPECT_EQ(refusal("authority: 'Z00000020A'"), Why::not_found);
    EXPECT_EQ(q.refusal<pb::GetReportingRateSeriesResponse>(q.as("clerk of 10")), Why::forbidden);
}

TEST_F(Rates, units_add_up_to_their_authority) {
    oblige({"Z00000000A", "Z00000010A", "Z00000011A", "Z00000021A"});
    claim("Z00000021A", 3, "2026-11-05");
    q.database.run(
        "INSERT INTO statistics.frozen_month (month, version, deadline_end, frozen_at, formula,"
        " reason) VALUES (24321, 1, now(), now(), 'v1', '');"
        "INSERT INTO statistics.frozen_filing (month, version, agency, obliged, reported, zero,"
        " on_time, chain) VALUES"
        " (24321, 1, 'Z00000000A', true, true, false, true, '{Z00000000A}'),"
        " (24321, 1, 'Z00000021A', true, true, false, true, '{Z00000021A,Z00000010A,Z00000000A}')");
    const auto units = [&](const char* who, const std::string& fields) {
        std::string all;
        for (const auto& page : q.pages<pb::ListReportingRateUnitsResponse>(
                 q.as(who), request<pb::ListReportingRateUnitsRequest>("page_size: 2 " + fields)))
            for (const auto& unit : page.units()) {
                all += unit.agency().substr(6, 3) + (unit.self() ? " self" : "") +
                       (unit.has_subordinates() ? "+:" : ":");
                for (const auto& one : unit.months())
                    all += " " + text(one.live()) +
                           (one.has_frozen() ? " (" + text(one.frozen()) + ")" : "");
                all += "\n";
            }
        return all;
    };
    EXPECT_EQ(units("operator", "authority: 'Z00000000A' from: 24321 to: 24321"),
              "000 self+: 1 obliged, 0 reported, 0 on time (1 obliged, 1 reported, 1 on time)\n"
              "010+: 2 obliged, 0 reported, 0 on time (1 obliged, 1 reported, 1 on time)\n"
              "020+: 1 obliged, 1 reported, 1 on time (0 obliged, 0 reported, 0 on time)\n")
        << "frozen with the hierarchy of its time";
    EXPECT_EQ(units("operator", "from: 24321 to: 24321"),
              "000+: 4 obliged, 1 reported, 1 on time (2 obliged, 2 reported, 2 on time)\n")
        << "without an authority the agencies at the top";
    EXPECT_EQ(units("supervisor of 10", "from: 24317 to: 24318"),
              "010 self+: 1 obliged, 0 reported, 0 on time 1 obliged, 0 reported, 0 on time\n"
              "011: 1 obliged, 0 reported, 0 on time 1 obliged, 0 reported, 0 on time\n"
              "012: 0 obliged, 0 reported, 0 on time 0 obliged, 0 reported, 0 on time\n"
              "021: 1 obliged, 0 reported, 0 on time 0 obliged, 0 reported, 0 on time\n")
        << "21 left after June";
    EXPECT_EQ(
        q.refusal<pb::ListReportingRateUnitsResponse>(q.as("operator"), "from: 24309 to: 24321"),
        Why::bad_request)
        << "13 months";
}

}  // namespace
}  // namespace chaiqin::testing
