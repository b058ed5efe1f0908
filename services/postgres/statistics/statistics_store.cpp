#include "postgres/statistics/statistics_store.hpp"

#include <map>

#include "postgres/binary.hpp"
#include "postgres/statistics/counts.sql.hpp"

namespace chaiqin::postgres::statistics {

using domain::UnitOfWork;

namespace {

Params ids_of(std::span<const std::int64_t> batch_ids) {
    Params params;
    params.add_array(std::vector<std::int64_t>(batch_ids.begin(), batch_ids.end()));
    return params;
}

class PostgresStatisticsStore final : public domain::StatisticsStore {
public:
    explicit PostgresStatisticsStore(bool applied_ids) : applied_ids_(applied_ids) {}

    domain::AppliedBatches apply(UnitOfWork& work, std::span<const std::int64_t> batch_ids,
                                 domain::Instant now) override {
        const auto announced = ids_of(batch_ids);
        const auto known = query(work, sql::known_batches, announced);
        domain::AppliedBatches applied;
        applied.unknown = batch_ids.size() - static_cast<std::size_t>(known.size());
        if (applied_ids_) {
            for (const auto row : query(work, sql::note_applied_batches, announced))
                applied.fresh.push_back(row.int8("batch_id"));
        } else {
            for (const auto row : known) applied.fresh.push_back(row.int8("id"));
        }
        if (applied.fresh.empty()) return applied;
        const auto batches = ids_of(applied.fresh);
        query(work, sql::add_counts, batches);
        query(work, sql::add_national_counts, batches);
        query(work, sql::add_claims, batches);
        query(work, sql::add_posts, batches);
        Params at;
        at.add(now).add_array(applied.fresh);
        query(work, sql::note_update, at);
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
        query(work, sql::note_counted_files, params);
        Params wished;
        wished.add_uuid_array(ids);
        for (const auto row : query(work, sql::findings_of_files, wished)) {
            const auto& file = *by_id.at(row.uuid("submission_id"));
            domain::SubmissionUpdated event;
            event.submission_id = file.submission_id;
            event.agency = file.agency;
            event.version = {file.attempt, file.partial ? domain::SubmissionState::counted_partial
                                                        : domain::SubmissionState::counted};
            event.received_at = file.received_at;
            event.occurred_at = now;
            event.total = file.total;
            event.invalid = file.invalid;
            event.unmatched = file.unmatched;
            event.counted = file.counted;
            event.deletion = static_cast<std::uint32_t>(row.int8("deletion"));
            event.unchanged = static_cast<std::uint32_t>(row.int8("unchanged"));
            event.stale = static_cast<std::uint32_t>(row.int8("stale"));
            event.superseded = static_cast<std::uint32_t>(row.int8("superseded"));
            event.error_count = static_cast<std::uint32_t>(row.int8("error_count"));
            event.warning_count = static_cast<std::uint32_t>(row.int8("warning_count"));
            events.push_back(std::move(event));
        }
        return events;
    }

    std::vector<std::int64_t> missed(UnitOfWork& work, domain::Instant before, int most) override {
        Params params;
        params.add(before).add(static_cast<std::int32_t>(most));
        std::vector<std::int64_t> ids;
        for (const auto row : query(work, sql::missed_batches, params))
            ids.push_back(row.int8("id"));
        return ids;
    }

    std::vector<domain::CountedFile> files_of(UnitOfWork& work,
                                              std::span<const std::int64_t> batch_ids) override {
        std::vector<domain::CountedFile> files;
        for (const auto row : query(work, sql::files_of_batches, ids_of(batch_ids))) {
            domain::CountedFile file;
            file.submission_id = row.uuid("submission_id");
            file.attempt = static_cast<std::uint32_t>(row.int4("attempt"));
            file.agency = row.string("agency");
            file.received_at = row.instant("received_at");
            file.route = row.string("route");
            file.total = static_cast<std::uint32_t>(row.int4("total"));
            file.invalid = static_cast<std::uint32_t>(row.int4("invalid"));
            file.unmatched = static_cast<std::uint32_t>(row.int4("unmatched"));
            file.counted = static_cast<std::uint32_t>(row.int4("counted"));
            file.partial = file.invalid > 0;
            files.push_back(std::move(file));
        }
        return files;
    }

    std::int64_t conservation_difference(UnitOfWork& work) override {
        return query(work, sql::conservation_difference).only().int8("difference");
    }

private:
    bool applied_ids_;
};

}  // namespace

std::unique_ptr<domain::StatisticsStore> make_statistics_store(bool applied_ids) {
    return std::make_unique<PostgresStatisticsStore>(applied_ids);
}

}  // namespace chaiqin::postgres::statistics
