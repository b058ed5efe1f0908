#pragma once
// runtime::Consumer over librdkafka: eager assignor, offsets from the ledger, no automatic commit,
// no reset: a stored offset out of the topic's range ends the stage (PermanentFailure). Used from
// one thread.
#include <chrono>
#include <memory>
#include <string>

#include "runtime/ports.hpp"

namespace chaiqin::kafka {

struct ConsumerSettings {
    std::string brokers, group;
    /// The broker answers a fetch once so much lies there, or after `wait`: a request costs it half
    /// a millisecond, so a topic that gets single messages at a high rate is better fetched by the
    /// dozen.
    std::size_t worth_fetching = 1;
    std::chrono::milliseconds wait{100};
};

std::unique_ptr<runtime::Consumer> make_consumer(const ConsumerSettings& settings);

/// Reads one topic-partition from an offset to its end as of now, in order; the gateway's catch-up.
/// Throws TransientFailure while the broker is away.
void read_range(const std::string& brokers, const runtime::TopicPartition& at, std::int64_t from,
                const std::function<void(const runtime::Message&)>& each);

}  // namespace chaiqin::kafka
