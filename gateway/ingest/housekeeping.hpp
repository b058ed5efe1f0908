#pragma once
// A thread for chores of the intake that may take their time: it keeps the receipt keys in
// PostgreSQL, so that the published set has every key that ever signed, and deletes idempotency
// keys that are too old. It tries again while PostgreSQL is away; nobody waits for it.
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "crypto/receipt_signing.hpp"
#include "domain/intake_store.hpp"
#include "runtime/clock.hpp"

namespace chaiqin::gateway {

class Housekeeping {
public:
    /// `sweep_sessions` deletes sessions of the portal that have ended; it may be empty.
    Housekeeping(std::unique_ptr<domain::IntakeStore> store, const crypto::ReceiptSigner& signer,
                 const runtime::Clock& clock, std::function<void()> sweep_sessions = {});
    ~Housekeeping();
    /// JWK Set: the keys in use, and once PostgreSQL has answered all earlier ones. Any thread.
    std::string receipt_key_set() const;
    struct ReceiptKey {
        /// Empty if no known key has that id.
        std::optional<std::string> jwk;
        /// Whether PostgreSQL has told of earlier keys, so that there is no other.
        bool are_all_known = false;
    };
    ReceiptKey receipt_key(const std::string& kid) const;

private:
    // On the thread.
    void do_chores();
    void keep_receipt_keys();

    std::unique_ptr<domain::IntakeStore> store_;
    const runtime::Clock& clock_;
    std::function<void()> sweep_sessions_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    /// By kid.
    std::map<std::string, std::string> jwks_;
    bool stopping_ = false, are_all_known_ = false;
    std::thread thread_;
};

}  // namespace chaiqin::gateway
