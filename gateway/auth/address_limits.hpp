#pragma once
// How often one address may ask without a token: logins by the minute, open paths by the second.
// Behind a proxy the address is the one that the proxy names. Used on the io thread only.
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "gateway/http/limited.hpp"
#include "gateway/http/rate_limit.hpp"
#include "gateway/http/request.hpp"

namespace chaiqin::gateway {

struct AddressLimitSettings {
    int open_per_second = 50, logins_per_minute = 60;
    /// Addresses whose X-Forwarded-For is believed.
    std::set<std::string> proxies = {};
};

class AddressLimits {
public:
    explicit AddressLimits(AddressLimitSettings settings);
    /// Each the limit, if it is reached.
    [[nodiscard]] std::optional<Limited> take_login(const Request& request,
                                                    std::chrono::steady_clock::time_point now);
    [[nodiscard]] std::optional<Limited> take_open(const Request& request,
                                                   std::chrono::steady_clock::time_point now);
    /// Of what operators ask; as many as of the open paths, counted apart.
    [[nodiscard]] std::optional<Limited> take_operation(const Request& request,
                                                        std::chrono::steady_clock::time_point now);
    /// A body that is read without a token, until what is returned goes. Null: too many.
    [[nodiscard]] std::shared_ptr<const void> hold_open_body(const Request& request);
    static Limited too_many_open_bodies();

    /// What is counted together with this request.
    std::string network(const Request& request) const;

private:
    std::optional<Limited> open_limit(RateLimit& rate, const Request& request,
                                      std::chrono::steady_clock::time_point now) const;

    AddressLimitSettings settings_;
    RateLimit logins_, open_, operations_;
    std::shared_ptr<std::map<std::string, int>> open_bodies_ =
        std::make_shared<std::map<std::string, int>>();
};

/// Whom the request comes from: the connection's other end or, if that is a proxy, the last address
/// of X-Forwarded-For that is none.
std::string client_address(const Request& request, const std::set<std::string>& proxies);

/// What is counted together: an IPv4 address, or the /64 of an IPv6 address, which is one
/// customer's.
std::string network_of(const std::string& address);

/// "127.0.0.1,10.0.0.5" → the addresses; empty if one is none.
std::optional<std::set<std::string>> parse_addresses(std::string_view text);

}  // namespace chaiqin::gateway
