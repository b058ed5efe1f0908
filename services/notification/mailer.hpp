#pragma once
// The thread that hands waiting mails to the SMTP server, one after the other, at least once each; the deterministic
// Message-ID lets a receiver drop a repeat after a crash.
#include <functional>
#include <thread>

#include "domain/notice_store.hpp"
#include "runtime/clock.hpp"

namespace chaiqin::notification {

class Mailer {
public:
    /// `send` throws TransientFailure (try later) or PermanentFailure (refused).
    using Send = std::function<void(const domain::WaitingMail&)>;
    Mailer(domain::MailQueue& queue, Send send, const runtime::Clock& clock);

private:
    void run(const std::stop_token& stop);
    domain::MailQueue& queue_;
    Send send_;
    const runtime::Clock& clock_;
    std::jthread thread_;
};

}  // namespace chaiqin::notification
