#include "checking/reading/nested_text.hpp"

#include "checking/reading/json_cursor.hpp"
#include "checking/reading/json_value.hpp"
#include "checking/reading/text.hpp"

namespace chaiqin::checking {

std::string nested_text(std::string_view raw, std::size_t enough) {
    // A person id that begins within what is shown is there as a whole.
    constexpr std::size_t longest_id = 20, most_bytes_a_code_point = 4;
    enough += longest_id;
    std::string text;
    JsonCursor cursor(raw);
    while (text.size() < most_bytes_a_code_point * enough) {
        cursor.skip_space();
        if (cursor.at_end()) break;
        const char c = cursor.peek();
        if (std::string_view("{}[],:").find(c) != std::string_view::npos) {
            cursor.take(c);
            text += c;
            continue;
        }
        JsonValue value;
        if (!cursor.read_scalar(value)) break;
        const bool is_string = value.type == ValueType::string;
        if (is_string) text += '"';
        text += first_code_points(is_string ? value.text : value.raw, enough);
        if (is_string) text += '"';
    }
    return text;
}

}  // namespace chaiqin::checking
