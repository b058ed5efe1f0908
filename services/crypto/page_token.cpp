#include "crypto/page_token.hpp"

#include "crypto/digest.hpp"

namespace chaiqin::crypto {

namespace {

constexpr std::size_t mac_bytes = 16, longest_token = 4096;
/// Makes tokens of another meaning of the same fields unreadable.
constexpr std::string_view generation = "chaiqin page token 2";

std::string& mac_key() {
    static std::string key;
    return key;
}

void append(std::string& to, std::string_view part) {
    to += std::to_string(part.size()) + ':' + std::string(part);
}

std::optional<std::vector<std::string>> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        std::size_t length = 0, digits = 0;
        while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 5)
            length = length * 10 + static_cast<std::size_t>(text[digits++] - '0');
        if (digits == 0 || digits >= text.size() || text[digits] != ':' ||
            text.size() - digits - 1 < length)
            return std::nullopt;
        parts.emplace_back(text.substr(digits + 1, length));
        text.remove_prefix(digits + 1 + length);
    }
    return parts;
}

std::string mac(const ListFilters& filters, std::string_view key) {
    std::string text(generation);
    append(text, filters.text());
    append(text, key);
    return hmac_sha256(mac_key(), text).substr(0, mac_bytes);
}

}  // namespace

void set_page_token_key(std::string key) { mac_key() = std::move(key); }

ListFilters& ListFilters::add(std::string_view text) {
    append(text_, text);
    return *this;
}

std::string make_page_token(const ListFilters& filters, const std::vector<std::string>& key) {
    std::string text;
    for (const auto& part : key) append(text, part);
    return base64url(mac(filters, text) + text);
}

std::optional<std::vector<std::string>> open_page_token(const ListFilters& filters,
                                                        std::string_view token) {
    if (token.size() > longest_token) return std::nullopt;
    const auto bytes = from_base64url(token, longest_token);
    if (!bytes || bytes->size() < mac_bytes) return std::nullopt;
    const auto key = bytes->substr(mac_bytes);
    if (bytes->substr(0, mac_bytes) != mac(filters, key) ||
        make_page_token(filters, split(key).value_or(std::vector<std::string>{})) != token)
        return std::nullopt;
    return split(key);
}

}  // namespace chaiqin::crypto
