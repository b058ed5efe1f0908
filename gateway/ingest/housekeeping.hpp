#pragma once
// A thread for chores of the intake that may take their time: it deletes idempotency keys and
// sessions that are too old, and tries again while PostgreSQL is away; nobody waits for it. It also
// knows the receipt keys that are published: those whose files stand in the key directory, and no
// others, so that who can write to the database cannot publish a key.
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
    /// JWK Set: the keys that sign, and that have signed. Any thread.
    std::string receipt_key_set() const;
    /// A JWK; empty if no key has that id. Any thread.
    std::optional<std::string> receipt_key(const std::string& kid) const;

private:
    void do_chores();  // on the thread

    std::unique_ptr<domain::IntakeStore> store_;
    const runtime::Clock& clock_;
    std::function<void()> sweep_sessions_;
    /// By kid.
    const std::map<std::string, std::string> jwks_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace chaiqin::gateway
