#pragma once
// How an upload of Table 19 is to be taken, and what became of it. The names are those of events,
// tables, the API and the command. Pure.
#include <cstdint>
#include <optional>
#include <string_view>

namespace chaiqin::domain {

enum class LoadMode : std::uint8_t {
    /// Everything that the authority holds.
    snapshot,
    /// Only the persons that are listed.
    changes,
};
std::string_view load_mode_name(LoadMode mode);
std::optional<LoadMode> parse_load_mode(std::string_view name);

enum class LoadState : std::uint8_t { received, loaded, refused, failed };
std::string_view load_state_name(LoadState state);
std::optional<LoadState> parse_load_state(std::string_view name);

}  // namespace chaiqin::domain
