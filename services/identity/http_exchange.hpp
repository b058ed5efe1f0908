#pragma once
// One exchange with the issuer over HTTP: within 2 s, an answer of at most 1 MiB, redirects are not
// followed. Blocks; thread-safe.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaiqin::identity {

struct HttpQuestion {
    std::string url;
    /// POST as a form if there are any, else GET.
    std::vector<std::pair<std::string, std::string>> form = {};
    /// For HTTP Basic; none if `user` is "".
    std::string user = {}, password = {};
};

struct HttpAnswer {
    long status = 0;
    std::string body;
};

/// https, or http to this machine itself: nothing else may say who the platform trusts.
bool is_safe_address(const std::string& url);

/// Empty if there was no whole answer in time, or the address is not safe.
std::optional<HttpAnswer> http_exchange(const HttpQuestion& question);

/// A text as it stands in a query or form (RFC 3986, nothing but unreserved characters as it is).
std::string url_encoded(std::string_view text);
/// "a=1&b=2"
std::string form_encoded(const std::vector<std::pair<std::string, std::string>>& members);

}  // namespace chaiqin::identity
