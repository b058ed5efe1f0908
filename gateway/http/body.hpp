#pragma once
// A request's body as the uploading endpoints see it: pieces, awaited on the io thread. The server
// implements it over a socket and keeps the limits while the bytes arrive; tests implement it over
// a string.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/http/problems.hpp"

namespace chaiqin::gateway {

struct BodyLimits {
    std::uint64_t most_bytes = 0;
    /// For the whole body; 0 = no limit.
    std::chrono::seconds whole{120};
    /// On average, after the first 10 s of waiting.
    std::uint64_t least_bytes_per_s = 0;
};

class Body {
public:
    virtual ~Body() = default;
    /// The limits of the endpoint that reads it; set before the first piece is asked for.
    virtual void limit(BodyLimits) {}
    /// The next piece; empty at the end. Valid until the next call. Throws BodyCut and ClientGone.
    virtual boost::asio::awaitable<std::string_view> next() = 0;
    /// Content-Length, as a hint; empty for a chunked body.
    virtual std::optional<std::uint64_t> declared_bytes() const = 0;
};

/// The answer where a body cannot be read to its end: 408 too slow, 413 too large, 400 broken
/// framing, 429 beyond a share. Only the server catches it: it answers and closes the connection.
struct BodyCut {
    Response answer;
};

/// The client has closed or broken the connection: there is nobody to answer.
struct ClientGone {};

}  // namespace chaiqin::gateway
