#include "postgres/matching/matching_store.hpp"

#include <unordered_map>

#include "domain/topics.hpp"
#include "postgres/binary.hpp"
#include "postgres/matching/batches.sql.hpp"
#include "postgres/matching/file_rows.hpp"
#include "postgres/matching/findings.sql.hpp"
#include "postgres/matching/line_columns.hpp"

namespace chaiqin::postgres::matching {

namespace {

using domain::FileToMatch;
using domain::UnitOfWork;

Params with_texts(std::span<const std::string> texts) {
    Params params;
    params.add_array(std::vector<std::string>(texts.begin(), texts.end()));
    return params;
}
Params with_uuids(std::span<const std::string> uuids) {
    Params params;
    params.add_uuid_array(std::vector<std::string>(uuids.begin(), uuids.end()));
    return params;
}

domain::FileHead head_of(const Row& row) {
    return {row.uuid("submission_id"), row.string("agency"), row.instant("received_at"),
            row.text_array("orgs")};
}

std::vector<domain::NotedLine> noted_lines_of(const Row& row) {
    std::vector<domain::NotedLine> lines;
    if (row.is_null("noted_position")) return lines;
    const auto position = row.int4_array("noted_position"), index = row.int4_array("noted_index");
    const auto identity = row.int8_array("noted_identity"), token = row.int8_array("noted_token");
    const auto day = row.int4_array("noted_day");
    const auto kind_type = row.int2_array("noted_kind_type"),
               outcome = row.int2_array("noted_outcome");
    const auto claimed_org = row.text_array("noted_claimed_org"), org = row.text_array("noted_org"),
               record_no = row.text_array("noted_record_no");
    const auto record_seq = row.int4_array("noted_record_seq");
    const auto person_id = row.text_array("noted_person_id");
    for (std::size_t at = 0; at < position.size(); ++at)
        lines.push_back({position[at], index.at(at), static_cast<std::uint64_t>(identity.at(at)),
                         static_cast<std::uint64_t>(token.at(at)), day.at(at), kind_type.at(at),
                         static_cast<domain::LineOutcome>(outcome.at(at)), claimed_org.at(at),
                         org.at(at), record_no.at(at),
                         static_cast<std::uint32_t>(record_seq.at(at)), person_id.at(at)});
    return lines;
}

/// identity and record_seq of just these lines, record_no and masked_person_id of the whole file.
std::vector<domain::LineLabels> labels_of(const Row& row,
                                          const std::vector<domain::LineToMatch>& lines) {
    const auto identity = unpacked<std::uint64_t>(row.text("identity"));
    const auto record_seq = unpacked<std::uint32_t>(row.text("record_seq"));
    JoinedTexts record_no(row.text("record_no")), masked_person_id(row.text("masked_person_id"));
    std::vector<domain::LineLabels> labels;
    for (std::size_t at = 0; at < lines.size(); ++at)
        labels.push_back({identity.at(at), record_seq.at(at),
                          std::string(record_no.at(lines[at].position)),
                          std::string(masked_person_id.at(lines[at].position))});
    return labels;
}

/// Parameters $1 to $4 of lines_to_match and notes_of_files.
Params lines_of(std::span<const FileToMatch> files) {
    Flattened<std::int32_t> lines;
    for (const auto& file : files)
        lines.add(values_of<std::int32_t>(
            file.lines, [](const auto& line) { return subscript(line.position); }));
    Params params;
    params.add_uuid_column(files, [](const auto& file) { return file.head.submission_id; });
    params.add_array(lines.begin).add_array(lines.end).add_array(lines.values);
    return params;
}

/// The files that hold lines of such persons; of the lines only position and token.
std::vector<FileToMatch> lines_of_persons(UnitOfWork& work,
                                          std::span<const std::string> submissions,
                                          const std::function<bool(std::uint64_t)>& wanted) {
    std::vector<FileToMatch> files;
    const auto rows = query_prepared(work, sql::tokens_of_files, with_uuids(submissions));
    for (const auto row : rows) {
        FileToMatch file;
        std::uint32_t position = 0;
        each_unpacked<std::uint64_t>(row.text("token"), [&](std::uint64_t token) {
            if (wanted(token)) {
                auto& line = file.lines.emplace_back();
                line.position = position;
                line.token = token;
            }
            ++position;
        });
        if (file.lines.empty()) continue;
        file.head.submission_id = row.uuid("submission_id");
        files.push_back(std::move(file));
    }
    return files;
}

class PostgresMatchingStore final : public domain::MatchingStore {
public:
    std::vector<domain::IdentityPrefixes> identity_prefixes(
        UnitOfWork& work, std::span<const std::string> agencies) override {
        std::vector<domain::IdentityPrefixes> all;
        const auto rows = query_prepared(work, sql::identity_prefixes, with_texts(agencies));
        all.reserve(static_cast<std::size_t>(rows.size()));
        for (const auto row : rows)
            all.push_back({row.int8("id"), row.string("agency"), row.text_array("submissions"),
                           unpacked<std::uint32_t>(row.text("prefix")),
                           unpacked<std::uint16_t>(row.text("owner"))});
        return all;
    }

    std::vector<domain::JudgedFile> files_to_judge(
        UnitOfWork& work, std::span<const std::string> submissions) override {
        std::vector<domain::JudgedFile> files;
        const auto rows = query(work, sql::files_to_judge, with_uuids(submissions));
        for (const auto row : rows) {
            auto& file = files.emplace_back();
            file.head = head_of(row);
            file.lines.resize(row.int4_array("day").size());
            domain::each_column(domain::judged_columns,
                                [&](const auto& column) { read_column(row, file.lines, column); });
        }
        return files;
    }

    std::vector<domain::OpenFindings> open_findings(
        UnitOfWork& work, std::span<const std::string> agencies) override {
        std::vector<domain::OpenFindings> all;
        const auto rows = query_prepared(work, sql::open_findings, with_texts(agencies));
        for (const auto row : rows)
            all.push_back({row.uuid("submission_id"), row.string("agency"),
                           unpacked<std::uint64_t>(row.text("identity")),
                           row.optional_instant("later_than")});
        return all;
    }

    std::vector<domain::OpenFindings> rejected_findings(
        UnitOfWork& work, std::span<const std::string> agencies) override {
        std::vector<domain::OpenFindings> all;
        const auto rows = query_prepared(work, sql::rejected_findings, with_texts(agencies));
        for (const auto row : rows) {
            const auto identities = row.int8_array("identity");
            all.push_back({row.uuid("submission_id"),
                           row.string("agency"),
                           {identities.begin(), identities.end()},
                           row.instant("received_at")});
        }
        return all;
    }

    std::vector<domain::OpenFindings> warned_lines(
        UnitOfWork& work, std::span<const std::string> submissions) override {
        std::vector<domain::OpenFindings> all;
        const auto rows = query(work, sql::warned_lines, with_uuids(submissions));
        for (const auto row : rows) {
            const auto identities = row.int8_array("identity");
            all.push_back(
                {row.uuid("submission_id"), {}, {identities.begin(), identities.end()}, {}});
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
            query(work, sql::delete_identity_prefixes, params);
        }
        if (!effects.prefixes.empty()) copy_identity_prefixes(work, effects.prefixes);
        // Before the noted lines: their triggers ask for it.
        note_first_receipts(work, effects.first_receipts);
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
        const auto rows = query_prepared(work, sql::career_changes, params);
        const auto row = rows.only();
        const auto change_no = row.int8_array("change_no"), token = row.int8_array("token"),
                   load_no = row.int8_array("load_no");
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
        std::vector<domain::PersonPrefixes> all;
        std::vector<std::uint32_t> found;
        const auto rows = query_prepared(work, sql::person_prefixes, params);
        for (const auto row : rows) {
            found.clear();
            each_unpacked<std::uint32_t>(row.text("prefix"), [&](std::uint32_t prefix) {
                if (wanted(prefix)) found.push_back(prefix);
            });
            if (!found.empty()) all.push_back({row.uuid("submission_id"), found});
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
        const auto rows = query_prepared(work, sql::lines_to_match, lines_of(files));
        for (const auto row : rows) {
            auto& file = *by_id.at(row.uuid("submission_id"));
            file.head = head_of(row);
            file.leave_lines = static_cast<std::uint32_t>(row.int4("leave_lines"));
            domain::each_column(domain::columns_to_match,
                                [&](const auto& column) { read_column(row, file.lines, column); });
        }
        return files;
    }

    std::vector<domain::StoredNotes> read_noted(UnitOfWork& work,
                                                std::span<const FileToMatch> files) override {
        std::unordered_map<std::string, std::size_t> number_of;
        for (const auto& file : files) number_of.emplace(file.head.submission_id, number_of.size());
        std::vector<domain::StoredNotes> stored(files.size());
        const auto rows = query_prepared(work, sql::notes_of_files, lines_of(files));
        for (const auto row : rows) {
            const auto at = number_of.at(row.uuid("submission_id"));
            const auto& head = files[at].head;
            stored[at].noted = {head.submission_id, head.agency, head.received_at,
                                row.int4("data_month"), noted_lines_of(row)};
            stored[at].labels = labels_of(row, files[at].lines);
        }
        return stored;
    }

    std::int64_t write(UnitOfWork& work, std::int32_t partition, domain::Instant now,
                       const domain::RematchEffects& effects) override {
        Params params;
        params.add(effects.to).add(partition).add(effects.from).add(domain::topics::file_validated);
        if (query(work, sql::move_change_cursor, params).affected() != 1)
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
};

}  // namespace

std::unique_ptr<domain::MatchingStore> make_matching_store() {
    return std::make_unique<PostgresMatchingStore>();
}

}  // namespace chaiqin::postgres::matching
