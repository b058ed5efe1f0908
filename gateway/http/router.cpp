#include "gateway/http/router.hpp"

#include <set>

#include "gateway/http/problems.hpp"

namespace chaiqin::gateway {

namespace {

/// The captures if the path fits the pattern; `{…}` takes one segment that is not empty.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> captures;
    while (!pattern.empty() || !path.empty()) {
        if (pattern.empty() || path.empty() || pattern.front() != '/' || path.front() != '/')
            return std::nullopt;
        const auto wanted = pattern.substr(1, pattern.find('/', 1) - 1),
                   given = path.substr(1, path.find('/', 1) - 1);
        if (wanted.starts_with('{')) {
            if (given.empty()) return std::nullopt;
            captures.emplace_back(given);
        } else if (wanted != given) {
            return std::nullopt;
        }
        pattern.remove_prefix(1 + wanted.size());
        path.remove_prefix(1 + given.size());
    }
    return captures;
}

}  // namespace

Router::Router(std::vector<Route> reads, std::vector<UploadRoute> uploads)
    : reads_(std::move(reads)), uploads_(std::move(uploads)) {}

std::variant<Matched, Response> Router::find(std::string_view method,
                                             std::string_view decoded_path) const {
    std::set<std::string> allowed;
    // The server leaves the body of the answer out.
    if (method == "HEAD") method = "GET";
    for (const auto& route : reads_) {
        auto captures = match(route.pattern, decoded_path);
        if (captures && route.method == method)
            return Matched{&route, nullptr, std::move(*captures)};
        if (captures) allowed.insert(route.method);
    }
    for (const auto& route : uploads_) {
        auto captures = match(route.pattern, decoded_path);
        if (captures && route.method == method)
            return Matched{nullptr, &route, std::move(*captures)};
        if (captures) allowed.insert(route.method);
    }
    if (allowed.empty()) return answer_with(Problem::unknown_path);
    std::string list;
    for (const auto& one : allowed) list += (list.empty() ? "" : ", ") + one;
    auto response = answer_with(Problem::other_method, {list});
    response.headers.emplace_back("Allow", list);
    return response;
}

}  // namespace chaiqin::gateway
