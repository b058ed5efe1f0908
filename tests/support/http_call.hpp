#pragma once
// A plain HTTP/1.1 client over a blocking socket for tests: sends just the bytes it is told to.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace chaiqin::testing {

struct HttpAnswer {
    int status = 0;                              ///< 0: closed without an answer
    std::map<std::string, std::string> headers;  ///< lower-case names
    std::string body;
    bool says(const std::string& text) const { return body.find(text) != std::string::npos; }
};

class HttpConnection {
public:
    explicit HttpConnection(int port, int timeout_s = 30)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval time{timeout_s, 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("nobody listens");
    }
    ~HttpConnection() { close(socket_); }
    HttpConnection(const HttpConnection&) = delete;

    /// Stops when the peer closes.
    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    HttpAnswer read() {
        HttpAnswer answer;
        while (received_.find("\r\n\r\n") == std::string::npos)
            if (!more()) return answer;
        const auto end = received_.find("\r\n\r\n");
        answer.status = std::stoi(received_.substr(9, 3));
        for (auto at = received_.find("\r\n") + 2; at < end;) {
            const auto line = received_.substr(at, received_.find("\r\n", at) - at);
            at += line.size() + 2;
            auto name = line.substr(0, line.find(':'));
            for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            answer.headers[name] = line.substr(line.find(':') + 2);
        }
        received_.erase(0, end + 4);
        if (answer.status == 100) return read();
        const auto size = static_cast<std::size_t>(std::stoul(answer.headers["content-length"]));
        while (received_.size() < size)
            if (!more()) break;
        answer.body = received_.substr(0, size);
        received_.erase(0, size);
        return answer;
    }
    bool is_closed() {
        char c;
        return received_.empty() && recv(socket_, &c, 1, 0) <= 0;
    }

private:
    bool more() {
        char buffer[65536];
        const auto bytes = recv(socket_, buffer, sizeof buffer, 0);
        if (bytes <= 0) return false;
        received_.append(buffer, static_cast<std::size_t>(bytes));
        return true;
    }
    int socket_;
    std::string received_;
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

inline std::string request_text(const std::string& method, const std::string& target,
                                const HttpHeaders& headers, const std::string& body = "") {
    std::string text = method + " " + target + " HTTP/1.1\r\nHost: test\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    if (method != "GET") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + body;
}

inline HttpAnswer call(int port, const std::string& method, const std::string& target,
                       const HttpHeaders& headers = {}, const std::string& body = "") {
    HttpConnection connection(port);
    connection.send(request_text(method, target, headers, body));
    return connection.read();
}

}  // namespace chaiqin::testing
