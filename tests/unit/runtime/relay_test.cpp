#include "runtime/relay.hpp"

#include <gtest/gtest.h>

#include "runtime/stage.hpp"

namespace chaiqin::runtime {
namespace {

/// Keeps what is sent; the test says what became of it.
class HeldProducer final : public Producer {
public:
    void send(OutgoingMessage message, OnDelivery on_delivery) override {
        sent.push_back(message.event_id);
        reports.push_back(std::move(on_delivery));
    }
    bool flush(std::chrono::milliseconds) override { return true; }
    bool is_connected() override { return true; }
    void report(std::size_t which, Delivery outcome) {
        reports.at(which)({outcome, 0, 0, "reason"});
    }

    std::vector<std::string> sent;
    std::vector<OnDelivery> reports;
};

struct RelayTest : ::testing::Test {
    HeldProducer producer;
    std::shared_ptr<std::atomic<std::size_t>> bytes = std::make_shared<std::atomic<std::size_t>>(0);
    int progress = 0;
    std::shared_ptr<Relay> relay = std::make_shared<Relay>(producer, bytes, [this] { ++progress; });

    static std::vector<OutboxRow> rows(std::int64_t first, std::int64_t last) {
        std::vector<OutboxRow> all;
        for (auto id = first; id <= last; ++id)
            all.push_back({id, {"t", 0, "k", std::to_string(id), {}, "12345"}});
        return all;
    }
    void start() { relay->take_rows({}, true); }
    void wait_until_rows_are_wanted() {
        while (!relay->wants_rows()) std::this_thread::yield();
    }
};

TEST_F(RelayTest, sends_nothing_new_before_the_outbox_was_read) {
    EXPECT_TRUE(relay->is_behind());
    EXPECT_TRUE(relay->wants_rows());
    relay->add(rows(7, 7));
    EXPECT_TRUE(producer.sent.empty());
    relay->take_rows(rows(5, 7), true);
    EXPECT_EQ(producer.sent, (std::vector<std::string>{"5", "6", "7"}));
    EXPECT_FALSE(relay->is_behind());
}

TEST_F(RelayTest, reads_a_long_outbox_in_pieces) {
    relay->take_rows(rows(1, 2), false);
    EXPECT_TRUE(relay->is_behind());
    EXPECT_FALSE(relay->wants_rows()) << "something is in flight";
    producer.report(0, Delivery::delivered);
    producer.report(1, Delivery::delivered);
    EXPECT_TRUE(relay->wants_rows());
    EXPECT_EQ(relay->read_from(), 3);
}

TEST_F(RelayTest, lists_delivered_rows_until_they_are_deleted) {
    start();
    relay->add(rows(1, 3));
    EXPECT_EQ(*bytes, 15u);
    producer.report(0, Delivery::delivered);
    producer.report(2, Delivery::delivered);
    EXPECT_EQ(*bytes, 5u);
    EXPECT_EQ(progress, 2);
    EXPECT_EQ(relay->deletable(), (std::vector<std::int64_t>{1, 3}));
    relay->deleted({1, 3});
    EXPECT_TRUE(relay->deletable().empty());
}

TEST_F(RelayTest, starts_again_from_the_lowest_row_not_delivered) {
    start();
    relay->add(rows(1, 4));
    producer.report(0, Delivery::delivered);
    producer.report(2, Delivery::unknown);
    producer.report(1, Delivery::not_queued);
    relay->add(rows(5, 5));
    EXPECT_EQ(producer.sent.size(), 4u) << "nothing overtakes the failed rows";
    EXPECT_FALSE(relay->wants_rows());
    producer.report(3, Delivery::delivered);
    wait_until_rows_are_wanted();
    EXPECT_EQ(relay->read_from(), 2);
    relay->take_rows(rows(1, 5), true);
    EXPECT_EQ(producer.sent, (std::vector<std::string>{"1", "2", "3", "4", "2", "3", "5"}));
}

TEST_F(RelayTest, sets_rows_aside_that_are_refused_for_good) {
    start();
    relay->add(rows(1, 2));
    producer.report(0, Delivery::refused_for_good);
    producer.report(1, Delivery::delivered);
    EXPECT_FALSE(relay->is_behind());
    ASSERT_EQ(relay->refused().size(), 1u);
    EXPECT_EQ(relay->refused()[0], (std::pair<std::int64_t, std::string>{1, "reason"}));
    relay->deleted({1});
    EXPECT_TRUE(relay->refused().empty());
}

TEST_F(RelayTest, reads_again_without_sending_twice) {
    start();
    relay->add(rows(1, 2));
    relay->read_again();
    producer.report(0, Delivery::delivered);
    EXPECT_FALSE(relay->wants_rows());
    producer.report(1, Delivery::delivered);
    ASSERT_TRUE(relay->wants_rows());
    EXPECT_EQ(relay->read_from(), 0);
    relay->take_rows(rows(1, 3), true);
    EXPECT_EQ(producer.sent, (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(RelayTest, takes_reports_after_its_owner_has_gone) {
    start();
    relay->add(rows(1, 1));
    relay.reset();
    producer.report(0, Delivery::delivered);
    EXPECT_EQ(progress, 1);
}

}  // namespace
}  // namespace chaiqin::runtime
