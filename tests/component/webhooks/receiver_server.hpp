#pragma once
// A receiver of webhooks on 127.0.0.1: a plain HTTP server that answers as the test says and keeps
// what came, one thread a connection.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace chaiqin::testing {

struct Delivered {
    std::map<std::string, std::string> headers;  ///< lower-case names
    std::string body;
};

class ReceiverServer {
public:
    /// The whole answer, from its status line on; may take its time.
    using Answer = std::function<std::string(const Delivered&)>;
    static std::string status(int code, const std::string& headers = "",
                              const std::string& body = "") {
        return "HTTP/1.1 " + std::to_string(code) + " X\r\n" + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
               body;
    }

    explicit ReceiverServer(Answer answer = [](const Delivered&) { return status(204); })
        : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
            listen(socket_, 64) != 0 ||
            getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("cannot listen");
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    ~ReceiverServer() {
        thread_ = {};
        for (auto& one : connections_) one.join();
        close(socket_);
    }
    ReceiverServer(const ReceiverServer&) = delete;

    int port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
    void answer_with(Answer answer) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
    }
    std::vector<Delivered> delivered() const {
        const std::lock_guard lock(mutex_);
        return delivered_;
    }
    std::vector<std::string> headers(const std::string& name) const {
        std::vector<std::string> all;
        for (const auto& one : delivered()) all.push_back(one.headers.at(name));
        return all;
    }
    int connections() const { return connected_; }
    /// The most that were answered at the same time.
    int most_at_once() const { return most_at_once_; }

private:
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
            if (poll(&ready, 1, 50) != 1) continue;
            const int connection = accept(socket_, nullptr, nullptr);
            ++connected_;
            connections_.emplace_back([this, connection] { serve(connection); });
        }
    }
    void serve(int connection) {
        const timeval limit{.tv_sec = 5, .tv_usec = 0};
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        if (const auto request = read(connection); !request.headers.empty()) {
            const int now = ++at_once_;
            for (int most = most_at_once_; now > most;)
                if (most_at_once_.compare_exchange_weak(most, now)) break;
            Answer answer;
            {
                const std::lock_guard lock(mutex_);
                delivered_.push_back(request);
                answer = answer_;
            }
            const auto text = answer(request);
            --at_once_;
            (void)::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
        }
        close(connection);
    }
    /// Without headers if it is no HTTP.
    static Delivered read(int connection) {
        std::string text;
        Delivered request;
        std::size_t end = std::string::npos, wanted = 0;
        char piece[4096];
        while (end == std::string::npos || text.size() < end + 4 + wanted) {
            const auto size = recv(connection, piece, sizeof piece, 0);
            if (size <= 0) return {};
            text.append(piece, static_cast<std::size_t>(size));
            if (!text.starts_with("POST /")) return {};
            end = text.find("\r\n\r\n");
            if (end == std::string::npos) continue;
            request.headers = headers_in(text.substr(0, end));
            wanted = std::stoul(request.headers.at("content-length"));
        }
        request.body = text.substr(end + 4);
        return request;
    }
    static std::map<std::string, std::string> headers_in(const std::string& text) {
        std::map<std::string, std::string> headers;
        for (auto at = text.find("\r\n"); at != std::string::npos;) {
            const auto next = text.find("\r\n", at + 2);
            const auto line = text.substr(at + 2, next == std::string::npos ? next : next - at - 2);
            auto name = line.substr(0, line.find(':'));
            for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            headers[name] = line.substr(line.find(':') + 2);
            at = next;
        }
        return headers;
    }

    mutable std::mutex mutex_;
    Answer answer_;
    std::vector<Delivered> delivered_;
    std::atomic<int> connected_ = 0, at_once_ = 0, most_at_once_ = 0;
    int socket_, port_ = 0;
    std::vector<std::thread> connections_;
    std::jthread thread_;
};

}  // namespace chaiqin::testing
