#pragma once
// How a process reaches Kafka: the brokers, and properties of librdkafka that the deployment adds,
// such as TLS and SASL. Read once, in main; every client of the process is made with it. A value.
#include <map>
#include <string>
#include <vector>

#include "runtime/config.hpp"

namespace chaiqin::kafka {

struct Cluster {
    Cluster() = default;
    // Whoever adds no property names the brokers alone.
    Cluster(std::string b) : brokers(std::move(b)) {}  // NOLINT(google-explicit-constructor)
    Cluster(const char* b) : brokers(b) {}             // NOLINT(google-explicit-constructor)
    std::string brokers;
    std::map<std::string, std::string> properties;
};

/// The cluster that the configuration describes. ConfigError as `problems_of` says.
Cluster cluster_of(const std::string& brokers, const runtime::KafkaOptions& options);

/// For runtime::add_common: every property that librdkafka does not know or that the product sets
/// itself, and every file that cannot be read. It never says a value.
std::vector<std::string> problems_of(const runtime::KafkaOptions& options);

}  // namespace chaiqin::kafka
