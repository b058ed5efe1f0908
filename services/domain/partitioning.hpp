#pragma once
// Which Kafka partition and which storage slot an agency belongs to. Slots never change. The number
// of partitions changes only with a new topic generation (docs/operations.md).
#include <cstdint>
#include <string_view>

namespace chaiqin::domain {

inline constexpr int slot_count = 48;
inline constexpr int agency_partition_count = 12;

/// Kafka's murmur2, as the Java client computes it (positive part taken by the callers below).
std::uint32_t murmur2(std::string_view bytes);
/// 0 to slot_count - 1
int slot_of(std::string_view agency);
/// The slot modulo agency_partition_count.
int partition_of(std::string_view agency);

}  // namespace chaiqin::domain
