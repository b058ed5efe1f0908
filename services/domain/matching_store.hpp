#pragma once
// The port to the matcher's tables: what agency_matcher reads before it decides and writes after it
// has. Every call works within the open transaction, which the stage loop made and commits; all are
// set-based, none is a record's. Implemented by postgres/matching; called by the owner of the
// partition, one thread a partition. Throws TransientFailure when the database is away.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "domain/file_record.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::domain {

/// An identity that a later line has replaced, and when its first line was received.
struct FirstReceipt {
    std::uint64_t identity = 0;
    Instant received_at{};
};

/// All that one batch of files changes.
struct FileBatchEffects {
    std::vector<MatchedFile> files;
    std::vector<FileChange> changes;
    /// In the order of replacement: only the first of an identity counts, and none if one is
    /// stored.
    std::vector<FirstReceipt> first_receipts;
    std::vector<NotedLines> noted;
    std::vector<MatcherFinding> findings;
    std::vector<MatcherFindingGroup> groups;
    /// Rows of the batch's own files.
    std::vector<OpenFindings> opened;
    /// Older rows as they are now; empty ones go.
    std::vector<OpenFindings> still_open;
    std::vector<FixedFindings> fixed;
    /// Submissions.
    std::vector<std::string> rejected_seen;
    /// Of the batch's own files, and merged rows.
    std::vector<IdentityPrefixes> prefixes;
    /// Ids of the rows that went into merged ones.
    std::vector<std::int64_t> merged_away;
    std::vector<CountDelta> counts;
    std::vector<ClaimDelta> claims;
};

/// An entry of the change log (matching.table19_change): one person whose rows a load changed.
struct CareerChange {
    std::int64_t change_no = 0;
    std::uint64_t token = 0;
    std::int64_t load_no = 0;
};

/// High halves of the tokens of persons that a file has lines of.
struct PersonPrefixes {
    std::string submission_id;
    /// Ascending.
    std::vector<std::uint32_t> prefix;
};

/// What a re-match reads of a file of which a line has changed.
struct StoredNotes {
    NotedLines noted;
    /// One for each line of the FileToMatch.
    std::vector<LineLabels> labels;
};

/// All that one chunk of re-matching changes.
struct RematchEffects {
    /// The partition's second cursor.
    std::int64_t from = 0, to = 0;
    std::vector<FileChange> changes;
    std::vector<NotedLines> noted;
    std::vector<AttributionChanges> history;
    std::vector<CountDelta> counts;
    std::vector<ClaimDelta> claims;
    bool changes_counts() const { return !counts.empty() || !claims.empty(); }
};

class MatchingStore {
public:
    virtual ~MatchingStore() = default;

    virtual std::vector<IdentityPrefixes> identity_prefixes(
        UnitOfWork& work, std::span<const std::string> agencies) = 0;
    virtual std::vector<JudgedFile> files_to_judge(UnitOfWork& work,
                                                   std::span<const std::string> submissions) = 0;
    virtual std::vector<OpenFindings> open_findings(UnitOfWork& work,
                                                    std::span<const std::string> agencies) = 0;
    /// Findings with identities of the agencies' rejected files, each file once: write() notes them
    /// as seen.
    virtual std::vector<OpenFindings> rejected_findings(UnitOfWork& work,
                                                        std::span<const std::string> agencies) = 0;
    /// Identities of the lines of these submissions of which the validator has warned; they were
    /// taken all the same.
    virtual std::vector<OpenFindings> warned_lines(UnitOfWork& work,
                                                   std::span<const std::string> submissions) = 0;
    /// Returns matching.batch.id.
    virtual std::int64_t write(UnitOfWork& work, std::int32_t partition, Instant now,
                               const FileBatchEffects& effects) = 0;

    /// Entries of the change log with from < change_no <= to, ascending, at most `limit`.
    virtual std::vector<CareerChange> career_changes(UnitOfWork& work, std::int64_t from,
                                                     std::int64_t to, std::size_t limit) = 0;
    /// Of the files of these slots that have any `wanted` prefix: those prefixes.
    virtual std::vector<PersonPrefixes> person_prefixes(
        UnitOfWork& work, std::span<const int> slots,
        const std::function<bool(std::uint32_t)>& wanted) = 0;
    /// The lines of persons that are `wanted`, of those files that have any.
    virtual std::vector<FileToMatch> lines_to_match(
        UnitOfWork& work, std::span<const std::string> submissions,
        const std::function<bool(std::uint64_t token)>& wanted) = 0;
    /// What is noted of each of the files, and the labels of its lines.
    virtual std::vector<StoredNotes> read_noted(UnitOfWork& work,
                                                std::span<const FileToMatch> files) = 0;
    /// Moves the cursor as well. Returns matching.batch.id, 0 if no count changed.
    virtual std::int64_t write(UnitOfWork& work, std::int32_t partition, Instant now,
                               const RematchEffects& effects) = 0;
};

}  // namespace chaiqin::domain
