#include "domain/partitioning.hpp"

namespace chaiqin::domain {

std::uint32_t murmur2(std::string_view bytes) {
    constexpr std::uint32_t m = 0x5bd1e995;
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    auto length = static_cast<std::uint32_t>(bytes.size());
    std::uint32_t h = 0x9747b28c ^ length;
    for (; length >= 4; data += 4, length -= 4) {
        std::uint32_t k =
            static_cast<std::uint32_t>(data[0]) | static_cast<std::uint32_t>(data[1]) << 8 |
            static_cast<std::uint32_t>(data[2]) << 16 | static_cast<std::uint32_t>(data[3]) << 24;
        k *= m;
        k ^= k >> 24;
        k *= m;
        h = h * m ^ k;
    }
    switch (length) {
        case 3:
            h ^= static_cast<std::uint32_t>(data[2]) << 16;
            [[fallthrough]];
        case 2:
            h ^= static_cast<std::uint32_t>(data[1]) << 8;
            [[fallthrough]];
        case 1:
            h = (h ^ data[0]) * m;
            break;
        default:
            break;
    }
    h ^= h >> 13;
    h *= m;
    return h ^ h >> 15;
}

int slot_of(std::string_view agency) {
    return static_cast<int>((murmur2(agency) & 0x7fffffff) % slot_count);
}
int partition_of(std::string_view agency) { return slot_of(agency) % agency_partition_count; }

}  // namespace chaiqin::domain
