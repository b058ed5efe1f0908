#include "domain/career_load.hpp"

#include <array>

namespace chaiqin::domain {

namespace {

constexpr std::array<std::string_view, 2> modes{"snapshot", "changes"};
constexpr std::array<std::string_view, 4> states{"RECEIVED", "LOADED", "REFUSED", "FAILED"};

template <class Value, std::size_t Count>
std::optional<Value> parsed(const std::array<std::string_view, Count>& names,
                            std::string_view name) {
    for (std::size_t i = 0; i < Count; ++i)
        if (names[i] == name) return static_cast<Value>(i);
    return std::nullopt;
}

}  // namespace

std::string_view load_mode_name(LoadMode mode) { return modes.at(static_cast<std::size_t>(mode)); }

std::optional<LoadMode> parse_load_mode(std::string_view name) {
    return parsed<LoadMode>(modes, name);
}

std::string_view load_state_name(LoadState state) {
    return states.at(static_cast<std::size_t>(state));
}

std::optional<LoadState> parse_load_state(std::string_view name) {
    return parsed<LoadState>(states, name);
}

}  // namespace chaiqin::domain
