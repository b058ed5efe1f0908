#pragma once
// The public HTTP server: sockets, HTTP/1.1, limits while bytes arrive, deadlines, drain. One io
// thread on which all coroutines run; whatever blocks is done by workers. Decides nothing about
// content: router, gatekeeper and endpoints do. A slow or broken client costs one connection and
// little memory, never a thread.
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "domain/intake_store.hpp"
#include "gateway/auth/gatekeeper.hpp"
#include "gateway/http/router.hpp"
#include "gateway/work/worker_pool.hpp"

namespace chaiqin::gateway {

struct ServerLimits {
    std::chrono::milliseconds header{10'000}, idle{15'000};
    std::chrono::milliseconds kept_connection{60'000};  ///< between two requests
    std::chrono::milliseconds read_answer{1'900};       ///< an endpoint that only reads
    std::size_t header_bytes = 16 * 1024;
    std::size_t connections = 2'000;
};

struct ServerParts {
    const Gatekeeper& gatekeeper;
    WorkerPool& readers;        ///< for endpoints that block
    WorkerPool& token_workers;  ///< for tokens not seen lately: their keys may have to be fetched
    std::function<void(domain::AuditLine, std::function<void(bool written)>)> write_audit;
    std::function<domain::Instant()> now;
};

class Server {
public:
    Server();
    ~Server();
    /// Where all coroutines of the gateway run.
    boost::asio::any_io_executor executor();
    /// Listens (port 0: any) and serves in a thread of its own. ConfigError: the address cannot be
    /// had.
    void start(const std::string& address, int port, Router router, ServerParts parts,
               ServerLimits limits = {});
    int port() const;
    /// No new connections and requests; those at hand may end within the time; then all is closed.
    void drain(std::chrono::milliseconds time);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace chaiqin::gateway
