#include "gateway/http_api/exchange.hpp"

#include <algorithm>

#include "gateway/http_api/json_text.hpp"

namespace chaiqin::gateway {

std::optional<std::string> Request::parameter(std::string_view name) const {
    const auto found = std::find_if(query.begin(), query.end(),
                                    [&](const auto& one) { return one.first == name; });
    if (found == query.end()) return std::nullopt;
    return found->second;
}

Response problem(int status, std::string_view code, std::string_view title,
                 std::string_view detail) {
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = problem_object(status, code, title, detail);
    if (status == 503 || status == 429) response.headers.emplace_back("Retry-After", "2");
    if (status == 401)
        response.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return response;
}

}  // namespace chaiqin::gateway
