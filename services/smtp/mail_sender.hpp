#pragma once
// Mail over SMTP by libcurl: UTF-8 text, one recipient, deterministic Message-ID. Thread-safe for one sender thread.
#include <string>

namespace chaiqin::smtp {

struct Mail {
    std::string from, to, subject, body, message_id;  ///< message_id without <>
};

/// Hands the mail to the server. TransientFailure: the server is away or says "later"; PermanentFailure: it refuses
/// the recipient or the mail for good.
void send_mail(const std::string& smtp_url, const Mail& mail);

}  // namespace chaiqin::smtp
