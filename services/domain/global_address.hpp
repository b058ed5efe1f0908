#pragma once
// Which addresses of the internet the platform may connect to on behalf of somebody else: those
// that are globally reachable unicast by IANA's special-purpose registries for IPv4 and IPv6. What
// stands in no registry but cannot be the address of a public host is refused as well. Pure.
#include <array>
#include <cstdint>
#include <string_view>

namespace chaiqin::domain {

/// IPv4: the first four bytes.
struct IpAddress {
    bool is_v6 = false;
    std::array<std::uint8_t, 16> bytes{};
    bool operator==(const IpAddress&) const = default;
};

/// A form that carries an IPv4 address (mapped, 6to4, NAT64, Teredo) is judged by that one.
bool is_global(const IpAddress& address);
/// 127.0.0.0/8 and ::1, in no other form.
bool is_loopback(const IpAddress& address);
/// Whether the host of an address, as it is written there, is this machine itself: localhost,
/// 127.x.x.x, [::1].
bool is_this_machine(std::string_view host);

}  // namespace chaiqin::domain
