#pragma once
// Cursors of the findings feed: behind which change to go on. A cursor serves one agency alone.
// Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::crypto {

std::string feed_cursor(std::string_view agency, std::int64_t change_no);
/// The change's number; empty if it is no cursor of this agency.
std::optional<std::int64_t> feed_change_no(std::string_view agency, std::string_view cursor);

}  // namespace chaiqin::crypto
