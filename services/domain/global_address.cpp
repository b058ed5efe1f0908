#include "domain/global_address.hpp"

#include <algorithm>

namespace chaiqin::domain {

namespace {

struct Block {
    std::array<std::uint8_t, 16> bytes;
    int bits;
};

/// Of 192.0.0.0/24 the registry calls .9 and .10 global: anycast services of one's own network, so
/// they are refused with the rest. 192.88.99.0/24 was that of 6to4 relays.
constexpr Block refused_v4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};

/// Everything outside of 2000::/3 is refused: no other block holds addresses of public hosts.
/// 2001::/23 belongs to protocols (Teredo is judged before), 2001:db8:: and 3fff:: to documents.
constexpr Block public_v6{{0x20}, 3};
constexpr Block refused_v6[] = {
    {{0x20, 0x01}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x3f, 0xff}, 20}};

constexpr Block mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96},
    nat64{{0, 0x64, 0xff, 0x9b}, 96}, teredo{{0x20, 0x01, 0, 0}, 32}, six_to_four{{0x20, 0x02}, 16};

bool within(const IpAddress& address, const Block& block) {
    for (int bit = 0; bit < block.bits; bit += 8) {
        const auto at = static_cast<std::size_t>(bit / 8);
        const int kept = std::min(8, block.bits - bit);
        const auto mask = static_cast<std::uint8_t>(0xff << (8 - kept));
        if ((address.bytes.at(at) & mask) != (block.bytes.at(at) & mask)) return false;
    }
    return true;
}

/// The four bytes from `at` on as an IPv4 address; Teredo writes the client's inverted.
IpAddress inner(const IpAddress& address, std::size_t at, bool inverted = false) {
    IpAddress v4;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto byte = address.bytes.at(at + i);
        v4.bytes.at(i) = inverted ? static_cast<std::uint8_t>(~byte) : byte;
    }
    return v4;
}

template <std::size_t count>
bool within_any(const IpAddress& address, const Block (&blocks)[count]) {
    return std::any_of(std::begin(blocks), std::end(blocks),
                       [&](const Block& block) { return within(address, block); });
}

}  // namespace

bool is_global(const IpAddress& address) {
    if (!address.is_v6) return !within_any(address, refused_v4);
    if (within(address, mapped) || within(address, nat64)) return is_global(inner(address, 12));
    if (within(address, six_to_four)) return is_global(inner(address, 2));
    if (within(address, teredo))
        return is_global(inner(address, 4)) && is_global(inner(address, 12, true));
    return within(address, public_v6) && !within_any(address, refused_v6);
}

bool is_loopback(const IpAddress& address) {
    if (!address.is_v6) return address.bytes.front() == 127;
    IpAddress one{.is_v6 = true, .bytes = {}};
    one.bytes.back() = 1;
    return address == one;
}

bool is_this_machine(std::string_view host) {
    return host == "localhost" || host == "[::1]" || host == "::1" ||
           (host.starts_with("127.") &&
            host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace chaiqin::domain
