#include "gateway/http/whole_body.hpp"

namespace chaiqin::gateway {

boost::asio::awaitable<std::string> whole_body(Body& body) {
    std::string whole;
    for (;;) {
        const auto piece = co_await body.next();
        if (piece.empty()) break;
        whole += piece;
    }
    co_return whole;
}

}  // namespace chaiqin::gateway
