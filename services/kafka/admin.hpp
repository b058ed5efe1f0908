#pragma once
// What operators and the hourly trimming do with topics: compare deploy/kafka/topics.json with the
// broker, create and configure topics, read end offsets, delete old records. Used by the chaiqin
// command and by a stage loop's trimming thread. Every call opens a client of its own and waits for
// the broker's answer; all throw TransientFailure while the broker is away.
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/ports.hpp"

namespace chaiqin::kafka {

struct WishedTopic {
    std::string name;
    int partitions = 1;
    std::map<std::string, std::string> config;
};

/// Reads topics.json; ConfigError names what is wrong with it.
std::vector<WishedTopic> read_topics(const std::string& json);

struct TopicDifference {
    std::string topic;
    /// "missing", "partitions 3, wished 12", "retention.ms 1000, wished -1"
    std::string what;
    bool can_be_applied = true;
};

/// What differs now.
std::vector<TopicDifference> topics_diff(const std::string& brokers,
                                         const std::vector<WishedTopic>& wished);
/// Makes topics that are missing and sets configuration that differs; never changes the number of
/// partitions. Returns what differed before.
std::vector<TopicDifference> topics_apply(const std::string& brokers,
                                          const std::vector<WishedTopic>& wished, int replicas);
/// End offset of every partition of a topic.
std::map<std::int32_t, std::int64_t> end_offsets(const std::string& brokers,
                                                 const std::string& topic, int partitions);
/// Deletes records below the offsets.
void delete_records(const std::string& brokers, const runtime::PartitionOffsets& before);

/// For StageSettings::trim: deletes what was written longer ago than `age` and lies below where the
/// partition stands.
std::function<void(const runtime::PartitionOffsets&)> make_trimmer(
    std::string brokers, std::chrono::milliseconds age = std::chrono::hours(24 * 7));

}  // namespace chaiqin::kafka
