#include "runtime/operations_server.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>

#include "domain/failure.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::runtime {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

std::pair<bool, std::string> readiness(const std::vector<ReadinessCheck>& checks,
                                       const std::vector<Waits::Entry>& waits) {
    std::vector<bool> ready;
    for (const auto& check : checks) ready.push_back(check.is_ready());
    const bool all = waits.empty() && std::ranges::find(ready, false) == ready.end();
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> out(buffer);
    out.StartObject();
    out.Key("ready");
    out.Bool(all);
    out.Key("checks");
    out.StartObject();
    for (std::size_t i = 0; i < checks.size(); ++i) {
        out.Key(checks[i].name.c_str());
        out.Bool(ready[i]);
    }
    out.EndObject();
    if (!waits.empty()) {
        out.Key("waiting");
        out.StartArray();
        for (const auto& wait : waits) {
            out.StartObject();
            for (const auto& [name, text] : {std::pair("reason", &wait.reason),
                                             {"what", &wait.sentence},
                                             {"mend", &wait.mend}}) {
                out.Key(name);
                out.String(text->c_str());
            }
            out.EndObject();
        }
        out.EndArray();
    }
    out.EndObject();
    return {all, buffer.GetString()};
}

struct OperationsServer::State {
    asio::io_context context{1};
    tcp::acceptor acceptor{context};
    std::vector<ReadinessCheck> checks;
    /// Asks the checks, which may wait for their part: /healthz waits for nothing.
    asio::thread_pool checker{1};
    std::thread thread;

    using Request = http::request<http::empty_body>;
    using Response = http::response<http::string_body>;

    /// On the checker.
    asio::awaitable<std::pair<bool, std::string>> look() const {
        co_return readiness(checks, waits().all());
    }

    asio::awaitable<Response> answer(const Request& request) {
        Response response{http::status::ok, request.version()};
        response.set(http::field::content_type, "application/json");
        if (request.method() != http::verb::get && request.method() != http::verb::head) {
            response.result(http::status::method_not_allowed);
            response.set(http::field::allow, "GET, HEAD");
        } else if (request.target() == "/healthz") {
            response.body() = "{\"alive\":true}";
        } else if (request.target() == "/readyz") {
            auto [ready, body] = co_await asio::co_spawn(checker, look(), asio::use_awaitable);
            if (!ready) response.result(http::status::service_unavailable);
            response.body() = std::move(body);
        } else if (request.target() == "/metrics") {
            response.set(http::field::content_type, "text/plain; version=0.0.4");
            response.body() = metrics().text();
        } else {
            response.result(http::status::not_found);
        }
        response.keep_alive(request.keep_alive());
        response.prepare_payload();
        co_return response;
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        beast::tcp_stream stream(std::move(socket));
        beast::flat_buffer buffer;
        try {
            for (;;) {
                stream.expires_after(std::chrono::seconds(5));
                Request request;
                co_await http::async_read(stream, buffer, request, asio::use_awaitable);
                stream.expires_never();
                auto response = co_await answer(request);
                stream.expires_after(std::chrono::seconds(5));
                http::response_serializer<http::string_body> serializer(response);
                if (request.method() == http::verb::head)
                    co_await http::async_write_header(stream, serializer, asio::use_awaitable);
                else
                    co_await http::async_write(stream, serializer, asio::use_awaitable);
                if (!response.keep_alive()) co_return;
            }
        } catch (const boost::system::system_error&) {
            // The peer has gone or was too slow.
        }
    }

    asio::awaitable<void> accept() {
        for (;;) {
            boost::system::error_code failure;
            auto socket =
                co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
            if (failure == asio::error::operation_aborted) co_return;
            if (failure) {  // no file descriptors left: others will give some back
                asio::steady_timer pause(context, std::chrono::milliseconds(50));
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
                continue;
            }
            asio::co_spawn(context, serve(std::move(socket)), asio::detached);
        }
    }
};

OperationsServer::OperationsServer(int port, std::vector<ReadinessCheck> checks)
    : state_(std::make_unique<State>()) {
    state_->checks = std::move(checks);
    if (port == 0) return;
    const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"),
                                 static_cast<unsigned short>(port));
    boost::system::error_code failure;
    state_->acceptor.open(endpoint.protocol());
    state_->acceptor.set_option(tcp::acceptor::reuse_address(true));
    state_->acceptor.bind(endpoint, failure);
    if (failure)
        throw domain::ConfigError(
            {"operations_port " + std::to_string(port) + ": " + failure.message()});
    state_->acceptor.listen();
    asio::co_spawn(state_->context, state_->accept(), asio::detached);
    state_->thread = std::thread([this] { state_->context.run(); });
}

OperationsServer::~OperationsServer() {
    state_->context.stop();
    if (state_->thread.joinable()) state_->thread.join();
    state_->checker.stop();
    state_->checker.join();
}

}  // namespace chaiqin::runtime
