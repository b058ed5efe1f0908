#pragma once
// Names of the Kafka topics, as deploy/kafka/topics.json makes them. Who owns and reads what:
// docs/events.md.
#include <string_view>

namespace chaiqin::wire::topics {

inline constexpr std::string_view file_received = "chaiqin.file.received.v1";
inline constexpr std::string_view file_validated = "chaiqin.file.validated.v1";
inline constexpr std::string_view career_received = "chaiqin.career.received.v1";
inline constexpr std::string_view counts_changed = "chaiqin.counts.changed.v1";
inline constexpr std::string_view submission_updated = "chaiqin.submission.updated.v1";
inline constexpr std::string_view filing_changed = "chaiqin.filing.changed.v1";
inline constexpr std::string_view quarantine = "chaiqin.quarantine.v1";

/// A payload on a topic without the 6 MiB limit is split at this size before it enters the outbox.
inline constexpr std::size_t split_bytes = 512 * 1024;

}  // namespace chaiqin::wire::topics
