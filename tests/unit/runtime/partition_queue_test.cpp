#include "runtime/partition_queue.hpp"

#include <gtest/gtest.h>

namespace chaiqin::runtime {
namespace {

using namespace std::chrono_literals;

struct PartitionQueueTest : ::testing::Test {
    Inflow inflow{1000};
    PartitionQueue queue{{.messages = 4, .bytes = 100, .gather = 200ms}, inflow};
    Steady::time_point now{1h};

    void push(std::int64_t offset, std::size_t bytes = 10) {
        queue.push({.topic = "in", .offset = offset, .payload = std::string(bytes, 'x')}, now);
    }
    void push_all(std::int64_t first, std::int64_t last) {
        for (auto offset = first; offset <= last; ++offset) push(offset);
    }
    std::vector<std::int64_t> take(std::int64_t next_offset = 0) {
        std::vector<std::int64_t> offsets;
        for (const auto& message : queue.take_ripe(next_offset, now))
            offsets.push_back(message.offset);
        return offsets;
    }
    /// Messages have come so fast for a while that batches gather; returns the next offset.
    std::int64_t become_busy() {
        std::int64_t offset = 0;
        for (int round = 0; round < 20; ++round, offset += 3) {
            push_all(offset, offset + 2);
            now += 200ms;
            EXPECT_EQ(take().size(), 3u);
        }
        return offset;
    }
};

using Offsets = std::vector<std::int64_t>;

TEST_F(PartitionQueueTest, has_no_batch_while_nothing_waits) {
    EXPECT_FALSE(queue.ripe_at());
    EXPECT_EQ(take(), Offsets{});
}

TEST_F(PartitionQueueTest, gives_a_message_that_comes_alone_at_once) {
    push(0);
    EXPECT_LE(*queue.ripe_at(), now);
    EXPECT_EQ(take(), Offsets{0});
    EXPECT_FALSE(queue.ripe_at());
}

TEST_F(PartitionQueueTest, takes_no_more_messages_than_fit_a_batch) {
    push_all(0, 5);
    EXPECT_EQ(take(), (Offsets{0, 1, 2, 3}));
    EXPECT_EQ(take(), (Offsets{4, 5}));
}

TEST_F(PartitionQueueTest, takes_no_more_bytes_than_fit_a_batch_but_at_least_one_message) {
    push(0, 60);
    push(1, 60);
    push(2, 500);
    EXPECT_EQ(take(), Offsets{0});
    EXPECT_EQ(take(), Offsets{1});
    EXPECT_EQ(take(), Offsets{2});
}

TEST_F(PartitionQueueTest, ends_a_batch_where_offsets_are_missing) {
    push_all(0, 1);
    push(5);
    EXPECT_EQ(take(), (Offsets{0, 1}));
    EXPECT_EQ(take(), Offsets{5});
}

TEST_F(PartitionQueueTest, leaves_out_messages_that_are_done) {
    push_all(3, 6);
    EXPECT_EQ(take(5), (Offsets{5, 6}));
    push_all(3, 4);
    EXPECT_EQ(take(5), Offsets{});
    EXPECT_FALSE(queue.ripe_at());
}

TEST_F(PartitionQueueTest, lets_a_busy_partitions_batch_gather) {
    auto next = become_busy();
    push(next);
    EXPECT_EQ(take(), Offsets{}) << "not ripe yet";
    ASSERT_TRUE(queue.ripe_at());
    EXPECT_GT(*queue.ripe_at(), now);
    now = *queue.ripe_at();
    EXPECT_EQ(take(), Offsets{next});
}

TEST_F(PartitionQueueTest, does_not_let_a_full_batch_gather) {
    const auto next = become_busy();
    push_all(next, next + 3);
    EXPECT_EQ(take().size(), 4u);
}

TEST_F(PartitionQueueTest, does_not_let_a_batch_gather_while_memory_runs_out) {
    const auto next = become_busy();
    PartitionQueue other{{}, inflow};
    other.push({.payload = std::string(500, 'x')}, now);
    push(next);
    EXPECT_EQ(take(), Offsets{next});
}

TEST_F(PartitionQueueTest, counts_what_waits_in_all_queues) {
    PartitionQueue other{{}, inflow};
    push(0, 600);
    EXPECT_TRUE(inflow.is_half_full());
    EXPECT_FALSE(inflow.is_full());
    other.push({.payload = std::string(400, 'x')}, now);
    EXPECT_TRUE(inflow.is_full());
    take();
    EXPECT_FALSE(inflow.is_half_full());
    other.clear();
    push(1, 499);
    EXPECT_FALSE(inflow.is_half_full()) << "nothing is counted twice or for ever";
}

TEST(FetchGateTest, asks_kafka_while_there_is_room) {
    FetchGate gate;
    const Steady::time_point now{1h};
    EXPECT_EQ(gate.next(false, now), FetchGate::Turn::poll);
    EXPECT_EQ(gate.next(true, now), FetchGate::Turn::wait_for_room);
    EXPECT_EQ(gate.next(false, now), FetchGate::Turn::poll);
}

TEST(FetchGateTest, asks_with_fetching_paused_when_there_is_no_room_for_long) {
    FetchGate gate;
    Steady::time_point now{1h};
    gate.next(true, now);
    EXPECT_EQ(gate.next(true, now += 30s), FetchGate::Turn::wait_for_room);
    EXPECT_EQ(gate.next(true, now += 1s), FetchGate::Turn::pause_and_poll);
    EXPECT_EQ(gate.next(true, now += 1s), FetchGate::Turn::poll);
    EXPECT_EQ(gate.next(false, now += 1s), FetchGate::Turn::resume_and_poll);
    EXPECT_EQ(gate.next(false, now += 1s), FetchGate::Turn::poll);
    EXPECT_EQ(gate.next(true, now += 1s), FetchGate::Turn::wait_for_room) << "counted anew";
}

TEST(FetchGateTest, does_not_resume_what_a_new_assignment_has_started) {
    FetchGate gate;
    Steady::time_point now{1h};
    gate.next(true, now);
    gate.next(true, now += 31s);
    gate.partitions_assigned();
    EXPECT_EQ(gate.next(false, now), FetchGate::Turn::poll);
}

}  // namespace
}  // namespace chaiqin::runtime
