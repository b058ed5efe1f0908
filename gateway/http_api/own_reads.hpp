#pragma once
// What the gateway answers by itself: health, readiness, the keys that receipts are signed with.
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crypto/receipt_signing.hpp"
#include "domain/intake_store.hpp"
#include "gateway/http/route.hpp"
#include "runtime/clock.hpp"
#include "runtime/operations_server.hpp"

namespace chaiqin::gateway {

/// Readiness asked for at most twice a second, whoever asks: /readyz is open to everybody.
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

/// A thread for what may take its time: keeps the receipt keys in PostgreSQL, so that the published
/// set has every key that ever signed, and deletes idempotency keys that are too old.
class Housekeeping {
public:
    Housekeeping(std::unique_ptr<domain::IntakeStore> store, const crypto::ReceiptSigner& signer,
                 const runtime::Clock& clock);
    ~Housekeeping();
    /// JWK Set. Thread-safe.
    std::string receipt_key_set() const;

private:
    void work();
    bool keep_keys();
    std::unique_ptr<domain::IntakeStore> store_;
    const runtime::Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, std::string> jwks_;  ///< by kid
    bool stopping_ = false;
    std::thread thread_;
};

/// /healthz, /readyz, /api/v1/receipts/key: open without a token.
std::vector<Route> own_routes(Readiness& readiness, const Housekeeping& housekeeping);

}  // namespace chaiqin::gateway
