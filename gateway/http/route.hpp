#pragma once
// A row of the gateway's table of endpoints: method, path, who may, and what answers.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "gateway/http/agency_shares.hpp"
#include "gateway/http/body.hpp"
#include "gateway/http/request.hpp"
#include "gateway/http/response.hpp"

namespace chaiqin::gateway {

/// Says whether the caller may (if not: 403). Empty: open without a token.
using Allowed = std::function<bool(const identity::Caller&)>;

/// Runs on a reader thread and may block; the dispatcher keeps the deadline.
using BlockingEndpoint = std::function<Response(const Request&)>;

/// Runs on the io thread and must not block: the whole list as a file (gateway/export).
using ExportEndpoint =
    std::function<boost::asio::awaitable<Response>(std::shared_ptr<const Request>)>;

/// An endpoint without a body.
struct Route {
    /// "GET"
    std::string method;
    /// "/api/v1/submissions/{id}"
    std::string pattern;
    Allowed allowed = {};
    BlockingEndpoint endpoint;
    /// Of an open path: who calls is found out if a token, or a session that names the agency acted
    /// for, says so (a bad one: 401); without, the caller has no role.
    bool knows_caller = false;
    /// For one run, where it needs longer than reads do; 0: as they.
    std::chrono::milliseconds within{0};
    /// Answers where the request names a `format`; empty: there is no list to export.
    ExportEndpoint whole_list = {};
    /// An audit line is written before the endpoint runs (if it cannot: 503), so that nothing is
    /// changed of which the audit knows nothing. A second one says how it ended.
    bool audit_first = false;
    /// The endpoint never blocks and runs on the io thread: it waits for no reader.
    bool at_once = false;
    /// Asked by operators and their machines: answered also where the server is full.
    bool for_operations = false;
};

/// Runs on the io thread and must not block.
using UploadEndpoint = std::function<boost::asio::awaitable<Response>(const Request&, Body&)>;

/// An endpoint that reads a body. It may answer without reading it.
struct UploadRoute {
    std::string method, pattern;
    Allowed allowed;
    BodyLimits limits;
    UploadEndpoint endpoint;
    /// As above.
    bool audit_first = false;
    /// Of which an agency has so many under way. The bytes of uploads count, too.
    Limit at_once = Limit::uploads;
};

}  // namespace chaiqin::gateway
