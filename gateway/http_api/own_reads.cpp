#include "gateway/http_api/own_reads.hpp"

#include "domain/failure.hpp"
#include "gateway/ingest/intake_desk.hpp"
#include "runtime/log.hpp"

namespace chaiqin::gateway {

namespace {

constexpr auto readiness_holds_for = std::chrono::milliseconds(500);
constexpr auto retry_after = std::chrono::seconds(2);
constexpr auto sweep_every = std::chrono::hours(1);

}  // namespace

std::pair<bool, std::string> Readiness::look() {
    std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (seen_.second.empty() || now - looked_at_ > readiness_holds_for) {
        seen_ = runtime::readiness(checks_);
        looked_at_ = std::chrono::steady_clock::now();
    }
    return seen_;
}

Housekeeping::Housekeeping(std::unique_ptr<domain::IntakeStore> store,
                           const crypto::ReceiptSigner& signer, const runtime::Clock& clock)
    : store_(std::move(store)), clock_(clock) {
    for (auto& key : signer.public_keys()) jwks_[key.kid] = key.jwk;
    thread_ = std::thread([this] { work(); });
}

Housekeeping::~Housekeeping() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Housekeeping::work() {
    bool kept = false;
    for (;;) {
        try {
            kept = kept || keep_keys();
            store_->drop_reservations(clock_.now() - key_kept_for);
        } catch (const domain::TransientFailure& failure) {
            runtime::log_debug("housekeeping waits for PostgreSQL", {{"reason", failure.what()}});
        } catch (const domain::PermanentFailure& failure) {
            runtime::log_error("housekeeping failed", {{"reason", failure.what()}});
        }
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(
                lock,
                kept ? std::chrono::duration_cast<std::chrono::seconds>(sweep_every) : retry_after,
                [&] { return stopping_; }))
            return;
    }
}

bool Housekeeping::keep_keys() {
    std::vector<std::pair<std::string, std::string>> in_use;
    {
        std::lock_guard lock(mutex_);
        in_use.assign(jwks_.begin(), jwks_.end());
    }
    auto all = store_->keep_receipt_keys(in_use, clock_.now());
    std::lock_guard lock(mutex_);
    for (auto& [kid, jwk] : all) jwks_.emplace(std::move(kid), std::move(jwk));
    return true;
}

std::string Housekeeping::receipt_key_set() const {
    std::lock_guard lock(mutex_);
    std::string list;
    for (const auto& [kid, jwk] : jwks_) list += (list.empty() ? "" : ",") + jwk;
    return "{\"keys\":[" + list + "]}";
}

std::vector<Route> own_routes(Readiness& readiness, const Housekeeping& housekeeping) {
    const auto json = [](std::string body, int status = 200) {
        Response response;
        response.status = status;
        response.body = std::move(body);
        return response;
    };
    return {{"GET", "/healthz", {}, [json](const Request&) { return json("{\"alive\":true}"); }},
            {"GET",
             "/readyz",
             {},
             [json, &readiness](const Request&) {
                 auto [ready, body] = readiness.look();
                 return json(std::move(body), ready ? 200 : 503);
             }},
            {"GET", "/api/v1/receipts/key", {}, [json, &housekeeping](const Request&) {
                 return json(housekeeping.receipt_key_set());
             }}};
}

}  // namespace chaiqin::gateway
