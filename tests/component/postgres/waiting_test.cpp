// A stage on a real PostgreSQL whose tables are not those that the program knows: it waits, counts
// nothing against the messages, and goes on when the tables are mended.
#include <gtest/gtest.h>

#include "postgres/binary.hpp"
#include "postgres/stage_ledger.hpp"
#include "runtime/batch_runner.hpp"
#include "runtime/waits.hpp"
#include "support/scratch_database.hpp"
#include "unit/runtime/memory_ledger.hpp"

namespace chaiqin::postgres {
namespace {

using namespace std::chrono_literals;
using runtime::Message;

constexpr Sql add_total{"test.add_total", "INSERT INTO validation.total (number) VALUES ($1)"};
constexpr Sql read_total{"test.read_total", "SELECT max(number) AS most FROM validation.total"};

/// Writes the offset of each message; reads the greatest before.
class WritingStage final : public runtime::Stage {
public:
    runtime::Applied apply(runtime::StageContext& context, std::span<const Message> batch,
                           runtime::Outbox&) override {
        query_prepared(context.work, read_total);
        for (const auto& message : batch) {
            Params number;
            number.add(message.offset);
            query_prepared(context.work, add_total, number);
        }
        return runtime::Applied::done;
    }
};

struct WaitingStage : ::testing::Test {
    testing::ScratchDatabase database;
    runtime::TopicPartition at{"in", 0};
    std::unique_ptr<runtime::StageLedger> ledger =
        make_stage_ledger({.session = {.conninfo = database.conninfo()},
                           .schema = "validation",
                           .stage = "validator"});
    WritingStage stage;
    runtime::testing::HeldProducer producer;
    runtime::testing::StillClock clock;
    runtime::DatabaseHealth health;
    int sleeps = 0;
    std::function<void()> mend;
    runtime::OwnedPartition partition{
        at, 0,
        std::make_shared<runtime::Relay>(at, producer, std::make_shared<runtime::InFlight>(1 << 20),
                                         runtime::Steady::now, [] {})};
    runtime::BatchRunner runner{
        {.stage = "validator", .max_tries = 3, .quarantine_topic = "quarantine"},
        stage,
        *ledger,
        health,
        {.clock = clock,
         .steady_now = runtime::Steady::now,
         .sleep = [this](auto) { look(); },
         .is_stopping = [] { return false; },
         .random = {}}};

    WaitingStage() {
        Session session({.conninfo = database.conninfo(), .application_name = "test"});
        make_progress_rows(session, "validation", "validator", at.topic, 1);
        partition.relay->read_outbox(*ledger);
    }
    static std::vector<Message> messages(std::int64_t first, std::int64_t last) {
        std::vector<Message> all;
        for (auto offset = first; offset <= last; ++offset)
            all.push_back({.topic = "in",
                           .offset = offset,
                           .headers = {{std::string(runtime::event_id_header),
                                        "e" + std::to_string(offset)}}});
        return all;
    }
    std::string progress() {
        return database.table("SELECT next_offset, trying_offset, tries FROM validation.progress");
    }
    std::string quarantined() {
        return database.value("SELECT count(*) FROM validation.quarantine");
    }
    /// At each sleep of the runner.
    void look() {
        EXPECT_EQ(progress(), before);
        ASSERT_EQ(runtime::waits().all().size(), 1u);
        EXPECT_EQ(runtime::waits().all()[0].reason, "schema");
        EXPECT_EQ(runtime::waits().all()[0].sentence.find('\n'), std::string::npos);
        if (++sleeps == 10) mend();
    }
    std::string before = "0||0";
};

TEST_F(WaitingStage, goes_on_when_the_missing_table_is_there) {
    mend = [this] { database.run("CREATE TABLE validation.total (number bigint)"); };
    EXPECT_EQ(runner.run(partition, messages(0, 2)), runtime::BatchEnd::finished);
    EXPECT_EQ(sleeps, 10);
    EXPECT_EQ(progress(), "3||0");
    EXPECT_EQ(quarantined(), "0");
    EXPECT_TRUE(runtime::waits().all().empty());
}

TEST_F(WaitingStage, counts_no_try_of_messages_that_go_alone) {
    partition.messages_to_try_alone = 3;
    mend = [this] { database.run("CREATE TABLE validation.total (number bigint)"); };
    EXPECT_EQ(runner.run(partition, messages(0, 2)), runtime::BatchEnd::finished);
    EXPECT_EQ(sleeps, 10) << "more often than a message is tried";
    EXPECT_EQ(progress(), "3||0");
    EXPECT_EQ(quarantined(), "0");
}

TEST_F(WaitingStage, goes_on_when_a_column_that_it_does_not_write_may_be_empty) {
    database.run("CREATE TABLE validation.total (number bigint, newer text NOT NULL)");
    mend = [this] { database.run("ALTER TABLE validation.total ALTER newer DROP NOT NULL"); };
    EXPECT_EQ(runner.run(partition, messages(0, 2)), runtime::BatchEnd::finished);
    EXPECT_EQ(sleeps, 10);
    EXPECT_EQ(quarantined(), "0");
}

// The negative look: what the table says against the message itself is not waited for.
TEST_F(WaitingStage, does_not_wait_for_a_message_that_breaks_a_check) {
    database.run("CREATE TABLE validation.total (number bigint CHECK (number <> 1))");
    EXPECT_EQ(runner.run(partition, messages(0, 2)), runtime::BatchEnd::finished);
    EXPECT_EQ(sleeps, 0);
    EXPECT_EQ(quarantined(), "1");
    EXPECT_EQ(database.table("SELECT number FROM validation.total ORDER BY 1"), "0\n2");
}

TEST_F(WaitingStage, works_on_a_newer_schema_that_it_can_read) {
    database.run("CREATE TABLE validation.total (number bigint)");
    EXPECT_EQ(runner.run(partition, messages(0, 2)), runtime::BatchEnd::finished);
    database.run(
        "ALTER TABLE validation.total ADD newer text; ALTER TABLE validation.progress ADD newer"
        " text; ALTER TABLE validation.applied ADD newer int NOT NULL DEFAULT 1;"
        "INSERT INTO public.schema_migration (number, name, checksum) VALUES (999, 'V', 'x')");
    EXPECT_EQ(runner.run(partition, messages(3, 5)), runtime::BatchEnd::finished);
    EXPECT_EQ(sleeps, 0);
    // A column of another type: plans of this session are made anew.
    before = "6||0";
    mend = [] {};
    database.run("ALTER TABLE validation.total ALTER number TYPE int");
    EXPECT_EQ(runner.run(partition, messages(6, 7)), runtime::BatchEnd::finished);
    EXPECT_LE(sleeps, 1);
    EXPECT_EQ(database.value("SELECT count(*) FROM validation.total"), "8");
    EXPECT_EQ(quarantined(), "0");
}

}  // namespace
}  // namespace chaiqin::postgres
