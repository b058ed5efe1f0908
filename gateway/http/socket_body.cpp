#include "gateway/http/socket_body.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace chaiqin::gateway {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr auto rate_counts_after = std::chrono::seconds(10);

/// For a chunked body that could not be read.
[[noreturn]] void throw_for(const error_code& failure) {
    const bool is_gone =
        failure == http::error::end_of_stream || failure == http::error::partial_message;
    const bool is_framing =
        failure.category() == http::make_error_code(http::error::bad_chunk).category();
    if (is_gone || !is_framing) throw ClientGone{};
    throw BodyCut{answer_with(Problem::bad_chunks)};
}

}  // namespace

SocketBody::SocketBody(beast::tcp_stream& stream, beast::flat_buffer& buffer, HeaderParser& parser,
                       std::chrono::milliseconds idle)
    : stream_(stream), buffer_(buffer), parser_(parser), idle_(idle), began_(steady_clock::now()) {
    if (!parser.is_header_done()) return;
    if (const auto length = parser.content_length())
        declared_ = *length;
    else if (!parser.chunked())
        declared_ = 0;
    is_read_ = declared_ == std::uint64_t{0};
    waits_for_continue_ =
        !is_read_ && beast::iequals(parser.get()[http::field::expect], "100-continue");
}

std::optional<std::uint64_t> SocketBody::unread_bytes() const {
    if (!declared_) return std::nullopt;
    return *declared_ - taken_;
}

steady_clock::duration SocketBody::time_left() const {
    if (limits_.whole.count() == 0) return idle_;
    return std::min<steady_clock::duration>(idle_, began_ + limits_.whole - steady_clock::now());
}

void SocketBody::keep_limits() const {
    if (taken_ > limits_.most_bytes) throw BodyCut{answer_with(Problem::body_too_large)};
    if (waited_ <= rate_counts_after) return;
    const auto seconds = std::chrono::duration<double>(waited_ - rate_counts_after).count();
    if (static_cast<double>(taken_) < seconds * static_cast<double>(limits_.least_bytes_per_s))
        throw BodyCut{answer_with(Problem::body_too_slow)};
}

awaitable<std::string_view> SocketBody::next() {
    if (is_read_) co_return std::string_view();
    if (declared_ && *declared_ > limits_.most_bytes)
        throw BodyCut{answer_with(Problem::body_too_large)};
    if (waits_for_continue_) co_await send_continue();
    if (!piece_) piece_ = std::make_unique_for_overwrite<char[]>(piece_bytes);
    std::size_t bytes = 0;
    if (declared_)
        bytes = co_await read_sized();
    else
        bytes = co_await read_chunked();
    taken_ += bytes;
    if (declared_ && taken_ == *declared_) is_read_ = true;
    keep_limits();
    co_return std::string_view(piece_.get(), bytes);
}

awaitable<void> SocketBody::send_continue() {
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    waits_for_continue_ = false;
    error_code failure;
    stream_.expires_after(idle_);
    co_await asio::async_write(stream_, asio::buffer(text.data(), text.size()),
                               asio::redirect_error(asio::use_awaitable, failure));
    if (failure) throw ClientGone{};
}

/// Straight from the socket into the piece, past Beast's parser: the body is most of what the
/// gateway reads.
awaitable<std::size_t> SocketBody::read_sized() {
    const auto most =
        static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, *declared_ - taken_));
    if (buffer_.size() > 0) {
        const auto bytes = asio::buffer_copy(asio::buffer(piece_.get(), most), buffer_.data());
        buffer_.consume(bytes);
        co_return bytes;
    }
    error_code failure;
    const auto asked_at = steady_clock::now();
    stream_.expires_after(time_left());
    const auto bytes = co_await stream_.async_read_some(
        asio::buffer(piece_.get(), most), asio::redirect_error(asio::use_awaitable, failure));
    waited_ += steady_clock::now() - asked_at;
    if (failure) throw ClientGone{};  // also after a time-out: Beast has closed the socket
    co_return bytes;
}

/// Pieces of a chunked body; 0 only at its end.
awaitable<std::size_t> SocketBody::read_chunked() {
    while (!parser_.is_done()) {
        auto& wanted = parser_.get().body();
        wanted.data = piece_.get();
        wanted.size = piece_bytes;
        error_code failure;
        const auto asked_at = steady_clock::now();
        stream_.expires_after(time_left());
        co_await http::async_read_some(stream_, buffer_, parser_,
                                       asio::redirect_error(asio::use_awaitable, failure));
        waited_ += steady_clock::now() - asked_at;
        if (failure && failure != http::error::need_buffer) throw_for(failure);
        const auto bytes = piece_bytes - parser_.get().body().size;
        if (bytes > 0) co_return bytes;
    }
    is_read_ = true;
    co_return 0;
}

awaitable<bool> SocketBody::skip_rest(
    std::chrono::milliseconds time, const std::function<awaitable<void>(std::size_t bytes)>& pace) {
    const auto end_at = steady_clock::now() + time;
    limits_ = {~std::uint64_t{0}, std::chrono::seconds(0), 0};
    idle_ = std::min(idle_, time);
    try {
        while (!is_read_ && steady_clock::now() < end_at) {
            const auto piece = co_await next();
            co_await pace(piece.size());
        }
    } catch (const BodyCut&) {
        co_return false;
    } catch (const ClientGone&) {
        co_return false;
    }
    co_return is_read_;
}

}  // namespace chaiqin::gateway
