// Clock, readiness, operations server, exit codes.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>
#include <vector>

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

/// A connected client; -1 if nobody listens.
int connected(int port) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{
        AF_INET, htons(static_cast<std::uint16_t>(port)), {htonl(INADDR_LOOPBACK)}, {}};
    if (connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return client;
    close(client);
    return -1;
}

/// The whole answer; the client is closed.
std::string ask(int client, const std::string& path, const std::string& method = "GET") {
    if (client < 0) return "no connection";
    const auto request = method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    std::string answer;
    if (write(client, request.data(), request.size()) > 0) {
        char piece[4096];
        for (ssize_t n; (n = read(client, piece, sizeof piece)) > 0;)
            answer.append(piece, static_cast<std::size_t>(n));
    }
    close(client);
    return answer;
}

std::string get(int port, const std::string& path) { return ask(connected(port), path); }

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

TEST(OperationsServerTest, head_is_answered_where_get_is_and_nothing_else) {
    const int port = free_port();
    OperationsServer server(port, {{"stage", [] { return true; }}});
    for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
        const auto answer = ask(connected(port), path, "HEAD");
        EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 200") << path;
        EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
        EXPECT_EQ(answer.find("Content-Length: 0"), std::string::npos) << answer;
    }
    const auto other = ask(connected(port), "/healthz", "POST");
    EXPECT_EQ(other.substr(0, 12), "HTTP/1.1 405");
    EXPECT_NE(other.find("Allow: GET, HEAD"), std::string::npos) << other;
}

TEST(OperationsServerTest, is_alive_while_a_check_waits_for_its_part) {
    const int port = free_port();
    std::promise<void> part;
    auto answers = part.get_future().share();
    OperationsServer server(port, {{"part", [answers] {
                                        answers.wait();
                                        return true;
                                    }}});
    std::thread waits([&] { EXPECT_EQ(get(port, "/readyz").substr(0, 12), "HTTP/1.1 200"); });
    const int client = connected(port);
    const timeval patience{5, 0};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::this_thread::sleep_for(20ms);  // the other request comes first; if not, this one is easy
    EXPECT_EQ(ask(client, "/healthz").substr(0, 12), "HTTP/1.1 200");
    part.set_value();
    waits.join();
}

TEST(OperationsServerTest, goes_on_after_a_time_without_file_descriptors) {
    const int port = free_port();
    OperationsServer server(port, {});
    EXPECT_EQ(get(port, "/healthz").substr(0, 12), "HTTP/1.1 200");
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    const rlimit none{static_cast<rlim_t>(client) + 1, before.rlim_max};
    std::vector<int> taken;  // what is free below the limit
    setrlimit(RLIMIT_NOFILE, &none);
    for (int one; (one = dup(client)) >= 0;) taken.push_back(one);
    sockaddr_in address{
        AF_INET, htons(static_cast<std::uint16_t>(port)), {htonl(INADDR_LOOPBACK)}, {}};
    const int connection = connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address);
    std::this_thread::sleep_for(200ms);  // accept fails meanwhile
    for (const int one : taken) close(one);
    setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_EQ(connection, 0);
    const timeval patience{5, 0};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(ask(client, "/healthz").substr(0, 12), "HTTP/1.1 200");
    EXPECT_EQ(get(port, "/healthz").substr(0, 12), "HTTP/1.1 200");
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
