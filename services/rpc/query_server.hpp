#pragma once
// chaiqin.query.v1.QueryService on a port: gRPC callback API in front, a fixed number of threads behind that ask
// `queries`; what waits there longer than its deadline is dropped. Health service and reflection included.
#include <memory>
#include <string>

#include "rpc/queries.hpp"

namespace chaiqin::rpc {

class QueryServer {
public:
    virtual ~QueryServer() = default;  ///< drains within a second
    virtual int port() const = 0;
};

/// Listens on 127.0.0.1:port (0 = any); ConfigError if it is taken. `queries` must outlive the server.
std::unique_ptr<QueryServer> serve_queries(Queries& queries, int port, int threads);

}  // namespace chaiqin::rpc
