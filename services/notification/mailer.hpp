#pragma once
// The thread that hands waiting mails to the SMTP server, one after the other, at least once each;
// the deterministic Message-ID lets a receiver drop a repeat after a crash. While the server is
// away nothing is tried again at once, and never more mails a second than it is asked to.
#include <functional>
#include <thread>

#include "domain/notice_store.hpp"
#include "runtime/clock.hpp"

namespace chaiqin::notification {

class Mailer {
public:
    using Send = std::function<domain::MailAnswer(const domain::WaitingMail&)>;
    Mailer(domain::MailQueue& queue, Send send, const runtime::Clock& clock, int mails_per_second);

private:
    void run(const std::stop_token& stop);
    std::optional<domain::MailOutcome> next();
    domain::MailAnswer try_once(const domain::WaitingMail& mail);

    domain::MailQueue& queue_;
    Send send_;
    const runtime::Clock& clock_;
    std::chrono::milliseconds between_mails_;
    int failures_ = 0;  // in a row, of the server or the database
    std::jthread thread_;
};

}  // namespace chaiqin::notification
