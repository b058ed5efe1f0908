// The ledger by itself: who owns a partition, and how a stalled owner loses it.
#include <gtest/gtest.h>

#include "toy_stage.hpp"

namespace chaiqin {
namespace {

using testing::ToyWorld;

constexpr postgres::Sql lock_progress{"test.lock_progress",
                                      "SELECT 1 FROM toy.progress FOR UPDATE"};
constexpr postgres::Sql ask{"test.ask", "SELECT 1"};

struct Ledger : ::testing::Test {
    ToyWorld world{1};
    runtime::TopicPartition at{world.in, 0};
};

TEST_F(Ledger, an_owner_that_was_overtaken_cannot_commit) {
    auto zombie = postgres::make_stage_ledger(world.ledger_settings());
    auto owner = postgres::make_stage_ledger(world.ledger_settings());
    EXPECT_EQ(zombie->take_over(at).next_offset, 0);
    EXPECT_EQ(owner->take_over(at).next_offset, 0);
    auto batch = owner->begin(at, 0, 5);
    ASSERT_TRUE(batch);
    owner->commit(std::move(*batch));
    EXPECT_FALSE(zombie->begin(at, 0, 3));
    EXPECT_EQ(zombie->read(at).next_offset, 5);
    EXPECT_FALSE(zombie->begin_upkeep(at, 0));
}

TEST_F(Ledger, take_over_ends_the_session_of_a_stalled_owner) {
    postgres::Session stalled(
        {.conninfo = world.database.conninfo(), .application_name = "toy other-process"});
    auto work = stalled.begin();
    postgres::query(*work, lock_progress);
    auto ledger = postgres::make_stage_ledger(world.ledger_settings());
    EXPECT_EQ(ledger->take_over(at).next_offset, 0);
    EXPECT_THROW(postgres::query(*work, ask), domain::TransientFailure);
}

TEST_F(Ledger, take_over_leaves_sessions_of_others_alone) {
    postgres::Session other(
        {.conninfo = world.database.conninfo(), .application_name = "operator"});
    auto work = other.begin();
    postgres::query(*work, lock_progress);
    auto ledger = postgres::make_stage_ledger(world.ledger_settings());
    EXPECT_THROW(ledger->take_over(at), domain::TransientFailure);
    EXPECT_EQ(postgres::query(*work, ask).size(), 1);
    other.commit(*work);
    EXPECT_EQ(ledger->take_over(at).next_offset, 0);
}

TEST_F(Ledger, take_over_leaves_a_mark_until_the_first_commit) {
    auto ledger = postgres::make_stage_ledger(world.ledger_settings());
    EXPECT_FALSE(ledger->take_over(at).trying_offset);
    EXPECT_EQ(ledger->take_over(at).trying_offset, 0);
    ledger->give_up(at);
    EXPECT_FALSE(ledger->take_over(at).trying_offset);
    auto batch = ledger->begin(at, 0, 1);
    ledger->commit(std::move(*batch));
    EXPECT_FALSE(ledger->read(at).trying_offset);
}

TEST_F(Ledger, counts_tries_of_one_offset) {
    auto ledger = postgres::make_stage_ledger(world.ledger_settings());
    EXPECT_EQ(ledger->mark_try(at, 4), 1);
    EXPECT_EQ(ledger->mark_try(at, 4), 2);
    ledger->give_up(at);
    EXPECT_EQ(ledger->read(at).tries, 2);
    EXPECT_EQ(ledger->mark_try(at, 5), 1);
}

TEST_F(Ledger, returns_each_new_id_once) {
    auto ledger = postgres::make_stage_ledger(world.ledger_settings());
    auto batch = ledger->begin(at, 0, 3);
    EXPECT_EQ(ledger->unapplied(*batch->work, {"a", "b", "a"}).size(), 2u);
    ledger->commit(std::move(*batch));
    batch = ledger->begin(at, 3, 5);
    EXPECT_EQ(ledger->unapplied(*batch->work, {"b", "c"}), std::vector<std::string>{"c"});
}

TEST_F(Ledger, reads_the_outbox_in_pieces_and_in_order) {
    auto ledger = postgres::make_stage_ledger(world.ledger_settings());
    runtime::Outbox outbox;
    for (int i = 0; i < 10; ++i)
        outbox.publish(
            {"t", i, "k", "id" + std::to_string(i), {{"h", "v"}}, std::string(1000, 'x')});
    auto batch = ledger->begin(at, 0, 1);
    const auto ids = ledger->append_outbox(*batch->work, at, outbox);
    ledger->commit(std::move(*batch));
    ASSERT_EQ(ids.size(), 10u);
    const auto first = ledger->read_outbox(at, 0, 3500);
    EXPECT_EQ(first.rows.size(), 4u);
    EXPECT_FALSE(first.is_last);
    EXPECT_EQ(first.rows[3].message.event_id, "id3");
    EXPECT_EQ(first.rows[3].message.headers.front(), (runtime::Headers::value_type{"h", "v"}));
    const auto rest = ledger->read_outbox(at, first.rows.back().id + 1, 1 << 20);
    EXPECT_EQ(rest.rows.size(), 6u);
    EXPECT_TRUE(rest.is_last);
    EXPECT_EQ(rest.rows.back().id, ids.back());
    ledger->delete_outbox(at, ids);
    EXPECT_EQ(world.database.value("SELECT count(*) FROM toy.outbox"), "0");
}

TEST_F(Ledger, says_which_progress_row_is_missing) {
    auto ledger = postgres::make_stage_ledger(world.ledger_settings());
    EXPECT_THROW(ledger->take_over({world.in, 7}), domain::DeploymentFailure);
}

}  // namespace
}  // namespace chaiqin
