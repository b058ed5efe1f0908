// What becomes of a batch, on a ledger in memory: whatever goes wrong, each message counts once.
#include "runtime/batch_runner.hpp"

#include <gtest/gtest.h>

#include "memory_ledger.hpp"
#include "runtime/metrics.hpp"

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
    std::function<void()> at_sleep;
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
                                if (at_sleep) at_sleep();
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

TEST_F(BatchRunnerTest, deletes_announcements_that_were_read_with_a_later_batch) {
    store.consumed[{"out", 0}] = 0;
    runner.run(partition, messages(0, 1));
    producer.report(0, Delivery::delivered);
    producer.report(1, Delivery::delivered);
    now += 1s;
    runner.run(partition, messages(2, 2));
    EXPECT_EQ(store.outbox.size(), 3u) << "delivered, but nobody has read them";
    store.consumed[{"out", 0}] = 2;
    runner.run(partition, messages(3, 3));
    EXPECT_EQ(store.outbox.size(), 4u) << "it does not ask after every batch";
    now += 1s;
    runner.run(partition, messages(4, 4));
    ASSERT_EQ(store.outbox.size(), 3u);
    EXPECT_EQ(store.outbox.begin()->second.event_id, "e2");
}

TEST_F(BatchRunnerTest, passes_over_messages_of_an_older_store) {
    auto batch = messages(0, 3);
    const std::string store_name(store_header);
    batch[1].headers.emplace_back(store_name, "0");
    batch[2].headers.emplace_back(store_name, ledger.this_store);
    EXPECT_EQ(runner.run(partition, batch), BatchEnd::finished);
    EXPECT_EQ(store.sum, 0 + 2 + 3);
    EXPECT_FALSE(store.applied.contains("e1")) << "the same event comes again";
    auto again = messages(4, 4);
    again[0].headers = {{std::string(event_id_header), "e1"}, {store_name, ledger.this_store}};
    EXPECT_EQ(runner.run(partition, again), BatchEnd::finished);
    EXPECT_EQ(store.sum, 0 + 2 + 3 + 4);
}

TEST_F(BatchRunnerTest, goes_on_where_every_message_is_of_an_older_store) {
    auto batch = messages(0, 1);
    for (auto& message : batch) message.headers.emplace_back(std::string(store_header), "0");
    EXPECT_EQ(runner.run(partition, batch), BatchEnd::finished);
    EXPECT_EQ(store.next_offset, 2);
    EXPECT_TRUE(stage.batches.empty());
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

TEST_F(BatchRunnerTest, what_upkeep_announced_in_a_commit_in_doubt_is_sent_from_the_outbox) {
    for (const auto fault : {CommitFault::in_doubt_but_done, CommitFault::in_doubt_and_done_late}) {
        stage.upkeep_left = 1;
        stage.announces_upkeep = true;
        producer.sent.clear();
        ledger.commit_faults = {fault};
        EXPECT_EQ(runner.look_after(partition), Upkeep::nothing_done);
        EXPECT_TRUE(producer.sent.empty());
        EXPECT_FALSE(partition.relay->has_room()) << "nothing newer is sent before it";
        runner.look_after(partition);
        EXPECT_EQ(producer.sent, std::vector<std::string>{"upkeep"});
        producer.reports.back()({Delivery::delivered, 0, 0, ""});
    }
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

/// What the process says that it waits for.
std::vector<std::string> reasons() {
    std::vector<std::string> all;
    for (const auto& entry : waits().all()) all.push_back(entry.reason);
    return all;
}

struct Waiting : BatchRunnerTest {
    std::vector<Message> sealed_first(std::int64_t last) {
        auto batch = messages(0, last);
        batch[0].payload = "sealed";
        return batch;
    }
    /// Looks at each sleep what is said and kept, and mends it after so many of them.
    void mend_after(std::size_t sleep_count, std::function<void()> mend) {
        at_sleep = [this, sleep_count, mend = std::move(mend)] {
            said.push_back(reasons());
            EXPECT_EQ(store.sum, 0);
            EXPECT_EQ(store.tries, 0);
            EXPECT_FALSE(store.trying_offset);
            if (sleeps.size() == sleep_count) mend();
        };
    }
    std::vector<std::vector<std::string>> said;
};

TEST_F(Waiting, for_the_deployment_commits_nothing_and_goes_on_when_it_is_mended) {
    stage.has_key = false;
    mend_after(8, [this] { stage.has_key = true; });
    EXPECT_EQ(runner.run(partition, sealed_first(2)), BatchEnd::finished);
    ASSERT_EQ(sleeps.size(), 8u);
    EXPECT_GE(sleeps.back(), 1600ms) << "it backs off";
    EXPECT_EQ(said, std::vector(8, std::vector<std::string>{"seal_key"}));
    EXPECT_EQ(store.sum, 1 + 2);
    EXPECT_TRUE(store.quarantine.empty());
    EXPECT_TRUE(reasons().empty());
    EXPECT_NE(
        metrics().text().find("chaiqin_stage_waiting{service=\"chaiqin\",reason=\"seal_key\"} 0"),
        std::string::npos)
        << metrics().text();
}

TEST_F(Waiting, for_the_deployment_counts_no_try_of_a_message_that_goes_alone) {
    stage.has_key = false;
    partition.messages_to_try_alone = 2;
    mend_after(20, [this] { stage.has_key = true; });
    EXPECT_EQ(runner.run(partition, sealed_first(1)), BatchEnd::finished);
    EXPECT_TRUE(store.quarantine.empty()) << "20 is more than the tries of a message";
    EXPECT_EQ(store.sum, 1);
}

// The same message under a permanent failure shows what the third kind of failure is for.
TEST_F(Waiting, is_for_the_deployment_alone_the_fault_of_a_message_is_not_waited_for) {
    auto batch = messages(0, 0);
    batch[0].payload = "poison";
    EXPECT_EQ(runner.run(partition, batch), BatchEnd::finished);
    EXPECT_TRUE(sleeps.empty());
    EXPECT_EQ(store.quarantine.size(), 1u);
}

TEST_F(Waiting, ends_when_the_loop_stops_and_leaves_no_mark) {
    stage.has_key = false;
    for (const std::size_t alone : {0u, 3u}) {
        partition.messages_to_try_alone = alone;
        is_stopping = true;
        EXPECT_EQ(runner.run(partition, sealed_first(2)), BatchEnd::left_to_next_owner);
        EXPECT_EQ(store.next_offset, 0);
        EXPECT_EQ(store.tries, 0);
        EXPECT_FALSE(store.trying_offset);
        EXPECT_TRUE(reasons().empty());
    }
}

TEST_F(Waiting, keeps_the_tries_of_those_that_died_before) {
    store.trying_offset = 0;
    store.tries = 2;
    stage.has_key = false;
    partition.messages_to_try_alone = 1;
    is_stopping = true;
    EXPECT_EQ(runner.run(partition, sealed_first(0)), BatchEnd::left_to_next_owner);
    EXPECT_EQ(store.tries, 2);
    EXPECT_EQ(store.trying_offset, 0);
}

TEST_F(Waiting, of_upkeep_is_said_until_it_is_done) {
    stage.upkeep_left = 1;
    stage.has_key = false;
    EXPECT_EQ(runner.look_after(partition), Upkeep::nothing_done);
    EXPECT_EQ(reasons(), std::vector<std::string>{"seal_key"});
    stage.has_key = true;
    EXPECT_EQ(runner.look_after(partition), Upkeep::nothing_done) << "not at once";
    EXPECT_EQ(reasons(), std::vector<std::string>{"seal_key"});
    now += 2s;
    EXPECT_EQ(runner.look_after(partition), Upkeep::piece_done);
    EXPECT_TRUE(reasons().empty());
    EXPECT_EQ(store.sum, 1);
}

struct BreakerTest : BatchRunnerTest {
    std::vector<Message> poison(std::int64_t first, std::int64_t last) {
        auto batch = messages(first, last);
        for (auto& message : batch) message.payload = "poison";
        return batch;
    }
};

TEST_F(BreakerTest, stops_the_stage_after_20_messages_until_it_may_go_on) {
    at_sleep = [this] {
        EXPECT_EQ(store.quarantine.size(), 20u);
        EXPECT_EQ(reasons(), std::vector<std::string>{"quarantine"});
        if (sleeps.size() == 50) ++store.last_resume;
    };
    EXPECT_EQ(runner.run(partition, poison(0, 24)), BatchEnd::finished);
    EXPECT_EQ(sleeps.size(), 50u) << "it waits for the order, however long that takes";
    EXPECT_EQ(store.quarantine.size(), 25u) << "from then on it counts anew";
    EXPECT_TRUE(reasons().empty());
}

TEST_F(BreakerTest, stops_batches_that_are_whole_too) {
    runner.run(partition, poison(0, 19));
    at_sleep = [this] { is_stopping = true; };
    EXPECT_EQ(runner.run(partition, messages(20, 24)), BatchEnd::left_to_next_owner);
    EXPECT_EQ(store.sum, 0);
    EXPECT_EQ(store.next_offset, 20);
}

TEST_F(BreakerTest, is_closed_in_a_process_that_starts_anew) {
    runner.run(partition, poison(0, 19));
    BatchRunner next{{.stage = "test", .max_tries = 3, .quarantine_topic = "quarantine"},
                     stage,
                     ledger,
                     health,
                     {.clock = clock,
                      .steady_now = [this] { return now; },
                      .sleep = [](auto) { FAIL() << "it waits"; },
                      .is_stopping = [] { return true; },
                      .random = {}}};
    EXPECT_EQ(next.run(partition, messages(20, 24)), BatchEnd::finished);
}

TEST_F(BreakerTest, leaves_20_messages_in_more_than_a_minute_alone) {
    for (std::int64_t offset = 0; offset < 40; ++offset) {
        EXPECT_EQ(runner.run(partition, poison(offset, offset)), BatchEnd::finished);
        now += 3200ms;
    }
    EXPECT_TRUE(sleeps.empty());
    EXPECT_EQ(store.quarantine.size(), 40u);
}

}  // namespace
}  // namespace chaiqin::runtime
