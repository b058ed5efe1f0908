#pragma once
// Addresses of sockets and texts as domain::IpAddress. Pure.
#include <sys/socket.h>

#include <optional>
#include <string>

#include "domain/global_address.hpp"

namespace chaiqin::webhooks {

/// Empty if it is neither IPv4 nor IPv6.
std::optional<domain::IpAddress> address_in(const sockaddr& socket_address);
/// Dotted decimal or the text of an IPv6 address, without brackets.
std::optional<domain::IpAddress> parse_address(const std::string& text);
std::string text_of(const domain::IpAddress& address);

}  // namespace chaiqin::webhooks
