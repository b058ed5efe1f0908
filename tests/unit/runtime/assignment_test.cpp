#include "runtime/assignment.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "memory_ledger.hpp"

namespace chaiqin::runtime {
namespace {

using namespace std::chrono_literals;

struct AssignmentTest : ::testing::Test {
    testing::HeldProducer producer;
    testing::MemoryStore store;
    testing::MemoryLedger ledger{store};
    Inflow inflow{1000};
    /// Upkeep is never due, unless a partition has not been looked after at all.
    Assignment assignment{2, 1h};

    PartitionPtr add(std::int32_t number) {
        const TopicPartition at{"in", number};
        auto relay = std::make_shared<Relay>(at, producer, std::make_shared<InFlight>(1 << 20),
                                             Steady::now, assignment.alarm());
        relay->read_outbox(ledger);
        auto partition = std::make_shared<AssignedPartition>(at, 0, std::move(relay), BatchLimits{},
                                                             inflow, number % 2);
        partition->looked_after = Steady::now();
        assignment.add(partition);
        return partition;
    }
    void push(std::int32_t number, std::int64_t offset) {
        assignment.push(
            {.topic = "in", .partition = number, .offset = offset, .payload = "payload"});
    }
};

TEST_F(AssignmentTest, gives_a_worker_its_own_partitions_in_turn) {
    const auto zero = add(0), one = add(1), two = add(2);
    for (std::int32_t number = 0; number < 3; ++number) push(number, 0);
    EXPECT_EQ(assignment.next_for(0), zero);
    EXPECT_EQ(assignment.next_for(0), two);
    EXPECT_EQ(assignment.next_for(0), zero);
    EXPECT_EQ(assignment.next_for(1), one);
    EXPECT_EQ(assignment.next_for(1), one);
}

TEST_F(AssignmentTest, gives_a_partition_whose_upkeep_is_due) {
    const auto zero = add(0);
    zero->looked_after = {};
    EXPECT_EQ(assignment.next_for(0), zero);
}

TEST_F(AssignmentTest, holds_back_a_batch_whose_announcements_could_not_leave) {
    const auto zero = add(0), two = add(2);
    push(0, 0);
    push(2, 0);
    zero->relay->expect_rows();
    EXPECT_EQ(assignment.next_for(0), two);
    EXPECT_EQ(assignment.next_for(0), two);
}

TEST_F(AssignmentTest, drops_messages_of_partitions_that_are_not_owned) {
    push(5, 0);
    EXPECT_FALSE(inflow.is_half_full());
    const auto zero = add(0);
    assignment.take_away({zero->at}, 0ms);
    push(0, 0);
    EXPECT_FALSE(zero->queue.ripe_at());
}

TEST_F(AssignmentTest, says_which_partitions_no_worker_has_in_hand) {
    const auto zero = add(0), two = add(2);
    push(0, 0);
    push(2, 0);
    ASSERT_EQ(assignment.next_for(0), zero);
    EXPECT_EQ(assignment.take_away({zero->at, two->at}, 0ms), std::vector<PartitionPtr>{two});
    EXPECT_FALSE(zero->is_owned);
    EXPECT_FALSE(zero->queue.ripe_at()) << "its queue is empty";
    EXPECT_TRUE(assignment.all().empty());
}

TEST_F(AssignmentTest, waits_for_the_worker_that_has_a_partition_in_hand) {
    const auto zero = add(0);
    push(0, 0);
    ASSERT_EQ(assignment.next_for(0), zero);
    std::thread worker([&] { assignment.release(*zero); });
    EXPECT_EQ(assignment.take_away({zero->at}, 60s), std::vector<PartitionPtr>{zero});
    worker.join();
}

TEST_F(AssignmentTest, sets_back_only_partitions_that_are_owned) {
    const auto zero = add(0), two = add(2);
    assignment.ask_seek(zero->at, 3);
    assignment.ask_seek(two->at, 4);
    assignment.take_away({zero->at}, 0ms);
    EXPECT_EQ(assignment.take_seeks(), (std::map<TopicPartition, std::int64_t>{{two->at, 4}}));
    EXPECT_TRUE(assignment.take_seeks().empty());
}

TEST_F(AssignmentTest, ends_everybodys_waiting_when_it_stops) {
    std::thread worker([&] { EXPECT_EQ(assignment.next_for(0), nullptr); });
    std::thread trimmer([&] { assignment.sleep(1h); });
    assignment.fail(std::make_exception_ptr(std::logic_error("first")));
    assignment.fail(std::make_exception_ptr(std::logic_error("second")));
    worker.join();
    trimmer.join();
    EXPECT_TRUE(assignment.is_stopping());
    try {
        std::rethrow_exception(assignment.failure());
    } catch (const std::logic_error& failure) {
        EXPECT_STREQ(failure.what(), "first");
    }
}

TEST_F(AssignmentTest, after_a_failure_no_partition_counts_as_untouched) {
    const auto zero = add(0);
    assignment.fail(std::make_exception_ptr(std::logic_error("broken")));
    EXPECT_TRUE(assignment.take_away({zero->at}, 0ms).empty());
}

}  // namespace
}  // namespace chaiqin::runtime
