#pragma once
// The query service as the gateway sees it: chaiqin.query.v1.QueryService over gRPC. One channel,
// made again by itself when the service restarts. A call blocks until the asker's deadline at most.
// Thread-safe.
#include <memory>
#include <string>

#include "rpc/questions.hpp"

namespace chaiqin::rpc {

class QueryClient : public Questions {
public:
    /// Whether a connection to the service stands, or is made within 300 ms.
    virtual bool answers() = 0;
};

/// `address`: "127.0.0.1:8801". Does not wait for the service.
std::unique_ptr<QueryClient> connect_query_client(const std::string& address);

}  // namespace chaiqin::rpc
