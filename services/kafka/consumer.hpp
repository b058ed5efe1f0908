#pragma once
// runtime::Consumer over librdkafka. Partitions are handed over all at once (eager), offsets come
// from the ledger, nothing is committed automatically and no offset is ever reset: a stored offset
// that is not in the topic any more ends the stage (PermanentFailure). Made by main, used by the
// consumer's thread of one stage loop; assignments are answered from within poll.
#include <chrono>
#include <memory>
#include <string>

#include "kafka/cluster.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::kafka {

struct ConsumerSettings {
    Cluster cluster;
    std::string group;
    /// The broker answers a fetch once it has so many bytes, or after `wait`. A request costs it
    /// half a millisecond, so a topic that gets single messages at a high rate is better fetched by
    /// the dozen.
    std::size_t worth_fetching = 1;
    std::chrono::milliseconds wait{100};
};

std::unique_ptr<runtime::Consumer> make_consumer(const ConsumerSettings& settings);

/// Reads one topic-partition from an offset to its end as of now, in order; the gateway's catch-up.
/// Where nothing is new, that is one question to the broker. Used by one thread.
class RangeReader {
public:
    virtual ~RangeReader() = default;
    /// Throws TransientFailure while the broker is away.
    virtual void read(const runtime::TopicPartition& at, std::int64_t from,
                      const std::function<void(const runtime::Message&)>& each) = 0;
};

std::unique_ptr<RangeReader> make_range_reader(const Cluster& cluster);

}  // namespace chaiqin::kafka
