#include "rpc/work_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace chaiqin::rpc {
namespace {

const auto later = std::chrono::steady_clock::now() + std::chrono::hours(1);

TEST(WorkQueue, does_what_is_in_time_and_tells_what_is_late) {
    std::promise<std::string> in_time, late;
    WorkQueue queue(1, 10);
    EXPECT_TRUE(queue.push(
        {later, [&] { in_time.set_value("work"); }, [&] { in_time.set_value("late"); }}));
    EXPECT_TRUE(queue.push({std::chrono::steady_clock::now() - std::chrono::seconds(1),
                            [&] { late.set_value("work"); }, [&] { late.set_value("late"); }}));
    EXPECT_EQ(in_time.get_future().get(), "work");
    EXPECT_EQ(late.get_future().get(), "late");
}

TEST(WorkQueue, refuses_what_does_not_fit_and_finishes_what_it_took) {
    std::promise<void> started, go_on;
    std::atomic<int> done = 0;
    {
        WorkQueue queue(1, 2);
        const auto nothing = [] {};
        EXPECT_TRUE(queue.push({later,
                                [&] {
                                    started.set_value();
                                    go_on.get_future().wait();
                                    ++done;
                                },
                                nothing}));
        started.get_future().wait();
        EXPECT_TRUE(queue.push({later, [&] { ++done; }, nothing}));
        EXPECT_TRUE(queue.push({later, [&] { ++done; }, nothing}));
        EXPECT_FALSE(queue.push({later, [&] { ++done; }, nothing}));
        go_on.set_value();
    }
    EXPECT_EQ(done, 3);
}

}  // namespace
}  // namespace chaiqin::rpc
