#pragma once
// Ids and numbers of things as they stand in a path. Pure.
#include <cstdint>
#include <optional>
#include <string_view>

namespace chaiqin::gateway {

/// A whole number from 1 on, and nothing else beside it.
std::optional<std::int64_t> parse_id(std::string_view text);

}  // namespace chaiqin::gateway
