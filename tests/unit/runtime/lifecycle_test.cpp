#include "runtime/lifecycle.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace chaiqin::runtime {
namespace {

using std::chrono::milliseconds;

/// In a process of its own: what run_service installs stays.
int ended_by_body(milliseconds works_for) {
    return run_service(
        "test",
        [&] {
            Shutdown::request();
            std::this_thread::sleep_for(works_for);
            return 3;
        },
        milliseconds(300));
}

TEST(LifecycleDeathTest, a_body_that_ends_in_time_gives_the_exit_code) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(std::exit(ended_by_body(milliseconds(1))), ::testing::ExitedWithCode(3), "");
}

TEST(LifecycleDeathTest, a_body_that_hangs_is_ended) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(std::exit(ended_by_body(std::chrono::minutes(1))), ::testing::ExitedWithCode(75),
                "");
}

}  // namespace
}  // namespace chaiqin::runtime
