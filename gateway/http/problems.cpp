#include "gateway/http/problems.hpp"

#include "gateway/http_api/json_text.hpp"

namespace chaiqin::gateway {

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

std::string problem_object(int status, std::string_view code, std::string_view title,
                           std::string_view detail) {
    JsonObject object;
    object.text("type", "urn:chaiqin:problem:" + std::string(code))
        .text("title", title)
        .number("status", status)
        .text("code", code);
    if (!detail.empty()) object.text("detail", detail);
    return std::move(object).done();
}

std::string with_members(std::string object, std::string_view members) {
    object.pop_back();
    object += ',';
    object += members;
    object += '}';
    return object;
}

}  // namespace chaiqin::gateway
