// Clock, readiness, operations server, exit codes.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "domain/failure.hpp"
#include "runtime/clock.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/operations_server.hpp"

namespace chaiqin::runtime {
namespace {

using namespace std::chrono_literals;

std::chrono::microseconds distance_from_now(const Clock& clock) {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock.now() -
                                                                 std::chrono::system_clock::now());
}

TEST(ClockTest, is_the_real_one_without_a_file) {
    EXPECT_LT(std::chrono::abs(distance_from_now(*make_clock(""))), 1s);
}

TEST(ClockTest, follows_the_offset_in_the_file) {
    const auto file = ::testing::TempDir() + "chaiqin_clock_" + std::to_string(getpid());
    const auto clock = make_clock(file);
    EXPECT_LT(std::chrono::abs(distance_from_now(*clock)), 1s) << "no file yet";
    std::ofstream(file) << "offset_us=86400000000\n";
    const auto deadline = std::chrono::steady_clock::now() + 5s;
    while (distance_from_now(*clock) < 23h && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_GT(distance_from_now(*clock), 23h);
    std::filesystem::remove(file);
}

TEST(ReadinessTest, is_the_sum_of_its_checks) {
    EXPECT_EQ(
        readiness({{"a", [] { return true; }}, {"b", [] { return true; }}}),
        (std::pair<bool, std::string>(true, R"({"ready":true,"checks":{"a":true,"b":true}})")));
    EXPECT_EQ(
        readiness({{"a", [] { return true; }}, {"b", [] { return false; }}}),
        (std::pair<bool, std::string>(false, R"({"ready":false,"checks":{"a":true,"b":false}})")));
}

TEST(ReadinessTest, says_what_the_process_waits_for_and_what_mends_it) {
    EXPECT_EQ(readiness({{"a", [] { return true; }}},
                        {{"seal_key", "key \"2\" is missing", "put it there"}}),
              (std::pair<bool, std::string>(
                  false, R"({"ready":false,"checks":{"a":true},"waiting":[{"reason":"seal_key",)"
                         R"("what":"key \"2\" is missing","mend":"put it there"}]})")));
}

int free_port() {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
    socklen_t size = sizeof address;
    bind(listener, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    close(listener);
    return ntohs(address.sin_port);
}

std::string get(int port, const std::string& path) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{
        AF_INET, htons(static_cast<std::uint16_t>(port)), {htonl(INADDR_LOOPBACK)}, {}};
    if (connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return "no connection";
    const auto request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    std::string answer;
    if (write(client, request.data(), request.size()) > 0) {
        char piece[4096];
        for (ssize_t n; (n = read(client, piece, sizeof piece)) > 0;)
            answer.append(piece, static_cast<std::size_t>(n));
    }
    close(client);
    return answer;
}

TEST(OperationsServerTest, says_alive_ready_and_metrics) {
    const int port = free_port();
    std::atomic<bool> ready{false};
    OperationsServer server(port, {{"stage", [&] { return ready.load(); }}});
    EXPECT_EQ(get(port, "/healthz").substr(0, 12), "HTTP/1.1 200");
    EXPECT_EQ(get(port, "/readyz").substr(0, 12), "HTTP/1.1 503");
    ready = true;
    EXPECT_EQ(get(port, "/readyz").substr(0, 12), "HTTP/1.1 200");
    EXPECT_NE(get(port, "/metrics").find("chaiqin_build_info"), std::string::npos);
    {
        Wait wait;
        wait.begin({domain::waiting_for::seal_key, "key 2 is missing", "put it there"});
        const auto answer = get(port, "/readyz");
        EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 503");
        EXPECT_NE(answer.find(R"("mend":"put it there")"), std::string::npos);
    }
    EXPECT_EQ(get(port, "/readyz").substr(0, 12), "HTTP/1.1 200");
    EXPECT_EQ(get(port, "/other").substr(0, 12), "HTTP/1.1 404");
    EXPECT_THROW(OperationsServer(port, {}), domain::ConfigError);
}

TEST(LogTest, writes_one_json_object_a_line) {
    ::testing::internal::CaptureStdout();
    log_info("something changed", {{"text", "a \"quoted\"\nline"}, {"number", 5}, {"part", 0.5}});
    log_debug("not at this level");
    const auto line = ::testing::internal::GetCapturedStdout();
    EXPECT_NE(line.find(R"("level":"info","service":"chaiqin","message":"something changed",)"
                        R"("text":"a \"quoted\"\nline","number":5,"part":0.5})"),
              std::string::npos)
        << line;
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

TEST(LifecycleTest, turns_failures_into_exit_codes) {
    EXPECT_EXIT(std::exit(run_service("p", [] { return 0; })), ::testing::ExitedWithCode(0), "");
    EXPECT_EXIT(std::exit(run_service("p",
                                      []() -> int {
                                          throw domain::ConfigError({"one", "two"});
                                      })),
                ::testing::ExitedWithCode(78), "p: one\np: two");
    EXPECT_EXIT(std::exit(run_service("p", []() -> int { throw domain::TransientFailure("x"); })),
                ::testing::ExitedWithCode(75), "");
    EXPECT_EXIT(std::exit(run_service("p", []() -> int { throw std::logic_error("x"); })),
                ::testing::ExitedWithCode(70), "");
}

TEST(LifecycleTest, goes_on_after_a_hangup) {
    EXPECT_EXIT(std::exit(run_service("p",
                                      [] {
                                          kill(getpid(), SIGHUP);
                                          kill(getpid(), SIGHUP);
                                          if (Shutdown::wait_for(200ms)) return 1;
                                          kill(getpid(), SIGTERM);
                                          return Shutdown::wait_for(5s) ? 0 : 2;
                                      })),
                ::testing::ExitedWithCode(0), "");
}

TEST(LifecycleTest, ends_on_the_signal) {
    EXPECT_EXIT(std::exit(run_service("p",
                                      [] {
                                          kill(getpid(), SIGTERM);
                                          return Shutdown::wait_for(5s) ? 0 : 1;
                                      })),
                ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace chaiqin::runtime
