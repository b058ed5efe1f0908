#pragma once
// Mail over SMTP by libcurl: UTF-8 text, one recipient, deterministic Message-ID. Keeps its
// connection. For one thread.
#include <memory>
#include <string>
#include <utility>

#include "domain/notice_store.hpp"

namespace chaiqin::smtp {

/// Whether mails to this server must be: all but this machine's own.
bool must_be_encrypted(const std::string& url);

class MailSender {
public:
    /// "smtp://host:port" or "smtps://…", and the address that mails come from.
    MailSender(std::string url, std::string from)
        : MailSender(url, std::move(from), must_be_encrypted(url)) {}
    /// `is_encrypted`: nothing is sent before the line is encrypted (STARTTLS).
    MailSender(std::string url, std::string from, bool is_encrypted);
    ~MailSender();
    MailSender(const MailSender&) = delete;

    /// Never throws for what the server or the network does: that is the answer.
    domain::MailAnswer send(const domain::WaitingMail& mail);

private:
    struct Connection;
    std::string url_, from_;
    bool is_encrypted_;
    std::unique_ptr<Connection> connection_;
};

/// The message as it goes over the line, without dot-stuffing (libcurl's part).
std::string message_text(const std::string& from, const domain::WaitingMail& mail,
                         long long unix_seconds);

}  // namespace chaiqin::smtp
