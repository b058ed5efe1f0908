#pragma once
// A mail server that hangs up in the middle of the text of every mail to one recipient, and takes
// all others.
#include <boost/asio.hpp>
#include <string>
#include <thread>

namespace chaiqin::testing {

class BreakingMailServer {
public:
    explicit BreakingMailServer(std::string breaks_at)
        : breaks_at_(std::move(breaks_at)), thread_([this] { run(); }) {}
    ~BreakingMailServer() {
        boost::system::error_code ignored;
        // Wakes the thread out of accept().
        is_over_ = true;
        boost::asio::ip::tcp::socket waker(context_);
        waker.connect(acceptor_.local_endpoint(), ignored);
        waker.close(ignored);
        thread_.join();
    }
    int port() const { return acceptor_.local_endpoint().port(); }

private:
    using tcp = boost::asio::ip::tcp;

    void run() {
        while (!is_over_) {
            tcp::socket socket(context_);
            acceptor_.accept(socket);
            try {
                talk(socket);
            } catch (const boost::system::system_error&) {
            }
        }
    }
    void talk(tcp::socket& socket) {
        boost::asio::streambuf input;
        bool breaks = false;
        say(socket, "220 here");
        for (;;) {
            const auto line = heard(socket, input, "\r\n");
            if (line.starts_with("QUIT")) return;
            if (line.starts_with("RCPT")) breaks = line.find(breaks_at_) != std::string::npos;
            if (!line.starts_with("DATA")) {
                say(socket, "250 ok");
                continue;
            }
            say(socket, "354 go on");
            heard(socket, input, breaks ? "\r\n" : "\r\n.\r\n");
            if (breaks) return;
            say(socket, "250 taken");
        }
    }
    static void say(tcp::socket& socket, const std::string& line) {
        boost::asio::write(socket, boost::asio::buffer(line + "\r\n"));
    }
    static std::string heard(tcp::socket& socket, boost::asio::streambuf& input,
                             const std::string& until) {
        const auto size = boost::asio::read_until(socket, input, until);
        std::string text(
            boost::asio::buffers_begin(input.data()),
            boost::asio::buffers_begin(input.data()) + static_cast<std::ptrdiff_t>(size));
        input.consume(size);
        return text;
    }

    const std::string breaks_at_;
    std::atomic<bool> is_over_ = false;
    boost::asio::io_context context_;
    tcp::acceptor acceptor_{context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
    std::thread thread_;
};

}  // namespace chaiqin::testing
