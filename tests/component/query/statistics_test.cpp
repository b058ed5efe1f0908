#include "component/query/query_under_test.hpp"
#include "postgres/session.hpp"
#include "postgres/statistics/statistics_store.hpp"

namespace chaiqin::testing {
namespace {

using Why = domain::Refused::Why;

class Statistics : public ::testing::Test {
protected:
    static QueryUnderTest& stack() {
        static QueryUnderTest one;
        return one;
    }
    QueryUnderTest& q = stack();
    void SetUp() override {
        q.database.run(
            "TRUNCATE intake.receipt, validation.submission, matching.file, statistics.counted, "
            "statistics.agency_month, statistics.national_month, statistics.claim,"
            " statistics.post, statistics.frozen_month, statistics.frozen_filing");
    }
    /// Published as the aggregator does it.
    void count(const std::string& agency, const std::string& month, int kind, int type, int records,
               int minutes) {
        const auto batch = q.database.value(
            "INSERT INTO matching.batch (partition, made_at, by_rematch) VALUES (0, now(), false) "
            "RETURNING id");
        q.database.run("INSERT INTO matching.count_delta VALUES (" + batch + ", '" + agency +
                       "', " + std::to_string(domain::parse_iso_month(month).value()) + ", " +
                       std::to_string(kind) + ", " + std::to_string(type) + ", " +
                       std::to_string(records) + ", " + std::to_string(minutes) + ")");
        postgres::Session session({q.database.conninfo("statistics_aggregator"), "test"});
        auto work = session.begin();
        postgres::statistics::make_statistics_store()->apply(
            *work, std::vector<std::int64_t>{std::stoll(batch)},
            std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
        session.commit(*work);
    }
    std::string listed(const domain::MonthlyAnswer& answer) {
        std::string all;
        for (const auto& one : answer.agencies)
            all +=
                (all.empty() ? "" : " ") + one.line.agency.substr(6, 3) + ":" + months(one.months);
        return all + " sum:" + months(answer.sum);
    }
    static std::string months(const std::vector<domain::MonthCounts>& counts) {
        std::string all;
        for (const auto& one : counts)
            all += (all.empty() ? "" : ",") + std::to_string(one.month % 12 + 1) + "=" +
                   std::to_string(one.leave) + "/" + std::to_string(one.overtime);
        return all;
    }
    std::string monthly(const char* who, domain::MonthlyQuestion question) {
        return listed(q.client->monthly(q.as(who), question));
    }
};

TEST_F(Statistics, MonthlyCountsFollowTheHierarchyOfEachMonthsLastDay) {
    for (const char* month : {"2026-06", "2026-07"}) {
        count("Z00000011A", month, 0, 16, 1, 60);
        count("Z00000021A", month, 0, 16, 10, 600);
        count("Z00000021A", month, 1, 1, 2, 120);
    }
    EXPECT_EQ(monthly("supervisor of 10", {2026, "", {}}),
              "010: 011:6=1/0,7=1/0 012: 021:6=10/2,7=10/2 sum:6=11/2,7=1/0")
        << "021 was below 10 until June: shown with its whole counts, summed up to June";
    EXPECT_EQ(monthly("supervisor of 20", {2026, "", {}}), "020: 021:6=10/2,7=10/2 sum:7=10/2");
    EXPECT_EQ(monthly("supervisor of 20", {2027, "", {}}), "020: 021: sum:")
        << "months to come go by today's hierarchy";
    EXPECT_EQ(monthly("supervisor of 20", {2025, "", {}}), "020: sum:");
    EXPECT_EQ(monthly("clerk of 11", {2026, "", {}}), "011:6=1/0,7=1/0 sum:6=1/0,7=1/0");
}

TEST_F(Statistics, SearchFindsCodesAndPartsOfNamesAndBringsSubordinates) {
    count("Z00000011A", "2026-07", 0, 16, 1, 60);
    count("Z00000021A", "2026-07", 0, 16, 10, 600);
    EXPECT_EQ(monthly("operator", {2026, "甲部", {}}), "010: 011:7=1/0 012: 021:7=10/0 sum:7=1/0");
    EXPECT_EQ(monthly("operator", {2026, "一局", {}}), "011:7=1/0 sum:7=1/0");
    EXPECT_EQ(monthly("operator", {2026, "Z00000021A", {}}), "021:7=10/0 sum:7=10/0");
    EXPECT_EQ(monthly("operator", {2026, "Z0000002", {}}), " sum:") << "codes only as a whole";
    EXPECT_EQ(monthly("operator", {2026, "%", {}}), " sum:") << "literally";
    EXPECT_EQ(monthly("supervisor of 20", {2026, "甲", {}}), " sum:")
        << "hits that may not be seen are none";
    EXPECT_EQ(monthly("supervisor of 20", {2026, "院", {}}), " sum:");
}

TEST_F(Statistics, SumsAreKeptUntilTheCountsChange) {
    count("Z00000011A", "2026-07", 0, 16, 1, 60);
    EXPECT_EQ(q.client->monthly(q.as("operator"), {2026, "", {}}).sum.at(0).leave, 1);
    const auto again = q.client->monthly(q.as("operator"), {2026, "", {2, "", 2}});
    EXPECT_EQ(again.sum.at(0).leave, 1);
    EXPECT_EQ(again.page, 2);
    count("Z00000021A", "2026-07", 1, 1, 5, 60);
    const auto changed = q.client->monthly(q.as("operator"), {2026, "", {}});
    EXPECT_EQ(changed.sum.at(0).overtime, 5);
    EXPECT_GT(changed.updated_at, again.updated_at);
}

TEST_F(Statistics, PagesGoOnByTokenAndByNumber) {
    domain::MonthlyQuestion question{2026, "", {2, "", std::nullopt}};
    const auto codes = [](const domain::MonthlyAnswer& answer) {
        std::string all;
        for (const auto& one : answer.agencies) all += one.line.agency.substr(6, 3) + " ";
        return all;
    };
    const auto first = q.client->monthly(q.as("operator"), question);
    EXPECT_EQ(codes(first), "000 010 ");
    EXPECT_EQ(first.total_agencies, 6);
    question.page.token = first.next_page_token;
    const auto second = q.client->monthly(q.as("operator"), question);
    EXPECT_EQ(codes(second), "011 012 ");
    EXPECT_EQ(second.page, 2);
    EXPECT_EQ(codes(q.client->monthly(q.as("operator"), {2026, "", {2, "", 3}})), "020 021 ");
    EXPECT_EQ(q.client->monthly(q.as("operator"), {2026, "", {2, "", 3}}).next_page_token, "");
    const auto beyond = q.client->monthly(q.as("operator"), {2026, "", {2, "", 9}});
    EXPECT_EQ(codes(beyond), "");
    EXPECT_EQ(beyond.total_agencies, 6);
    question.page.page = 2;
    EXPECT_EQ(refusal([&] { (void)q.client->monthly(q.as("operator"), question); }),
              Why::bad_request)
        << "both together";
    EXPECT_EQ(refusal([&] {
                  (void)q.client->monthly(q.as("operator"),
                                          {2025, "", {2, first.next_page_token, std::nullopt}});
              }),
              Why::bad_request);
    EXPECT_EQ(refusal([&] {
                  (void)q.client->monthly(q.as("operator"), {2026, "", {0, "", std::nullopt}});
              }),
              Why::bad_request);
    EXPECT_EQ(refusal([&] {
                  (void)q.client->monthly(q.as("operator"), {2026, "", {101, "", std::nullopt}});
              }),
              Why::bad_request);
}

TEST_F(Statistics, ByTypeAddsUpTheMonthsInWhichAnAgencyWasBelow) {
    for (const char* month : {"2026-06", "2026-07"}) {
        count("Z00000021A", month, 0, 16, 10, 600);
        count("Z00000021A", month, 1, 2, 3, 30);
    }
    const auto types =
        q.client->by_type(q.as("supervisor of 10"), {2026 * 12, 2026 * 12 + 11, ""}).types;
    ASSERT_EQ(types.size(), 2u);
    EXPECT_EQ(types[0].name, "休假");
    EXPECT_EQ(types[0].records, 10) << "June only";
    EXPECT_EQ(types[0].minutes, 600);
    EXPECT_EQ(types[1].name, "專案");
    EXPECT_EQ(
        q.client->by_type(q.as("operator"), {2026 * 12 + 6, 2026 * 12 + 6, ""}).types.at(0).records,
        10);
    EXPECT_EQ(refusal([&] {
                  (void)q.client->by_type(q.as("operator"), {2026 * 12 + 6, 2026 * 12 + 5, ""});
              }),
              Why::bad_request);
}

TEST_F(Statistics, SummaryShowsTheLastSubmissionOfEveryAgency) {
    q.file(1, "Z00000011A", "2026-11-01 09:00+08");
    const auto last = q.file(2, "Z00000011A", "2026-11-05 09:00+08", "COUNTED_PARTIAL");
    const auto answer = q.client->summary(q.as("supervisor of 10"), {});
    EXPECT_EQ(answer.total_agencies, 3) << "today's subordinates, an abolished one too";
    const auto& sent = answer.agencies.at(1);
    EXPECT_EQ(sent.line.agency, "Z00000011A");
    ASSERT_TRUE(sent.last);
    EXPECT_EQ(sent.last->receipt.submission_id, last);
    EXPECT_EQ(sent.last->invalid, 2);
    EXPECT_EQ(answer.agencies.at(2).line.abolished_on, domain::parse_iso_day("2026-09-01"));
    EXPECT_FALSE(answer.agencies.at(2).last);
    EXPECT_EQ(answer.others, "Z00000011A and 2 more");
}

TEST_F(Statistics, RatesAddUpTheAgenciesOfTheMonthsLastDay) {
    const auto month = domain::parse_iso_month("2026-10").value();
    for (const char* agency :
         {"Z00000010A", "Z00000011A", "Z00000012A", "Z00000020A", "Z00000021A"})
        q.database.run("INSERT INTO statistics.post (agency, month, delta) VALUES ('" +
                       std::string(agency) + "', 24000, 1)");
    q.database.run(
        "INSERT INTO statistics.claim (agency, month, records, zero_reports, first_received_at, "
        "first_file_received_at) VALUES"
        " ('Z00000011A', 24321, 3, 0, '2026-11-05', '2026-11-05'), ('Z00000021A', 24321, 0, 1, "
        "'2026-12-05', '2026-12-05')");
    const auto rates = q.client->rates(q.as("supervisor of 10"), {month, ""});
    EXPECT_EQ(rates.authority, "Z00000010A");
    EXPECT_EQ(domain::iso_day(rates.deadline), "2026-11-20");
    EXPECT_EQ(rates.live, (domain::RateFigures{2, 1, 1})) << "12 is abolished, 21 has left";
    EXPECT_FALSE(rates.frozen);
    EXPECT_EQ(q.client->rates(q.as("supervisor of 20"), {month, ""}).live,
              (domain::RateFigures{2, 1, 0}));
    EXPECT_EQ(refusal([&] {
                  (void)q.client->rates(q.as("supervisor of 20"), {month, "Z00000010A"});
              }),
              Why::not_found);
    EXPECT_EQ(refusal([&] {
                  (void)q.client->rates(q.as("operator"), {month, "Z99999999Z"});
              }),
              Why::not_found);
    EXPECT_EQ(refusal([&] {
                  (void)q.client->rates(q.as("clerk of 10"), {month, ""});
              }),
              Why::forbidden);
    q.database.run(
        "INSERT INTO statistics.frozen_month (month, version, deadline_end, frozen_at, formula, "
        "reason) VALUES (24321, 1, now(), now(), 'v1', ''), (24321, 2, now(), now(), 'v1', 'late');"
        "INSERT INTO statistics.frozen_filing (month, version, agency, obliged, reported, zero, "
        "on_time) VALUES"
        " (24321, 1, 'Z00000010A', true, false, false, false), (24321, 2, 'Z00000010A', true, "
        "true, false, true)");
    const auto frozen = q.client->rates(q.as("operator"), {month, "Z00000010A"}).frozen;
    ASSERT_TRUE(frozen);
    EXPECT_EQ(frozen->version, 2);
    EXPECT_EQ(frozen->figures, (domain::RateFigures{1, 1, 1}));
    q.database.run(
        "UPDATE statistics.frozen_filing SET chain = '{Z00000010A,Z00000020A}' WHERE version = 2");
    EXPECT_EQ(q.client->rates(q.as("operator"), {month, "Z00000020A"}).frozen->figures,
              (domain::RateFigures{1, 1, 1}))
        << "as the hierarchy was when they were frozen";
    EXPECT_EQ(q.client->rates(q.as("operator"), {month, "Z00000011A"}).frozen->figures,
              (domain::RateFigures{0, 0, 0}));
}

TEST_F(Statistics, RateAgenciesSayWhoIsBehindTheNumbers) {
    const auto month = domain::parse_iso_month("2026-10").value();
    for (const char* agency : {"Z00000010A", "Z00000011A", "Z00000020A", "Z00000021A"})
        q.database.run("INSERT INTO statistics.post (agency, month, delta) VALUES ('" +
                       std::string(agency) + "', 24000, 1)");
    q.database.run(
        "INSERT INTO statistics.claim (agency, month, records, zero_reports, first_received_at, "
        "first_file_received_at) VALUES"
        " ('Z00000011A', 24321, 3, 0, '2026-11-05', '2026-11-05'), ('Z00000021A', 24321, 0, 1, "
        "'2026-11-05', '2026-11-05')");
    const auto statuses = [&](const std::string& status) {
        std::string all;
        domain::RateAgenciesQuestion question{month, "", status, {2, "", std::nullopt}};
        do {
            const auto answer = q.client->rate_agencies(q.as("operator"), question);
            for (const auto& one : answer.agencies)
                all += one.agency.substr(6, 3) + "=" + one.status + " ";
            question.page.token = answer.next_page_token;
        } while (!question.page.token.empty());
        return all;
    };
    EXPECT_EQ(statuses(""),
              "000=not_obliged 010=not_due 011=reported 012=not_obliged 020=not_due 021=zero ");
    EXPECT_EQ(statuses("zero"), "021=zero ");
    q.now = domain::parse_rfc3339("2026-11-21T00:00:00+08:00").value();
    EXPECT_EQ(statuses("missing"), "010=missing 020=missing ");
    q.now = domain::parse_rfc3339("2026-11-10T10:00:00+08:00").value();
}

TEST_F(Statistics, AgenciesAreListedToAnybodyWithARole) {
    const auto all = q.client->agencies(q.as("clerk of 11"), {}).agencies;
    ASSERT_EQ(all.size(), 6u);
    EXPECT_EQ(all[3].abolished_on, domain::parse_iso_day("2026-09-01"));
    EXPECT_EQ(all[3].successor, "Z00000011A");
    EXPECT_EQ(q.client->agencies(q.as("clerk of 11"), {"乙部", {}}).agencies.size(), 2u);
    EXPECT_EQ(refusal([&] { (void)q.client->agencies(q.as("nobody"), {}); }), Why::forbidden);
}

TEST_F(Statistics, RegistryChangesAreSeenAtOnce) {
    EXPECT_EQ(q.client->agencies(q.as("operator"), {"新局", {}}).agencies.size(), 0u);
    q.database.run(
        "INSERT INTO registry.agency_version (org_code, effective_on, name, supervising_org_code) "
        "VALUES ('Z00000022A', '2026-01-01', '新局', 'Z00000020A');"
        "UPDATE registry.version SET version = version + 1");
    EXPECT_EQ(q.client->agencies(q.as("operator"), {"新局", {}}).agencies.size(), 1u);
    q.database.run(
        "DELETE FROM registry.agency_version WHERE org_code = 'Z00000022A'; UPDATE "
        "registry.version SET version = version + 1");
}

}  // namespace
}  // namespace chaiqin::testing
