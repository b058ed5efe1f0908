#pragma once
// Header values with parameters (RFC 9110, 2183, 8187): `form-data; name="file";
// filename*=UTF-8''a.json`. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaiqin::gateway {

struct HeaderValue {
    /// Lower-case, before the first ';'.
    std::string value;
    /// Names in lower case, values without their quotes.
    std::vector<std::pair<std::string, std::string>> parameters;
    std::optional<std::string> parameter(std::string_view name) const;
};

/// Empty if it is not well-formed or has a parameter twice.
std::optional<HeaderValue> parse_header_value(std::string_view text);

/// `UTF-8''%e5%b7%ae.json` → text. Empty if it has another charset, a broken percent sequence or
/// bytes that are not UTF-8.
std::optional<std::string> decode_extended_value(std::string_view text);

std::string lower_case(std::string_view text);
/// Without the spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace chaiqin::gateway
