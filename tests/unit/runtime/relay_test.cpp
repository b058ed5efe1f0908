#include "runtime/relay.hpp"

#include <gtest/gtest.h>

#include "memory_ledger.hpp"

namespace chaiqin::runtime {
namespace {

using namespace std::chrono_literals;

struct RelayTest : ::testing::Test {
    testing::HeldProducer producer;
    testing::MemoryStore store;
    testing::MemoryLedger ledger{store};
    std::shared_ptr<InFlight> in_flight = std::make_shared<InFlight>(40);
    Steady::time_point now{1h};
    int progress = 0;
    std::shared_ptr<Relay> relay = std::make_shared<Relay>(
        TopicPartition{"in", 0}, producer, in_flight, [this] { return now; },
        [this] { ++progress; });

    /// Rows of five bytes in the outbox, as a commit leaves them.
    std::vector<OutboxRow> committed(std::int64_t first, std::int64_t last) {
        std::vector<OutboxRow> all;
        for (auto id = first; id <= last; ++id) {
            all.push_back({id, {"t", 0, "k", std::to_string(id), {}, "12345"}});
            store.outbox[id] = all.back().message;
        }
        return all;
    }
    /// An empty outbox was read.
    void start() { relay->read_outbox(ledger); }
};

using Ids = std::vector<std::string>;

TEST_F(RelayTest, sends_nothing_new_before_the_outbox_was_read) {
    committed(6, 6);
    EXPECT_TRUE(relay->is_behind());
    relay->send_committed(committed(7, 7));
    EXPECT_TRUE(producer.sent.empty());
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent, (Ids{"6", "7"}));
    EXPECT_FALSE(relay->is_behind());
}

TEST_F(RelayTest, reads_a_long_outbox_in_pieces) {
    committed(1, 5);
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent, (Ids{"1", "2"})) << "a quarter of what may be in flight";
    EXPECT_TRUE(relay->is_behind());
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent.size(), 2u) << "something is in flight";
    producer.report(0, Delivery::delivered);
    producer.report(1, Delivery::delivered);
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent, (Ids{"1", "2", "3", "4"}));
}

TEST_F(RelayTest, keeps_delivered_rows_until_their_readers_are_past_them) {
    start();
    relay->send_committed(committed(1, 3));
    EXPECT_EQ(in_flight->bytes, 15u);
    producer.report(0, Delivery::delivered);
    producer.report(2, Delivery::delivered);
    EXPECT_EQ(in_flight->bytes, 5u);
    EXPECT_EQ(progress, 2);
    EXPECT_EQ(relay->delivered_topics(), std::vector<std::string>{"t"});
    store.consumed[{"t", 0}] = 0;
    EXPECT_EQ(relay->delete_finished(ledger), 0u);
    store.consumed[{"t", 0}] = 2;
    EXPECT_EQ(relay->delete_finished(ledger), 1u) << "row 3 lies at offset 2";
    EXPECT_EQ(store.outbox.size(), 2u);
    store.consumed[{"t", 0}] = 3;
    EXPECT_EQ(relay->delete_finished(ledger), 1u);
    EXPECT_TRUE(relay->delivered_topics().empty());
    EXPECT_EQ(relay->delete_finished(ledger), 0u);
}

TEST_F(RelayTest, keeps_nothing_for_a_topic_that_no_stage_reads) {
    start();
    relay->send_committed(committed(1, 1));
    producer.report(0, Delivery::delivered);
    EXPECT_EQ(relay->delete_finished(ledger), 1u);
}

TEST_F(RelayTest, keeps_a_row_that_is_delivered_while_it_asks_about_other_topics) {
    start();
    auto rows = committed(1, 2);
    rows[1].message.topic = "read";
    store.consumed[{"read", 0}] = 0;
    relay->send_committed(std::move(rows));
    producer.report(0, Delivery::delivered);
    ledger.during_consumed = [&] { producer.report(1, Delivery::delivered); };
    EXPECT_EQ(relay->delete_finished(ledger), 1u);
    EXPECT_TRUE(store.outbox.contains(2)) << "nobody has read it";
    ledger.during_consumed = {};
    EXPECT_EQ(relay->delete_finished(ledger), 0u);
    store.consumed[{"read", 0}] = 2;
    EXPECT_EQ(relay->delete_finished(ledger), 1u);
}

TEST_F(RelayTest, has_room_until_too_much_is_in_flight) {
    start();
    relay->send_committed(committed(1, 7));
    EXPECT_TRUE(relay->has_room());
    relay->send_committed(committed(8, 8));
    EXPECT_FALSE(relay->has_room());
    producer.report(0, Delivery::delivered);
    EXPECT_TRUE(relay->has_room());
}

TEST_F(RelayTest, starts_again_from_the_lowest_row_not_delivered) {
    start();
    relay->send_committed(committed(1, 4));
    producer.report(0, Delivery::delivered);
    producer.report(2, Delivery::unknown);
    producer.report(1, Delivery::not_queued);
    relay->send_committed(committed(5, 5));
    EXPECT_EQ(producer.sent.size(), 4u) << "nothing overtakes the failed rows";
    now += 1s;
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent.size(), 4u) << "row 4 is still in flight";
    producer.report(3, Delivery::delivered);
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent, (Ids{"1", "2", "3", "4", "2", "3"}));
    producer.report(4, Delivery::delivered);
    producer.report(5, Delivery::delivered);
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent, (Ids{"1", "2", "3", "4", "2", "3", "5"}));
}

TEST_F(RelayTest, sends_nothing_behind_a_row_that_fails_while_the_rest_is_sent) {
    start();
    producer.during_send = [&](std::size_t which) {
        if (which == 1) producer.report(1, Delivery::not_queued);
    };
    relay->send_committed(committed(1, 4));
    EXPECT_EQ(producer.sent, (Ids{"1", "2"}));
    EXPECT_EQ(in_flight->bytes, 5u) << "row 1";
    producer.report(0, Delivery::delivered);
    now += 1s;
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent, (Ids{"1", "2", "2", "3"}));
    producer.report(2, Delivery::delivered);
    producer.report(3, Delivery::delivered);
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent, (Ids{"1", "2", "2", "3", "4"}));
}

TEST_F(RelayTest, waits_after_a_failed_delivery_and_longer_after_the_next) {
    start();
    relay->send_committed(committed(1, 1));
    producer.report(0, Delivery::unknown);
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent.size(), 1u);
    now += 100ms;
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent.size(), 2u);
    producer.report(1, Delivery::unknown);
    now += 100ms;
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent.size(), 2u);
    now += 100ms;
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent.size(), 3u);
}

TEST_F(RelayTest, buries_rows_that_are_refused_for_good) {
    start();
    relay->send_committed(committed(1, 2));
    producer.report(0, Delivery::refused_for_good);
    producer.report(1, Delivery::delivered);
    EXPECT_FALSE(relay->is_behind());
    relay->bury_refused(ledger);
    EXPECT_EQ(store.outbox_dead, (std::map<std::int64_t, std::string>{{1, "reason"}}));
    relay->bury_refused(ledger);
    EXPECT_EQ(store.outbox_dead.size(), 1u);
    EXPECT_EQ(relay->finished({"t"}, {}), std::vector<std::int64_t>{2});
}

TEST_F(RelayTest, reads_again_without_sending_twice) {
    start();
    relay->send_committed(committed(1, 2));
    committed(3, 3);
    relay->expect_rows();
    producer.report(0, Delivery::delivered);
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent.size(), 2u) << "row 2 is still in flight";
    producer.report(1, Delivery::delivered);
    relay->read_outbox(ledger);
    EXPECT_EQ(producer.sent, (Ids{"1", "2", "3"}));
}

TEST_F(RelayTest, tells_the_age_of_what_has_not_left) {
    now += 5s;
    EXPECT_EQ(relay->oldest_seconds(), 5) << "the outbox was not read yet";
    start();
    EXPECT_EQ(relay->oldest_seconds(), 0);
    relay->send_committed(committed(1, 1));
    now += 2s;
    EXPECT_EQ(relay->oldest_seconds(), 2);
    producer.report(0, Delivery::delivered);
    EXPECT_EQ(relay->oldest_seconds(), 0);
}

TEST_F(RelayTest, takes_reports_after_its_owner_has_gone) {
    start();
    relay->send_committed(committed(1, 1));
    relay.reset();
    producer.report(0, Delivery::delivered);
    EXPECT_EQ(progress, 1);
}

}  // namespace
}  // namespace chaiqin::runtime
