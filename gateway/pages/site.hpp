#pragma once
// The portal's files as the browser gets them: read once at the start, with their compressed twins
// from the build. /assets/* never change; every other path that is no API answers index.html, and
// the script there decides what to show. Immutable, thread-safe.
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/request.hpp"
#include "gateway/http/response.hpp"

namespace chaiqin::gateway {

class Site {
public:
    /// No folder: no pages. ConfigError: there is no index.html in it. `public_url` is where people
    /// find the portal; pages asked for under another host are redirected there.
    Site(const std::string& folder, std::string public_url);
    /// Empty: the path belongs to the API or to the login.
    std::optional<Response> answer(const Request& request) const;

private:
    struct File {
        std::string content_type, plain, gzip, brotli;
    };
    Response answer_with_file(const File& file, const Request& request, bool for_ever) const;
    std::optional<Response> redirected(const Request& request) const;

    std::map<std::string, File, std::less<>> files_;
    std::string public_url_, public_host_;
};

}  // namespace chaiqin::gateway
