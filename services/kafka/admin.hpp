#pragma once
// What operators and the hourly trimming do with topics: compare deploy/kafka/topics.json with the
// broker, create and configure topics, read what they hold, delete old records. Used by the chaiqin
// command and by a stage loop's trimming thread. Every call opens a client of its own and waits for
// the broker's answer; all throw TransientFailure while the broker is away.
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "kafka/cluster.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::kafka {

struct WishedTopic {
    std::string name;
    int partitions = 1;
    std::map<std::string, std::string> config;
    /// Copies of each partition; a topic that is there keeps those that it has.
    int replicas = 1;
};

/// Reads topics.json; ConfigError names what is wrong with it.
std::vector<WishedTopic> read_topics(const std::string& json);

struct TopicDifference {
    std::string topic;
    /// "missing", "partitions 3, wished 12", "replicas 1, wished 3", "retention.ms 1000, wished -1"
    std::string what;
    bool can_be_applied = true;
};

/// What differs now.
std::vector<TopicDifference> topics_diff(const Cluster& cluster,
                                         const std::vector<WishedTopic>& wished);
/// Makes topics that are missing and sets configuration that differs; never changes the number of
/// partitions or of replicas. Returns what differed before.
std::vector<TopicDifference> topics_apply(const Cluster& cluster,
                                          const std::vector<WishedTopic>& wished);
/// What a partition holds: offsets from `low` to before `high`.
struct Extent {
    std::int64_t low = 0, high = 0;
};
/// Of every partition of a topic.
std::map<std::int32_t, Extent> extents(const Cluster& cluster, const std::string& topic,
                                       int partitions);
/// Where each partition ends.
std::map<std::int32_t, std::int64_t> end_offsets(const Cluster& cluster, const std::string& topic,
                                                 int partitions);
/// Deletes records below the offsets.
void delete_records(const Cluster& cluster, const runtime::PartitionOffsets& before);

/// For StageSettings::trim: deletes what was written longer ago than `age` and lies below where the
/// partition stands.
std::function<void(const runtime::PartitionOffsets&)> make_trimmer(
    Cluster cluster, std::chrono::milliseconds age = std::chrono::hours(24 * 7));

}  // namespace chaiqin::kafka
