#include "gateway/login/same_origin.hpp"

namespace chaiqin::gateway {

bool is_same_origin(const Request& request, const std::string& public_url, bool link) {
    const bool is_safe = request.method == "GET" || request.method == "HEAD";
    const auto site = request.header("sec-fetch-site"), origin = request.header("origin");
    if (!is_safe && !origin.empty() && origin != public_url) return false;
    if (site.empty()) return is_safe || !origin.empty();
    return site == "same-origin" || (link && is_safe && site == "none");
}

bool is_download(const Request& request) {
    if (request.method != "GET") return false;
    return request.parameter("format").has_value() ||
           request.path.find("/attachments/") != std::string::npos;
}

std::optional<std::string> wanted_acting_agency(const Request& request) {
    auto in_header = request.header("x-acting-agency");
    if (!is_download(request)) return in_header;
    const auto in_address = request.parameter("acting");
    if (!in_address) return in_header;
    if (!in_header.empty() && in_header != *in_address) return std::nullopt;
    return in_address;
}

}  // namespace chaiqin::gateway
