#include "checking/reading/json_cursor.hpp"

#include <charconv>
#include <limits>

namespace chaiqin::checking {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
constexpr bool high_surrogate(unsigned unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
constexpr bool low_surrogate(unsigned unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

void append_utf8(std::string& text, unsigned code_point) {
    const auto byte = [](unsigned value) { return static_cast<char>(value); };
    if (code_point < 0x80) {
        text += byte(code_point);
    } else if (code_point < 0x800) {
        text += byte(0xC0 | code_point >> 6);
        text += byte(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        text += byte(0xE0 | code_point >> 12);
        text += byte(0x80 | (code_point >> 6 & 0x3F));
        text += byte(0x80 | (code_point & 0x3F));
    } else {
        text += byte(0xF0 | code_point >> 18);
        text += byte(0x80 | (code_point >> 12 & 0x3F));
        text += byte(0x80 | (code_point >> 6 & 0x3F));
        text += byte(0x80 | (code_point & 0x3F));
    }
}

/// An integer within 64 bits (signed or unsigned), else the token is just a number.
void set_integer(JsonValue& value, std::string_view token) {
    const auto* end = token.data() + token.size();
    const auto parsed = std::from_chars(token.data(), end, value.integer);
    value.type = ValueType::integer;
    if (parsed.ec == std::errc{}) return;
    std::uint64_t large = 0;
    const bool fits =
        std::from_chars(token.data(), end, large).ec == std::errc{} && token[0] != '-';
    if (fits)
        value.integer = std::numeric_limits<std::int64_t>::max();
    else
        value.type = ValueType::number;
}

}  // namespace

void JsonCursor::skip_space() {
    while (!at_end() && is_space(bytes_[at_])) ++at_;
}

bool JsonCursor::take(char c) {
    if (at_end() || bytes_[at_] != c) return false;
    ++at_;
    return true;
}

bool JsonCursor::read_string(std::string_view& text) {
    if (!take('"')) return false;
    const auto begin = at_;
    for (; !at_end(); ++at_) {
        const char c = bytes_[at_];
        if (c == '"') {
            text = bytes_.substr(begin, at_ - begin);
            ++at_;
            return true;
        }
        if (c == '\\') return read_escapes(begin, text);
        if (static_cast<unsigned char>(c) < 0x20) return false;
    }
    return false;
}

bool JsonCursor::read_escapes(std::size_t begin, std::string_view& text) {
    unescaped_.assign(bytes_.substr(begin, at_ - begin));
    while (!at_end()) {
        const char c = bytes_[at_];
        if (c == '"') {
            text = unescaped_;
            ++at_;
            return true;
        }
        if (static_cast<unsigned char>(c) < 0x20) return false;
        if (c == '\\') {
            if (!read_escape()) return false;
        } else {
            unescaped_ += c;
            ++at_;
        }
    }
    return false;
}

bool JsonCursor::read_escape() {
    if (at_ + 1 >= bytes_.size()) {
        at_ = bytes_.size();
        return false;
    }
    constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
    if (const auto simple = names.find(bytes_[at_ + 1]); simple != std::string_view::npos) {
        unescaped_ += values[simple];
        at_ += 2;
        return true;
    }
    unsigned unit = 0;
    if (bytes_[at_ + 1] != 'u' || !read_hex(at_ + 2, unit) || low_surrogate(unit)) return false;
    if (!high_surrogate(unit)) {
        append_utf8(unescaped_, unit);
        at_ += 6;
        return true;
    }
    unsigned low = 0;
    if (bytes_.substr(at_ + 6, 2) != "\\u" || !read_hex(at_ + 8, low) || !low_surrogate(low))
        return false;
    append_utf8(unescaped_, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    at_ += 12;
    return true;
}

bool JsonCursor::read_hex(std::size_t at, unsigned& value) const {
    if (at + 4 > bytes_.size()) return false;
    const auto* begin = bytes_.data() + at;
    const auto parsed = std::from_chars(begin, begin + 4, value, 16);
    return parsed.ec == std::errc{} && parsed.ptr == begin + 4 && *begin != '-';
}

bool JsonCursor::read_digits() {
    if (!is_digit(peek())) return false;
    while (is_digit(peek())) ++at_;
    return true;
}

bool JsonCursor::read_number(JsonValue& value) {
    const auto begin = at_;
    take('-');
    if (!take('0') && !read_digits()) return false;
    bool integer = true;
    if (take('.')) {
        integer = false;
        if (!read_digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
        integer = false;
        ++at_;
        if (peek() == '+' || peek() == '-') ++at_;
        if (!read_digits()) return false;
    }
    value.type = ValueType::number;
    if (integer) set_integer(value, bytes_.substr(begin, at_ - begin));
    return true;
}

bool JsonCursor::read_word(std::string_view word) {
    for (const char c : word) {
        if (!take(c)) return false;
    }
    return true;
}

bool JsonCursor::read_scalar(JsonValue& value) {
    const auto begin = at_;
    bool good = false;
    switch (peek()) {
        case '"':
            value.type = ValueType::string;
            good = read_string(value.text);
            break;
        case 't':
        case 'f':
            value.type = ValueType::boolean;
            value.truth = peek() == 't';
            good = read_word(value.truth ? "true" : "false");
            break;
        case 'n':
            value.type = ValueType::null;
            good = read_word("null");
            break;
        default:
            good = read_number(value);
            break;
    }
    value.raw = bytes_.substr(begin, at_ - begin);
    return good;
}

void JsonCursor::skip_value() {
    std::size_t depth = 0;
    do {
        skip_space();
        const char c = peek();
        JsonValue ignored;
        if (c == '{' || c == '[') {
            ++depth;
            ++at_;
        } else if (c == '}' || c == ']') {
            --depth;
            ++at_;
        } else if (c == ',' || c == ':') {
            ++at_;
        } else if (at_end() || !read_scalar(ignored)) {
            return;
        }
    } while (depth > 0);
}

}  // namespace chaiqin::checking
