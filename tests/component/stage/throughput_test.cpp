// By hand (--gtest_also_run_disabled_tests): what the loop, its ledger and the relay cost for a
// national month of 8,000 files, without any stage's own work.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdio>

#include "toy_stage.hpp"

namespace chaiqin {
namespace {

/// Announces a payload of four fifths of what came.
class PassingStage final : public runtime::Stage {
public:
    explicit PassingStage(std::string out_topic) : out_topic_(std::move(out_topic)) {}
    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override {
        batches += 1;
        for (const auto& message : batch)
            outbox.publish({out_topic_, context.partition, message.key,
                            std::string(message.header(runtime::event_id_header)), message.headers,
                            message.payload.substr(0, message.payload.size() / 5 * 4)});
        return runtime::Applied::done;
    }
    std::atomic<int> batches{0};

private:
    std::string out_topic_;
};

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

TEST(Throughput, DISABLED_a_month_of_files_passes) {
    testing::ToyWorld world(12);
    const auto out = testing::make_topic("passed", 12);
    for (int begin = 0; begin < 8000; begin += 500) {
        std::vector<runtime::OutgoingMessage> messages;
        for (int i = begin; i < begin + 500; ++i)
            messages.push_back({world.in,
                                i % 12,
                                "A" + std::to_string(i),
                                "event-" + std::to_string(i),
                                {{"agency", "A"}},
                                std::string(35'000, static_cast<char>('a' + i % 26))});
        testing::produce(*world.producer, std::move(messages));
    }
    PassingStage stage(out);
    const auto clock = runtime::make_clock("");
    const auto consumer = kafka::make_consumer({testing::test_brokers(), "throughput." + world.in});
    const auto producer = kafka::make_producer({.cluster = testing::test_brokers()});
    runtime::StageLoop loop({.stage = "toy", .topics = {world.in}}, stage, *consumer, *producer,
                            *clock,
                            [&] { return postgres::make_stage_ledger(world.ledger_settings()); });
    const auto cpu = cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    auto first = begin;
    loop.run([&] {
        if (stage.batches == 0) first = std::chrono::steady_clock::now();
        static auto asked = begin;
        if (std::chrono::steady_clock::now() - asked < std::chrono::milliseconds(50)) return false;
        asked = std::chrono::steady_clock::now();
        return world.database.value("SELECT sum(next_offset) FROM toy.progress") == "8000" &&
               world.database.value("SELECT count(*) FROM toy.outbox") == "0";
    });
    const auto end = std::chrono::steady_clock::now();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "first batch after %.2f s, all after %.2f s, %d batches, %.2f CPU-s in the process, peak "
        "%ld MB\n",
        std::chrono::duration<double>(first - begin).count(),
        std::chrono::duration<double>(end - begin).count(), stage.batches.load(),
        cpu_seconds() - cpu, usage.ru_maxrss / 1024);
}

TEST(Throughput, DISABLED_one_message_on_an_idle_system) {
    testing::ToyWorld world;
    testing::ToyStage stage(world.out);
    testing::Running running(world, stage);
    const auto reader = kafka::make_consumer({testing::test_brokers(), "latency." + world.out});
    reader->subscribe(
        {world.out},
        [](const auto& all) {
            runtime::PartitionOffsets starts;
            for (const auto& at : all) starts.emplace_back(at, 0);
            return starts;
        },
        [](const auto&) {});
    std::vector<double> times;
    for (int i = 1; i <= 200; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        world.producer->send(world.message(i), [](const auto&) {});
        while (!reader->poll(std::chrono::milliseconds(100))) {
        }
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
                .count());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    std::sort(times.begin() + 5, times.end());
    std::printf("produced to announced: first %.1f ms, median %.1f ms, p99 %.1f ms\n", times[0],
                times[102], times[198]);
    reader->close();
}

TEST(Faults, DISABLED_counts_exactly_while_parts_are_killed) {
    const char* seconds = std::getenv("CHAIQIN_FAULT_SECONDS");
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds(seconds ? std::atoi(seconds) : 60);
    testing::ToyWorld world(6);
    testing::ToyStage one(world.out), two(world.out);
    testing::Running first(world, one, {.batch_messages = 5}),
        second(world, two, {.batch_messages = 5});
    int number = 0;
    std::vector<runtime::OutgoingMessage> again;
    while (std::chrono::steady_clock::now() < end) {
        auto messages = std::exchange(again, {});
        for (int i = 0; i < 20; ++i) messages.push_back(world.message(++number));
        const auto copies = messages;
        std::vector<runtime::Delivered> delivered;
        while (delivered.empty()) try {
                delivered = testing::produce(*world.producer, messages);
            } catch (const std::runtime_error&) {
                messages = copies;
            }
        for (std::size_t i = 0; i < delivered.size(); ++i)
            if (delivered[i].outcome != runtime::Delivery::delivered) again.push_back(copies[i]);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    while (!again.empty()) {
        const auto copies = again;
        const auto delivered = testing::produce(*world.producer, std::exchange(again, {}));
        for (std::size_t i = 0; i < delivered.size(); ++i)
            if (delivered[i].outcome != runtime::Delivery::delivered) again.push_back(copies[i]);
    }
    const auto expected = testing::ToyWorld::expected(number);
    EXPECT_TRUE(
        testing::wait_until([&] { return world.totals() == expected; }, std::chrono::seconds(120)));
    EXPECT_EQ(world.totals(), expected);
    EXPECT_TRUE(testing::wait_until(
        [&] { return world.database.value("SELECT count(*) FROM toy.outbox") == "0"; }));
    const auto ids = world.announced();
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), static_cast<std::size_t>(number));
    std::printf("%d messages, %zu announcements\n", number, ids.size());
}

}  // namespace
}  // namespace chaiqin
