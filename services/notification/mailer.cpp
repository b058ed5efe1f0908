#include "notification/mailer.hpp"

#include <chrono>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::notification {

using domain::MailOutcome;

namespace {

MailOutcome try_once(const Mailer::Send& send, const domain::WaitingMail& mail, std::string& reason) {
    try {
        send(mail);
        runtime::metrics().add(runtime::Metric::mails, 1, "sent");
        return MailOutcome::sent;
    } catch (const domain::TransientFailure& failure) {
        reason = failure.what();
    } catch (const domain::PermanentFailure& failure) {
        reason = failure.what();
        runtime::metrics().add(runtime::Metric::mails, 1, "refused");
        runtime::log_warn("a mail was refused for good", {{"notice", mail.notice_id}, {"reason", reason}});
        return MailOutcome::refused;
    }
    runtime::metrics().add(runtime::Metric::mails, 1, "put off");
    if (mail.tries == 0) runtime::log_warn("a mail was not taken; trying again later", {{"notice", mail.notice_id}, {"reason", reason}});
    return MailOutcome::try_again;
}

}  // namespace

Mailer::Mailer(domain::MailQueue& queue, Send send, const runtime::Clock& clock)
    : queue_(queue), send_(std::move(send)), clock_(clock), thread_([this](std::stop_token stop) { run(stop); }) {}

void Mailer::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        bool more = false;
        try {
            more = queue_.send_next(clock_.now(), [&](const domain::WaitingMail& mail, std::string& reason) { return try_once(send_, mail, reason); });
        } catch (const domain::TransientFailure& failure) {
            runtime::log_debug("mails wait for the database", {{"reason", failure.what()}});
        } catch (const domain::PermanentFailure& failure) {
            runtime::log_error("the mail queue cannot be read", {{"reason", failure.what()}});
        }
        if (!more) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
}

}  // namespace chaiqin::notification
