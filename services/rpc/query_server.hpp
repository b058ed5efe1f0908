#pragma once
// chaiqin.query.v1.QueryService on a port: gRPC callback API in front, a fixed number of threads
// behind that ask `queries`; what waits there longer than its deadline is dropped. Health service
// and reflection included.
#include <functional>
#include <memory>
#include <string>

#include "rpc/queries.hpp"

namespace chaiqin::rpc {

struct QueryServerSettings {
    int port = 0;  ///< on 127.0.0.1; 0 = any
    int threads = 8;
    /// Told of every question that failed for our own reasons: database away, or a broken contract.
    std::function<void(const char* kind, const std::string& reason)> on_failure;
};

class QueryServer {
public:
    virtual ~QueryServer() = default;  ///< takes no new calls, gives those under way a second
    virtual int port() const = 0;
};

/// ConfigError if the port is taken. `queries` must outlive the server.
std::unique_ptr<QueryServer> serve_queries(Queries& queries, QueryServerSettings settings);

}  // namespace chaiqin::rpc
