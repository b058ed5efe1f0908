#pragma once
// Re-matching: the live lines of persons whose Table 19 rows have changed are matched again,
// exactly those, and counts and claims follow by signed deltas (docs/table19.md, "Re-matching").
// Pure; one partition, one thread at a time.
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "agency_matcher/delta_sums.hpp"
#include "agency_matcher/line_matcher.hpp"
#include "domain/matching_store.hpp"
#include "domain/registry.hpp"

namespace chaiqin::agency_matcher {

/// Only persons that have lines in the partition count.
inline constexpr std::size_t most_persons_a_chunk = 500;
inline constexpr std::size_t most_files_a_chunk = 2000;
/// How many entries of the change log are looked at.
inline constexpr std::size_t most_changes_a_chunk = 20000;

/// What one chunk takes: the log up to `to`, and the files that may hold lines of its persons.
struct RematchChunk {
    std::int64_t to = 0;
    /// Token -> number of the load.
    std::unordered_map<std::uint64_t, std::int64_t> load_of;
    std::vector<std::string> submissions;
};

/// `changes` ascending; `head` = the last entry that may be taken, reached when nothing is left
/// over; `files` that have lines of their persons, with the prefixes of no others.
RematchChunk choose_chunk(std::span<const domain::CareerChange> changes, std::int64_t head,
                          std::span<const domain::PersonPrefixes> files);

class Rematch {
public:
    Rematch(const domain::Table19& table, const domain::AgencyRegistry& agencies,
            domain::Instant now)
        : matcher_(table, agencies, domain::taipei_day(now)) {}

    /// Matches the lines of the chunk's persons again, in `file` as well. True when one has
    /// changed: it is among the effects then.
    bool take(domain::FileToMatch& file, const RematchChunk& chunk);
    /// Everything but cursor and noted lines.
    domain::RematchEffects finish();

private:
    void move_counts(const domain::FileHead& head, const domain::LineToMatch& line,
                     const LineMatcher::Found& found, domain::FileChange& change);

    LineMatcher matcher_;
    DeltaSums sums_;
    domain::RematchEffects effects_;
};

}  // namespace chaiqin::agency_matcher
