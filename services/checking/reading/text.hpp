#pragma once
// Texts as the checks and the findings need them: code points, blanks, control characters, masking.
// All texts are well-formed UTF-8 (F05 comes first); anything else is cut safely, never read past
// its end.
#include <cstddef>
#include <string>
#include <string_view>

namespace chaiqin::checking {

inline bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t code_points(std::string_view text);
/// The first `count` code points.
std::string_view first_code_points(std::string_view text, std::size_t count);
/// Empty or only U+0020 and U+3000.
bool is_blank(std::string_view text);
/// Holds a character of category Cc: U+0000–001F, U+007F–009F.
bool has_control_character(std::string_view text);

/// `A12*****89`; anything that has not ten characters is `***`.
std::string masked_person_id(std::string_view text);
/// A text (file name, batch number) in which everything that has the shape of a person id is masked
/// (docs/checks.md, "Values in findings").
std::string mask_person_ids(std::string_view text);
/// The same for runs that are person ids, check digit included, in capital or small letters.
std::string mask_valid_person_ids(std::string_view text);
/// First character and ○.
std::string masked_person_name(std::string_view text);
/// Of a text in a finding.
inline constexpr std::size_t shown_code_points = 64;
/// A text that may be shown: person ids masked, cut to `most` code points and `…`, no U+0000 (which
/// no database takes).
std::string shown_text(std::string_view text, std::size_t most = shown_code_points);
/// The same for a key: cut to 64 code points without a sign.
std::string shown_key(std::string_view key);
/// A token of a JSON Pointer (RFC 6901): ~ and / escaped.
std::string pointer_token(std::string_view key);

/// A maximal run of A–Z, a–z, 0–9 in the text is a person id, check digit included.
bool holds_person_id(std::string_view text);

}  // namespace chaiqin::checking
