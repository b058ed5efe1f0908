#include "crypto/event_key.hpp"

#include <memory>

#include "crypto/digest.hpp"
#include "crypto/keyring.hpp"
#include "domain/failure.hpp"

namespace chaiqin::crypto {

namespace {

/// So often the directory is looked at, however many messages need the key.
constexpr std::chrono::milliseconds looks_every{500};

}  // namespace

std::string EventKey::mac(std::string_view head, std::string_view payload) const {
    return hex(hmac_sha256(key(), std::string(head) + sha256(payload)));
}

std::string EventKey::key() const {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (key_.empty() && !directory_.empty() && now - looked_ >= looks_every) {
        looked_ = now;
        key_ = secret_in(directory_, KeyUse::events);
    }
    if (!key_.empty()) return key_;
    throw domain::DeploymentFailure(
        domain::waiting_for::events_key,
        "events.key, which proves who wrote an event, is not in the key directory",
        "put the events.key that the other services have into keys_dir of this process, with mode "
        "0400; `chaiqin keys make` makes the first one");
}

std::function<std::string(std::string_view, std::string_view)> event_mac(
    const std::string& directory) {
    return [key = std::make_shared<const EventKey>(directory)](
               std::string_view head, std::string_view payload) { return key->mac(head, payload); };
}

}  // namespace chaiqin::crypto
