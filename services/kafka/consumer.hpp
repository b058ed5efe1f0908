#pragma once
// runtime::Consumer over librdkafka. Partitions are handed over all at once (eager), offsets come
// from the ledger, nothing is committed automatically and no offset is ever reset: a stored offset
// that is not in the topic any more ends the stage (PermanentFailure). Made by main, used by the
// consumer's thread of one stage loop; assignments are answered from within poll.
#include <chrono>
#include <memory>
#include <string>

#include "runtime/ports.hpp"

namespace chaiqin::kafka {

struct ConsumerSettings {
    std::string brokers, group;
    /// The broker answers a fetch once it has so many bytes, or after `wait`. A request costs it
    /// half a millisecond, so a topic that gets single messages at a high rate is better fetched by
    /// the dozen.
    std::size_t worth_fetching = 1;
    std::chrono::milliseconds wait{100};
};

std::unique_ptr<runtime::Consumer> make_consumer(const ConsumerSettings& settings);

/// Reads one topic-partition from an offset to its end as of now, in order; the gateway's catch-up.
/// Throws TransientFailure while the broker is away.
void read_range(const std::string& brokers, const runtime::TopicPartition& at, std::int64_t from,
                const std::function<void(const runtime::Message&)>& each);

}  // namespace chaiqin::kafka
