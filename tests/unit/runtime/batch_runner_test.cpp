// What becomes of a batch, on a ledger in memory: whatever goes wrong, each message counts once.
#include "runtime/batch_runner.hpp"

#include <gtest/gtest.h>

#include "memory_ledger.hpp"

namespace chaiqin::runtime {
namespace {

using testing::AddingStage;
using testing::MemoryLedger;
using CommitFault = MemoryLedger::CommitFault;
using namespace std::chrono_literals;

struct BatchRunnerTest : ::testing::Test {
    testing::MemoryStore store;
    MemoryLedger ledger{store};
    AddingStage stage;
    testing::HeldProducer producer;
    testing::StillClock clock;
    DatabaseHealth health;
    Steady::time_point now{1h};
    std::vector<std::chrono::milliseconds> sleeps;
    bool is_stopping = false;
    OwnedPartition partition{{"in", 0}, 0, make_relay()};
    BatchRunner runner{{.stage = "test", .max_tries = 3, .quarantine_topic = "quarantine"},
                       stage,
                       ledger,
                       health,
                       {.clock = clock,
                        .steady_now = [this] { return now; },
                        .sleep =
                            [this](auto time) {
                                sleeps.push_back(time);
                                now += time;
                            },
                        .is_stopping = [this] { return is_stopping; },
                        .random = {}}};

    BatchRunnerTest() { partition.relay->read_outbox(ledger); }

    std::shared_ptr<Relay> make_relay() {
        return std::make_shared<Relay>(
            TopicPartition{"in", 0}, producer, std::make_shared<InFlight>(1 << 20),
            [this] { return now; }, [] {});
    }
    /// Messages of these offsets with the id "e<offset>" and the offset as number.
    static std::vector<Message> messages(std::int64_t first, std::int64_t last) {
        std::vector<Message> all;
        for (auto offset = first; offset <= last; ++offset)
            all.push_back(
                {.topic = "in",
                 .offset = offset,
                 .headers = {{std::string(event_id_header), "e" + std::to_string(offset)}},
                 .payload = std::to_string(offset)});
        return all;
    }
    static std::int64_t sum(std::int64_t first, std::int64_t last) {
        return (first + last) * (last - first + 1) / 2;
    }
};

TEST_F(BatchRunnerTest, commits_effects_progress_and_announcements_together) {
    EXPECT_EQ(runner.run(partition, messages(0, 4)), BatchEnd::finished);
    EXPECT_EQ(store.next_offset, 5);
    EXPECT_EQ(partition.next_offset, 5);
    EXPECT_EQ(store.sum, sum(0, 4));
    EXPECT_EQ(store.outbox.size(), 5u);
    EXPECT_EQ(producer.sent, (std::vector<std::string>{"e0", "e1", "e2", "e3", "e4"}));
    EXPECT_TRUE(partition.has_committed);
    EXPECT_TRUE(health.answers());
}

TEST_F(BatchRunnerTest, leaves_out_events_that_were_applied_before_or_come_twice) {
    runner.run(partition, messages(0, 1));
    auto batch = messages(2, 5);
    batch[1].headers[0].second = "e0";
    batch[3].headers[0].second = "e4";
    EXPECT_EQ(runner.run(partition, batch), BatchEnd::finished);
    EXPECT_EQ(store.sum, 0 + 1 + 2 + 4);
    EXPECT_EQ(store.next_offset, 6);
}

TEST_F(BatchRunnerTest, decides_again_in_a_new_transaction) {
    stage.answer = Applied::decide_again;
    EXPECT_EQ(runner.run(partition, messages(0, 3)), BatchEnd::finished);
    EXPECT_EQ(stage.batches, (std::vector<std::size_t>{4, 4}));
    EXPECT_EQ(store.sum, sum(0, 3));
    EXPECT_EQ(store.outbox.size(), 4u);
}

TEST_F(BatchRunnerTest, a_batch_that_fails_for_good_is_tried_one_by_one) {
    auto batch = messages(0, 4);
    batch[2].payload = "poison";
    EXPECT_EQ(runner.run(partition, batch), BatchEnd::finished);
    EXPECT_EQ(stage.batches, (std::vector<std::size_t>{5, 1, 1, 1, 1, 1, 1, 1}))
        << "the batch, two good messages, three tries of the poison, two good messages";
    EXPECT_EQ(store.sum, 0 + 1 + 3 + 4);
    EXPECT_EQ(store.next_offset, 5);
    EXPECT_EQ(partition.messages_to_try_alone, 0u);
}

TEST_F(BatchRunnerTest, a_poisonous_message_goes_to_quarantine_after_the_last_try) {
    auto batch = messages(0, 0);
    batch[0].payload = "poison";
    EXPECT_EQ(runner.run(partition, batch), BatchEnd::finished);
    ASSERT_EQ(store.quarantine.size(), 1u);
    EXPECT_EQ(store.quarantine[0], (std::pair<std::string, std::string>{"e0", "poison"}));
    EXPECT_FALSE(store.applied.contains("e0")) << "a replay must be able to apply it";
    EXPECT_EQ(producer.sent, std::vector<std::string>{"e0"});
    EXPECT_EQ(store.outbox.at(1).topic, "quarantine");
    EXPECT_EQ(store.next_offset, 1);
}

TEST_F(BatchRunnerTest, tries_of_processes_that_died_count) {
    store.trying_offset = 0;
    store.tries = 3;
    partition.messages_to_try_alone = 50;
    EXPECT_EQ(runner.run(partition, messages(0, 1)), BatchEnd::finished);
    ASSERT_EQ(store.quarantine.size(), 1u);
    EXPECT_EQ(store.quarantine[0].second, "the process has died while trying it");
    EXPECT_EQ(store.sum, 1);
    EXPECT_EQ(partition.messages_to_try_alone, 48u);
}

TEST_F(BatchRunnerTest, a_message_without_an_id_goes_to_quarantine) {
    auto batch = messages(0, 1);
    batch[0].headers.clear();
    EXPECT_EQ(runner.run(partition, batch), BatchEnd::finished);
    ASSERT_EQ(store.quarantine.size(), 1u);
    EXPECT_EQ(store.quarantine[0].second, "a message without ce_id");
    EXPECT_EQ(store.sum, 1);
}

TEST_F(BatchRunnerTest, messages_that_another_owner_has_committed_are_dropped) {
    store.next_offset = 3;
    EXPECT_EQ(runner.run(partition, messages(0, 4)), BatchEnd::finished);
    EXPECT_EQ(store.sum, 3 + 4);
    EXPECT_EQ(store.next_offset, 5);
    EXPECT_TRUE(partition.relay->is_behind()) << "the other owner may have left announcements";
}

TEST_F(BatchRunnerTest, a_batch_that_another_owner_has_committed_is_finished) {
    store.next_offset = 7;
    EXPECT_EQ(runner.run(partition, messages(0, 4)), BatchEnd::finished);
    EXPECT_TRUE(stage.batches.empty());
    EXPECT_EQ(partition.next_offset, 7);
}

TEST_F(BatchRunnerTest, skipped_offsets_are_a_gap_and_nothing_is_tried) {
    store.next_offset = 3;
    EXPECT_EQ(runner.run(partition, messages(5, 9)), BatchEnd::gap);
    EXPECT_TRUE(stage.batches.empty());
    EXPECT_EQ(partition.next_offset, 3) << "read again from here";
    EXPECT_EQ(store.next_offset, 3);
}

TEST_F(BatchRunnerTest, a_gap_ends_the_messages_that_go_one_by_one_too) {
    store.next_offset = 3;
    partition.messages_to_try_alone = 50;
    EXPECT_EQ(runner.run(partition, messages(5, 9)), BatchEnd::gap);
    EXPECT_EQ(ledger.begins, 1);
    EXPECT_EQ(store.trying_offset, 5);
}

TEST_F(BatchRunnerTest, a_commit_in_doubt_that_was_done_is_not_applied_twice) {
    ledger.commit_faults = {CommitFault::in_doubt_but_done};
    EXPECT_EQ(runner.run(partition, messages(0, 4)), BatchEnd::finished);
    EXPECT_EQ(store.sum, sum(0, 4));
    EXPECT_EQ(stage.batches.size(), 1u);
    EXPECT_EQ(store.outbox.size(), 5u);
    EXPECT_TRUE(producer.sent.empty());
    runner.look_after(partition);
    EXPECT_EQ(producer.sent.size(), 5u) << "announced from the outbox";
}

TEST_F(BatchRunnerTest, a_commit_in_doubt_that_was_lost_is_applied_again) {
    ledger.commit_faults = {CommitFault::lost, CommitFault::lost};
    EXPECT_EQ(runner.run(partition, messages(0, 4)), BatchEnd::finished);
    EXPECT_EQ(store.sum, sum(0, 4));
    EXPECT_EQ(stage.batches.size(), 3u);
    EXPECT_EQ(producer.sent.size(), 5u);
}

TEST_F(BatchRunnerTest, backs_off_longer_after_each_failure_and_counts_no_try) {
    partition.messages_to_try_alone = 1;
    ledger.begins_that_fail = 9;
    EXPECT_EQ(runner.run(partition, messages(0, 0)), BatchEnd::finished);
    ASSERT_EQ(sleeps.size(), 9u);
    EXPECT_GE(sleeps[0], 25ms);
    EXPECT_LE(sleeps[0], 50ms);
    EXPECT_GE(sleeps[8], 1600ms);
    EXPECT_LE(sleeps[8], 3200ms);
    EXPECT_TRUE(store.quarantine.empty());
    EXPECT_EQ(store.sum, 0);
    EXPECT_EQ(store.next_offset, 1);
}

TEST_F(BatchRunnerTest, leaves_the_rest_to_the_next_owner_when_the_loop_stops) {
    is_stopping = true;
    EXPECT_EQ(runner.run(partition, messages(0, 4)), BatchEnd::finished)
        << "the batch at hand is committed";
    ledger.begins_that_fail = 1;
    partition.messages_to_try_alone = 5;
    EXPECT_EQ(runner.run(partition, messages(5, 9)), BatchEnd::left_to_next_owner);
    EXPECT_EQ(store.next_offset, 5);
    EXPECT_EQ(store.trying_offset, 5) << "only the message that was tried is marked";
}

TEST_F(BatchRunnerTest, ends_when_the_partition_is_taken_away) {
    stage.during_apply = [this] {
        partition.is_owned = false;
        throw domain::TransientFailure("deadlock");
    };
    EXPECT_EQ(runner.run(partition, messages(0, 4)), BatchEnd::left_to_next_owner);
    EXPECT_EQ(store.next_offset, 0);
    EXPECT_EQ(store.sum, 0);
}

TEST_F(BatchRunnerTest, what_nobody_foresaw_comes_out_and_leaves_nothing) {
    stage.during_apply = [] { throw std::logic_error("broken"); };
    EXPECT_THROW(runner.run(partition, messages(0, 4)), std::logic_error);
    EXPECT_EQ(store.next_offset, 0);
    EXPECT_EQ(store.sum, 0);
    EXPECT_TRUE(store.outbox.empty());
}

TEST_F(BatchRunnerTest, deletes_delivered_announcements_with_the_next_batch) {
    runner.run(partition, messages(0, 1));
    producer.report(0, Delivery::delivered);
    producer.report(1, Delivery::delivered);
    runner.run(partition, messages(2, 2));
    ASSERT_EQ(store.outbox.size(), 1u);
    EXPECT_EQ(store.outbox.begin()->second.event_id, "e2");
}

TEST_F(BatchRunnerTest, does_upkeep_in_pieces_at_the_progress_that_it_expects) {
    stage.upkeep_left = 2;
    EXPECT_EQ(runner.look_after(partition), Upkeep::piece_done);
    store.next_offset = 5;
    EXPECT_EQ(runner.look_after(partition), Upkeep::nothing_done);
    EXPECT_EQ(stage.upkeep_left, 1);
    partition.next_offset = 5;
    EXPECT_EQ(runner.look_after(partition), Upkeep::piece_done);
    EXPECT_EQ(runner.look_after(partition), Upkeep::nothing_done);
    EXPECT_EQ(store.sum, 2);
}

TEST_F(BatchRunnerTest, upkeep_that_fails_is_tried_again_later) {
    stage.upkeep_left = 1;
    ledger.commit_faults = {CommitFault::lost};
    EXPECT_EQ(runner.look_after(partition), Upkeep::nothing_done);
    EXPECT_FALSE(health.answers());
    stage.upkeep_left = 1;
    EXPECT_EQ(runner.look_after(partition), Upkeep::piece_done);
    EXPECT_EQ(store.sum, 1);
}

}  // namespace
}  // namespace chaiqin::runtime
