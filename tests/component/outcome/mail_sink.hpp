#pragma once
// A real SMTP server (aiosmtpd) on a free port that keeps mails as files; started and ended by the
// test.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/scratch_directory.hpp"

namespace chaiqin::testing {

inline int free_port() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0)
        throw std::runtime_error("no free port");
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    close(fd);
    return ntohs(address.sin_port);
}

class MailSink {
public:
    explicit MailSink(int port) : port_(port) {
        const std::string listen = "127.0.0.1:" + std::to_string(port), box = directory_ / "box";
        const char* arguments[] = {
            "/usr/bin/python3",          "-m",        "aiosmtpd", "-n", "-l", listen.c_str(), "-c",
            "aiosmtpd.handlers.Mailbox", box.c_str(), nullptr};
        if (posix_spawn(&pid_, arguments[0], nullptr, nullptr, const_cast<char**>(arguments),
                        environ) != 0)
            throw std::runtime_error("cannot start aiosmtpd");
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!answers()) {
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("aiosmtpd does not listen");
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    ~MailSink() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    MailSink(const MailSink&) = delete;

    std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
    std::vector<std::string> mails() const {
        std::vector<std::string> all;
        std::error_code none;
        for (const auto& entry :
             std::filesystem::directory_iterator(directory_ / "box/new", none)) {
            std::ifstream file(entry.path(), std::ios::binary);
            std::ostringstream text;
            text << file.rdbuf();
            all.push_back(text.str());
        }
        return all;
    }

private:
    bool answers() const {
        const int fd = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port_));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool ok = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        close(fd);
        return ok;
    }
    int port_;
    pid_t pid_ = 0;
    const ScratchDirectory directory_;
};

}  // namespace chaiqin::testing
