#pragma once
// A request and an answer as the endpoints see them: whoever reads sockets stays in
// http_api/server, whoever decides stays here. Blocking endpoints run in a worker pool; the server
// keeps the deadline.
#include <chrono>
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
    std::string bearer;  ///< the raw token, handed on to the query service
    identity::Caller caller;
    std::string acting_agency;  ///< own or delegated, already authorised
    std::chrono::steady_clock::time_point
        arrived_at{};  ///< of the header; stays when the endpoint is asked again
    std::optional<std::string> parameter(std::string_view name) const;
};

/// What the audit is to say about a read or load of another agency's data; the server adds who, for
/// whom, when and the status, and writes the line before the answer leaves (if it cannot: 503).
struct AuditNote {
    std::string action;  ///< "read findings", "load table19" …
    std::string object;  ///< "submission 0199…", "Z00000001A and 36 more"
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::optional<AuditNote> audit;  ///< none: nothing of another agency was touched
    std::optional<std::chrono::milliseconds>
        ask_again_after;  ///< not an answer yet: run the endpoint again then
};

/// RFC 9457: type urn:chaiqin:problem:<code>, title in zh-TW, detail says what to do next.
Response problem(int status, std::string_view code, std::string_view title,
                 std::string_view detail = "");

using BlockingEndpoint = std::function<Response(const Request&)>;

struct Route {
    std::string method;                                    ///< "GET"
    std::string pattern;                                   ///< "/api/v1/submissions/{id}"
    std::function<bool(const identity::Caller&)> allowed;  ///< no: 403; empty: open without a token
    BlockingEndpoint endpoint;
};

}  // namespace chaiqin::gateway
