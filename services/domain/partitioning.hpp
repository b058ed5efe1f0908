#pragma once
// Which Kafka partition and which storage slot an agency belongs to. Never changes: growth is a new
// topic generation (docs/events.md).
#include <cstdint>
#include <string_view>

namespace chaiqin::domain {

inline constexpr int slot_count = 48;
inline constexpr int agency_partition_count = 12;

/// Kafka's murmur2, as the Java client computes it (positive part taken by the callers below).
std::uint32_t murmur2(std::string_view bytes);
/// 0..47
int slot_of(std::string_view agency);
/// 0..11 = slot mod 12
int partition_of(std::string_view agency);

}  // namespace chaiqin::domain
