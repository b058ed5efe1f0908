#include "domain/uuid.hpp"

namespace chaiqin::domain {

std::string canonical_uuid(std::string_view text) {
    if (text.size() != 36) return "";
    std::string uuid;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c =
            text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !hex) return "";
        uuid += c;
    }
    return uuid;
}

}  // namespace chaiqin::domain
