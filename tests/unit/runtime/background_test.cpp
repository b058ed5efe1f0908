#include "runtime/background.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "domain/failure.hpp"

namespace chaiqin::runtime {
namespace {

using namespace std::chrono_literals;

TEST(Background, tries_again_after_a_transient_failure) {
    std::promise<void> third;
    int calls = 0;
    const Background background("put off", 1ms, [&]() -> std::chrono::milliseconds {
        if (++calls < 3) throw domain::TransientFailure("away");
        if (calls == 3) third.set_value();
        return 1h;
    });
    EXPECT_EQ(third.get_future().wait_for(10s), std::future_status::ready);
}

TEST(Background, is_woken_from_its_pause_and_ends_in_the_middle_of_one) {
    std::promise<void> first, second;
    std::atomic<int> calls = 0;
    {
        Background background("put off", 1h, [&]() -> std::chrono::milliseconds {
            (++calls == 1 ? first : second).set_value();
            return 1h;
        });
        ASSERT_EQ(first.get_future().wait_for(10s), std::future_status::ready);
        background.wake();
        EXPECT_EQ(second.get_future().wait_for(10s), std::future_status::ready);
    }
    EXPECT_EQ(calls, 2);
}

TEST(RepeatUntilDone, ends_with_the_first_success_or_when_it_is_to_stop) {
    int calls = 0;
    const auto fails_twice = [&] {
        if (++calls < 3) throw domain::TransientFailure("away");
    };
    EXPECT_TRUE(repeat_until_done("put off", 1ms, fails_twice, [] { return false; }));
    EXPECT_EQ(calls, 3);
    const auto fails = [] { throw domain::TransientFailure("away"); };
    int asked = 0;
    EXPECT_FALSE(repeat_until_done("put off", 1ms, fails, [&] { return ++asked > 2; }));
}

}  // namespace
}  // namespace chaiqin::runtime
