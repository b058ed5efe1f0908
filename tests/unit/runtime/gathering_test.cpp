#include "runtime/gathering.hpp"

#include <gtest/gtest.h>

namespace {

using chaiqin::runtime::Arrivals;
using chaiqin::runtime::Gathering;
using chaiqin::runtime::Steady;
using namespace std::chrono_literals;

TEST(GatheringTest, lets_a_file_that_comes_alone_begin_at_once) {
    const Arrivals calm;
    Gathering gathering(200ms);
    auto now = Steady::now();
    EXPECT_LE(gathering.until(calm), now);
    for (int i = 0; i < 20; ++i) {
        gathering.began(now, 1);
        now += 240ms;
        EXPECT_LE(gathering.until(calm), now);
    }
}

TEST(GatheringTest, lets_two_that_come_close_together_begin_at_once) {
    const Arrivals calm;
    Gathering gathering(200ms);
    const auto now = Steady::now();
    gathering.began(now, 1);
    EXPECT_LE(gathering.until(calm), now);
}

TEST(GatheringTest, waits_once_files_come_fast_and_stops_waiting_when_they_do_not) {
    const Arrivals calm;
    Gathering gathering(200ms);
    auto now = Steady::now();
    for (int i = 0; i < 20; ++i) {
        gathering.began(now, 1);
        now += 30ms;
    }
    gathering.began(now, 1);
    EXPECT_EQ(gathering.until(calm), now + 200ms);
    for (int i = 0; i < 20; ++i) {
        now += 200ms;
        gathering.began(now, 7);  // what gathers in the window keeps it open
    }
    EXPECT_EQ(gathering.until(calm), now + 200ms);
    for (int i = 0; i < 3; ++i) {
        now += 5s;
        gathering.began(now, 1);
    }
    EXPECT_EQ(gathering.until(calm), now);
}

/// 300 messages a second, of which the partition gets 25; then `began` is its last batch.
struct Flood {
    Arrivals arrivals;
    Gathering gathering{200ms};
    Steady::time_point began = Steady::now();

    Flood() {
        for (int second = 0; second < 5; ++second) {
            for (int i = 0; i < 300; ++i) arrivals.arrived(began + i * 3ms);
            began += 900ms;
            gathering.began(began, 23);
        }
    }
};

TEST(GatheringTest, waits_a_second_while_messages_flood_in) {
    Flood flood;
    auto now = flood.began;
    while (now < flood.began + 990ms) {
        flood.arrivals.arrived(now += 3ms);
        EXPECT_GT(flood.gathering.until(flood.arrivals), now);
    }
    flood.arrivals.arrived(now += 20ms);
    EXPECT_EQ(flood.gathering.until(flood.arrivals), flood.began + 1000ms);
}

TEST(GatheringTest, stops_waiting_as_soon_as_the_flood_ends) {
    Flood flood;
    const auto last = flood.began + 100ms;
    for (auto now = flood.began; now <= last; now += 5ms) flood.arrivals.arrived(now);
    EXPECT_EQ(flood.gathering.until(flood.arrivals), last + 50ms);
}

TEST(GatheringTest, does_not_take_a_busy_partition_for_a_flood) {
    Arrivals arrivals;
    Gathering gathering(200ms);
    auto now = Steady::now();
    for (int i = 0; i < 300; ++i) {
        arrivals.arrived(now);
        gathering.began(now, 1);
        now += 20ms;  // 50 a second
    }
    EXPECT_EQ(gathering.until(arrivals), now - 20ms + 200ms);
}

}  // namespace
