#pragma once
// Mail over SMTP by libcurl: UTF-8 text, one recipient, deterministic Message-ID. Keeps its
// connection. For one thread.
#include <memory>
#include <string>

#include "domain/notice_store.hpp"

namespace chaiqin::smtp {

class MailSender {
public:
    /// "smtp://host:port" and the address that mails come from.
    MailSender(std::string url, std::string from);
    ~MailSender();
    MailSender(const MailSender&) = delete;

    /// Never throws for what the server or the network does: that is the answer.
    domain::MailAnswer send(const domain::WaitingMail& mail);

private:
    struct Connection;
    std::string url_, from_;
    std::unique_ptr<Connection> connection_;
};

/// The message as it goes over the line, without dot-stuffing (libcurl's part).
std::string message_text(const std::string& from, const domain::WaitingMail& mail,
                         long long unix_seconds);

}  // namespace chaiqin::smtp
