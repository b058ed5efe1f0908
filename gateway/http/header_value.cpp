#include "gateway/http/header_value.hpp"

#include <simdjson.h>

#include <algorithm>

#include "gateway/http/big5.hpp"
#include "gateway/http/target.hpp"

namespace chaiqin::gateway {

namespace {

bool is_token_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

void skip_spaces(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

std::string_view take_token(std::string_view& text) {
    std::size_t size = 0;
    while (size < text.size() && is_token_character(text[size])) ++size;
    const auto token = text.substr(0, size);
    text.remove_prefix(size);
    return token;
}

struct Quoted {
    std::string value;
    /// Up to and with the closing quote.
    std::size_t size;
};

/// After the opening quote. Only \" and \\ are escapes: old browsers send directories with bare
/// backslashes. In Big5 the second byte of a character is no backslash.
std::optional<Quoted> quoted_at_begin(std::string_view text, bool as_big5) {
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') return Quoted{out, i + 1};
        if (as_big5 && big5_character_size(text.substr(i)) == 2)
            out += text[i++];
        else if (text[i] == '\\' && i + 1 < text.size() &&
                 (text[i + 1] == '"' || text[i + 1] == '\\'))
            ++i;
        out += text[i];
    }
    return std::nullopt;
}

/// Read as Big5 only if it is not UTF-8 and well-formed Big5.
std::optional<std::string> take_quoted(std::string_view& text) {
    auto quoted = quoted_at_begin(text, false);
    if (!quoted || !simdjson::validate_utf8(quoted->value))
        if (auto big5 = quoted_at_begin(text, true); big5 && utf8_of_big5(big5->value))
            quoted = std::move(big5);
    if (!quoted) return std::nullopt;
    text.remove_prefix(quoted->size);
    return std::move(quoted->value);
}

/// A value without quotes goes to the next ';': file names with spaces or bytes above 0x7F are seen
/// in the wild.
std::string take_bare(std::string_view& text) {
    auto value = text.substr(0, text.find(';'));
    text.remove_prefix(value.size());
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    return std::string(value);
}

}  // namespace

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<std::string> HeaderValue::parameter(std::string_view name) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& one) { return one.first == name; });
    if (found == parameters.end()) return std::nullopt;
    return found->second;
}

std::optional<HeaderValue> parse_header_value(std::string_view text) {
    HeaderValue parsed;
    auto first = text.substr(0, text.find(';'));
    text.remove_prefix(first.size());
    skip_spaces(first);
    while (!first.empty() && (first.back() == ' ' || first.back() == '\t')) first.remove_suffix(1);
    parsed.value = lower_case(first);
    while (!text.empty()) {
        text.remove_prefix(1);  // the ';'
        skip_spaces(text);
        if (text.empty() || text.front() == ';') continue;
        auto name = lower_case(take_token(text));
        skip_spaces(text);
        if (name.empty() || text.empty() || text.front() != '=' || parsed.parameter(name))
            return std::nullopt;
        text.remove_prefix(1);
        skip_spaces(text);
        auto value = text.starts_with('"') ? take_quoted(text) : std::optional(take_bare(text));
        if (!value) return std::nullopt;
        skip_spaces(text);
        if (!text.empty() && text.front() != ';') return std::nullopt;
        parsed.parameters.emplace_back(std::move(name), std::move(*value));
    }
    return parsed;
}

std::optional<std::string> decode_extended_value(std::string_view text) {
    const auto first = text.find('\'');
    const auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
    if (second == std::string_view::npos || lower_case(text.substr(0, first)) != "utf-8")
        return std::nullopt;
    auto decoded = percent_decoded(text.substr(second + 1));
    if (!decoded || !simdjson::validate_utf8(decoded->data(), decoded->size())) return std::nullopt;
    return decoded;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace chaiqin::gateway
