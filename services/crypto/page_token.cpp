#include "crypto/page_token.hpp"

#include "crypto/digest.hpp"

namespace chaiqin::crypto {

namespace {

constexpr std::size_t hash_bytes = 8, longest_token = 4096;
/// Makes tokens of another meaning of the same fields unreadable.
constexpr std::string_view generation = "chaiqin page token 1";

/// FNV-1a: tells mistakes apart; it need not withstand forgers (see the header).
std::uint64_t hash(std::string_view text, std::uint64_t seed = 14695981039346656037ULL) {
    for (const unsigned char c : text) seed = (seed ^ c) * 1099511628211ULL;
    return seed;
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

std::string seal(const ListFilters& filters, std::string_view key) {
    auto value = hash(key, hash(filters.text(), hash(generation)));
    std::string bytes;
    for (std::size_t i = 0; i < hash_bytes; ++i, value >>= 8)
        bytes += static_cast<char>(value & 255U);
    return bytes;
}

}  // namespace

ListFilters& ListFilters::add(std::string_view text) {
    append(text_, text);
    return *this;
}

std::string make_page_token(const ListFilters& filters, const std::vector<std::string>& key) {
    std::string text;
    for (const auto& part : key) append(text, part);
    return base64url(seal(filters, text) + text);
}

std::optional<std::vector<std::string>> open_page_token(const ListFilters& filters,
                                                        std::string_view token) {
    if (token.size() > longest_token) return std::nullopt;
    const auto bytes = from_base64url(token, longest_token);
    if (!bytes || bytes->size() < hash_bytes) return std::nullopt;
    const auto key = bytes->substr(hash_bytes);
    if (bytes->substr(0, hash_bytes) != seal(filters, key) ||
        make_page_token(filters, split(key).value_or(std::vector<std::string>{})) != token)
        return std::nullopt;
    return split(key);
}

}  // namespace chaiqin::crypto
