#pragma once
// What chaiqin's programs tell each other beside file.validated (see validated_file.hpp), as plain
// values. wire/ turns them into bytes and back; the topics stand in domain/topics.hpp. No personal
// data in plaintext.
#include <cstdint>
#include <string>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/career_load.hpp"
#include "domain/notice_kind.hpp"
#include "domain/submission_state.hpp"

namespace chaiqin::domain {

/// One chunk (≤ 4 MiB before sealing) of a Table 19 upload: gateway → agency_matcher.
struct CareerChunk {
    std::string load_id;
    std::string authority;
    LoadMode mode = LoadMode::snapshot;
    bool force = false;
    std::uint32_t index = 0;
    bool last = false;
    std::uint64_t total_bytes = 0;  ///< of the whole upload; in the last chunk
    std::string sha256;             ///< hex, of the whole upload; in the last chunk
    Instant received_at{};
    std::string sealed;  ///< CSV bytes; associated data: authority and load_id
    bool operator==(const CareerChunk&) const = default;
};

/// A file whose numbers a batch of the matcher has settled.
struct CountedFile {
    std::string submission_id;
    std::uint32_t attempt = 1;
    std::string agency;
    bool partial = false;  ///< some lines INVALID
    Instant received_at{};
    std::string route;
    std::uint32_t total = 0, invalid = 0, unmatched = 0, counted = 0;
    bool operator==(const CountedFile&) const = default;
};

/// A wake-up, agency_matcher → statistics_aggregator; the numbers stand in the matcher's delta
/// tables.
struct CountsChanged {
    std::vector<CountedFile> files;  ///< empty for a re-match
    std::int64_t batch_id = 0;       ///< matching.batch.id
    bool operator==(const CountsChanged&) const = default;
};

/// A terminal state of a submission: validator (rejected) and statistics_aggregator (counted) →
/// notification.
struct SubmissionUpdated {
    std::string submission_id;
    std::string agency;
    SubmissionVersion version;
    Instant received_at{};
    Instant occurred_at{};
    std::uint32_t total = 0, invalid = 0, unmatched = 0, counted = 0, error_count = 0,
                  warning_count = 0;
    /// The other dispositions. With the three above they add up to the total, except in an event
    /// from before they were part of it.
    std::uint32_t deletion = 0, unchanged = 0, stale = 0, superseded = 0;
    bool operator==(const SubmissionUpdated&) const = default;
};

/// A deadline notice that is due: statistics_aggregator → notification.
struct FilingChanged {
    std::string agency;
    Month month = 0;
    NoticeKind kind = NoticeKind::deadline_before_5;
    Day deadline = 0;
    /// Of a digest: agencies below this one that are obliged, and those that have reported.
    std::uint32_t obliged = 0, reported = 0;
    bool operator==(const FilingChanged&) const = default;
};

}  // namespace chaiqin::domain
