#pragma once
// The few pages that the gateway writes itself, without script. Pure.
#include <string>
#include <string_view>

#include "gateway/http/response.hpp"

namespace chaiqin::gateway {

/// Text as it may stand in HTML and in its attributes.
std::string html_escaped(std::string_view text);

struct PageText {
    int status = 200;
    /// The h1; the title adds the platform's name.
    std::string heading;
    /// Paragraphs, in zh-TW and in English.
    std::string text, text_en;
    std::string link, link_text;
    /// The browser goes on to `link` by itself.
    bool goes_on = false;
};
Response html_page(const PageText& page);

/// The style of these pages.
Response page_style();

}  // namespace chaiqin::gateway
