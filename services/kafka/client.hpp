#pragma once
// What producer, consumer and admin share: handles of librdkafka that close themselves, and clients
// whose log lines go to ours. Included only by the .cpp files of this folder. librdkafka runs
// threads of its own for every client.
#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kafka/cluster.hpp"

namespace chaiqin::kafka {

struct Destroy {
    void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
    void operator()(rd_kafka_topic_partition_list_t* list) const {
        rd_kafka_topic_partition_list_destroy(list);
    }
    void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
    void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
    void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using Client = std::unique_ptr<rd_kafka_t, Destroy>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, Destroy>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Destroy>;
using Event = std::unique_ptr<rd_kafka_event_t, Destroy>;
using MessageHandle = std::unique_ptr<rd_kafka_message_t, Destroy>;

/// A configuration with the given properties, those of the cluster and its brokers; throws
/// ConfigError naming the property that librdkafka refuses. A client's own tuning gives way to the
/// cluster's.
rd_kafka_conf_t* make_conf(const Cluster& cluster, std::map<std::string, std::string> properties);
/// Throws TransientFailure if the client cannot be made.
Client make_client(rd_kafka_type_t type, rd_kafka_conf_t* conf);

}  // namespace chaiqin::kafka
