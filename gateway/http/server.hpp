#pragma once
// The public HTTP server: sockets, HTTP/1.1, limits while bytes arrive, drain. It has one io
// thread, on which all coroutines of the gateway run; whatever blocks is done by workers. It
// decides nothing about content: what answers is handed to it. A slow or broken client costs one
// connection and little memory, never a thread.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "gateway/http/body.hpp"
#include "gateway/http/request.hpp"
#include "gateway/http/response.hpp"

namespace chaiqin::gateway {

struct ServerLimits {
    std::chrono::milliseconds header{10'000}, idle{15'000};
    /// Between two requests.
    std::chrono::milliseconds kept_connection{60'000};
    std::size_t header_bytes = 16 * 1024;
    std::size_t connections = 2'000;
    /// Besides them, for what operators ask.
    std::size_t reserved_connections = 50;
    /// Answered connections whose client is still sending.
    std::size_t lingering_connections = 400;
};

/// Answers a request; runs on the io thread. Lets BodyCut and ClientGone pass to the server.
using Answering = std::function<boost::asio::awaitable<Response>(std::shared_ptr<Request>, Body&)>;

class Server {
public:
    Server();
    ~Server();
    /// Listens (port 0: any) and serves in a thread of its own. ConfigError: the address cannot be
    /// had.
    void start(const std::string& address, int port, Answering answering, ServerLimits limits = {});
    int port() const;
    /// No new connections and requests; those at hand may end within the time; then all is closed.
    void drain(std::chrono::milliseconds time);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace chaiqin::gateway
