#include "postgres/statistics/statistics_store.hpp"

#include <map>

#include "postgres/binary.hpp"

namespace chaiqin::postgres::statistics {

using domain::UnitOfWork;

namespace {

/// The furthest state's rank is part of an event's version: attempt * 16 + rank.
constexpr std::uint64_t counted_rank = 6;

const std::string added_to_month =
    " ON CONFLICT (agency, month) DO UPDATE SET leave = s.leave + excluded.leave,"
    " overtime = s.overtime + excluded.overtime,"
    " leave_minutes = s.leave_minutes + excluded.leave_minutes,"
    " overtime_minutes = s.overtime_minutes + excluded.overtime_minutes,"
    " (kind_type, records, minutes) = (SELECT * FROM statistics.added("
    "s.kind_type, s.records, s.minutes, excluded.kind_type, excluded.records, excluded.minutes))";

void add_counts(UnitOfWork& work, const Params& batches) {
    const std::string of_batches =
        "sum(records)::bigint AS records, sum(minutes)::bigint AS minutes"
        " FROM matching.count_delta WHERE batch_id = ANY ($1)";
    query(work,
          std::string("INSERT INTO statistics.agency_month AS s (agency, month, ") + month_values +
              ") " +
              as_months("SELECT agency, month, kind, type, " + of_batches +
                        " GROUP BY agency, month, kind, type") +
              " ORDER BY agency, month" + added_to_month,
          batches);
    query(work,
          "INSERT INTO statistics.national_month AS s (month, kind, type, records, minutes)"
          " SELECT month, kind, type, " +
              of_batches +
              " GROUP BY month, kind, type ORDER BY month, kind, type"
              " ON CONFLICT (month, kind, type) DO UPDATE SET records = s.records + "
              "excluded.records, minutes = s.minutes + excluded.minutes",
          batches);
}

void add_claims(UnitOfWork& work, const Params& batches) {
    query(work,
          "INSERT INTO statistics.claim AS c (agency, month, records, zero_reports, "
          "first_received_at, "
          "first_file_received_at)"
          " SELECT agency, month, COALESCE(sum(delta) FILTER (WHERE NOT zero_report), 0), "
          "COALESCE(sum(delta) FILTER (WHERE zero_report), 0),"
          "        min(received_at) FILTER (WHERE delta > 0), min(received_at) FILTER (WHERE delta "
          "> 0 AND "
          "NOT by_rematch)"
          " FROM matching.claim_delta WHERE batch_id = ANY ($1) GROUP BY agency, month ORDER BY "
          "agency, month"
          " ON CONFLICT (agency, month) DO UPDATE SET records = c.records + excluded.records, "
          "zero_reports = "
          "c.zero_reports + excluded.zero_reports,"
          " first_received_at = least(c.first_received_at, excluded.first_received_at),"
          " first_file_received_at = least(c.first_file_received_at, "
          "excluded.first_file_received_at)",
          batches);
}

void add_posts(UnitOfWork& work, const Params& batches) {
    query(work,
          "INSERT INTO statistics.post AS p (agency, month, delta)"
          " SELECT agency, month, sum(delta) FROM matching.post_delta WHERE batch_id = ANY ($1) "
          "GROUP BY "
          "agency, month ORDER BY agency, month"
          " ON CONFLICT (agency, month) DO UPDATE SET delta = p.delta + excluded.delta",
          batches);
}

class PostgresStatisticsStore final : public domain::StatisticsStore {
public:
    explicit PostgresStatisticsStore(bool applied_ids) : applied_ids_(applied_ids) {}

    domain::AppliedBatches apply(UnitOfWork& work, std::span<const std::int64_t> batch_ids,
                                 domain::Instant now) override {
        Params announced;
        announced.add_array(std::vector<std::int64_t>(batch_ids.begin(), batch_ids.end()));
        domain::AppliedBatches applied;
        applied.unknown =
            batch_ids.size() -
            static_cast<std::size_t>(
                query(work, "SELECT count(*) FROM matching.batch WHERE id = ANY ($1)", announced)
                    .int8(0, 0));
        const std::string insert =
            "INSERT INTO statistics.applied_batch (batch_id) SELECT id FROM matching.batch WHERE "
            "id = ANY "
            "($1) ON CONFLICT DO NOTHING RETURNING batch_id";
        const auto rows =
            query(work, applied_ids_ ? insert : "SELECT id FROM matching.batch WHERE id = ANY ($1)",
                  announced);
        for (int i = 0; i < rows.size(); ++i) applied.fresh.push_back(rows.int8(i, 0));
        if (applied.fresh.empty()) return applied;
        Params batches;
        batches.add_array(applied.fresh);
        add_counts(work, batches);
        add_claims(work, batches);
        add_posts(work, batches);
        Params at;
        at.add(now).add_array(applied.fresh);
        query(work,
              "UPDATE statistics.last_update SET updated_at = $1, in_operation_since ="
              " least(in_operation_since, (SELECT min(made_at) FROM matching.batch WHERE id = ANY "
              "($2)))",
              at);
        return applied;
    }

    std::vector<domain::SubmissionUpdated> mark_counted(UnitOfWork& work,
                                                        std::span<const domain::CountedFile> files,
                                                        domain::Instant now) override {
        std::vector<domain::SubmissionUpdated> events;
        if (files.empty()) return events;
        std::vector<std::string> ids;
        std::vector<std::int32_t> partial;
        std::map<std::string, const domain::CountedFile*> by_id;
        for (const auto& file : files) {
            if (!by_id.emplace(file.submission_id, &file).second) continue;
            ids.push_back(file.submission_id);
            partial.push_back(file.partial);
        }
        Params params;
        params.add_uuid_array(ids).add_array(partial).add(now);
        query(work,
              "INSERT INTO statistics.counted (submission_id, partial, counted_at) SELECT id, p <> "
              "0, $3 "
              "FROM unnest($1, $2) AS f(id, p)"
              " ON CONFLICT (submission_id) DO NOTHING",
              params);
        Params wished;
        wished.add_uuid_array(ids);
        const auto rows =
            query(work,
                  "SELECT s.submission_id, s.error_count + f.matcher_errors, s.warning_count + "
                  "f.matcher_warnings + f.t_warnings"
                  " FROM validation.submission s JOIN matching.file f USING (submission_id) "
                  "WHERE s.submission_id = ANY ($1)",
                  wished);
        for (int i = 0; i < rows.size(); ++i) {
            const auto& file = *by_id.at(rows.uuid(i, 0));
            domain::SubmissionUpdated event;
            event.submission_id = file.submission_id;
            event.agency = file.agency;
            event.version = file.attempt * 16 + counted_rank;
            event.state = file.partial ? "COUNTED_PARTIAL" : "COUNTED";
            event.received_at = file.received_at;
            event.occurred_at = now;
            event.total = file.total;
            event.invalid = file.invalid;
            event.unmatched = file.unmatched;
            event.counted = file.counted;
            event.error_count = static_cast<std::uint32_t>(rows.int8(i, 1));
            event.warning_count = static_cast<std::uint32_t>(rows.int8(i, 2));
            events.push_back(std::move(event));
        }
        return events;
    }

    std::vector<std::int64_t> missed(UnitOfWork& work, domain::Instant before, int most) override {
        Params params;
        params.add(before).add(static_cast<std::int32_t>(most));
        const auto rows =
            query(work,
                  "SELECT b.id FROM matching.batch b LEFT JOIN statistics.applied_batch a ON "
                  "a.batch_id = b.id"
                  " WHERE a.batch_id IS NULL AND b.made_at < $1 ORDER BY b.id LIMIT $2",
                  params);
        std::vector<std::int64_t> ids;
        for (int i = 0; i < rows.size(); ++i) ids.push_back(rows.int8(i, 0));
        return ids;
    }

    std::vector<domain::CountedFile> files_of(UnitOfWork& work,
                                              std::span<const std::int64_t> batch_ids) override {
        Params params;
        params.add_array(std::vector<std::int64_t>(batch_ids.begin(), batch_ids.end()));
        const auto rows =
            query(work,
                  "SELECT f.submission_id, s.attempt, f.agency, f.received_at, s.route, "
                  "f.total, f.invalid, f.unmatched, f.counted"
                  " FROM matching.file f JOIN validation.submission s USING (submission_id) "
                  "WHERE f.batch_id = ANY ($1)",
                  params);
        std::vector<domain::CountedFile> files;
        for (int i = 0; i < rows.size(); ++i) {
            domain::CountedFile file;
            file.submission_id = rows.uuid(i, 0);
            file.attempt = static_cast<std::uint32_t>(rows.int4(i, 1));
            file.agency = rows.string(i, 2);
            file.received_at = rows.instant(i, 3);
            file.route = rows.string(i, 4);
            file.total = static_cast<std::uint32_t>(rows.int4(i, 5));
            file.invalid = static_cast<std::uint32_t>(rows.int4(i, 6));
            file.unmatched = static_cast<std::uint32_t>(rows.int4(i, 7));
            file.counted = static_cast<std::uint32_t>(rows.int4(i, 8));
            file.partial = file.invalid > 0;
            files.push_back(std::move(file));
        }
        return files;
    }

    std::int64_t conservation_difference(UnitOfWork& work) override {
        return query(
                   work,
                   "SELECT COALESCE((SELECT sum(counted)::bigint FROM matching.file), 0)"
                   " - COALESCE((SELECT sum(leave + overtime)::bigint FROM "
                   "statistics.agency_month), 0)"
                   " - COALESCE((SELECT sum(d.records)::bigint FROM matching.batch b JOIN "
                   "matching.count_delta d ON d.batch_id = b.id"
                   "             WHERE NOT EXISTS (SELECT 1 FROM statistics.applied_batch a WHERE "
                   "a.batch_id = b.id)), 0)")
            .int8(0, 0);
    }

private:
    bool applied_ids_;
};

}  // namespace

std::string as_months(const std::string& counts) {
    const auto sum = [](const char* of, const char* kind) {
        return std::string("COALESCE(sum(") + of + ") FILTER (WHERE kind = " + kind +
               "), 0)::bigint AS ";
    };
    return "SELECT agency, month, " + sum("records", "0") + "leave, " + sum("records", "1") +
           "overtime, " + sum("minutes", "0") + "leave_minutes, " + sum("minutes", "1") +
           "overtime_minutes,"
           " array_agg((kind * 256 + type)::smallint) AS kind_type, array_agg(records) AS records,"
           " array_agg(minutes) AS minutes FROM (SELECT * FROM (" +
           counts +
           ") c WHERE records <> 0 OR minutes <> 0 ORDER BY agency, month, kind, type) c"
           " GROUP BY agency, month";
}

std::unique_ptr<domain::StatisticsStore> make_statistics_store(bool applied_ids) {
    return std::make_unique<PostgresStatisticsStore>(applied_ids);
}

}  // namespace chaiqin::postgres::statistics
