#pragma once
// What the gateway answers by itself, without a token: whether it is alive and ready, and the keys
// that receipts are signed with.
#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gateway/http/route.hpp"
#include "gateway/ingest/housekeeping.hpp"
#include "runtime/operations_server.hpp"

namespace chaiqin::gateway {

/// Asks the parts at most twice a second, whoever asks it: /readyz is open to everybody.
/// Thread-safe.
class Readiness {
public:
    explicit Readiness(std::vector<runtime::ReadinessCheck> checks) : checks_(std::move(checks)) {}
    /// Whether all parts answer, and the JSON of /readyz.
    std::pair<bool, std::string> look();

private:
    std::vector<runtime::ReadinessCheck> checks_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point looked_at_{};
    std::pair<bool, std::string> seen_{false, ""};
};

/// /healthz, /readyz, /api/v1/receipts/key. What is passed must outlive the routes.
std::vector<Route> operation_routes(Readiness& readiness, const Housekeeping& housekeeping);

}  // namespace chaiqin::gateway
