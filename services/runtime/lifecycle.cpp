#include "runtime/lifecycle.hpp"

#include <signal.h>

#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

#include "domain/failure.hpp"
#include "runtime/log.hpp"

namespace chaiqin::runtime {

namespace {

struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool requested = false;
};

State& state() {
    static State& one = *new State;  // threads may wait at it until the process is gone
    return one;
}

/// Signals are taken by one thread of their own: no handler, no async-signal-safety to think of.
void watch_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signal(SIGPIPE, SIG_IGN);
    std::thread([set] {
        int number = 0;
        while (sigwait(&set, &number) == 0 && number == SIGHUP)
            log_info("SIGHUP is ignored: restart the process to change its configuration");
        Shutdown::request();
    }).detach();
}

/// A client library may never let go of a broker that came back as another one. Nothing is lost by
/// ending without it: every stage goes on from its last commit.
void end_in_time(std::chrono::milliseconds limit) {
    std::thread([limit] {
        Shutdown::wait();
        std::this_thread::sleep_for(limit);
        log_error("did not end in time after it was asked to; ended as it is",
                  {{"after_ms", limit.count()}});
        std::_Exit(75);
    }).detach();
}

/// supervisord takes a program that ends within its first second for one that could not be started,
/// and starts it again whatever its exit code.
void outlive_first_second(std::chrono::steady_clock::time_point began) {
    if (std::getenv("SUPERVISOR_ENABLED"))
        std::this_thread::sleep_until(began + std::chrono::milliseconds(1200));
}

}  // namespace

bool Shutdown::requested() {
    std::lock_guard lock(state().mutex);
    return state().requested;
}

void Shutdown::request() {
    std::lock_guard lock(state().mutex);
    state().requested = true;
    state().changed.notify_all();
}

void Shutdown::wait() {
    std::unique_lock lock(state().mutex);
    state().changed.wait(lock, [] { return state().requested; });
}

bool Shutdown::wait_for(std::chrono::milliseconds time) {
    std::unique_lock lock(state().mutex);
    return state().changed.wait_for(lock, time, [] { return state().requested; });
}

int run_service(const std::string& name, const std::function<int()>& body,
                std::chrono::milliseconds end_within) {
    const auto began = std::chrono::steady_clock::now();
    watch_signals();
    end_in_time(end_within);
    try {
        return body();
    } catch (const domain::ConfigError& failure) {
        for (const auto& problem : failure.problems) std::cerr << name << ": " << problem << '\n';
        outlive_first_second(began);
        return 78;
    } catch (const domain::TransientFailure& failure) {
        log_error("a part that is needed is away", {{"reason", failure.what()}});
        return 75;
    } catch (const std::exception& failure) {
        log_error("ended by a failure", {{"reason", failure.what()}});
        return 70;
    }
}

}  // namespace chaiqin::runtime
