#pragma once
// A file as the matcher stores it (ADR 0003), in three types: MatchedFile is what a batch
// writes, JudgedFile what an identity decision reads, FileToMatch what a re-match reads. Their
// lines stand in domain/file_line.hpp. Also what is kept beside a file. Values only; agency_matcher
// decides them, postgres/matching writes and reads them (V0006).
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/file_line.hpp"
#include "domain/finding.hpp"

namespace chaiqin::domain {

/// What stands once in a file's row.
struct FileHead {
    /// Lower-case UUID text.
    std::string submission_id;
    std::string agency;
    Instant received_at{};
    /// Agency codes that its lines refer to.
    std::vector<std::string> orgs;
};

/// A stored file for identity decisions.
struct JudgedFile {
    FileHead head;
    std::vector<JudgedLine> lines;
};

/// A stored file for a re-match: the lines of persons whose Table 19 rows have changed.
struct FileToMatch {
    FileHead head;
    std::uint32_t leave_lines = 0;
    std::vector<LineToMatch> lines;
};

/// The counters of matching.file. Every line of an accepted file is in exactly one of the seven
/// dispositions.
struct FileCounts {
    std::int32_t total = 0, invalid = 0, unchanged = 0, stale = 0, deletion = 0, superseded = 0,
                 unmatched = 0, counted = 0;
    std::int32_t matcher_errors = 0, matcher_warnings = 0, t_warnings = 0;
};

/// What a batch writes of a new file.
struct MatchedFile {
    FileHead head;
    FileCounts counts;
    Month data_month = 0;
    bool zero_report = false;
    std::uint32_t leave_lines = 0;
    /// The months of the lines that are no deletions.
    Month first_month = 0, last_month = -1;
    /// The lines that became the last word on their identity.
    std::vector<FileLine> lines;
};

/// One line of matching.noted: Table 19 has something to say of it.
struct NotedLine {
    std::int32_t position = 0, index = 0;
    std::uint64_t identity = 0, token = 0;
    Day day = 0;
    std::int16_t kind_type = 0;
    LineOutcome outcome = 0;
    /// `org` is "" for an unmatched line.
    std::string claimed_org, org;
    std::string record_no;
    std::uint32_t record_seq = 0;
    /// Masked.
    std::string person_id;
};

/// The row of matching.noted for one file.
struct NotedLines {
    std::string submission_id, agency;
    Instant received_at{};
    Month data_month = 0;
    /// If there is none, the row goes.
    std::vector<NotedLine> lines;
};
NotedLines noted_lines(const MatchedFile& file);
/// `stored` with the lines of `file` as they are now; `labels` are those of its lines.
NotedLines renewed(NotedLines stored, const FileToMatch& file, std::span<const LineLabels> labels);

/// A U finding with what its row needs beside the finding itself.
struct MatcherFinding {
    std::string submission_id, agency;
    Instant received_at{};
    Month data_month = 0;
    std::uint64_t identity = 0;
    Finding finding;
};
struct MatcherFindingGroup {
    std::string submission_id;
    FindingGroup group;
};

struct CountDelta {
    std::string agency;
    Month month = 0;
    std::int16_t kind_type = 0;
    std::int64_t records = 0, minutes = 0;
};
/// Rises and falls of one agency and month are rows of their own: what was claimed once stays
/// claimed for on_time.
struct ClaimDelta {
    std::string agency;
    Month month = 0;
    std::int64_t delta = 0;
    Instant received_at{};
    bool zero_report = false;
};

/// An earlier file that is changed: counters by differences, attribution of some lines as it is
/// from now on.
struct FileChange {
    std::string submission_id;
    /// What is added to the counters.
    std::int32_t superseded = 0, unmatched = 0, counted = 0, t_warnings = 0;
    /// Positions of the lines that change, ascending, each once.
    std::vector<std::int32_t> position;
    /// The new outcome of each of these lines.
    std::vector<LineOutcome> outcome;
    /// The new org of each of these lines; empty if no attribution changes.
    std::vector<std::int32_t> org;
    /// With `org`: the whole dictionary as it is from now on.
    std::vector<std::string> orgs;
};

/// The high half of an identity or a token, by which files are looked up (ADR 0010).
inline std::uint32_t prefix_of(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32); }

/// A row of matching.identity_prefix: ascending high halves of identities and whose they are.
struct IdentityPrefixes {
    std::int64_t id = 0;
    std::string agency;
    std::vector<std::string> submissions;
    std::vector<std::uint32_t> prefix;
    /// Empty when there is one submission.
    std::vector<std::uint16_t> owner;
};

/// Identities of a file's lines with findings that nothing has answered yet, ascending.
struct OpenFindings {
    std::string submission_id, agency;
    std::vector<std::uint64_t> identity;
    /// Of a rejected file: only files received after it answer.
    std::optional<Instant> later_than;
};
struct FixedFindings {
    std::string submission_id, fixed_by;
    std::vector<std::uint64_t> identity;
};

/// Attribution changes of one file in one re-match.
struct AttributionChanges {
    std::string submission_id;
    std::vector<std::int32_t> line;
    std::vector<std::int64_t> load_no;
    std::vector<std::string> old_org, new_org;
    std::vector<LineOutcome> old_outcome, new_outcome;
};

}  // namespace chaiqin::domain
