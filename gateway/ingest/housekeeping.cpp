#include "gateway/ingest/housekeeping.hpp"

#include <utility>
#include <vector>

#include "domain/failure.hpp"
#include "gateway/ingest/intake_desk.hpp"
#include "runtime/log.hpp"

namespace chaiqin::gateway {

namespace {

constexpr auto retry_after = std::chrono::seconds(2);
constexpr std::chrono::seconds sweep_every = std::chrono::hours(1);

}  // namespace

Housekeeping::Housekeeping(std::unique_ptr<domain::IntakeStore> store,
                           const crypto::ReceiptSigner& signer, const runtime::Clock& clock,
                           std::function<void()> sweep_sessions)
    : store_(std::move(store)), clock_(clock), sweep_sessions_(std::move(sweep_sessions)) {
    for (auto& key : signer.public_keys()) jwks_[key.kid] = key.jwk;
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
    bool are_keys_kept = false;
    for (;;) {
        try {
            if (!are_keys_kept) keep_receipt_keys();
            are_keys_kept = true;
            store_->drop_reservations(clock_.now() - key_kept_for);
            if (sweep_sessions_) sweep_sessions_();
        } catch (const domain::TransientFailure& failure) {
            runtime::log_debug("housekeeping waits for PostgreSQL", {{"reason", failure.what()}});
        } catch (const domain::PermanentFailure& failure) {
            runtime::log_error("housekeeping failed", {{"reason", failure.what()}});
        }
        std::unique_lock lock(mutex_);
        const auto pause = are_keys_kept ? sweep_every : retry_after;
        if (changed_.wait_for(lock, pause, [&] { return stopping_; })) return;
    }
}

void Housekeeping::keep_receipt_keys() {
    std::vector<std::pair<std::string, std::string>> in_use;
    {
        std::lock_guard lock(mutex_);
        in_use.assign(jwks_.begin(), jwks_.end());
    }
    auto all = store_->keep_receipt_keys(in_use, clock_.now());
    std::lock_guard lock(mutex_);
    for (auto& [kid, jwk] : all) jwks_.emplace(std::move(kid), std::move(jwk));
    are_all_known_ = true;
}

Housekeeping::ReceiptKey Housekeeping::receipt_key(const std::string& kid) const {
    std::lock_guard lock(mutex_);
    const auto found = jwks_.find(kid);
    return {found == jwks_.end() ? std::nullopt : std::optional(found->second), are_all_known_};
}

std::string Housekeeping::receipt_key_set() const {
    std::lock_guard lock(mutex_);
    std::string list;
    for (const auto& [kid, jwk] : jwks_) list += (list.empty() ? "" : ",") + jwk;
    return "{\"keys\":[" + list + "]}";
}

}  // namespace chaiqin::gateway
