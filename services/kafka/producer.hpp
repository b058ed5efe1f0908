#pragma once
// runtime::Producer over librdkafka: idempotent, acks=all, explicit partitions. After a fatal error
// it makes itself a new client and reports as `unknown` what was in flight. Made by main, used by
// the relays and the gateway; thread-safe. A thread of its own polls librdkafka and calls the
// delivery reports.
#include <chrono>
#include <memory>
#include <string>

#include "kafka/cluster.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::kafka {

struct ProducerSettings {
    Cluster cluster;
    std::chrono::milliseconds message_timeout{30'000};
    std::size_t buffer_bytes = 256u << 20;
    /// How long a partition's messages wait for more of them. librdkafka sends one request per
    /// partition, five at once, and its thread spins while more than five others are ready: a burst
    /// should be few requests.
    std::chrono::milliseconds linger{5};
};

std::unique_ptr<runtime::Producer> make_producer(const ProducerSettings& settings);

}  // namespace chaiqin::kafka
