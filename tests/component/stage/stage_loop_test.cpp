// The one loop on a real broker and a real database: whatever goes wrong, each message counts once.
#include <gtest/gtest.h>

#include "toy_stage.hpp"

namespace chaiqin {
namespace {

using testing::Running;
using testing::ToyStage;
using testing::ToyWorld;
using testing::wait_until;

TEST(StageLoop, counts_each_message_once_and_announces_it) {
    ToyWorld world;
    world.send(500);
    ToyStage stage(world.out);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_TRUE(running.is_ready());
    EXPECT_EQ(world.totals(), ToyWorld::expected(500));
    EXPECT_EQ(world.announced().size(), 500u);
    EXPECT_GT(stage.largest_batch, 1u);
    EXPECT_LE(stage.largest_batch, 50u);
}

TEST(StageLoop, drops_repeated_events_in_one_batch_and_between_batches) {
    ToyWorld world;
    world.send(200, 2);
    ToyStage stage(world.out);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    world.send(200);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(200));
}

TEST(StageLoop, goes_on_where_it_stopped) {
    ToyWorld world;
    ToyStage stage(world.out);
    world.send(100);
    {
        Running running(world, stage);
        ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    }
    EXPECT_EQ(
        world.database.value("SELECT count(*) FROM toy.progress WHERE trying_offset IS NOT NULL"),
        "0");
    world.send(150);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(150));
}

TEST(StageLoop, loses_nothing_when_its_session_is_killed_in_mid_batch) {
    ToyWorld world;
    world.send(300);
    ToyStage stage(world.out);
    std::atomic<int> calls{0};
    stage.fault = [&](domain::UnitOfWork& work, auto) {
        if (++calls % 3 == 0)
            postgres::query(work,
                            postgres::Sql{"kill", "SELECT pg_terminate_backend(pg_backend_pid())"});
        return runtime::Applied::done;
    };
    Running running(world, stage, {.batch_messages = 7});
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(300));
}

TEST(StageLoop, decides_again_from_the_beginning) {
    ToyWorld world;
    world.send(60);
    ToyStage stage(world.out);
    std::atomic<int> calls{0};
    stage.fault = [&](auto&, auto) {
        return ++calls % 2 ? runtime::Applied::decide_again : runtime::Applied::done;
    };
    Running running(world, stage, {.batch_messages = 5});
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(60));
    EXPECT_EQ(world.announced().size(), 60u);
}

/// Commits, then says it does not know; or does not commit and says the same.
class DoubtfulLedger final : public runtime::StageLedger {
public:
    explicit DoubtfulLedger(std::unique_ptr<runtime::StageLedger> inner)
        : inner_(std::move(inner)) {}
    runtime::Progress take_over(const runtime::TopicPartition& at) override {
        return inner_->take_over(at);
    }
    void give_up(const runtime::TopicPartition& at) override { inner_->give_up(at); }
    std::optional<runtime::BegunBatch> begin(const runtime::TopicPartition& at, std::int64_t first,
                                             std::int64_t next) override {
        return inner_->begin(at, first, next);
    }
    std::optional<runtime::BegunBatch> begin_upkeep(const runtime::TopicPartition& at,
                                                    std::int64_t expected) override {
        return inner_->begin_upkeep(at, expected);
    }
    runtime::Progress read(const runtime::TopicPartition& at) override { return inner_->read(at); }
    std::vector<std::string> unapplied(domain::UnitOfWork& work,
                                       const std::vector<std::string>& ids) override {
        return inner_->unapplied(work, ids);
    }
    std::vector<std::int64_t> append_outbox(domain::UnitOfWork& work,
                                            const runtime::TopicPartition& at,
                                            runtime::Outbox& o) override {
        return inner_->append_outbox(work, at, o);
    }
    bool is_of_this_store(const runtime::Message& message) override {
        return inner_->is_of_this_store(message);
    }
    runtime::Consumed consumed(domain::UnitOfWork& work,
                               const std::vector<std::string>& topics) override {
        return inner_->consumed(work, topics);
    }
    runtime::Consumed consumed(const std::vector<std::string>& topics) override {
        return inner_->consumed(topics);
    }
    void delete_outbox(domain::UnitOfWork& work, const runtime::TopicPartition& at,
                       const std::vector<std::int64_t>& ids) override {
        inner_->delete_outbox(work, at, ids);
    }
    void commit(runtime::BegunBatch batch) override {
        const int turn = ++commits_ % 3;
        if (turn != 1) inner_->commit(std::move(batch));
        if (turn != 0) throw domain::TransientFailure("commit in doubt");
    }
    runtime::OutboxPage read_outbox(const runtime::TopicPartition& at, std::int64_t from,
                                    std::size_t most) override {
        return inner_->read_outbox(at, from, most);
    }
    void delete_outbox(const runtime::TopicPartition& at,
                       const std::vector<std::int64_t>& ids) override {
        inner_->delete_outbox(at, ids);
    }
    void bury_outbox(const runtime::TopicPartition& at, std::int64_t id,
                     const std::string& reason) override {
        inner_->bury_outbox(at, id, reason);
    }
    int mark_try(const runtime::TopicPartition& at, std::int64_t offset) override {
        return inner_->mark_try(at, offset);
    }
    void forget_try(const runtime::TopicPartition& at, std::int64_t offset, int tries) override {
        inner_->forget_try(at, offset, tries);
    }
    std::int64_t last_resume() override { return inner_->last_resume(); }
    void quarantine(domain::UnitOfWork& work, const runtime::Message& message,
                    const std::string& reason) override {
        inner_->quarantine(work, message, reason);
    }
    bool is_connected() override { return inner_->is_connected(); }

private:
    std::unique_ptr<runtime::StageLedger> inner_;
    int commits_ = 0;
};

TEST(StageLoop, asks_progress_when_a_commit_is_in_doubt) {
    ToyWorld world;
    world.send(200);
    ToyStage stage(world.out);
    Running running(world, stage,
                    {.ledger =
                         [&] {
                             return std::make_unique<DoubtfulLedger>(
                                 postgres::make_stage_ledger(world.ledger_settings()));
                         },
                     .batch_messages = 9});
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(200));
    const auto ids = world.announced();
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 200u);
}

TEST(StageLoop, puts_a_poisonous_message_into_quarantine_and_goes_on) {
    ToyWorld world;
    world.send(20);
    testing::produce(*world.producer, {world.message(21, "poison")});
    ++world.sent;
    std::vector<runtime::OutgoingMessage> rest;
    for (int i = 22; i <= 60; ++i) rest.push_back(world.message(i));
    world.sent += rest.size();
    testing::produce(*world.producer, std::move(rest));
    ToyStage stage(world.out);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(60, {21}));
    EXPECT_EQ(
        world.database.table(
            "SELECT event_id, key, convert_from(payload, 'UTF8'), reason FROM toy.quarantine"),
        "event-21|A0|poison|poison");
    EXPECT_EQ(world.announced(world.quarantine), std::multiset<std::string>{"event-21"});
    EXPECT_EQ(world.database.value("SELECT count(*) FROM toy.applied WHERE event_id = 'event-21'"),
              "0");
}

TEST(StageLoop, puts_a_message_without_id_into_quarantine) {
    ToyWorld world;
    auto nameless = world.message(1);
    nameless.event_id.clear();
    testing::produce(*world.producer, {nameless, world.message(2)});
    world.sent = 2;
    ToyStage stage(world.out);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(2, {1}));
    EXPECT_EQ(world.database.value("SELECT count(*) FROM toy.quarantine"), "1");
}

TEST(StageLoop, gives_up_a_message_in_which_five_processes_have_died) {
    ToyWorld world(1);
    world.send(5);
    world.database.run("UPDATE toy.progress SET trying_offset = 0, tries = 5");
    ToyStage stage(world.out);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(5, {1}));
    EXPECT_EQ(world.database.value("SELECT reason FROM toy.quarantine"),
              "the process has died while trying it");
}

TEST(StageLoop, goes_one_by_one_after_a_death_in_the_first_batch) {
    ToyWorld world(1);
    world.send(40);
    world.database.run("UPDATE toy.progress SET trying_offset = 0");
    ToyStage stage(world.out);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(stage.largest_batch, 1u);
    EXPECT_EQ(world.totals(), ToyWorld::expected(40));
}

TEST(StageLoop, ends_when_a_stage_breaks_and_leaves_the_mark) {
    ToyWorld world(1);
    world.send(3);
    ToyStage stage(world.out);
    stage.fault = [](auto&, auto) -> runtime::Applied { throw std::logic_error("broken"); };
    {
        Running running(world, stage);
        ASSERT_TRUE(wait_until([&] { return running.has_ended(); }));
        EXPECT_EQ(running.failure(), "broken");
    }
    EXPECT_EQ(world.database.table("SELECT next_offset, trying_offset FROM toy.progress"), "0|0");
    EXPECT_EQ(world.totals(), "");
}

TEST(StageLoop, buries_a_message_the_broker_refuses_for_good) {
    ToyWorld world;
    world.send(30);
    ToyStage stage(world.out);
    stage.answer = [](const runtime::Message& message) {
        return message.payload == "13" ? std::string(7u << 20, 'x') : message.payload;
    };
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(30));
    EXPECT_EQ(world.database.value("SELECT event_id FROM toy.outbox_dead"), "event-13");
    EXPECT_EQ(world.announced().size(), 29u);
}

TEST(StageLoop, announces_what_an_owner_before_it_had_committed) {
    ToyWorld world(1);
    auto ledger = postgres::make_stage_ledger(world.ledger_settings());
    runtime::Outbox outbox;
    for (int i = 0; i < 2500; ++i)
        outbox.publish({world.out, 0, "k", "old-" + std::to_string(i), {}, "x"});
    auto begun = ledger->begin({world.in, 0}, 0, 0);
    ledger->append_outbox(*begun->work, {world.in, 0}, outbox);
    ledger->commit(std::move(*begun));
    ToyStage stage(world.out);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.announced().size(), 2500u);
}

TEST(StageLoop, does_upkeep_piece_by_piece) {
    ToyWorld world(1);
    ToyStage stage(world.out);
    stage.upkeep_left[0] = 40;
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return stage.upkeep_left[0] == 0; }));
    EXPECT_TRUE(wait_until([&] { return world.totals() == "upkeep|40"; }));
}

TEST(StageLoop, stops_with_a_sentence_when_the_stored_offset_is_not_in_the_topic) {
    ToyWorld world(1);
    world.send(5);
    world.database.run("UPDATE toy.progress SET next_offset = 1000");
    ToyStage stage(world.out);
    Running running(world, stage);
    ASSERT_TRUE(wait_until([&] { return running.has_ended(); }));
    EXPECT_NE(running.failure().find("is not in the topic any more"), std::string::npos)
        << running.failure();
    EXPECT_EQ(world.totals(), "");
}

TEST(StageLoop, shares_partitions_between_processes_and_hands_them_over) {
    ToyWorld world(6);
    ToyStage first_stage(world.out), second_stage(world.out);
    auto first =
        std::make_unique<Running>(world, first_stage, Running::Changes{.batch_messages = 3});
    world.send(200);
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    Running second(world, second_stage, {.batch_messages = 3});
    ASSERT_TRUE(wait_until([&] { return second.is_ready(); }));
    std::thread sender([&] {
        std::vector<runtime::OutgoingMessage> more;
        for (int i = 201; i <= 900; ++i) more.push_back(world.message(i));
        testing::produce(*world.producer, std::move(more));
    });
    first.reset();
    sender.join();
    world.sent += 700;
    ASSERT_TRUE(wait_until([&] { return world.is_finished(); }));
    EXPECT_EQ(world.totals(), ToyWorld::expected(900));
}

}  // namespace
}  // namespace chaiqin
