#include "gateway/ingest/housekeeping.hpp"

#include <utility>
#include <vector>

#include "domain/failure.hpp"
#include "gateway/ingest/intake_desk.hpp"
#include "runtime/log.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::chrono::seconds retry_after{2};
constexpr std::chrono::seconds sweep_every = std::chrono::hours(1);

std::map<std::string, std::string> by_kid(std::vector<crypto::ReceiptSigner::PublicKey> keys) {
    std::map<std::string, std::string> jwks;
    for (auto& key : keys) jwks[key.kid] = std::move(key.jwk);
    return jwks;
}

}  // namespace

Housekeeping::Housekeeping(std::unique_ptr<domain::IntakeStore> store,
                           const crypto::ReceiptSigner& signer, const runtime::Clock& clock,
                           std::function<void()> sweep_sessions)
    : store_(std::move(store)),
      clock_(clock),
      sweep_sessions_(std::move(sweep_sessions)),
      jwks_(by_kid(signer.public_keys())) {
    thread_ = std::thread([this] { do_chores(); });
}

Housekeeping::~Housekeeping() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Housekeeping::do_chores() {
    for (;;) {
        auto pause = retry_after;
        try {
            store_->drop_reservations(clock_.now() - key_kept_for);
            if (sweep_sessions_) sweep_sessions_();
            pause = sweep_every;
        } catch (const domain::TransientFailure& failure) {
            runtime::log_debug("housekeeping waits for PostgreSQL", {{"reason", failure.what()}});
        } catch (const domain::PermanentFailure& failure) {
            runtime::log_error("housekeeping failed", {{"reason", failure.what()}});
        }
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, pause, [&] { return stopping_; })) return;
    }
}

std::optional<std::string> Housekeeping::receipt_key(const std::string& kid) const {
    const auto found = jwks_.find(kid);
    return found == jwks_.end() ? std::nullopt : std::optional(found->second);
}

std::string Housekeeping::receipt_key_set() const {
    std::string list;
    for (const auto& [kid, jwk] : jwks_) list += (list.empty() ? "" : ",") + jwk;
    return "{\"keys\":[" + list + "]}";
}

}  // namespace chaiqin::gateway
