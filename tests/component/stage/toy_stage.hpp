#pragma once
// A stage that adds up numbers by agency: reads the sum, adds, writes the new sum (so that two
// owners at once would lose additions), and announces each message. Beside it what a test needs to
// run the loop on it, and the exactness check that every test ends with.
#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "domain/failure.hpp"
#include "kafka/consumer.hpp"
#include "postgres/binary.hpp"
#include "postgres/migrations.hpp"
#include "postgres/stage_ledger.hpp"
#include "runtime/stage_loop.hpp"
#include "support/scratch_database.hpp"
#include "support/scratch_topics.hpp"

namespace chaiqin::testing {

class ToyStage final : public runtime::Stage {
public:
    explicit ToyStage(std::string out_topic) : out_topic_(std::move(out_topic)) {}

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override {
        largest_batch = std::max(largest_batch.load(), batch.size());
        std::map<std::string, std::int64_t> sums;
        for (const auto& message : batch) {
            if (message.payload == "poison") throw domain::PermanentFailure("poison");
            sums[message.key] += std::stoll(message.payload);
            outbox.publish({out_topic_,
                            0,
                            message.key,
                            std::string(message.header(runtime::event_id_header)),
                            {},
                            answer ? answer(message) : message.payload});
        }
        for (const auto& [agency, sum] : sums) add(context.work, agency, sum);
        if (fault) return fault(context.work, batch);
        return runtime::Applied::done;
    }

    bool wants_upkeep(std::int32_t partition, domain::Instant) override {
        return upkeep_left.at(static_cast<std::size_t>(partition)) > 0;
    }
    void upkeep(runtime::StageContext& context, runtime::Outbox&) override {
        add(context.work, "upkeep", 1);
        --upkeep_left.at(static_cast<std::size_t>(context.partition));
    }

    /// Called at the end of each apply.
    std::function<runtime::Applied(domain::UnitOfWork&, std::span<const runtime::Message>)> fault;
    /// Payload of the announcement; the message's own if not set.
    std::function<std::string(const runtime::Message&)> answer;
    std::atomic<std::size_t> largest_batch{0};
    std::array<std::atomic<int>, 16> upkeep_left{};

private:
    static constexpr postgres::Sql sum_of_agency{"toy.sum_of_agency",
                                                 "SELECT sum FROM toy.total WHERE agency = $1"};
    static constexpr postgres::Sql store_sum{
        "toy.store_sum",
        "INSERT INTO toy.total (agency, sum) VALUES ($1, $2)"
        " ON CONFLICT (agency) DO UPDATE SET sum = EXCLUDED.sum"};

    static void add(domain::UnitOfWork& work, const std::string& agency, std::int64_t number) {
        postgres::Params which;
        which.add(agency);
        const auto rows = query(work, sum_of_agency, which);
        const std::int64_t stands = rows.empty() ? 0 : rows.only().int8("sum");
        postgres::Params now;
        now.add(agency).add(stands + number);
        query(work, store_sum, now);
    }
    std::string out_topic_;
};

/// A database with the toy's tables, and topics.
struct ToyWorld {
    explicit ToyWorld(int partition_count = 3)
        : partitions(partition_count),
          in(make_topic("in", partition_count)),
          out(make_topic("out", 1)),
          quarantine(make_topic("quarantine", 1)),
          producer(kafka::make_producer({.cluster = test_brokers()})) {
        database.run(
            "CREATE SCHEMA toy; CREATE TABLE toy.total (agency text PRIMARY KEY, sum bigint NOT "
            "NULL);"
            "CREATE TABLE toy.progress (LIKE validation.progress INCLUDING ALL);"
            "CREATE TABLE toy.outbox (LIKE validation.outbox INCLUDING ALL);"
            "CREATE TABLE toy.outbox_dead (LIKE validation.outbox_dead INCLUDING ALL);"
            "CREATE TABLE toy.applied (LIKE validation.applied INCLUDING ALL);"
            "CREATE TABLE toy.resume (LIKE validation.resume INCLUDING ALL);"
            "CREATE TABLE toy.quarantine (LIKE validation.quarantine INCLUDING ALL)");
        postgres::Session session({database.conninfo(), "test"});
        postgres::make_progress_rows(session, "toy", "toy", in, partitions);
    }

    runtime::OutgoingMessage message(int number, std::string payload = "") const {
        const auto agency = "A" + std::to_string(number % 7);
        return {in,     number % 7 % partitions,
                agency, "event-" + std::to_string(number),
                {},     payload.empty() ? std::to_string(number) : std::move(payload)};
    }
    /// Messages 1..count, each `times` times.
    void send(int count, int times = 1) {
        std::vector<runtime::OutgoingMessage> messages;
        for (int i = 1; i <= count; ++i)
            for (int k = 0; k < times; ++k) messages.push_back(message(i));
        produce(*producer, std::move(messages));
        sent += static_cast<std::size_t>(count * times);
    }
    /// "A0=…|A1=…" as it must be after messages 1..count, without those left out.
    static std::string expected(int count, const std::set<int>& without = {}) {
        std::map<std::string, std::int64_t> sums;
        for (int i = 1; i <= count; ++i)
            if (!without.contains(i)) sums["A" + std::to_string(i % 7)] += i;
        std::string text;
        for (const auto& [agency, sum] : sums)
            text += (text.empty() ? "" : "\n") + agency + "|" + std::to_string(sum);
        return text;
    }
    std::string totals() {
        return database.table("SELECT agency, sum FROM toy.total ORDER BY agency");
    }
    /// All that was sent has been taken and everything announced.
    bool is_finished() {
        return database.value("SELECT sum(next_offset) FROM toy.progress") ==
                   std::to_string(sent) &&
               database.value("SELECT count(*) FROM toy.outbox") == "0";
    }
    /// Ids of the announcements, each as often as it is in the topic.
    std::multiset<std::string> announced(const std::string& topic = "") const {
        std::multiset<std::string> ids;
        kafka::make_range_reader(test_brokers())
            ->read({topic.empty() ? out : topic, 0}, 0, [&](const runtime::Message& m) {
                ids.emplace(m.header(runtime::event_id_header));
            });
        return ids;
    }
    postgres::StageLedgerSettings ledger_settings() const {
        return {.session = {.conninfo = database.conninfo(), .application_name = "toy"},
                .schema = "toy",
                .stage = "toy"};
    }

    ScratchDatabase database;
    int partitions;
    std::string in, out, quarantine;
    std::unique_ptr<runtime::Producer> producer;
    std::size_t sent = 0;
};

/// A loop on the toy stage in a thread of its own; destroyed, it drains.
class Running {
public:
    struct Changes {
        std::string group = "toy";
        std::function<std::unique_ptr<runtime::Consumer>(std::unique_ptr<runtime::Consumer>)>
            consumer;
        runtime::StageLoop::MakeLedger ledger;
        std::size_t batch_messages = 50;
    };
    Running(ToyWorld& world, ToyStage& stage) : Running(world, stage, Changes{}) {}
    Running(ToyWorld& world, ToyStage& stage, Changes changes)
        : clock_(runtime::make_clock("")),
          producer_(kafka::make_producer({.cluster = test_brokers()})) {
        consumer_ = kafka::make_consumer({test_brokers(), changes.group + "." + world.in});
        if (changes.consumer) consumer_ = changes.consumer(std::move(consumer_));
        auto make_ledger = changes.ledger ? changes.ledger : [&world] {
            return postgres::make_stage_ledger(world.ledger_settings());
        };
        runtime::StageSettings settings{.stage = "toy",
                                        .topics = {world.in},
                                        .workers = 2,
                                        .batch_messages = changes.batch_messages};
        settings.quarantine_topic = world.quarantine;
        loop_ = std::make_unique<runtime::StageLoop>(settings, stage, *consumer_, *producer_,
                                                     *clock_, make_ledger);
        thread_ = std::thread([this] {
            try {
                loop_->run([this] { return stop_.load(); });
            } catch (const std::exception& failure) {
                std::lock_guard lock(mutex_);
                failure_ = failure.what();
            }
            ended_ = true;
        });
    }
    ~Running() { stop(); }
    void stop() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }
    bool is_ready() const { return loop_->is_ready(); }
    bool has_ended() const { return ended_; }
    std::string failure() {
        std::lock_guard lock(mutex_);
        return failure_;
    }

private:
    std::unique_ptr<runtime::Clock> clock_;
    std::unique_ptr<runtime::Producer> producer_;
    std::unique_ptr<runtime::Consumer> consumer_;
    std::unique_ptr<runtime::StageLoop> loop_;
    std::atomic<bool> stop_{false}, ended_{false};
    std::mutex mutex_;
    std::string failure_;
    std::thread thread_;
};

}  // namespace chaiqin::testing
