#include "gateway/http/disposition.hpp"

namespace chaiqin::gateway {

namespace {

bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
}

}  // namespace

std::string attachment_disposition(std::string_view file_name) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string plain, encoded;
    for (const char c : file_name) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_plain(c)) {
            plain += c;
            encoded += c;
            continue;
        }
        // One sign for a character, however many bytes it has.
        if ((byte & 0xC0) != 0x80) plain += '_';
        encoded += '%';
        encoded += digits[byte >> 4];
        encoded += digits[byte & 15];
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

}  // namespace chaiqin::gateway
