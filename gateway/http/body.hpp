#pragma once
// A request's body as the uploading endpoints see it: pieces, awaited. The server implements it
// over a socket and enforces the limits while the bytes arrive; tests implement it over a string.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/http/response.hpp"

namespace chaiqin::gateway {

struct BodyLimits {
    std::uint64_t most_bytes = 0;
    std::chrono::seconds whole{120};      ///< 0 = none
    std::uint64_t least_bytes_per_s = 0;  ///< on average, after the first 10 s of waiting
};

class Body {
public:
    virtual ~Body() = default;
    /// The next piece; empty at the end. Valid until the next call. Throws BodyCut.
    virtual boost::asio::awaitable<std::string_view> next() = 0;
    /// Content-Length, a hint; nothing for a chunked body.
    virtual std::optional<std::uint64_t> declared_bytes() const = 0;
};

/// Why a body cannot be read to its end: 408 too slow, 413 too large, 400 broken framing.
struct BodyCut {
    Response answer;
};

}  // namespace chaiqin::gateway
