// Producer, consumer and admin against a real broker.
#include <gtest/gtest.h>

#include "domain/failure.hpp"
#include "kafka/consumer.hpp"
#include "support/scratch_topics.hpp"

namespace chaiqin {
namespace {

using runtime::Delivery;
using runtime::TopicPartition;
using testing::make_topic;
using testing::produce;
using testing::test_brokers;

std::vector<runtime::Message> read_all(const TopicPartition& at, std::int64_t from = 0) {
    std::vector<runtime::Message> all;
    kafka::make_range_reader(test_brokers())->read(at, from, [&](const runtime::Message& m) {
        all.push_back(m);
    });
    return all;
}

struct Kafka : ::testing::Test {
    std::unique_ptr<runtime::Producer> producer = kafka::make_producer({.cluster = test_brokers()});
};

TEST_F(Kafka, a_message_comes_back_as_it_was_sent) {
    const auto topic = make_topic("t", 2);
    std::string payload(5 << 20, '\0');
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<char>(i * 2654435761u >> 13);
    const auto delivered =
        produce(*producer, {{topic, 1, "key", "id/1", {{"agency", "A"}, {"empty", ""}}, payload}});
    EXPECT_EQ(delivered[0].outcome, Delivery::delivered) << delivered[0].reason;
    EXPECT_EQ(delivered[0].partition, 1);
    EXPECT_EQ(delivered[0].offset, 0);
    const auto all = read_all({topic, 1});
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].key, "key");
    EXPECT_EQ(all[0].payload, payload);
    EXPECT_EQ(all[0].header("ce_id"), "id/1");
    EXPECT_EQ(all[0].header("agency"), "A");
    EXPECT_EQ(all[0].header("empty"), "");
    EXPECT_GT(all[0].timestamp_ms, 0);
}

TEST_F(Kafka, the_event_id_is_the_only_ce_id) {
    const auto topic = make_topic("t", 1);
    produce(*producer, {{topic, 0, "", "new", {{"ce_id", "old"}}, "x"},
                        {topic, 0, "", "", {{"ce_id", "kept"}}, "x"}});
    const auto all = read_all({topic, 0});
    EXPECT_EQ(all[0].headers, (runtime::Headers{{"ce_id", "new"}}));
    EXPECT_EQ(all[1].header("ce_id"), "kept");
}

TEST_F(Kafka, a_message_too_large_is_refused_for_good) {
    const auto topic = make_topic("t", 1);
    const auto delivered = produce(*producer, {{topic, 0, "", "a", {}, std::string(7 << 20, 'x')},
                                               {topic, 0, "", "b", {}, "x"}});
    EXPECT_EQ(delivered[0].outcome, Delivery::refused_for_good);
    EXPECT_EQ(delivered[1].outcome, Delivery::delivered);
}

TEST_F(Kafka, a_broker_that_is_away_means_not_delivered_within_the_time) {
    const auto lonely = kafka::make_producer(
        {.cluster = "127.0.0.1:1", .message_timeout = std::chrono::milliseconds(500)});
    const auto begin = std::chrono::steady_clock::now();
    const auto delivered = produce(*lonely, {{"nowhere", 0, "", "a", {}, "x"}});
    EXPECT_NE(delivered[0].outcome, Delivery::delivered);
    EXPECT_NE(delivered[0].outcome, Delivery::refused_for_good);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
    EXPECT_FALSE(lonely->is_connected());
    EXPECT_TRUE(producer->is_connected());
}

TEST_F(Kafka, the_consumer_starts_where_it_is_told_and_can_be_set_back) {
    const auto topic = make_topic("t", 1);
    std::vector<runtime::OutgoingMessage> messages;
    for (int i = 0; i < 10; ++i) messages.push_back({topic, 0, "k", std::to_string(i), {}, "x"});
    produce(*producer, std::move(messages));
    const auto consumer = kafka::make_consumer({test_brokers(), testing::unique_name("group")});
    consumer->subscribe(
        {topic},
        [](const auto& all) {
            return std::vector{std::pair{all[0], std::int64_t{6}}};
        },
        [](const auto&) {});
    const auto next = [&] {
        std::optional<runtime::Message> message;
        EXPECT_TRUE(testing::wait_until([&] {
            return (message = consumer->poll(std::chrono::milliseconds(100))).has_value();
        }));
        return message ? message->offset : -1;
    };
    EXPECT_EQ(next(), 6);
    EXPECT_EQ(next(), 7);
    EXPECT_EQ(consumer->known_end({topic, 0}), 10);
    consumer->seek({topic, 0}, 2);
    EXPECT_EQ(next(), 2);
    consumer->pause();
    consumer->resume();
    EXPECT_EQ(next(), 3);
    consumer->close();
}

TEST_F(Kafka, an_offset_that_is_not_in_the_topic_is_never_passed_over) {
    const auto topic = make_topic("t", 1);
    produce(*producer, {{topic, 0, "k", "a", {}, "x"}});
    const auto consumer = kafka::make_consumer({test_brokers(), testing::unique_name("group")});
    consumer->subscribe(
        {topic},
        [](const auto& all) {
            return std::vector{std::pair{all[0], std::int64_t{500}}};
        },
        [](const auto&) {});
    EXPECT_THROW(
        {
            for (int i = 0; i < 200; ++i)
                EXPECT_FALSE(consumer->poll(std::chrono::milliseconds(100)));
        },
        domain::PermanentFailure);
}

TEST_F(Kafka, a_failure_while_partitions_are_assigned_comes_out_of_poll) {
    const auto topic = make_topic("t", 1);
    const auto consumer = kafka::make_consumer({test_brokers(), testing::unique_name("group")});
    consumer->subscribe(
        {topic},
        [](const auto&) -> runtime::PartitionOffsets {
            throw domain::TransientFailure("PostgreSQL is away");
        },
        [](const auto&) {});
    EXPECT_THROW(
        {
            for (int i = 0; i < 200; ++i) consumer->poll(std::chrono::milliseconds(100));
        },
        domain::TransientFailure);
}

TEST_F(Kafka, topics_are_made_as_wished_and_only_once) {
    const auto name = testing::unique_name("wished");
    const std::vector<kafka::WishedTopic> wished{
        {name, 3, {{"retention.ms", "-1"}, {"flush.messages", "1"}}}};
    EXPECT_EQ(kafka::topics_diff(test_brokers(), wished).at(0).what, "missing");
    EXPECT_EQ(kafka::topics_apply(test_brokers(), wished).size(), 1u);
    EXPECT_TRUE(
        testing::wait_until([&] { return kafka::topics_diff(test_brokers(), wished).empty(); }));
    EXPECT_TRUE(kafka::topics_apply(test_brokers(), wished).empty());
    std::vector<kafka::WishedTopic> other{
        {name, 4, {{"retention.ms", "1000"}, {"flush.messages", "1"}}}};
    const auto differences = kafka::topics_diff(test_brokers(), other);
    ASSERT_EQ(differences.size(), 2u);
    EXPECT_FALSE(differences[0].can_be_applied);
    EXPECT_EQ(differences[1].what, "retention.ms -1, wished 1000");
    kafka::topics_apply(test_brokers(), other);
    EXPECT_TRUE(
        testing::wait_until([&] { return kafka::topics_diff(test_brokers(), other).size() == 1; }));
}

TEST_F(Kafka, the_topics_file_is_read) {
    const auto topics = kafka::read_topics(
        R"({"topics": [{"name": "a", "partitions": 12, "config": {"retention.ms": "-1"}}]})");
    ASSERT_EQ(topics.size(), 1u);
    EXPECT_EQ(topics[0].partitions, 12);
    EXPECT_THROW(kafka::read_topics("{}"), domain::ConfigError);
    EXPECT_THROW(kafka::read_topics(R"({"topics": [{"name": "a"}]})"), domain::ConfigError);
    EXPECT_THROW(kafka::read_topics(R"({"topics": [{"name": 3, "partitions": 1}]})"),
                 domain::ConfigError);
}

TEST_F(Kafka, records_that_are_old_and_taken_are_trimmed) {
    const auto topic = make_topic("t", 2);
    std::vector<runtime::OutgoingMessage> messages;
    for (int i = 0; i < 10; ++i)
        messages.push_back({topic, i % 2, "k", std::to_string(i), {}, "x"});
    produce(*producer, std::move(messages));
    EXPECT_EQ(kafka::end_offsets(test_brokers(), topic, 2),
              (std::map<std::int32_t, std::int64_t>{{0, 5}, {1, 5}}));
    const auto trim_nothing = kafka::make_trimmer(test_brokers(), std::chrono::hours(1));
    trim_nothing({{{topic, 0}, 3}, {{topic, 1}, 5}});
    EXPECT_EQ(read_all({topic, 0}).size(), 5u);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const auto trim = kafka::make_trimmer(test_brokers(), std::chrono::milliseconds(0));
    trim({{{topic, 0}, 3}, {{topic, 1}, 5}});
    EXPECT_EQ(read_all({topic, 0}).at(0).offset, 3);
    EXPECT_TRUE(read_all({topic, 1}).empty());
}

}  // namespace
}  // namespace chaiqin
