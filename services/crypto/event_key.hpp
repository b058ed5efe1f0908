#pragma once
// The key under which events carry a MAC (events.key, ADR 0019), so that who can write to the
// broker cannot invent one. It is looked for when it is needed: a process whose directory has no
// such file yet waits and goes on by itself. Thread-safe.
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace chaiqin::crypto {

class EventKey {
public:
    /// `directory` is keys_dir of the process; "" has no key.
    explicit EventKey(std::string directory) : directory_(std::move(directory)) {}
    /// HMAC-SHA-256, in hex, over the head and the SHA-256 of the payload. DeploymentFailure: the
    /// key is not there.
    std::string mac(std::string_view head, std::string_view payload) const;

private:
    std::string key() const;

    const std::string directory_;
    mutable std::mutex mutex_;
    mutable std::string key_;
    mutable std::chrono::steady_clock::time_point looked_{};
};

/// The same as a function, as runtime::MakeMac wants it.
std::function<std::string(std::string_view head, std::string_view payload)> event_mac(
    const std::string& directory);

}  // namespace chaiqin::crypto
