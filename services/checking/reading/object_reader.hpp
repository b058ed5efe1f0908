#pragma once
// Reads members of an object into values, for the explaining pass and the envelope. The text is
// known to be JSON without repeated keys (scan_layout or the accepting pass came first). Texts with
// escapes are kept here, so values stay valid until the next `start`.
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checking/reading/json_cursor.hpp"
#include "checking/reading/json_value.hpp"
#include "checking/reading/text.hpp"

namespace chaiqin::checking {

/// Per object (S04); the keys after them are not looked at.
inline constexpr std::size_t most_unknown_keys = 20;

/// An unknown key (S04), as it may be shown and as it stands in a pointer.
struct UnknownKey {
    std::string shown, token;
};

class ObjectReader {
public:
    explicit ObjectReader(std::string_view bytes) : bytes_(bytes) {}

    /// Empties the values, unknown keys and kept texts.
    void start(std::span<JsonValue> values);

    /// The whole object whose brace is at `begin`.
    template <typename Spec>
    void read_object(std::size_t begin, std::span<const Spec> fields, std::span<JsonValue> values) {
        start(values);
        JsonCursor cursor(bytes_, begin);
        cursor.take('{');
        cursor.skip_space();
        std::size_t guess = 0;
        while (!cursor.take('}') && !cursor.at_end()) {
            guess = read_member(cursor, fields, values, guess, Nested::skip) + 1;
            cursor.skip_space();
            cursor.take(',');
            cursor.skip_space();
        }
    }

    /// One member whose key's quote is at `begin`; an array that is wanted is not walked through.
    template <typename Spec>
    void read_member_at(std::size_t begin, std::span<const Spec> fields,
                        std::span<JsonValue> values) {
        JsonCursor cursor(bytes_, begin);
        read_member(cursor, fields, values, 0, Nested::leave_wanted_array);
    }

    bool is_object_at(std::size_t begin) const {
        return begin < bytes_.size() && bytes_[begin] == '{';
    }
    /// A value that stands alone; a text with escapes is kept until the next start.
    JsonValue read_value(std::size_t begin);

    /// The first ones, in the order of the file.
    const std::vector<UnknownKey>& unknown_keys() const { return unknown_; }

private:
    enum class Nested { skip, leave_wanted_array };

    template <typename Spec>
    static std::size_t index_of_key(std::string_view key, std::span<const Spec> fields,
                                    std::size_t guess) {
        if (guess < fields.size() && fields[guess].key == key) return guess;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (fields[i].key == key) return i;
        }
        return fields.size();
    }

    /// Returns the index of the key, or how many there are if it is unknown.
    template <typename Spec>
    std::size_t read_member(JsonCursor& cursor, std::span<const Spec> fields,
                            std::span<JsonValue> values, std::size_t guess, Nested nested) {
        std::string_view key;
        if (!cursor.read_string(key)) return fields.size();
        const auto index = index_of_key(key, fields, guess);
        if (index == fields.size()) note_unknown(key);
        cursor.skip_space();
        cursor.take(':');
        cursor.skip_space();
        if (nested == Nested::leave_wanted_array) {
            if (index == fields.size()) return index;
            if (cursor.peek() == '[' && fields[index].type == ValueType::array) {
                values[index].type = ValueType::array;
                return index;
            }
        }
        const auto value = read_value(cursor);
        if (index < fields.size()) values[index] = value;
        return index;
    }

    JsonValue read_value(JsonCursor& cursor);
    void note_unknown(std::string_view key);

    std::string_view bytes_;
    std::deque<std::string> unescaped_;
    std::vector<UnknownKey> unknown_;
};

}  // namespace chaiqin::checking
