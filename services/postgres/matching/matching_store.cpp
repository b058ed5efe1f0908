#include "postgres/matching/matching_store.hpp"

#include <unordered_map>

#include "postgres/binary.hpp"
#include "postgres/matching/file_rows.hpp"
#include "postgres/matching/packed.hpp"

namespace chaiqin::postgres {

namespace {

using domain::FileRecord;
using domain::UnitOfWork;

std::vector<std::string> copied(std::span<const std::string> texts) {
    return {texts.begin(), texts.end()};
}

std::vector<domain::Outcome> outcomes(const Rows& rows, int row, int column) {
    const auto values = rows.int2_array(row, column);
    return {values.begin(), values.end()};
}

class PostgresMatchingStore final : public domain::MatchingStore {
public:
    std::vector<domain::IdentityPrefixes> identity_prefixes(
        UnitOfWork& work, std::span<const std::string> agencies) override {
        Params params;
        params.add_array(copied(agencies));
        const auto rows = query_prepared(
            work,
            "SELECT id, agency, submissions, prefix, owner FROM matching.identity_prefix"
            " WHERE agency = ANY($1::text[]) ORDER BY agency, id",
            params);
        std::vector<domain::IdentityPrefixes> all;
        all.reserve(static_cast<std::size_t>(rows.size()));
        for (int row = 0; row < rows.size(); ++row)
            all.push_back({rows.int8(row, 0), rows.string(row, 1), rows.text_array(row, 2),
                           unpacked<std::uint32_t>(rows.text(row, 3)),
                           unpacked<std::uint16_t>(rows.text(row, 4))});
        return all;
    }

    std::vector<FileRecord> files_to_judge(UnitOfWork& work,
                                           std::span<const std::string> submissions) override {
        Params params;
        params.add_uuid_array(copied(submissions));
        const auto rows = query(work,
                                "SELECT submission_id, agency, slot, received_at, orgs, identity, "
                                "token, content, revision,"
                                " day, minutes, kind_type, org, outcome FROM matching.file_record"
                                " WHERE submission_id = ANY($1::uuid[])",
                                params);
        std::vector<FileRecord> records(static_cast<std::size_t>(rows.size()));
        for (int row = 0; row < rows.size(); ++row) {
            auto& record = records[static_cast<std::size_t>(row)];
            read_head(rows, row, record);
            record.identity = unpacked<std::uint64_t>(rows.text(row, 5));
            record.token = unpacked<std::uint64_t>(rows.text(row, 6));
            record.content = unpacked<std::uint64_t>(rows.text(row, 7));
            record.revision = unpacked<std::uint32_t>(rows.text(row, 8));
            read_arrays(rows, row, record, 9);
        }
        return records;
    }

    std::vector<domain::OpenFindings> open_findings(
        UnitOfWork& work, std::span<const std::string> agencies) override {
        Params params;
        params.add_array(copied(agencies));
        const auto rows = query_prepared(
            work,
            "SELECT submission_id, agency, identity, later_than FROM matching.open_finding"
            " WHERE agency = ANY($1::text[])",
            params);
        std::vector<domain::OpenFindings> all;
        for (int row = 0; row < rows.size(); ++row)
            all.push_back({rows.uuid(row, 0), rows.string(row, 1),
                           unpacked<std::uint64_t>(rows.text(row, 2)),
                           rows.optional_instant(row, 3)});
        return all;
    }

    std::vector<domain::OpenFindings> rejected_findings(
        UnitOfWork& work, std::span<const std::string> agencies) override {
        Params params;
        params.add_array(copied(agencies));
        const auto rows = query_prepared(
            work,
            "SELECT s.submission_id, s.agency, s.received_at, COALESCE((SELECT "
            "array_agg(f.identity)"
            " FROM validation.finding f WHERE f.submission_id = s.submission_id"
            " AND f.identity IS NOT NULL), '{}')"
            " FROM validation.submission s WHERE s.agency = ANY($1::text[])"
            " AND s.verdict = 'REJECTED_FILE' AND NOT EXISTS (SELECT 1"
            " FROM matching.rejected_seen r WHERE r.submission_id = s.submission_id)",
            params);
        std::vector<domain::OpenFindings> all;
        for (int row = 0; row < rows.size(); ++row) {
            const auto identities = rows.int8_array(row, 3);
            all.push_back({rows.uuid(row, 0),
                           rows.string(row, 1),
                           {identities.begin(), identities.end()},
                           rows.instant(row, 2)});
        }
        return all;
    }

    std::vector<domain::OpenFindings> warned_lines(
        UnitOfWork& work, std::span<const std::string> submissions) override {
        Params params;
        params.add_uuid_array(copied(submissions));
        const auto rows =
            query(work,
                  "SELECT submission_id, array_agg(identity) FROM validation.finding"
                  " WHERE submission_id = ANY($1::uuid[]) AND severity = 1 AND identity IS NOT NULL"
                  " GROUP BY submission_id",
                  params);
        std::vector<domain::OpenFindings> all;
        for (int row = 0; row < rows.size(); ++row) {
            const auto identities = rows.int8_array(row, 1);
            all.push_back({rows.uuid(row, 0), {}, {identities.begin(), identities.end()}, {}});
        }
        return all;
    }

    std::int64_t write(UnitOfWork& work, std::int32_t partition, domain::Instant now,
                       const domain::FileBatchEffects& effects) override {
        const auto batch_id = insert_batch(work, partition, now, false);
        copy_files(work, batch_id, now, effects.files);
        copy_records(work, effects.files);
        copy_person_prefixes(work, effects.files);
        if (!effects.merged_away.empty()) {
            Params params;
            params.add_array(effects.merged_away);
            query(work, "DELETE FROM matching.identity_prefix WHERE id = ANY($1::bigint[])",
                  params);
        }
        if (!effects.prefixes.empty()) copy_identity_prefixes(work, effects.prefixes);
        if (!effects.noted.empty()) copy_noted(work, effects.noted);
        change_files(work, effects.changes);
        copy_findings(work, effects);
        move_open_findings(work, effects);
        copy_counts(work, batch_id, effects.counts);
        copy_claims(work, batch_id, false, effects.claims);
        return batch_id;
    }

    std::vector<domain::CareerChange> career_changes(UnitOfWork& work, std::int64_t from,
                                                     std::int64_t to, std::size_t limit) override {
        Params params;
        params.add(from).add(to).add(static_cast<std::int64_t>(limit));
        const auto rows =
            query(work,
                  "SELECT COALESCE(array_agg(change_no), '{}'), COALESCE(array_agg(token), '{}'),"
                  " COALESCE(array_agg(load_no), '{}')"
                  " FROM (SELECT change_no, token, load_no FROM matching.table19_change"
                  " WHERE change_no > $1 AND change_no <= $2 ORDER BY change_no LIMIT $3) c",
                  params);
        const auto change_no = rows.int8_array(0, 0), token = rows.int8_array(0, 1),
                   load_no = rows.int8_array(0, 2);
        std::vector<domain::CareerChange> changes;
        changes.reserve(change_no.size());
        for (std::size_t at = 0; at < change_no.size(); ++at)
            changes.push_back({change_no[at], static_cast<std::uint64_t>(token[at]), load_no[at]});
        return changes;
    }

    std::vector<domain::PersonPrefixes> person_prefixes(UnitOfWork& work,
                                                        std::span<const int> slots) override {
        Params params;
        params.add_array(std::vector<std::int32_t>(slots.begin(), slots.end()));
        const auto rows = query(
            work,
            "SELECT submission_id, prefix FROM matching.person_prefix WHERE slot = ANY($1::int[])",
            params);
        std::vector<domain::PersonPrefixes> all;
        all.reserve(static_cast<std::size_t>(rows.size()));
        for (int row = 0; row < rows.size(); ++row)
            all.push_back({rows.uuid(row, 0), unpacked<std::uint32_t>(rows.text(row, 1))});
        return all;
    }

    std::vector<FileRecord> files_to_match(UnitOfWork& work,
                                           std::span<const std::string> submissions) override {
        Params params;
        params.add_uuid_array(copied(submissions));
        const auto rows =
            query(work,
                  "SELECT submission_id, agency, slot, received_at, orgs, leave_lines, line, "
                  "token, claimed_org,"
                  " day_count, day, minutes, kind_type, org, outcome FROM matching.file_record"
                  " WHERE submission_id = ANY($1::uuid[])",
                  params);
        std::vector<FileRecord> records(static_cast<std::size_t>(rows.size()));
        for (int row = 0; row < rows.size(); ++row) {
            auto& record = records[static_cast<std::size_t>(row)];
            read_head(rows, row, record);
            record.leave_lines = static_cast<std::uint32_t>(rows.int4(row, 5));
            record.line = unpacked<std::uint32_t>(rows.text(row, 6));
            record.token = unpacked<std::uint64_t>(rows.text(row, 7));
            record.claimed_org = unpacked<std::uint32_t>(rows.text(row, 8));
            record.day_count = unpacked<std::uint32_t>(rows.text(row, 9));
            read_arrays(rows, row, record, 10);
        }
        return records;
    }

    std::vector<domain::Month> read_labels(UnitOfWork& work,
                                           std::span<FileRecord*> records) override {
        std::vector<std::string> submissions;
        std::unordered_map<std::string, std::size_t> place;
        for (auto* record : records) {
            place.emplace(record->submission_id, submissions.size());
            submissions.push_back(record->submission_id);
        }
        Params params;
        params.add_uuid_array(submissions);
        const auto rows =
            query(work,
                  "SELECT r.submission_id, r.identity, r.record_no, r.record_seq, "
                  "r.masked_person_id, f.data_month"
                  " FROM matching.file_record r JOIN matching.file f USING (submission_id)"
                  " WHERE r.submission_id = ANY($1::uuid[])",
                  params);
        std::vector<domain::Month> months(records.size());
        for (int row = 0; row < rows.size(); ++row) {
            const auto at = place.at(rows.uuid(row, 0));
            auto& record = *records[at];
            record.identity = unpacked<std::uint64_t>(rows.text(row, 1));
            record.record_no = split(rows.text(row, 2), record.line.size());
            record.record_seq = unpacked<std::uint32_t>(rows.text(row, 3));
            record.masked_person_id = split(rows.text(row, 4), record.line.size());
            months[at] = rows.int4(row, 5);
        }
        return months;
    }

    std::int64_t write(UnitOfWork& work, std::int32_t partition, domain::Instant now,
                       const domain::RematchEffects& effects) override {
        Params params;
        params.add(effects.to).add(partition).add(effects.from);
        const auto moved =
            query(work,
                  "UPDATE matching.progress SET change_no = $1 WHERE stage = 'agency_matcher' "
                  "AND topic = 'chaiqin.file.validated.v1'"
                  " AND partition = $2 AND change_no = $3",
                  params);
        if (moved.affected() != 1)
            throw domain::TransientFailure("the cursor of the partition has moved in between");
        change_files(work, effects.changes);
        replace_noted(work, effects.noted);
        copy_history(work, effects.to, now, effects.history);
        if (!effects.changes_counts()) return 0;
        const auto batch_id = insert_batch(work, partition, now, true);
        copy_counts(work, batch_id, effects.counts);
        copy_claims(work, batch_id, true, effects.claims);
        return batch_id;
    }

private:
    /// submission_id, agency, slot, received_at, orgs
    static void read_head(const Rows& rows, int row, FileRecord& record) {
        record.submission_id = rows.uuid(row, 0);
        record.agency = rows.string(row, 1);
        record.slot = rows.int4(row, 2);
        record.received_at = rows.instant(row, 3);
        record.orgs = rows.text_array(row, 4);
    }
    /// day, minutes, kind_type, org, outcome from `column` on
    static void read_arrays(const Rows& rows, int row, FileRecord& record, int column) {
        record.day = rows.int4_array(row, column);
        record.minutes = rows.int4_array(row, column + 1);
        record.kind_type = rows.int2_array(row, column + 2);
        record.org = rows.int4_array(row, column + 3);
        record.outcome = outcomes(rows, row, column + 4);
    }
};

}  // namespace

std::unique_ptr<domain::MatchingStore> make_matching_store() {
    return std::make_unique<PostgresMatchingStore>();
}

}  // namespace chaiqin::postgres
