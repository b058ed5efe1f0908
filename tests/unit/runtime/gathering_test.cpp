#include "runtime/gathering.hpp"

#include <gtest/gtest.h>

namespace {

using chaiqin::runtime::Gathering;
using namespace std::chrono_literals;

TEST(GatheringTest, lets_a_file_that_comes_alone_begin_at_once) {
    Gathering gathering(200ms);
    auto now = Gathering::Steady::now();
    EXPECT_LE(gathering.until(), now);
    for (int i = 0; i < 20; ++i) {
        gathering.began(now, 1);
        now += 240ms;
        EXPECT_LE(gathering.until(), now);
    }
}

TEST(GatheringTest, lets_two_that_come_close_together_begin_at_once) {
    Gathering gathering(200ms);
    const auto now = Gathering::Steady::now();
    gathering.began(now, 1);
    EXPECT_LE(gathering.until(), now);
}

TEST(GatheringTest, waits_once_files_come_fast_and_stops_waiting_when_they_do_not) {
    Gathering gathering(200ms);
    auto now = Gathering::Steady::now();
    for (int i = 0; i < 20; ++i) {
        gathering.began(now, 1);
        now += 30ms;
    }
    gathering.began(now, 1);
    EXPECT_EQ(gathering.until(), now + 200ms);
    for (int i = 0; i < 20; ++i) {
        now += 200ms;
        gathering.began(now, 7);  // what gathers in the window keeps it open
    }
    EXPECT_EQ(gathering.until(), now + 200ms);
    for (int i = 0; i < 3; ++i) {
        now += 5s;
        gathering.began(now, 1);
    }
    EXPECT_EQ(gathering.until(), now);
}

}  // namespace
