#pragma once
// Start and end of a process: SIGTERM and SIGINT ask to drain, SIGHUP is ignored; what main throws
// becomes an exit code.
#include <chrono>
#include <functional>
#include <string>

namespace chaiqin::runtime {

class Shutdown {
public:
    /// SIGTERM or SIGINT has come, or request() was called.
    static bool requested();
    static void request();
    /// Waits until requested.
    static void wait();
    /// Waits at most so long; true if requested.
    static bool wait_for(std::chrono::milliseconds time);
};

/// Installs the signals, runs `body`, maps failures: ConfigError → every problem on stderr, 78;
/// TransientFailure → 75; anything else → 70. A body that does not end within `end_within` after it
/// was asked to is ended: 75. Every process that serves uses it.
int run_service(const std::string& name, const std::function<int()>& body,
                std::chrono::milliseconds end_within = std::chrono::seconds(15));

}  // namespace chaiqin::runtime
