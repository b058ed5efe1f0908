#include "gateway/auth/address_limits.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "gateway/http/header_value.hpp"

namespace chaiqin::gateway {

namespace ip = boost::asio::ip;
using std::chrono::steady_clock;

namespace {

constexpr int most_open_bodies = 20;

/// In the one spelling that addresses are compared in.
std::optional<ip::address> parsed(std::string_view text) {
    boost::system::error_code failure;
    auto address = ip::make_address(std::string(trimmed(text)), failure);
    if (failure) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

/// Takes the last element off a list.
std::string_view take_last(std::string_view& list) {
    const auto comma = list.rfind(',');
    const auto last = comma == std::string_view::npos ? list : list.substr(comma + 1);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
    return last;
}

}  // namespace

AddressLimits::AddressLimits(AddressLimitSettings settings)
    : settings_(std::move(settings)),
      logins_(settings_.logins_per_minute / 60.0, settings_.logins_per_minute),
      open_(settings_.open_per_second, settings_.open_per_second),
      operations_(settings_.open_per_second, settings_.open_per_second) {}

std::string AddressLimits::network(const Request& request) const {
    return network_of(client_address(request, settings_.proxies));
}

std::optional<Limited> AddressLimits::take_login(const Request& request,
                                                 steady_clock::time_point now) {
    const auto who = network(request);
    if (logins_.try_take(who, now)) return std::nullopt;
    const auto value = std::to_string(settings_.logins_per_minute);
    return Limited{"logins",
                   Problem::address_too_often,
                   {{"每分鐘至多 " + value + " 次登入要求",
                     "may make " + value + " requests of logins per minute"}},
                   logins_.time_left(who)};
}

std::optional<Limited> AddressLimits::open_limit(RateLimit& rate, const Request& request,
                                                 steady_clock::time_point now) const {
    const auto who = network(request);
    if (rate.try_take(who, now)) return std::nullopt;
    const auto value = std::to_string(settings_.open_per_second);
    return Limited{"open_requests",
                   Problem::address_too_often,
                   {{"每秒至多 " + value + " 次無權杖之要求",
                     "may make " + value + " requests without a token per second"}},
                   rate.time_left(who)};
}

std::optional<Limited> AddressLimits::take_open(const Request& request,
                                                steady_clock::time_point now) {
    return open_limit(open_, request, now);
}

std::optional<Limited> AddressLimits::take_operation(const Request& request,
                                                     steady_clock::time_point now) {
    return open_limit(operations_, request, now);
}

std::shared_ptr<const void> AddressLimits::hold_open_body(const Request& request) {
    auto who = network(request);
    auto& count = (*open_bodies_)[who];
    if (count >= most_open_bodies) return nullptr;
    ++count;
    return {open_bodies_.get(), [held = open_bodies_, who = std::move(who)](const void*) {
                const auto at = held->find(who);
                if (--at->second == 0) held->erase(at);
            }};
}

Limited AddressLimits::too_many_open_bodies() {
    const auto value = std::to_string(most_open_bodies);
    return {"open_bodies",
            Problem::address_too_often,
            {{"同時至多傳送 " + value + " 個無權杖之請求內容",
              "may have " + value + " requests with a body and without a token under way"}}};
}

std::string client_address(const Request& request, const std::set<std::string>& proxies) {
    const auto peer = parsed(request.peer);
    auto client = peer ? peer->to_string() : request.peer;
    const auto forwarded = request.header("x-forwarded-for");
    std::string_view chain(forwarded);
    while (proxies.contains(client) && !chain.empty()) {
        const auto before = parsed(take_last(chain));
        if (!before) break;
        client = before->to_string();
    }
    return client;
}

std::string network_of(const std::string& address) {
    const auto known = parsed(address);
    if (!known || known->is_v4()) return known ? known->to_string() : address;
    auto bytes = known->to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return ip::address_v6(bytes).to_string();
}

std::optional<std::set<std::string>> parse_addresses(std::string_view text) {
    std::set<std::string> addresses;
    while (!text.empty()) {
        const auto address = parsed(take_last(text));
        if (!address) return std::nullopt;
        addresses.insert(address->to_string());
    }
    return addresses;
}

}  // namespace chaiqin::gateway
