#pragma once
// Published counts, filings and frozen figures, stored as the aggregator does it, beside the query
// service that reads them.
#include "component/query/query_under_test.hpp"
#include "postgres/session.hpp"
#include "postgres/statistics/statistics_store.hpp"

namespace chaiqin::testing {

/// As the database counts kinds.
inline constexpr int leave = 0, overtime = 1;

/// Counts of an agency and month.
struct Counted {
    std::string agency, month;
    int kind;
    int type;
    int records;
    int minutes;
};

inline domain::Month month(const std::string& text) {
    return domain::parse_iso_month(text).value();
}

class StatisticsStored : public QueryTest<StatisticsStored> {
protected:
    void SetUp() override {
        q.database.run(
            "TRUNCATE intake.receipt, validation.submission, matching.file, statistics.counted, "
            "statistics.agency_month, statistics.national_month, statistics.claim,"
            " statistics.post, statistics.frozen_month, statistics.frozen_filing");
    }
    /// Published as the aggregator does it.
    void count(const Counted& counted) {
        const auto batch = q.database.value(
            "INSERT INTO matching.batch (partition, made_at, by_rematch) VALUES (0, now(), false) "
            "RETURNING id");
        q.database.run("INSERT INTO matching.count_delta VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       batch, counted.agency, month(counted.month), counted.kind, counted.type,
                       counted.records, counted.minutes);
        postgres::Session session({q.database.conninfo("statistics_aggregator"), "test"});
        auto work = session.begin();
        postgres::statistics::make_statistics_store()->apply(
            *work, std::vector<std::int64_t>{std::stoll(batch)},
            std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
        session.commit(*work);
    }
    /// Obliged to report from the year 2000 on.
    void oblige(const std::vector<std::string>& agencies) {
        for (const auto& agency : agencies)
            q.database.run(
                "INSERT INTO statistics.post (agency, month, delta) VALUES ($1, 24000, 1)", agency);
    }
    /// Reported October 2026: with records, or nothing to report.
    void claim(const std::string& agency, int records, const std::string& first_received_at) {
        q.database.run(
            "INSERT INTO statistics.claim (agency, month, records, zero_reports,"
            " first_received_at, first_file_received_at)"
            " VALUES ($1, 24321, $2::int, CASE WHEN $2 = 0 THEN 1 ELSE 0 END, $3, $3)",
            agency, records, first_received_at);
    }
    pb::GetMonthlyStatisticsResponse monthly_answer(const char* who, const std::string& fields) {
        return q.ask<pb::GetMonthlyStatisticsResponse>(q.as(who), fields);
    }
    /// "011:7=1/0 sum:7=1/0": agency, month, leave and overtime.
    std::string monthly(const char* who, const std::string& fields) {
        const auto answer = monthly_answer(who, fields);
        std::string all;
        for (const auto& one : answer.agencies())
            all +=
                (all.empty() ? "" : " ") + one.agency().substr(6, 3) + ":" + months(one.months());
        return all + " sum:" + months(answer.sum().months());
    }
    template <class Months>
    static std::string months(const Months& counts) {
        std::string all;
        for (const auto& one : counts)
            all += (all.empty() ? "" : ",") + std::to_string(one.month()) + "=" +
                   std::to_string(one.leave()) + "/" + std::to_string(one.overtime());
        return all;
    }
    static pb::GetReportingRatesRequest october(const std::string& authority = "") {
        pb::GetReportingRatesRequest request;
        request.set_month(month("2026-10"));
        request.set_authority(authority);
        return request;
    }
    pb::GetReportingRatesResponse rates(const char* who, const std::string& authority = "") {
        return q.ask<pb::GetReportingRatesResponse>(q.as(who), october(authority));
    }
    static std::string text(const pb::RateFigures& figures) {
        return std::to_string(figures.obliged()) + " obliged, " +
               std::to_string(figures.reported()) + " reported, " +
               std::to_string(figures.on_time()) + " on time";
    }
};

}  // namespace chaiqin::testing
