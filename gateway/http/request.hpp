#pragma once
// A request as the endpoints see it. The server fills it from the header; the gatekeeper adds who
// calls and for whom.
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "identity/caller.hpp"

namespace chaiqin::gateway {

struct Request {
    std::string method;
    /// Path and query as sent.
    std::string target;
    /// Decoded, without the query.
    std::string path;
    /// What the `{…}` of the route's pattern matched.
    std::vector<std::string> captures;
    /// Decoded, in order.
    std::vector<std::pair<std::string, std::string>> query;
    /// By lower-case name.
    std::map<std::string, std::string> headers;
    /// The raw token, which is handed on to the query service.
    std::string bearer;
    identity::Caller caller;
    /// The caller's own agency or a delegated one; already authorised.
    std::string acting_agency;
    /// Address of the connection's other end.
    std::string peer = {};
    /// The server is full: only what its operators ask is answered.
    bool came_in_reserve = false;
    /// When the header had been read. Stays the same when the endpoint is asked again.
    std::chrono::steady_clock::time_point arrived_at{};

    /// The first query parameter of that name.
    std::optional<std::string> parameter(std::string_view name) const;
    /// The header of that lower-case name; "" if there is none.
    std::string header(const char* name) const;
};

}  // namespace chaiqin::gateway
