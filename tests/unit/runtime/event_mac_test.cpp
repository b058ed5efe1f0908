// Who can write to the broker cannot invent counts.
#include "runtime/event_mac.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "domain/topics.hpp"
#include "memory_ledger.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::runtime {
namespace {

using testing::AddingStage;
using namespace std::chrono_literals;

/// Stands for a keyed one: no test here can tell them apart.
std::string make_mac(std::string_view head, std::string_view payload) {
    return std::to_string(std::hash<std::string>{}(std::string(head) + "|" + std::string(payload)));
}

std::string make_no_mac(std::string_view, std::string_view) { throw testing::key_is_missing(); }

OutgoingMessage counts(const std::string& payload) {
    return {.topic = std::string(domain::topics::counts_changed),
            .key = "key",
            .event_id = "batch/1",
            .headers = {{"ce_time", "now"}, {"attempt", "1"}},
            .payload = payload};
}

/// As it comes out of Kafka, at this offset.
Message received(const OutgoingMessage& sent, std::int64_t offset = 0) {
    Message message{.topic = sent.topic,
                    .partition = sent.partition,
                    .offset = offset,
                    .key = sent.key,
                    .headers = {{std::string(event_id_header), sent.event_id}},
                    .payload = sent.payload};
    message.headers.insert(message.headers.end(), sent.headers.begin(), sent.headers.end());
    return message;
}

TEST(MacOfEvent, fits_in_any_order_of_headers) {
    auto message = received(signed_message(counts("5"), make_mac));
    EXPECT_TRUE(has_good_mac(message, make_mac));
    std::reverse(message.headers.begin(), message.headers.end());
    EXPECT_TRUE(has_good_mac(message, make_mac));
}

TEST(MacOfEvent, covers_all_that_a_stage_reads) {
    const auto good = received(signed_message(counts("5"), make_mac));
    const std::pair<const char*, std::function<void(Message&)>> changes[] = {
        {"payload", [](auto& m) { m.payload = "6"; }},
        {"topic", [](auto& m) { m.topic = domain::topics::file_validated; }},
        {"partition", [](auto& m) { m.partition = 1; }},
        {"key", [](auto& m) { m.key = "other"; }},
        {"event id", [](auto& m) { m.headers[0].second = "batch/2"; }},
        {"a header's value", [](auto& m) { m.headers[2].second = "2"; }},
        {"a header's name", [](auto& m) { m.headers[2].first = "attemps"; }},
        {"one header less", [](auto& m) { m.headers.erase(m.headers.begin() + 1); }},
        {"one header more", [](auto& m) { m.headers.emplace_back("agency", "a"); }},
        {"no MAC", [](auto& m) { m.headers.pop_back(); }},
        {"an empty MAC", [](auto& m) { m.headers.back().second = ""; }},
        {"a shorter MAC", [](auto& m) { m.headers.back().second.pop_back(); }},
    };
    for (const auto& [what, change] : changes) {
        auto message = good;
        change(message);
        EXPECT_FALSE(has_good_mac(message, make_mac)) << what;
    }
}

TEST(SigningProducerTest, signs_only_topics_with_a_mac) {
    struct Kept final : Producer {
        void send(OutgoingMessage message, OnDelivery) override { all.push_back(message); }
        Flush flush(std::chrono::milliseconds) override { return Flush::all_reported; }
        bool is_connected() override { return true; }
        std::vector<OutgoingMessage> all;
    } kept;
    SigningProducer producer(kept, make_mac);
    auto outbox_row = counts("5");
    outbox_row.headers.emplace_back(mac_header, "of an earlier release");
    producer.send(outbox_row, {});
    EXPECT_TRUE(has_good_mac(received(kept.all.at(0)), make_mac));
    auto other = counts("5");
    other.topic = domain::topics::filing_changed;
    producer.send(other, {});
    EXPECT_EQ(value_of(kept.all.at(1).headers, mac_header), "");
    Delivered report;
    SigningProducer(kept, make_no_mac).send(counts("5"), [&](const auto& said) { report = said; });
    EXPECT_EQ(report.outcome, Delivery::not_queued) << "it is sent once the key is there";
    EXPECT_EQ(kept.all.size(), 2u);
}

/// A stage that adds up what comes on counts.changed, with a runner as the loop has one.
struct VerifyingStageTest : ::testing::Test {
    static void SetUpTestSuite() { open_metrics("test", "0"); }
    testing::MemoryStore store;
    testing::MemoryLedger ledger{store};
    AddingStage adding;
    testing::HeldProducer producer;
    testing::StillClock clock;
    DatabaseHealth health;
    Steady::time_point now{1h};
    bool is_stopping = false;
    const std::string topic{domain::topics::counts_changed};
    OwnedPartition partition{
        {topic, 0},
        0,
        std::make_shared<Relay>(
            TopicPartition{topic, 0}, producer, std::make_shared<InFlight>(1 << 20),
            [this] { return now; }, [] {})};

    BatchEnd run(Stage& stage, const std::vector<Message>& batch) {
        partition.relay->read_outbox(ledger);
        BatchRunner runner{{.stage = "test", .max_tries = 3, .quarantine_topic = "quarantine"},
                           stage,
                           ledger,
                           health,
                           {.clock = clock,
                            .steady_now = [this] { return now; },
                            .sleep = [this](auto) { is_stopping = true; },
                            .is_stopping = [this] { return is_stopping; },
                            .random = {}}};
        return runner.run(partition, batch);
    }
    /// The second of three is invented.
    static std::vector<Message> with_a_forged_one() {
        auto one = counts("1"), three = counts("3"), forged = counts("1000");
        three.event_id = "batch/3";
        forged.event_id = "batch/2";
        return {received(signed_message(one, make_mac), 0), received(forged, 1),
                received(signed_message(three, make_mac), 2)};
    }
};

TEST_F(VerifyingStageTest, puts_invented_counts_into_quarantine) {
    VerifyingStage verifying(adding, make_mac);
    EXPECT_EQ(run(verifying, with_a_forged_one()), BatchEnd::finished);
    EXPECT_EQ(store.sum, 4);
    ASSERT_EQ(store.quarantine.size(), 1u);
    EXPECT_EQ(store.quarantine[0].first, "batch/2");
    EXPECT_TRUE(store.quarantine[0].second.starts_with(bad_mac)) << store.quarantine[0].second;
}

// Negative control: without the check the same message counts.
TEST_F(VerifyingStageTest, is_what_stands_between_invented_counts_and_the_sum) {
    EXPECT_EQ(run(adding, with_a_forged_one()), BatchEnd::finished);
    EXPECT_EQ(store.sum, 1004);
    EXPECT_TRUE(store.quarantine.empty());
}

TEST_F(VerifyingStageTest, takes_the_true_event_whose_id_a_forged_one_has_used) {
    VerifyingStage verifying(adding, make_mac);
    const auto forged = counts("1000"), genuine = counts("1");
    run(verifying, {received(forged, 0), received(signed_message(genuine, make_mac), 1)});
    EXPECT_EQ(store.sum, 1);
    EXPECT_EQ(store.quarantine.size(), 1u);
}

TEST_F(VerifyingStageTest, waits_without_a_key_and_gives_nothing_up) {
    VerifyingStage verifying(adding, make_no_mac);
    EXPECT_EQ(run(verifying, with_a_forged_one()), BatchEnd::left_to_next_owner);
    EXPECT_EQ(store.next_offset, 0);
    EXPECT_TRUE(store.quarantine.empty());
}

}  // namespace
}  // namespace chaiqin::runtime
