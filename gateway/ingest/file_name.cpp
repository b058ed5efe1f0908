#include "gateway/ingest/file_name.hpp"

#include <simdjson.h>

#include "checking/reading/text.hpp"
#include "gateway/http/big5.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/target.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::size_t longest_name = 255;

/// Length of the well-formed sequence at the begin; 0 if there is none.
std::size_t sequence_at_begin(std::string_view text) {
    for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size)
        if (simdjson::validate_utf8(text.data(), size)) return size;
    return 0;
}

bool is_control(std::string_view sequence) {
    const auto first = static_cast<unsigned char>(sequence[0]);
    if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
    return sequence.size() == 2 && first == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

std::string_view last_code_points(std::string_view text, std::size_t most) {
    std::size_t at = text.size();
    for (std::size_t taken = 0; at > 0 && taken < most; ++taken) {
        --at;
        while (at > 0 && checking::continues_code_point(text[at])) --at;
    }
    return text.substr(at);
}

}  // namespace

std::string cleaned_file_name(std::string_view as_sent) {
    const bool is_utf8 = simdjson::validate_utf8(as_sent.data(), as_sent.size());
    const auto from_big5 = is_utf8 ? std::nullopt : utf8_of_big5(as_sent);
    if (from_big5) as_sent = *from_big5;
    const auto directory_end = as_sent.find_last_of(is_utf8 ? "/\\" : "/");
    if (directory_end != std::string_view::npos) as_sent.remove_prefix(directory_end + 1);
    std::string name;
    while (!as_sent.empty()) {
        const auto size = sequence_at_begin(as_sent);
        const auto sequence = as_sent.substr(0, std::max<std::size_t>(size, 1));
        if (size == 0)
            name += "\xef\xbf\xbd";
        else if (!is_control(sequence))
            name += sequence;
        as_sent.remove_prefix(sequence.size());
    }
    return std::string(last_code_points(name, longest_name));
}

bool has_control_characters(std::string_view text) { return checking::has_control_character(text); }

std::optional<std::string> file_name_from_header(std::string_view value) {
    const auto decoded = percent_decoded(value);
    if (!decoded || !simdjson::validate_utf8(decoded->data(), decoded->size()) ||
        has_control_characters(*decoded))
        return std::nullopt;
    return cleaned_file_name(*decoded);
}

bool is_json_file_name(std::string_view name) {
    constexpr std::string_view ending = ".json";
    return name.size() > ending.size() &&
           lower_case(name.substr(name.size() - ending.size())) == ending;
}

}  // namespace chaiqin::gateway
