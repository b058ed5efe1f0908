#include "postgres/statistics/filing_store.hpp"

#include "postgres/binary.hpp"

namespace chaiqin::postgres::statistics {

using domain::Freezing;
using domain::Instant;
using domain::Month;
using domain::UnitOfWork;

namespace {

/// Moves with the definition of a figure; stored with every frozen month.
constexpr const char* formula = "1";

/// Every file received before the cut has its verdict, every accepted one received in time its
/// matcher row (or a place in quarantine), and their batches are in the counts.
constexpr const char* all_counted =
    "EXISTS (SELECT 1 FROM statistics.freeze_cut c WHERE c.month = $1)"
    " AND NOT EXISTS (SELECT 1 FROM statistics.freeze_cut c LEFT JOIN validation.progress p ON "
    "p.stage = "
    "'validator'"
    "   AND p.topic = 'chaiqin.file.received.v1' AND p.partition = c.partition"
    "   WHERE c.month = $1 AND COALESCE(p.next_offset, 0) < c.end_offset)"
    " AND NOT EXISTS (SELECT 1 FROM validation.submission s WHERE s.verdict = 'ACCEPTED' AND "
    "s.received_at < "
    "$2"
    "   AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.submission_id = s.submission_id)"
    "   AND NOT EXISTS (SELECT 1 FROM matching.quarantine q WHERE q.event_id = "
    "s.submission_id::text || '/' "
    "|| s.attempt"
    "                   AND q.replayed_at IS NULL))"
    " AND NOT EXISTS (SELECT 1 FROM matching.file f WHERE f.received_at < $2"
    "   AND NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE a.batch_id = f.batch_id))";

class PostgresFilingStore final : public domain::FilingStore {
public:
    std::optional<Instant> in_operation_since(UnitOfWork& work) override {
        return query(work, "SELECT in_operation_since FROM statistics.last_update")
            .optional_instant(0, 0);
    }

    std::vector<Month> unfrozen(UnitOfWork& work, Month first, Month last) override {
        Params params;
        params.add(first).add(last);
        const auto rows =
            query(work,
                  "SELECT m FROM generate_series($1, $2) AS m WHERE NOT EXISTS"
                  " (SELECT 1 FROM statistics.frozen_month f WHERE f.month = m) ORDER BY m",
                  params);
        std::vector<Month> months;
        for (int row = 0; row < rows.size(); ++row) months.push_back(rows.int4(row, 0));
        return months;
    }

    bool has_cut(UnitOfWork& work, Month month) override {
        Params params;
        params.add(month);
        return query(work, "SELECT EXISTS (SELECT 1 FROM statistics.freeze_cut WHERE month = $1)",
                     params)
            .boolean(0, 0);
    }

    void keep_cut(UnitOfWork& work, Month month,
                  const std::map<std::int32_t, std::int64_t>& ends) override {
        std::vector<std::int32_t> partitions;
        std::vector<std::int64_t> offsets;
        for (const auto& [partition, end] : ends) {
            partitions.push_back(partition);
            offsets.push_back(end);
        }
        Params params;
        params.add(month).add_array(partitions).add_array(offsets);
        query(
            work,
            "INSERT INTO statistics.freeze_cut (month, partition, end_offset) SELECT $1, p, o FROM "
            "unnest($2, $3) AS e(p, o)"
            " ON CONFLICT DO NOTHING",
            params);
    }

    Freezing freeze(UnitOfWork& work, Month month, Instant deadline_end, Instant now) override {
        Params params;
        params.add(month).add(deadline_end).add(now).add(formula);
        const auto rows =
            query(work,
                  std::string("WITH ready AS MATERIALIZED (SELECT ") + all_counted +
                      " AS ok),"
                      " filing AS MATERIALIZED (SELECT agency, obliged, zero, on_time_by_file FROM "
                      "statistics.filing($1, $2)"
                      "   WHERE (SELECT ok FROM ready)),"
                      " somebody AS MATERIALIZED (SELECT EXISTS (SELECT 1 FROM filing WHERE "
                      "obliged) AS ok),"
                      " month AS (INSERT INTO statistics.frozen_month (month, version, frozen_at, "
                      "formula, reason, "
                      "deadline_end)"
                      "   SELECT $1, 1, $3, $4, 'the deadline has passed and every file received "
                      "before it is "
                      "counted', $2"
                      "   FROM somebody WHERE ok),"
                      " filings AS (INSERT INTO statistics.frozen_filing (month, version, agency, "
                      "obliged, "
                      "reported, zero, on_time, chain)"
                      "   SELECT $1, 1, agency, obliged, on_time_by_file, zero AND "
                      "on_time_by_file, on_time_by_file, chain"
                      "   FROM filing LEFT JOIN statistics.chain($1) USING (agency), somebody "
                      "WHERE ok)"
                      " SELECT ready.ok, somebody.ok FROM ready, somebody",
                  params);
        return !rows.boolean(0, 0)   ? Freezing::waiting
               : !rows.boolean(0, 1) ? Freezing::nobody
                                     : Freezing::frozen;
    }

    std::vector<Month> freeze_again(UnitOfWork& work, Instant now) override {
        Params params;
        params.add(now).add(formula);
        const auto rows =
            query(work,
                  "WITH latest AS (SELECT DISTINCT ON (month) month, version, deadline_end FROM "
                  "statistics.frozen_month"
                  "   ORDER BY month, version DESC),"
                  " late AS MATERIALIZED (SELECT f.month, f.agency, c.records <= 0 AND "
                  "c.zero_reports > 0 AS zero "
                  "FROM latest l"
                  "   JOIN statistics.frozen_filing f ON f.month = l.month AND f.version = "
                  "l.version AND f.obliged "
                  "AND NOT f.on_time"
                  "   JOIN statistics.claim c ON c.agency = f.agency AND c.month = f.month"
                  "   WHERE c.first_file_received_at < l.deadline_end),"
                  " moved AS MATERIALIZED (SELECT l.month, l.version, l.deadline_end, count(*) AS "
                  "agencies FROM "
                  "latest l JOIN late USING (month)"
                  "   GROUP BY l.month, l.version, l.deadline_end),"
                  " month AS (INSERT INTO statistics.frozen_month (month, version, frozen_at, "
                  "formula, reason, "
                  "deadline_end)"
                  "   SELECT month, version + 1, $1, $2, 'received in time, counted after the "
                  "freeze: ' || "
                  "agencies || ' agencies', deadline_end"
                  "   FROM moved),"
                  " filings AS (INSERT INTO statistics.frozen_filing (month, version, agency, "
                  "obliged, reported, "
                  "zero, on_time, chain)"
                  "   SELECT f.month, f.version + 1, f.agency, f.obliged, f.reported OR l.agency "
                  "IS NOT NULL,"
                  "          f.zero OR COALESCE(l.zero, false), f.on_time OR l.agency IS NOT NULL,"
                  "          f.chain"
                  "   FROM moved m JOIN statistics.frozen_filing f ON f.month = m.month AND "
                  "f.version = m.version"
                  "   LEFT JOIN late l ON l.month = f.month AND l.agency = f.agency)"
                  " SELECT month FROM moved ORDER BY month",
                  params);
        std::vector<Month> months;
        for (int row = 0; row < rows.size(); ++row) months.push_back(rows.int4(row, 0));
        return months;
    }

    std::vector<std::string> to_be_told(UnitOfWork& work, Month month, Instant deadline_end,
                                        const std::string& kind, Instant now, int most) override {
        Params params;
        params.add(month).add(deadline_end).add(kind).add(now).add(static_cast<std::int32_t>(most));
        const auto rows =
            query(work,
                  "INSERT INTO statistics.deadline_notice (agency, month, kind, told_at)"
                  " SELECT f.agency, $1, $3, $4 FROM statistics.filing($1, $2) f WHERE "
                  "f.obliged AND NOT f.reported AND NOT EXISTS"
                  "  (SELECT 1 FROM statistics.deadline_notice n WHERE n.agency = f.agency AND "
                  "n.month = $1 AND n.kind = $3)"
                  " ORDER BY f.agency LIMIT $5 RETURNING agency",
                  params);
        std::vector<std::string> agencies;
        for (int row = 0; row < rows.size(); ++row) agencies.push_back(rows.string(row, 0));
        return agencies;
    }
};

}  // namespace

std::unique_ptr<domain::FilingStore> make_filing_store() {
    return std::make_unique<PostgresFilingStore>();
}

}  // namespace chaiqin::postgres::statistics
