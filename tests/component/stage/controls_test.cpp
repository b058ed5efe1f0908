// Negative controls: the same exactness check, with a mechanism there and with it switched off.
// Switched off, it must fail: so the mechanism is needed and the check can see it missing.
#include <gtest/gtest.h>

#include "toy_stage.hpp"

namespace chaiqin {
namespace {

using testing::Running;
using testing::ToyStage;
using testing::ToyWorld;
using testing::wait_until;

/// Loses each seventh message the first time it comes, as a fetch that skipped offsets would.
class SkippingConsumer final : public runtime::Consumer {
public:
    explicit SkippingConsumer(std::unique_ptr<runtime::Consumer> inner)
        : inner_(std::move(inner)) {}
    void subscribe(const std::vector<std::string>& topics, Assigned assigned,
                   Revoked revoked) override {
        inner_->subscribe(topics, std::move(assigned), std::move(revoked));
    }
    std::optional<runtime::Message> poll(std::chrono::milliseconds wait) override {
        auto message = inner_->poll(wait);
        if (message && message->offset % 7 == 2 &&
            lost_.emplace(message->partition, message->offset).second)
            return std::nullopt;
        return message;
    }
    void seek(const runtime::TopicPartition& at, std::int64_t offset) override {
        inner_->seek(at, offset);
    }
    void pause() override { inner_->pause(); }
    void resume() override { inner_->resume(); }
    void commit_hints(const runtime::PartitionOffsets& next_offsets) override {
        inner_->commit_hints(next_offsets);
    }
    std::int64_t known_end(const runtime::TopicPartition& at) override {
        return inner_->known_end(at);
    }
    void close() override { inner_->close(); }

private:
    std::unique_ptr<runtime::Consumer> inner_;
    std::set<std::pair<std::int32_t, std::int64_t>> lost_;
};

/// The counts after a run on a consumer that skips, with or without the compare-and-set.
std::string totals_on_a_skipping_consumer(bool compare_and_set) {
    ToyWorld world;
    world.send(210);
    ToyStage stage(world.out);
    auto settings = world.ledger_settings();
    settings.compare_and_set = compare_and_set;
    Running running(
        world, stage,
        {.consumer =
             [](auto inner) { return std::make_unique<SkippingConsumer>(std::move(inner)); },
         .ledger = [=] { return postgres::make_stage_ledger(settings); },
         .batch_messages = 5});
    EXPECT_TRUE(wait_until([&] { return world.is_finished(); }));
    return world.totals();
}

TEST(Controls, compare_and_set_of_progress_catches_skipped_offsets) {
    EXPECT_EQ(totals_on_a_skipping_consumer(true), ToyWorld::expected(210));
}
TEST(Controls, without_the_compare_and_set_skipped_offsets_are_lost) {
    EXPECT_NE(totals_on_a_skipping_consumer(false), ToyWorld::expected(210));
}

std::string totals_of_messages_sent_twice(bool applied_ids) {
    ToyWorld world;
    world.send(140, 2);
    ToyStage stage(world.out);
    auto settings = world.ledger_settings();
    settings.applied_ids = applied_ids;
    Running running(world, stage,
                    {.ledger = [=] { return postgres::make_stage_ledger(settings); }});
    EXPECT_TRUE(wait_until([&] { return world.is_finished(); }));
    return world.totals();
}

TEST(Controls, set_of_applied_ids_drops_repeats) {
    EXPECT_EQ(totals_of_messages_sent_twice(true), ToyWorld::expected(140));
}
TEST(Controls, without_the_set_of_applied_ids_repeats_count_twice) {
    EXPECT_NE(totals_of_messages_sent_twice(false), ToyWorld::expected(140));
}

/// Two owners of the same partitions who never hear of each other: what a stalled process is when
/// it wakes up.
TEST(Controls, two_owners_at_once_still_count_each_message_once) {
    ToyWorld world;
    ToyStage one(world.out), two(world.out);
    Running first(world, one, {.group = "one", .batch_messages = 4});
    Running second(world, two, {.group = "two", .batch_messages = 7});
    ASSERT_TRUE(wait_until([&] { return first.is_ready() && second.is_ready(); }));
    world.send(700);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(700));
    const auto ids = world.announced();
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 700u);
}

/// The database was set back: what was announced before says other things than what comes now
/// under the same ids.
std::string totals_after_events_of_another_life(bool store_generation) {
    ToyWorld world;
    std::vector<runtime::OutgoingMessage> before;
    for (int i = 1; i <= 140; i += 3) {
        before.push_back(world.message(i, "1000"));
        before.back().headers.emplace_back(runtime::store_header, "0000AAAA.7");
    }
    world.sent += before.size();
    testing::produce(*world.producer, std::move(before));
    world.send(140);
    ToyStage stage(world.out);
    auto settings = world.ledger_settings();
    settings.store_generation = store_generation;
    Running running(world, stage,
                    {.ledger = [=] { return postgres::make_stage_ledger(settings); }});
    EXPECT_TRUE(wait_until([&] { return world.is_finished(); }));
    return world.totals();
}

TEST(Controls, events_of_another_life_of_the_store_are_passed_over) {
    EXPECT_EQ(totals_after_events_of_another_life(true), ToyWorld::expected(140));
}
TEST(Controls, without_the_life_of_the_store_in_each_event_they_count) {
    EXPECT_NE(totals_after_events_of_another_life(false), ToyWorld::expected(140));
}

}  // namespace
}  // namespace chaiqin
