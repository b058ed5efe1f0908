#pragma once
// Topics as code: what deploy/kafka/topics.json wishes against what the broker has; trimming; end
// offsets.
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
    std::string topic,
        what;  ///< "missing", "partitions 3, wished 12", "retention.ms 1000, wished -1"
    bool can_be_applied = true;
};

/// What differs now. TransientFailure while the broker is away.
std::vector<TopicDifference> topics_diff(const std::string& brokers,
                                         const std::vector<WishedTopic>& wished);
/// Makes missing topics and sets differing configuration; partition counts are never changed.
std::vector<TopicDifference> topics_apply(const std::string& brokers,
                                          const std::vector<WishedTopic>& wished, int replicas);
/// End offset of every partition of a topic.
std::map<std::int32_t, std::int64_t> end_offsets(const std::string& brokers,
                                                 const std::string& topic, int partitions);
/// Deletes records below the offsets.
void delete_records(const std::string& brokers,
                    const std::vector<std::pair<runtime::TopicPartition, std::int64_t>>& before);

/// For StageSettings::trim: deletes what was written longer ago than `age` and lies below where the
/// partition stands.
std::function<void(const std::vector<std::pair<runtime::TopicPartition, std::int64_t>>&)>
make_trimmer(std::string brokers, std::chrono::milliseconds age = std::chrono::hours(24 * 7));

}  // namespace chaiqin::kafka
