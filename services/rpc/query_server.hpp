#pragma once
// chaiqin.query.v1.QueryService on a port: gRPC callback API in front, a fixed number of threads
// behind that ask `questions`; what waits there longer than its deadline is dropped. Whole lists
// (chaiqin.query.v1.WholeListService) have threads of their own. Health service and reflection
// included.
#include <functional>
#include <memory>
#include <string>

#include "rpc/questions.hpp"

namespace chaiqin::rpc {

struct QueryServerSettings {
    /// on 127.0.0.1; 0 = any
    int port = 0;
    int threads = 8;
    /// For whole lists, which take longer than a question: they must not hold those up.
    int list_threads = 4;
    /// Told of every question that failed for our own reasons: database away, or a broken contract.
    std::function<void(const char* kind, const std::string& reason)> on_failure;
};

class QueryServer {
public:
    /// Takes no new calls and gives those under way a second.
    virtual ~QueryServer() = default;
    virtual int port() const = 0;
};

/// ConfigError if the port is taken. `questions` must outlive the server.
std::unique_ptr<QueryServer> serve_questions(Questions& questions, QueryServerSettings settings);

}  // namespace chaiqin::rpc
