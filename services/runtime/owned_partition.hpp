#pragma once
// What a process knows of one partition that it owns: how far it is and how carefully it goes. Made
// by the consumer's thread when the partition is assigned; afterwards written by the partition's
// worker alone, except `is_owned`, which the consumer's thread takes away.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "runtime/relay.hpp"
#include "runtime/waits.hpp"

namespace chaiqin::runtime {

struct OwnedPartition {
    OwnedPartition(TopicPartition at_partition, std::int64_t stored_offset,
                   std::shared_ptr<Relay> its_relay)
        : at(std::move(at_partition)), relay(std::move(its_relay)), next_offset(stored_offset) {}

    const TopicPartition at;
    const std::shared_ptr<Relay> relay;

    // Read by the consumer's thread too.
    /// The offset after the last message that is committed.
    std::atomic<std::int64_t> next_offset;
    std::atomic<bool> is_owned{true};
    /// We have committed something since the partition was assigned.
    std::atomic<bool> has_committed{false};

    // The worker's alone.
    /// So many messages are tried one by one first, marked: a process has died here, or a batch
    /// failed for good.
    std::size_t messages_to_try_alone = 0;
    /// Nobody knows yet whether the last commit of upkeep is done.
    bool is_upkeep_in_doubt = false;
    Steady::time_point looked_after{};
    Steady::time_point outbox_tidied{};
    /// Upkeep, or the way out of the outbox, waits for the deployment to be mended.
    Wait upkeep_wait, outbox_wait;
    Steady::time_point waits_since{};
};

}  // namespace chaiqin::runtime
