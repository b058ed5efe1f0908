#include "postgres/matching/matching_store.hpp"

#include <unordered_map>

#include "domain/topics.hpp"
#include "postgres/binary.hpp"
#include "postgres/matching/file_rows.hpp"
#include "postgres/matching/line_columns.hpp"

namespace chaiqin::postgres::matching {

namespace {

using domain::FileToMatch;
using domain::UnitOfWork;

std::vector<std::string> copied(std::span<const std::string> texts) {
    return {texts.begin(), texts.end()};
}

std::vector<domain::Outcome> outcomes(const Rows& rows, int row, int column) {
    const auto values = rows.int2_array(row, column);
    return {values.begin(), values.end()};
}

/// Columns of the wanted lines of files as `SELECT …` of `at`; $1 submissions, $2 and $3 where in
/// $4 each one's lines stand. Each column is taken out of its storage once (that is what adding
/// nothing to it does), and only the elements are sent.
constexpr const char* attribution_at =
    " FROM (SELECT r.*, r.line || '' AS lines, r.claimed_org || '' AS claimed,"
    "  r.day_count || '' AS day_counts, r.day || '{}' AS days, r.minutes || '{}' AS all_minutes,"
    "  r.kind_type || '{}' AS kinds, r.org || '{}' AS all_orgs, r.outcome || '{}' AS outcomes,"
    "  ($4::int[])[w.begins:w.ends] AS wanted"
    "  FROM unnest($1::uuid[], $2::int[], $3::int[]) AS w (submission_id, begins, ends)"
    "  JOIN matching.file_record r USING (submission_id) OFFSET 0) f"
    " CROSS JOIN LATERAL (SELECT array_agg(f.days[i]), array_agg(f.all_minutes[i]),"
    "  array_agg(f.kinds[i]), array_agg(f.all_orgs[i]), array_agg(f.outcomes[i]),"
    "  string_agg(substring(f.lines FROM 4 * i - 3 FOR 4), ''),"
    "  string_agg(substring(f.claimed FROM 4 * i - 3 FOR 4), ''),"
    "  string_agg(substring(f.day_counts FROM 4 * i - 3 FOR 4), '')"
    "  FROM unnest(f.wanted) AS i) at";

/// The same for identity and record_seq. Labels are joined texts: f.record_no, f.masked_person_id.
constexpr const char* labels_at =
    " FROM (SELECT r.submission_id, r.record_no, r.masked_person_id, r.identity || '' AS "
    "identities,"
    "  r.record_seq || '' AS seqs, ($4::int[])[w.begins:w.ends] AS wanted"
    "  FROM unnest($1::uuid[], $2::int[], $3::int[]) AS w (submission_id, begins, ends)"
    "  JOIN matching.file_record r USING (submission_id) OFFSET 0) f"
    " CROSS JOIN LATERAL (SELECT string_agg(substring(f.identities FROM 8 * i - 7 FOR 8), ''),"
    "  string_agg(substring(f.seqs FROM 4 * i - 3 FOR 4), '') FROM unnest(f.wanted) AS i) at";

std::vector<domain::NotedLine> noted_lines_at(const Rows& rows, int row, int column) {
    std::vector<domain::NotedLine> lines;
    if (rows.is_null(row, column)) return lines;
    const auto position = rows.int4_array(row, column), index = rows.int4_array(row, column + 1);
    const auto identity = rows.int8_array(row, column + 2),
               token = rows.int8_array(row, column + 3);
    const auto day = rows.int4_array(row, column + 4);
    const auto kind_type = rows.int2_array(row, column + 5);
    const auto outcome = outcomes(rows, row, column + 6);
    const auto claimed_org = rows.text_array(row, column + 7),
               org = rows.text_array(row, column + 8), record_no = rows.text_array(row, column + 9);
    const auto record_seq = rows.int4_array(row, column + 10);
    const auto person_id = rows.text_array(row, column + 11);
    for (std::size_t at = 0; at < position.size(); ++at)
        lines.push_back({position[at], index.at(at), static_cast<std::uint64_t>(identity.at(at)),
                         static_cast<std::uint64_t>(token.at(at)), day.at(at), kind_type.at(at),
                         outcome.at(at), claimed_org.at(at), org.at(at), record_no.at(at),
                         static_cast<std::uint32_t>(record_seq.at(at)), person_id.at(at)});
    return lines;
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

    std::vector<domain::JudgedFile> files_to_judge(
        UnitOfWork& work, std::span<const std::string> submissions) override {
        Params params;
        params.add_uuid_array(copied(submissions));
        const auto rows = query(work,
                                "SELECT submission_id, agency, received_at, orgs, day, minutes, "
                                "kind_type, org, outcome, identity, token, content, revision"
                                " FROM matching.file_record WHERE submission_id = ANY($1::uuid[])",
                                params);
        std::vector<domain::JudgedFile> files(static_cast<std::size_t>(rows.size()));
        for (int row = 0; row < rows.size(); ++row) {
            auto& file = files[static_cast<std::size_t>(row)];
            file.head = head_at(rows, row);
            file.lines.resize(rows.int4_array(row, 4).size());
            int number = 4;
            domain::each_column(domain::judged_columns, [&](const auto& column) {
                read_column(rows, row, number++, file.lines, column);
            });
        }
        return files;
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
        const auto rows = query_prepared(
            work,
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

    std::vector<domain::PersonPrefixes> person_prefixes(
        UnitOfWork& work, std::span<const int> slots,
        const std::function<bool(std::uint32_t)>& wanted) override {
        Params params;
        params.add_array(std::vector<std::int32_t>(slots.begin(), slots.end()));
        const auto rows = query_prepared(
            work,
            "SELECT submission_id, prefix FROM matching.person_prefix WHERE slot = ANY($1::int[])",
            params);
        std::vector<domain::PersonPrefixes> all;
        std::vector<std::uint32_t> found;
        for (int row = 0; row < rows.size(); ++row) {
            found.clear();
            each_unpacked<std::uint32_t>(rows.text(row, 1), [&](std::uint32_t prefix) {
                if (wanted(prefix)) found.push_back(prefix);
            });
            if (!found.empty()) all.push_back({rows.uuid(row, 0), found});
        }
        return all;
    }

    std::vector<FileToMatch> lines_to_match(
        UnitOfWork& work, std::span<const std::string> submissions,
        const std::function<bool(std::uint64_t)>& wanted) override {
        auto files = lines_of_persons(work, submissions, wanted);
        if (files.empty()) return files;
        std::unordered_map<std::string, FileToMatch*> by_id;
        for (auto& file : files) by_id.emplace(file.head.submission_id, &file);
        const auto rows = query_prepared(work,
                                         std::string("SELECT f.submission_id, f.agency, "
                                                     "f.received_at, f.orgs, f.leave_lines, at.*") +
                                             attribution_at,
                                         lines_of(files));
        for (int row = 0; row < rows.size(); ++row) {
            auto& file = *by_id.at(rows.uuid(row, 0));
            file.head = head_at(rows, row);
            file.leave_lines = static_cast<std::uint32_t>(rows.int4(row, 4));
            int number = 5;
            domain::each_column(domain::columns_to_match, [&](const auto& column) {
                read_column(rows, row, number++, file.lines, column);
            });
        }
        return files;
    }

    std::vector<domain::StoredNotes> read_noted(UnitOfWork& work,
                                                std::span<const FileToMatch> files) override {
        std::unordered_map<std::string, std::size_t> place;
        for (const auto& file : files) place.emplace(file.head.submission_id, place.size());
        const auto rows =
            query_prepared(work,
                           std::string("SELECT f.submission_id, at.*, f.record_no,"
                                       " f.masked_person_id, m.data_month,"
                                       " n.\"position\", n.index, n.identity, n.token, n.day,"
                                       " n.kind_type, n.outcome, n.claimed_org, n.org,"
                                       " n.record_no, n.record_seq, n.person_id") +
                               labels_at +
                               " JOIN matching.file m USING (submission_id)"
                               " LEFT JOIN matching.noted n USING (submission_id)",
                           lines_of(files));
        std::vector<domain::StoredNotes> stored(files.size());
        for (int row = 0; row < rows.size(); ++row) {
            const auto at = place.at(rows.uuid(row, 0));
            const auto& [head, leave_lines, lines] = files[at];
            stored[at].labels = labels_at_row(rows, row, lines);
            stored[at].noted = {head.submission_id, head.agency, head.received_at,
                                rows.int4(row, 5), noted_lines_at(rows, row, 6)};
        }
        return stored;
    }

    std::int64_t write(UnitOfWork& work, std::int32_t partition, domain::Instant now,
                       const domain::RematchEffects& effects) override {
        Params params;
        params.add(effects.to).add(partition).add(effects.from).add(domain::topics::file_validated);
        const auto moved =
            query(work,
                  "UPDATE matching.progress SET change_no = $1 WHERE stage = 'agency_matcher' "
                  "AND topic = $4 AND partition = $2 AND change_no = $3",
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
    /// $1 to $4 of attribution_at and labels_at.
    static Params lines_of(std::span<const FileToMatch> files) {
        std::vector<std::string> submissions;
        Flattened<std::int32_t> lines;
        for (const auto& file : files) {
            submissions.push_back(file.head.submission_id);
            lines.add(values_of<std::int32_t>(
                file.lines, [](const auto& line) { return subscript(line.position); }));
        }
        Params params;
        params.add_uuid_array(submissions).add_array(lines.begin).add_array(lines.end);
        params.add_array(lines.values);
        return params;
    }
    /// The files that hold lines of such persons; of the lines only position and token.
    static std::vector<FileToMatch> lines_of_persons(
        UnitOfWork& work, std::span<const std::string> submissions,
        const std::function<bool(std::uint64_t)>& wanted) {
        Params params;
        params.add_uuid_array(copied(submissions));
        const auto rows = query_prepared(work,
                                         "SELECT submission_id, token FROM matching.file_record"
                                         " WHERE submission_id = ANY($1::uuid[])",
                                         params);
        std::vector<FileToMatch> files;
        for (int row = 0; row < rows.size(); ++row) {
            FileToMatch file;
            std::uint32_t position = 0;
            each_unpacked<std::uint64_t>(rows.text(row, 1), [&](std::uint64_t token) {
                if (wanted(token)) {
                    auto& line = file.lines.emplace_back();
                    line.position = position;
                    line.token = token;
                }
                ++position;
            });
            if (file.lines.empty()) continue;
            file.head.submission_id = rows.uuid(row, 0);
            files.push_back(std::move(file));
        }
        return files;
    }

    /// submission_id, agency, received_at, orgs
    static domain::FileHead head_at(const Rows& rows, int row) {
        return {rows.uuid(row, 0), rows.string(row, 1), rows.instant(row, 2),
                rows.text_array(row, 3)};
    }
    /// identity and record_seq of the lines, record_no and masked_person_id of the whole file
    static std::vector<domain::LineLabels> labels_at_row(
        const Rows& rows, int row, const std::vector<domain::LineToMatch>& lines) {
        const auto identity = unpacked<std::uint64_t>(rows.text(row, 1));
        const auto record_seq = unpacked<std::uint32_t>(rows.text(row, 2));
        JoinedTexts record_no(rows.text(row, 3)), masked_person_id(rows.text(row, 4));
        std::vector<domain::LineLabels> labels;
        for (std::size_t at = 0; at < lines.size(); ++at)
            labels.push_back({identity.at(at), record_seq.at(at),
                              std::string(record_no.at(lines[at].position)),
                              std::string(masked_person_id.at(lines[at].position))});
        return labels;
    }
};

}  // namespace

std::unique_ptr<domain::MatchingStore> make_matching_store() {
    return std::make_unique<PostgresMatchingStore>();
}

}  // namespace chaiqin::postgres::matching
