#include "gateway/http/big5.hpp"

#include <iconv.h>

#include <memory>

#include "domain/failure.hpp"

namespace chaiqin::gateway {

std::optional<std::string> utf8_of_big5(std::string_view text) {
    const auto opened = iconv_open("UTF-8", "BIG5");
    if (opened == reinterpret_cast<iconv_t>(-1))
        domain::broken_invariant("this system's iconv knows no Big5");
    const std::unique_ptr<void, int (*)(iconv_t)> conversion(opened, iconv_close);
    // A character has one or two bytes in Big5, at most three in UTF-8 per byte of Big5.
    std::string converted(text.size() * 3, '\0');
    auto* from = const_cast<char*>(text.data());  // iconv only reads it
    auto* to = converted.data();
    auto from_left = text.size(), to_left = converted.size();
    if (iconv(conversion.get(), &from, &from_left, &to, &to_left) != 0 || from_left != 0)
        return std::nullopt;
    converted.resize(converted.size() - to_left);
    return converted;
}

std::size_t big5_character_size(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.empty() ? 0 : text.front());
    return first >= 0x81 && first <= 0xfe && text.size() > 1 ? 2 : 1;
}

}  // namespace chaiqin::gateway
