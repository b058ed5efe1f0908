#include "cli/terminal.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <streambuf>

namespace chaiqin::cli {

namespace {

/// Bytes of the sequence that begins with `lead`; 1 for a byte that begins none.
std::size_t sequence_size(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC2 || byte > 0xF4 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

constexpr std::uint32_t no_character = 0xFFFFFFFF;

/// The one character that the bytes are.
std::uint32_t character_of(std::string_view bytes) {
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (bytes.size() == 1) return first < 0x80 ? first : no_character;
    std::uint32_t character = first & (0xFFU >> (bytes.size() + 1));
    for (const char c : bytes.substr(1)) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) return no_character;
        character = character << 6U | (static_cast<unsigned char>(c) & 0x3FU);
    }
    const bool is_surrogate = character >= 0xD800 && character <= 0xDFFF;
    return character < least[bytes.size()] || is_surrogate || character > 0x10FFFF ? no_character
                                                                                   : character;
}

bool steers(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// Adds the first character of `text`, which is not empty, and says how many bytes it had. What is
/// in `kept` stays as it is.
std::size_t add_printable(std::string& to, std::string_view text, std::string_view kept) {
    auto size = std::min(sequence_size(text[0]), text.size());
    auto character = character_of(text.substr(0, size));
    if (size < sequence_size(text[0])) character = no_character;
    if (character == no_character) {
        to += "\xEF\xBF\xBD";
        return 1;
    }
    if (!steers(character) || kept.find(text[0]) != std::string_view::npos) {
        to += text.substr(0, size);
        return size;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    to += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) to += digits[character >> shift & 0xFU];
    return size;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string shown;
    while (!text.empty()) text.remove_prefix(add_printable(shown, text, ""));
    return shown;
}

/// Passes what is written on to the stream's own buffer. A character that is only half there waits
/// for its other half.
struct GuardedStreams::Guard final : std::streambuf {
    Guard(std::ostream& stream, std::string_view kept)
        : guarded(stream), below(stream.rdbuf(this)), keeps(kept) {}
    ~Guard() override {
        pass(true);
        guarded.rdbuf(below);
    }

    int_type overflow(int_type c) override {
        if (c == traits_type::eof()) return traits_type::not_eof(c);
        held += traits_type::to_char_type(c);
        return pass(false) ? c : traits_type::eof();
    }
    std::streamsize xsputn(const char* text, std::streamsize size) override {
        held.append(text, static_cast<std::size_t>(size));
        return pass(false) ? size : 0;
    }
    int sync() override { return below->pubsync(); }

    bool pass(bool is_end) {
        std::string shown;
        std::string_view rest = held;
        while (!rest.empty() && (is_end || rest.size() >= sequence_size(rest[0])))
            rest.remove_prefix(add_printable(shown, rest, keeps));
        held.erase(0, held.size() - rest.size());
        const auto size = static_cast<std::streamsize>(shown.size());
        return below->sputn(shown.data(), size) == size;
    }

    std::ostream& guarded;
    std::streambuf* below;
    std::string_view keeps;
    std::string held;
};

GuardedStreams::GuardedStreams()
    : out_(std::make_unique<Guard>(std::cout, "\n\t")),
      err_(std::make_unique<Guard>(std::cerr, "\n\t\r")) {}

GuardedStreams::~GuardedStreams() = default;

}  // namespace chaiqin::cli
