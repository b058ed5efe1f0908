#include "gateway/http/html_page.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::string_view style =
    "body{margin:0;padding:2rem 1rem;color:#1b2430;background:#f5f7fa;line-height:1.7;"
    "font-family:\"Noto Sans TC\",\"Microsoft JhengHei UI\",\"PingFang TC\","
    "\"Noto Sans CJK TC\",sans-serif}"
    "main{max-width:40rem;margin:0 auto;padding:1.5rem 2rem;background:#fff;"
    "border:1px solid #c9d2dd;border-radius:.5rem}"
    "h1{margin:0 0 1rem;font-size:1.5rem}a{color:#0b4f8a}"
    "a:focus-visible{outline:3px solid #f0b429;outline-offset:2px}";

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

Response html_page(const PageText& page) {
    const auto link = html_escaped(page.link);
    Response response;
    response.status = page.status;
    response.content_type = "text/html; charset=utf-8";
    response.body =
        "<!doctype html><html lang=\"zh-Hant-TW\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">" +
        (page.goes_on ? "<meta http-equiv=\"refresh\" content=\"0;url=" + link + "\">"
                      : std::string()) +
        "<link rel=\"stylesheet\" href=\"/auth/page.css\"><title>" + html_escaped(page.heading) +
        " － 差勤資料彙整平臺</title></head><body><main><h1>" + html_escaped(page.heading) +
        "</h1><p>" + html_escaped(page.text) + "</p><p lang=\"en\">" + html_escaped(page.text_en) +
        "</p><p><a href=\"" + link + "\">" + html_escaped(page.link_text) +
        "</a></p></main></body></html>";
    return response;
}

Response page_style() {
    Response response;
    response.content_type = "text/css; charset=utf-8";
    response.body = style;
    return response;
}

}  // namespace chaiqin::gateway
