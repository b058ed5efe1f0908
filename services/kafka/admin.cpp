#include "kafka/admin.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <climits>

#include "domain/failure.hpp"
#include "kafka/client.hpp"

namespace chaiqin::kafka {

namespace {

constexpr int timeout_ms = 15'000;

Client admin_client(const Cluster& cluster) {
    return make_client(RD_KAFKA_PRODUCER, make_conf(cluster, {{"socket.timeout.ms", "10000"}}));
}

Event wait_for(rd_kafka_queue_t* queue, const char* what) {
    Event event(rd_kafka_queue_poll(queue, timeout_ms + 5000));
    if (!event) throw domain::TransientFailure(std::string(what) + ": no answer from the broker");
    if (const auto error = rd_kafka_event_error(event.get()))
        throw domain::TransientFailure(std::string(what) + ": " +
                                       rd_kafka_event_error_string(event.get()));
    return event;
}

struct FoundTopic {
    int partitions = 0;
    /// Of the partition that has the fewest.
    int replicas = 0;
};

std::map<std::string, FoundTopic> found_topics(rd_kafka_t* client) {
    const rd_kafka_metadata_t* metadata = nullptr;
    if (const auto error = rd_kafka_metadata(client, 1, nullptr, &metadata, timeout_ms))
        throw domain::TransientFailure(std::string("topics: ") + rd_kafka_err2str(error));
    std::map<std::string, FoundTopic> found;
    for (int i = 0; i < metadata->topic_cnt; ++i) {
        const auto& topic = metadata->topics[i];
        if (topic.err) continue;
        FoundTopic one{topic.partition_cnt, topic.partition_cnt ? INT_MAX : 0};
        for (int k = 0; k < topic.partition_cnt; ++k)
            one.replicas = std::min(one.replicas, topic.partitions[k].replica_cnt);
        found[topic.topic] = one;
    }
    rd_kafka_metadata_destroy(metadata);
    return found;
}

std::map<std::string, std::string> config_of(rd_kafka_t* client, const std::string& topic) {
    Queue queue(rd_kafka_queue_new(client));
    auto* resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
    rd_kafka_DescribeConfigs(client, &resource, 1, nullptr, queue.get());
    rd_kafka_ConfigResource_destroy(resource);
    auto event = wait_for(queue.get(), "describe configs");
    std::size_t count = 0;
    const auto* resources = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    std::map<std::string, std::string> values;
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t entries = 0;
        const auto* all = rd_kafka_ConfigResource_configs(resources[i], &entries);
        for (std::size_t k = 0; k < entries; ++k)
            if (const char* value = rd_kafka_ConfigEntry_value(all[k]))
                values[rd_kafka_ConfigEntry_name(all[k])] = value;
    }
    return values;
}

void create(rd_kafka_t* client, const WishedTopic& wished) {
    char reason[256];
    auto* topic = rd_kafka_NewTopic_new(wished.name.c_str(), wished.partitions, wished.replicas,
                                        reason, sizeof reason);
    if (!topic) throw domain::ConfigError({wished.name + ": " + reason});
    for (const auto& [name, value] : wished.config)
        rd_kafka_NewTopic_set_config(topic, name.c_str(), value.c_str());
    Queue queue(rd_kafka_queue_new(client));
    rd_kafka_CreateTopics(client, &topic, 1, nullptr, queue.get());
    rd_kafka_NewTopic_destroy(topic);
    auto event = wait_for(queue.get(), "create topic");
    std::size_t count = 0;
    const auto* results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(event.get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto error = rd_kafka_topic_result_error(results[i]);
        if (!error || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
        const char* said = rd_kafka_topic_result_error_string(results[i]);
        throw domain::TransientFailure(wished.name + ": " +
                                       (said ? said : rd_kafka_err2str(error)));
    }
}

void set_config(rd_kafka_t* client, const WishedTopic& wished) {
    auto* resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, wished.name.c_str());
    for (const auto& [name, value] : wished.config)
        rd_kafka_ConfigResource_set_config(resource, name.c_str(), value.c_str());
    Queue queue(rd_kafka_queue_new(client));
    rd_kafka_AlterConfigs(client, &resource, 1, nullptr, queue.get());
    rd_kafka_ConfigResource_destroy(resource);
    wait_for(queue.get(), "alter configs");
}

}  // namespace

std::vector<WishedTopic> read_topics(const std::string& json) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject() || !document.HasMember("topics") ||
        !document["topics"].IsArray())
        throw domain::ConfigError({"topics file: not an object with \"topics\""});
    int replicas = 1;
    if (document.HasMember("replicas") && document["replicas"].IsInt())
        replicas = document["replicas"].GetInt();
    std::vector<WishedTopic> topics;
    for (const auto& described : document["topics"].GetArray()) {
        const bool is_good = described.IsObject() && described.HasMember("name") &&
                             described["name"].IsString() && described.HasMember("partitions") &&
                             described["partitions"].IsInt();
        if (!is_good)
            throw domain::ConfigError({"topics file: a topic needs \"name\" and \"partitions\""});
        WishedTopic topic{
            described["name"].GetString(), described["partitions"].GetInt(), {}, replicas};
        if (described.HasMember("config") && described["config"].IsObject())
            for (const auto& member : described["config"].GetObject()) {
                if (!member.value.IsString())
                    throw domain::ConfigError(
                        {"topics file: " + topic.name + ": configuration values are strings"});
                topic.config[member.name.GetString()] = member.value.GetString();
            }
        topics.push_back(std::move(topic));
    }
    return topics;
}

std::vector<TopicDifference> topics_diff(const Cluster& cluster,
                                         const std::vector<WishedTopic>& wished) {
    auto client = admin_client(cluster);
    const auto topics = found_topics(client.get());
    std::vector<TopicDifference> differences;
    for (const auto& topic : wished) {
        const auto found = topics.find(topic.name);
        if (found == topics.end()) {
            differences.push_back({topic.name, "missing", true});
            continue;
        }
        const auto differs = [&](const char* what, int now, int wish, const char* how) {
            if (now != wish)
                differences.push_back({topic.name,
                                       std::string(what) + " " + std::to_string(now) + ", wished " +
                                           std::to_string(wish) + " (" + how + ")",
                                       false});
        };
        differs("partitions", found->second.partitions, topic.partitions,
                "never changed: open a new topic generation");
        differs("replicas", found->second.replicas, topic.replicas,
                "changed with kafka-reassign-partitions.sh");
        const auto config = config_of(client.get(), topic.name);
        for (const auto& [name, value] : topic.config) {
            const auto now = config.find(name);
            if (now == config.end() || now->second != value)
                differences.push_back({topic.name,
                                       name + " " + (now == config.end() ? "unset" : now->second) +
                                           ", wished " + value,
                                       true});
        }
    }
    return differences;
}

std::vector<TopicDifference> topics_apply(const Cluster& cluster,
                                          const std::vector<WishedTopic>& wished) {
    const auto differences = topics_diff(cluster, wished);
    auto client = admin_client(cluster);
    for (const auto& topic : wished) {
        const auto mine = [&](const TopicDifference& d) {
            return d.topic == topic.name && d.can_be_applied;
        };
        const auto found = std::find_if(differences.begin(), differences.end(), mine);
        if (found == differences.end()) continue;
        if (found->what == "missing")
            create(client.get(), topic);
        else
            set_config(client.get(), topic);
    }
    return differences;
}

std::map<std::int32_t, Extent> extents(const Cluster& cluster, const std::string& topic,
                                       int partitions) {
    auto client = admin_client(cluster);
    std::map<std::int32_t, Extent> all;
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
        auto& [low, high] = all[partition];
        if (const auto error = rd_kafka_query_watermark_offsets(client.get(), topic.c_str(),
                                                                partition, &low, &high, 5000))
            throw domain::TransientFailure(topic + ": " + rd_kafka_err2str(error));
    }
    return all;
}

std::map<std::int32_t, std::int64_t> end_offsets(const Cluster& cluster, const std::string& topic,
                                                 int partitions) {
    std::map<std::int32_t, std::int64_t> ends;
    for (const auto& [partition, extent] : extents(cluster, topic, partitions))
        ends[partition] = extent.high;
    return ends;
}

void delete_records(const Cluster& cluster, const runtime::PartitionOffsets& before) {
    if (before.empty()) return;
    auto client = admin_client(cluster);
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(before.size())));
    for (const auto& [at, offset] : before)
        rd_kafka_topic_partition_list_add(list.get(), at.topic.c_str(), at.partition)->offset =
            offset;
    auto* request = rd_kafka_DeleteRecords_new(list.get());
    Queue queue(rd_kafka_queue_new(client.get()));
    rd_kafka_DeleteRecords(client.get(), &request, 1, nullptr, queue.get());
    rd_kafka_DeleteRecords_destroy(request);
    const auto event = wait_for(queue.get(), "delete records");
    const auto* done =
        rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event.get()));
    for (int i = 0; done && i < done->cnt; ++i)
        if (const auto error = done->elems[i].err)
            throw domain::TransientFailure(std::string("delete records of ") +
                                           done->elems[i].topic + ": " + rd_kafka_err2str(error));
}

std::function<void(const runtime::PartitionOffsets&)> make_trimmer(Cluster cluster,
                                                                   std::chrono::milliseconds age) {
    return [cluster = std::move(cluster), age](const runtime::PartitionOffsets& stands) {
        if (stands.empty()) return;
        const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(
            (std::chrono::system_clock::now() - age).time_since_epoch());
        auto client = admin_client(cluster);
        PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(stands.size())));
        for (const auto& [at, next] : stands)
            rd_kafka_topic_partition_list_add(list.get(), at.topic.c_str(), at.partition)->offset =
                since.count();
        if (const auto error = rd_kafka_offsets_for_times(client.get(), list.get(), timeout_ms))
            throw domain::TransientFailure(std::string("offsets for times: ") +
                                           rd_kafka_err2str(error));
        runtime::PartitionOffsets before;
        for (int i = 0; i < list->cnt; ++i) {
            const auto& found = list->elems[i];
            if (found.err) continue;
            // No record is younger than that: everything that was taken may go.
            const auto next = stands[static_cast<std::size_t>(i)].second;
            const auto offset =
                found.offset < 0 ? next : std::min<std::int64_t>(found.offset, next);
            if (offset > 0) before.push_back({stands[static_cast<std::size_t>(i)].first, offset});
        }
        delete_records(cluster, before);
    };
}

}  // namespace chaiqin::kafka
