#pragma once
// A request and an answer as the endpoints see them: whoever reads sockets stays in http_api/server, whoever
// decides stays here. Blocking endpoints run in a worker pool; the server keeps the deadline.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "identity/caller.hpp"

namespace chaiqin::gateway {

struct Request {
    std::string method;
    std::string path;                                        ///< decoded, without the query
    std::vector<std::string> captures;                       ///< what the route's {…} matched
    std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
    std::map<std::string, std::string> headers;              ///< lower-case names
    std::string bearer;                                      ///< the raw token, handed on to the query service
    identity::Caller caller;
    std::string acting_agency;                               ///< own or delegated, already authorised
    std::optional<std::string> parameter(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// RFC 9457: type urn:chaiqin:problem:<code>, title in zh-TW, detail says what to do next.
Response problem(int status, std::string_view code, std::string_view title, std::string_view detail = "");

using BlockingEndpoint = std::function<Response(const Request&)>;

}  // namespace chaiqin::gateway
