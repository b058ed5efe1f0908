#pragma once
// The topics in Kafka and the stages that read them. Topic names, stage names and schemas of stages
// stand here and nowhere else; statements get them as parameters. deploy/kafka/topics.json adds how
// the broker keeps each topic, docs/events.md what travels on it; tests compare both with this
// table. A new generation of a topic (`.v2`) is an edit of this table, of agency_partition_count,
// of topics.json and a migration. Constants only.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "domain/partitioning.hpp"

namespace chaiqin::domain {

struct Topic {
    std::string_view name;
    /// Services that write it.
    std::string_view producers;
    /// `agency_partition_count` where the key is an agency, else 1.
    int partitions = 1;
    /// Its messages carry a MAC, and a stage applies none without it: counts rest on them.
    bool carries_mac = false;
};

namespace topics {

inline constexpr std::string_view file_received = "chaiqin.file.received.v1";
inline constexpr std::string_view file_validated = "chaiqin.file.validated.v1";
inline constexpr std::string_view career_received = "chaiqin.career.received.v1";
inline constexpr std::string_view counts_changed = "chaiqin.counts.changed.v1";
inline constexpr std::string_view submission_updated = "chaiqin.submission.updated.v1";
inline constexpr std::string_view filing_changed = "chaiqin.filing.changed.v1";
/// Where a message goes that a stage gave up on, as it came (row and message in one transaction).
inline constexpr std::string_view quarantine = "chaiqin.quarantine.v1";

inline constexpr Topic all[] = {
    {file_received, "gateway", agency_partition_count},
    {file_validated, "validator", agency_partition_count, true},
    {career_received, "gateway", 1, true},
    {counts_changed, "agency_matcher", 1, true},
    {submission_updated, "validator, statistics_aggregator", agency_partition_count},
    {filing_changed, "statistics_aggregator", agency_partition_count},
    {quarantine, "any stage", 1},
};

bool carries_mac(std::string_view topic);

}  // namespace topics

/// What reads topics and keeps its progress, applied ids, outbox and quarantine in one schema.
struct StageTopics {
    /// In logs, metrics and as consumer group.
    const char* name;
    /// The service that it runs in: `stage` in the progress table.
    const char* service;
    const char* schema;
    /// One or two.
    std::array<std::string_view, 2> topics;

    bool reads(std::string_view topic) const { return topic == topics[0] || topic == topics[1]; }

    std::vector<std::string> topic_names() const;
};

namespace stages {

inline constexpr StageTopics validator{
    "validator", "validator", "validation", {topics::file_received}};
inline constexpr StageTopics agency_matcher{
    "agency_matcher", "agency_matcher", "matching", {topics::file_validated}};
inline constexpr StageTopics agency_matcher_career{
    "agency_matcher.career", "agency_matcher", "matching", {topics::career_received}};
inline constexpr StageTopics statistics_aggregator{
    "statistics_aggregator", "statistics_aggregator", "statistics", {topics::counts_changed}};
inline constexpr StageTopics notification{"notification",
                                          "notification",
                                          "notification",
                                          {topics::submission_updated, topics::filing_changed}};

inline constexpr StageTopics all[] = {validator, agency_matcher, agency_matcher_career,
                                      statistics_aggregator, notification};

/// The schemas of all stages, each once.
std::vector<std::string> schemas();
/// The same as a text: "validation, matching, …".
std::string schema_list();
/// The schema that this is, or that of the stage or service of this name; "" if there is none.
std::string schema_of(std::string_view name);

}  // namespace stages

}  // namespace chaiqin::domain
