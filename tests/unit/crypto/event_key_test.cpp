#include "crypto/event_key.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "crypto/keyring.hpp"
#include "domain/failure.hpp"
#include "support/scratch_directory.hpp"

namespace chaiqin::crypto {
namespace {

TEST(EventKey, makes_one_mac_per_key_head_and_payload) {
    const testing::ScratchDirectory directory;
    const auto one = directory / "one", other = directory / "other";
    make_keys(one);
    make_keys(other);
    const EventKey key(one);
    const auto mac = key.mac("head", "payload");
    EXPECT_EQ(mac.size(), 64u);
    EXPECT_EQ(EventKey(one).mac("head", "payload"), mac);
    EXPECT_NE(key.mac("head", "payloae"), mac);
    EXPECT_NE(key.mac("heae", "payload"), mac);
    EXPECT_NE(key.mac("headp", "ayload"), mac);
    EXPECT_NE(EventKey(other).mac("head", "payload"), mac);
}

TEST(EventKey, that_is_missing_makes_its_process_wait_until_it_is_there) {
    const testing::ScratchDirectory directory;
    const EventKey key(directory / "keys");
    try {
        (void)key.mac("", "");
        FAIL() << "a MAC without a key";
    } catch (const domain::DeploymentFailure& failure) {
        EXPECT_STREQ(failure.reason, "events_key");
        EXPECT_NE(failure.mend.find("events.key"), std::string::npos);
    }
    EXPECT_THROW((void)EventKey("").mac("", ""), domain::DeploymentFailure);
    make_keys(directory / "keys");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    std::string mac;
    while (mac.empty() && std::chrono::steady_clock::now() < deadline) try {
            mac = key.mac("", "");
        } catch (const domain::DeploymentFailure&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    EXPECT_EQ(mac.size(), 64u);
}

}  // namespace
}  // namespace chaiqin::crypto
