#pragma once
// The request target: path and query taken apart, percent sequences decoded. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaiqin::gateway {

/// Percent sequences decoded. Empty if one is broken. `plus_is_space` for query parameters.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);

/// A request target taken apart: decoded path and decoded query parameters in order.
struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
};
/// Empty if it is not in origin-form, has a bad percent sequence, or text that is not UTF-8 or
/// holds NUL.
std::optional<Target> parse_target(std::string_view target);

}  // namespace chaiqin::gateway
