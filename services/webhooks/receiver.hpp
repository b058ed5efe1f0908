#pragma once
// The address of a webhook's receiver, judged: what a URL may look like, and which hosts it may
// lead to. The gateway judges it when it is stored, the sender again each time it sends
// (docs/http-api.md, "Addresses of receivers"). Values and functions; safe for all threads.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/global_address.hpp"
#include "domain/webhook.hpp"

namespace chaiqin::webhooks {

/// A URL that may be a receiver's, taken apart as libcurl does it.
struct Receiver {
    std::string scheme, host;  ///< an IPv6 address without its brackets
    int port = 443;
    /// "localhost" or an address of the machine itself.
    bool names_loopback = false;
};

/// https alone, no user, no fragment, port 443 or above 1023. With `allow_loopback` http, too, to
/// hosts that name this machine.
std::variant<Receiver, domain::RefusedReceiver> parse_receiver(const std::string& url,
                                                               bool allow_loopback);

/// Whether a connection for this receiver may go to the address.
using AddressRule = std::function<bool(const Receiver&, const domain::IpAddress&)>;
AddressRule address_rule(bool allow_loopback);

/// All addresses of a host; empty if it has none, or none in time.
using Resolve = std::function<std::vector<domain::IpAddress>(const std::string& host,
                                                             std::chrono::milliseconds within)>;
/// By the resolver of the system.
Resolve system_resolver();

/// Judges an address that is to be stored. A host without an address now is no reason to refuse it:
/// it is judged again when something is sent.
std::function<std::optional<domain::RefusedReceiver>(const std::string& url)> receiver_judge(
    bool allow_loopback, Resolve resolve = system_resolver());

}  // namespace chaiqin::webhooks
