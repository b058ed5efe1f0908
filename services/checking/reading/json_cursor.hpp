#pragma once
// An exact reader of JSON tokens (RFC 8259) over bytes that stay as they are: it knows where every
// fault stands, takes numbers of any size, and refuses lone surrogates and raw NUL. The explaining
// pass and the verdict about a file that RapidJSON would not take rest on it. The bytes are
// well-formed UTF-8. One thread.
#include <cstddef>
#include <string>
#include <string_view>

#include "checking/reading/json_value.hpp"

namespace chaiqin::checking {

class JsonCursor {
public:
    explicit JsonCursor(std::string_view bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {}

    std::size_t at() const { return at_; }
    bool at_end() const { return at_ >= bytes_.size(); }
    /// The byte at the cursor, NUL at the end (a raw NUL is no token either).
    char peek() const { return at_end() ? '\0' : bytes_[at_]; }
    void skip_space();
    /// Skips the byte if it is the next one.
    bool take(char c);

    /// Each reads one token at the cursor. False: a syntax fault, and `at()` is its place (of an
    /// escape: its backslash). A text without escapes is a view of the bytes, else of this cursor's
    /// own buffer until the next.
    [[nodiscard]] bool read_string(std::string_view& text);
    /// Any scalar: string, number, true, false, null.
    [[nodiscard]] bool read_scalar(JsonValue& value);
    /// Skips a whole value of a text that is known to be JSON, nested as deep as it likes.
    void skip_value();

private:
    bool read_escapes(std::size_t begin, std::string_view& text);
    bool read_escape();
    bool read_hex(std::size_t at, unsigned& value) const;
    bool read_number(JsonValue& value);
    bool read_word(std::string_view word);
    bool read_digits();

    std::string_view bytes_;
    std::size_t at_;
    std::string unescaped_;
};

}  // namespace chaiqin::checking
