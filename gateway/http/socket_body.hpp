#pragma once
// A request's body read from its socket, with the limits of its endpoint kept while bytes arrive.
// Included only by the .cpp files of this folder: Beast stands here.
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <memory>

#include "gateway/http/body.hpp"

namespace chaiqin::gateway {

using HeaderParser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

class SocketBody final : public Body {
public:
    /// After the header has been read; `buffer` may hold the begin of the body and of further
    /// requests.
    SocketBody(boost::beast::tcp_stream& stream, boost::beast::flat_buffer& buffer,
               HeaderParser& parser, std::chrono::milliseconds idle);

    void limit(BodyLimits limits) override { limits_ = limits; }
    boost::asio::awaitable<std::string_view> next() override;
    std::optional<std::uint64_t> declared_bytes() const override { return declared_; }

    bool is_read() const { return is_read_; }
    /// The answer must not have a body either.
    bool is_head() const { return parser_.get().method() == boost::beast::http::verb::head; }
    /// Nothing: unknown (chunked).
    std::optional<std::uint64_t> unread_bytes() const;
    /// The client waits for "100 Continue", which it has not been sent.
    bool waits_for_continue() const { return waits_for_continue_; }
    /// Reads and drops the rest, and rests with `pace` after so many bytes; false if that takes too
    /// long or fails.
    boost::asio::awaitable<bool> skip_rest(
        std::chrono::milliseconds time,
        const std::function<boost::asio::awaitable<void>(std::size_t bytes)>& pace);

private:
    boost::asio::awaitable<std::size_t> read_sized();
    boost::asio::awaitable<std::size_t> read_chunked();
    boost::asio::awaitable<void> send_continue();
    void keep_limits() const;
    std::chrono::steady_clock::duration time_left() const;

    boost::beast::tcp_stream& stream_;
    boost::beast::flat_buffer& buffer_;
    HeaderParser& parser_;
    std::chrono::milliseconds idle_;
    BodyLimits limits_;
    std::optional<std::uint64_t> declared_;
    std::uint64_t taken_ = 0;
    bool is_read_ = false, waits_for_continue_ = false;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::duration waited_{};
    std::unique_ptr<char[]> piece_;
};

}  // namespace chaiqin::gateway
