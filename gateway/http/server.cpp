#include "gateway/http/server.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <list>
#include <mutex>
#include <set>
#include <thread>

#include "domain/failure.hpp"
#include "gateway/http/places.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http/socket_body.hpp"
#include "gateway/http/target.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::gateway {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using boost::system::error_code;
using std::chrono::steady_clock;
using tcp = asio::ip::tcp;

namespace {

/// On every answer, because a browser may show any of them as a page: no script, style or picture
/// from elsewhere, no frame around it, no guessing of types.
constexpr std::pair<const char*, const char*> headers_for_browsers[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
     "frame-ancestors 'none'"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"}};

constexpr std::uint64_t most_lingering_bytes = 64u << 20;
constexpr std::uint64_t most_skipped_bytes = 256 * 1024;
/// An answer goes to a client that takes it so fast.
constexpr std::uint64_t least_answer_bytes_per_s = 64 * 1024;
constexpr auto lingering_time = std::chrono::seconds(10);
constexpr std::chrono::milliseconds shortest_rest{20}, longest_rest{200};
constexpr std::size_t most_dropped_at_once = 1u << 20;
/// What is refused is read and dropped only so fast, by all connections together, with half a
/// second's worth at once: else who is refused takes the CPU from all others.
constexpr std::uint64_t dropped_bytes_per_s = 128u << 20;
constexpr auto dropped_at_once = std::chrono::milliseconds(500);
/// What a client must take of a file on average after the first minute: who takes less holds an
/// export that others wait for.
constexpr std::uint64_t least_file_bytes_per_s = 32 * 1024;

/// Headers that may stand only once: two of them are a way to be understood differently by two
/// programs.
constexpr std::string_view single_headers[] = {
    "authorization", "x-acting-agency",  "idempotency-key",
    "content-type",  "content-encoding", "x-file-name",
    "host"};

/// The answer to what Beast could not read as a header. There is none if the client has gone or was
/// too slow (Beast then closes).
std::optional<Response> answer_to_broken_header(const error_code& failure) {
    if (failure == http::error::header_limit || failure == http::error::buffer_overflow)
        return answer_with(Problem::header_too_large);
    if (failure.category() == http::make_error_code(http::error::bad_method).category() &&
        failure != http::error::end_of_stream && failure != http::error::partial_message)
        return answer_with(Problem::not_http);
    return std::nullopt;
}

/// The request as endpoints see it, or what is wrong with it.
std::variant<std::shared_ptr<Request>, Response> to_request(const HeaderParser::value_type& header,
                                                            const beast::tcp_stream& stream) {
    auto target = parse_target({header.target().data(), header.target().size()});
    if (!target) return answer_with(Problem::bad_target);
    auto request = std::make_shared<Request>();
    error_code gone;
    request->peer = stream.socket().remote_endpoint(gone).address().to_string();
    request->method = std::string(header.method_string());
    request->target = std::string(header.target());
    request->path = std::move(target->path);
    request->query = std::move(target->query);
    request->arrived_at = steady_clock::now();
    for (const auto& field : header) {
        std::string name(field.name_string());
        for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const auto [at, is_new] = request->headers.emplace(name, std::string(field.value()));
        if (!is_new && name == "x-forwarded-for") at->second += "," + std::string(field.value());
        if (!is_new && std::find(std::begin(single_headers), std::end(single_headers), name) !=
                           std::end(single_headers))
            return answer_with(Problem::repeated_header, {name});
    }
    const auto coding = request->headers.find("transfer-encoding");
    if (coding != request->headers.end() && !beast::iequals(coding->second, "chunked"))
        return answer_with(Problem::unknown_transfer_coding);
    return request;
}

}  // namespace

struct Server::State {
    Answering answering;
    ServerLimits limits;
    // The next four belong to the io thread.
    std::set<beast::tcp_stream*> idle;
    std::optional<Places> places;
    std::size_t lingering = 0;
    /// When what has been dropped by now would have been dropped at the right pace.
    steady_clock::time_point dropped_until{};
    bool is_draining = false;
    std::mutex mutex;
    std::condition_variable all_closed;
    std::size_t connections = 0;
    // Destroyed before the rest: with the context go the coroutines, which use it.
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    tcp::acceptor acceptor{context};
    std::thread thread;

    awaitable<void> accept();
    awaitable<void> serve(tcp::socket socket, Places::Kind kind);
    awaitable<bool> serve_one(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                              Places::Place& place, bool is_first);
    awaitable<Response> answer_to(std::shared_ptr<Request> request, Body& body,
                                  Places::Place& place, bool& is_cut);
    awaitable<bool> answer(beast::tcp_stream& stream, SocketBody& body, Places::Place& place,
                           Response response, unsigned version, bool keep_alive);
    awaitable<bool> send(beast::tcp_stream& stream, ResponseFile& file);
    awaitable<void> linger(beast::tcp_stream& stream);
    awaitable<void> pace_dropping(std::size_t bytes);
};

awaitable<void> Server::State::accept() {
    for (;;) {
        error_code failure;
        auto socket =
            co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
        if (is_draining || failure == asio::error::operation_aborted) co_return;
        if (failure) {  // no file descriptors left: who is idle gives one back
            places->close_one();
            asio::steady_timer pause(context, std::chrono::milliseconds(50));
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
            continue;
        }
        if (places->taken() >= limits.connections)
            runtime::metrics().add("chaiqin_connections_full_total");
        const auto kind = places->make_room();
        if (!kind) continue;  // the socket closes
        socket.set_option(tcp::no_delay(true), failure);
        asio::co_spawn(context, serve(std::move(socket), *kind), asio::detached);
    }
}

awaitable<void> Server::State::serve(tcp::socket socket, Places::Kind kind) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer(limits.header_bytes + 64 * 1024);
    Places::Place place(*places, kind, [&stream] { stream.close(); });
    {
        std::lock_guard lock(mutex);
        ++connections;
    }
    try {
        bool goes_on = co_await serve_one(stream, buffer, place, true);
        while (goes_on) goes_on = co_await serve_one(stream, buffer, place, false);
    } catch (const ClientGone&) {
    } catch (const std::exception& failure) {
        runtime::log_error("a connection ended by a failure", {{"reason", failure.what()}});
    }
    idle.erase(&stream);
    std::lock_guard lock(mutex);
    if (--connections == 0) all_closed.notify_all();
}

/// One request; false: the connection is to be closed.
awaitable<bool> Server::State::serve_one(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                         Places::Place& place, bool is_first) {
    error_code failure;
    place.become_idle();
    if (buffer.size() == 0) {
        if (is_draining) co_return false;
        idle.insert(&stream);
        stream.expires_after(is_first ? limits.header : limits.kept_connection);
        const auto bytes = co_await stream.async_read_some(
            buffer.prepare(16 * 1024), asio::redirect_error(asio::use_awaitable, failure));
        idle.erase(&stream);
        if (failure) co_return false;
        buffer.commit(bytes);
    }
    HeaderParser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(boost::none);
    stream.expires_after(limits.header);
    co_await http::async_read_header(stream, buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, failure));
    const auto began = steady_clock::now();
    place.become_busy();
    SocketBody body(stream, buffer, parser, limits.idle);
    const auto version = parser.get().version() == 10 ? 10u : 11u;
    if (failure) {
        auto broken = answer_to_broken_header(failure);
        if (broken) co_await answer(stream, body, place, std::move(*broken), version, false);
        co_return false;
    }
    auto request = to_request(parser.get(), stream);
    Response response;
    bool is_cut = std::holds_alternative<Response>(request);
    if (is_cut) {
        response = std::move(std::get<Response>(request));
    } else {
        auto& whole = std::get<std::shared_ptr<Request>>(request);
        response = co_await answer_to(std::move(whole), body, place, is_cut);
    }
    runtime::metrics().add("chaiqin_http_requests_total", 1,
                           std::to_string(response.status / 100) + "xx");
    runtime::metrics().observe("chaiqin_http_seconds",
                               std::chrono::duration<double>(steady_clock::now() - began).count());
    const bool keep_alive = parser.get().keep_alive() && !is_draining && !is_cut &&
                            place.kind() == Places::Kind::ordinary;
    const bool kept =
        co_await answer(stream, body, place, std::move(response), version, keep_alive);
    co_return kept;
}

/// Sets `is_cut` if nothing more can be read from the connection.
awaitable<Response> Server::State::answer_to(std::shared_ptr<Request> request, Body& body,
                                             Places::Place& place, bool& is_cut) {
    Response response;
    request->came_in_reserve = place.kind() == Places::Kind::reserved;
    try {
        response = co_await answering(request, body);
    } catch (const BodyCut& cut) {
        response = cut.answer;
        is_cut = true;
    }
    // Whoever is only refused does not get before others by it.
    if (!request->caller.sub.empty() && response.status < 400) place.become_known();
    co_return response;
}

/// Writes the answer and leaves the connection ready for the next request, or closed in a way that
/// lets the client read the answer although it is still sending.
awaitable<bool> Server::State::answer(beast::tcp_stream& stream, SocketBody& body,
                                      Places::Place& place, Response response, unsigned version,
                                      bool keep_alive) {
    if (!body.is_read() &&
        body.unread_bytes().value_or(most_skipped_bytes + 1) > most_skipped_bytes)
        keep_alive = false;
    if (!body.is_read() && body.waits_for_continue())
        keep_alive = false;  // whether it still comes is the client's choice
    http::response<http::string_body> message{static_cast<http::status>(response.status), version};
    if (response.status != 204) message.set(http::field::content_type, response.content_type);
    message.set(http::field::cache_control, "no-store");
    for (const auto& [name, value] : headers_for_browsers) message.set(name, value);
    for (const auto& [name, value] : response.headers) {
        // A browser may get two cookies at once; of other headers the last one holds.
        if (name == "Set-Cookie")
            message.insert(name, value);
        else
            message.set(name, value);
    }
    const auto body_time =
        std::chrono::milliseconds(response.body.size() * 1000 / least_answer_bytes_per_s);
    message.body() = std::move(response.body);
    message.keep_alive(keep_alive);
    if (response.file)
        message.content_length(response.file->bytes());
    else
        message.prepare_payload();
    error_code failure;
    stream.expires_after(limits.idle + body_time);
    http::response_serializer<http::string_body> serializer(message);
    if (body.is_head() || response.file) {
        co_await http::async_write_header(stream, serializer,
                                          asio::redirect_error(asio::use_awaitable, failure));
    } else {
        co_await http::async_write(stream, serializer,
                                   asio::redirect_error(asio::use_awaitable, failure));
    }
    if (failure) co_return false;
    if (response.file && !body.is_head()) {
        const bool is_sent = co_await send(stream, *response.file);
        if (!is_sent) co_return false;
        response.file.reset();
    }
    place.become_idle();
    if (keep_alive) {
        if (body.is_read()) co_return true;
        const bool skipped = co_await body.skip_rest(
            std::chrono::seconds(2), [this](std::size_t bytes) { return pace_dropping(bytes); });
        co_return skipped;
    }
    if (lingering < limits.lingering_connections) co_await linger(stream);
    co_return false;
}

/// False: the connection is of no use any more. The client sees it, because the length stands in
/// the header.
awaitable<bool> Server::State::send(beast::tcp_stream& stream, ResponseFile& file) {
    const auto end_at = steady_clock::now() + std::chrono::minutes(1) +
                        std::chrono::seconds(file.bytes() / least_file_bytes_per_s);
    for (auto left = file.bytes(); left > 0;) {
        const auto piece = co_await file.next();
        if (piece.empty()) co_return false;
        error_code failure;
        stream.expires_at(std::min(steady_clock::now() + limits.idle, end_at));
        co_await asio::async_write(stream, asio::buffer(piece),
                                   asio::redirect_error(asio::use_awaitable, failure));
        if (failure) co_return false;
        left -= std::min<std::uint64_t>(left, piece.size());
    }
    co_return true;
}

/// Closing with unread bytes would reset the connection and lose the answer: read on for a while.
/// The system drops what has gathered without copying it, in few and large pieces.
awaitable<void> Server::State::linger(beast::tcp_stream& stream) {
    auto& socket = stream.socket();
    error_code failure;
    socket.shutdown(tcp::socket::shutdown_send, failure);
    if (failure) co_return;
    const auto end_at = steady_clock::now() + lingering_time;
    auto rest = shortest_rest;
    ++lingering;
    for (std::uint64_t bytes = 0; bytes < most_lingering_bytes && steady_clock::now() < end_at;) {
        const auto dropped =
            ::recv(socket.native_handle(), nullptr, most_dropped_at_once, MSG_TRUNC | MSG_DONTWAIT);
        if (dropped == 0 || (dropped < 0 && errno != EAGAIN && errno != EINTR)) break;
        rest = dropped > 0 ? shortest_rest : std::min(2 * rest, longest_rest);
        if (dropped > 0) {
            bytes += static_cast<std::uint64_t>(dropped);
            co_await pace_dropping(static_cast<std::size_t>(dropped));
        }
        asio::steady_timer pause(context, rest);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
        if (failure) break;
    }
    --lingering;
}

awaitable<void> Server::State::pace_dropping(std::size_t bytes) {
    const auto now = steady_clock::now();
    dropped_until = std::max(dropped_until, now - dropped_at_once) +
                    std::chrono::microseconds(bytes * 1'000'000 / dropped_bytes_per_s);
    if (dropped_until <= now) co_return;
    error_code failure;
    asio::steady_timer pause(context, dropped_until);
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
}

Server::Server() : state_(std::make_unique<State>()) {}

Server::~Server() {
    state_->context.stop();
    if (state_->thread.joinable()) state_->thread.join();
}

int Server::port() const { return state_->acceptor.local_endpoint().port(); }

void Server::start(const std::string& address, int port, Answering answering, ServerLimits limits) {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    state_->answering = std::move(answering);
    state_->limits = limits;
    state_->places.emplace(limits.connections, limits.reserved_connections);
    error_code failure;
    const auto ip = asio::ip::make_address(address, failure);
    if (failure)
        throw domain::ConfigError({"listen_address " + address + ": " + failure.message()});
    const tcp::endpoint endpoint(ip, static_cast<unsigned short>(port));
    state_->acceptor.open(endpoint.protocol());
    state_->acceptor.set_option(tcp::acceptor::reuse_address(true));
    state_->acceptor.bind(endpoint, failure);
    if (!failure) state_->acceptor.listen(1024, failure);
    if (failure)
        throw domain::ConfigError(
            {"listen_port " + std::to_string(port) + ": " + failure.message()});
    asio::co_spawn(state_->context, state_->accept(), asio::detached);
    state_->thread = std::thread([this] { state_->context.run(); });
}

void Server::drain(std::chrono::milliseconds time) {
    if (!state_->thread.joinable()) return;
    asio::post(state_->context, [this] {
        state_->is_draining = true;
        error_code ignored;
        state_->acceptor.close(ignored);
        for (auto* stream : state_->idle) stream->cancel();
    });
    std::unique_lock lock(state_->mutex);
    state_->all_closed.wait_for(lock, time, [&] { return state_->connections == 0; });
    lock.unlock();
    state_->context.stop();
    if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace chaiqin::gateway
