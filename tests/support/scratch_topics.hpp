#pragma once
// Topics of a test's own on the broker that CHAIQIN_TEST_BROKERS names, and messages put into them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "kafka/admin.hpp"
#include "kafka/producer.hpp"

namespace chaiqin::testing {

inline std::string test_brokers() {
    const char* brokers = std::getenv("CHAIQIN_TEST_BROKERS");
    if (brokers == nullptr)
        throw std::runtime_error("CHAIQIN_TEST_BROKERS is not set; tests/run sets it");
    return brokers;
}

/// A name that no other test and no other run has.
inline std::string unique_name(const std::string& what) {
    static int count = 0;
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return "test." + std::to_string(now) + "." + std::to_string(getpid()) + "." +
           std::to_string(++count) + "." + what;
}

inline std::string make_topic(const std::string& what, int partitions) {
    const auto name = unique_name(what);
    kafka::topics_apply(
        test_brokers(),
        {{name, partitions, {{"max.message.bytes", "6291456"}, {"retention.ms", "-1"}}}});
    return name;
}

/// Until the condition holds or the time is up; says which.
inline bool wait_until(const std::function<bool()>& condition,
                       std::chrono::seconds most = std::chrono::seconds(60)) {
    const auto deadline = std::chrono::steady_clock::now() + most;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

/// Sends all and returns what became of each, in order.
inline std::vector<runtime::Delivered> produce(runtime::Producer& producer,
                                               std::vector<runtime::OutgoingMessage> messages) {
    struct Reports {
        std::mutex mutex;
        std::vector<runtime::Delivered> all;
    };
    const auto reports = std::make_shared<Reports>();  // some may come after we have given up
    reports->all.resize(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i)
        producer.send(std::move(messages[i]), [reports, i](const runtime::Delivered& delivered) {
            std::lock_guard lock(reports->mutex);
            reports->all[i] = delivered;
        });
    if (producer.flush(std::chrono::seconds(60)) == runtime::Flush::time_is_up)
        throw std::runtime_error("not everything was delivered");
    std::lock_guard lock(reports->mutex);
    return reports->all;
}

}  // namespace chaiqin::testing
