#include "notification/mailer.hpp"

#include <algorithm>
#include <chrono>
#include <random>

#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::notification {

using domain::MailOutcome;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds idle{200};

const char* name_of(MailOutcome outcome) {
    switch (outcome) {
        case MailOutcome::sent:
            return "sent";
        case MailOutcome::try_again:
            return "put off";
        case MailOutcome::refused:
            return "refused";
        case MailOutcome::server_away:
            return "server away";
    }
    return "";
}

/// 0.5 s, 1 s … 32 s, with jitter.
milliseconds pause_after(int failures) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    const auto most = 500u << std::min(failures - 1, 6);
    return milliseconds(most / 2 + random() % (most / 2 + 1));
}

void wait(const std::stop_token& stop, milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::min(idle, std::chrono::duration_cast<milliseconds>(
                                                       until - std::chrono::steady_clock::now()) +
                                                       milliseconds(1)));
}

}  // namespace

Mailer::Mailer(domain::MailQueue& queue, Send send, const runtime::Clock& clock,
               int mails_per_second)
    : queue_(queue),
      send_(std::move(send)),
      clock_(clock),
      between_mails_(1000 / std::max(1, mails_per_second)),
      thread_([this](std::stop_token stop) { run(stop); }) {}

void Mailer::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto outcome = next();
        if (outcome == MailOutcome::server_away)
            wait(stop, pause_after(failures_));
        else
            wait(stop, outcome ? between_mails_ : idle);
    }
}

/// A database that is away counts as a server that is: nothing can be done now.
std::optional<MailOutcome> Mailer::next() {
    std::string reason;
    try {
        const auto outcome = queue_.send_next(clock_.now(), [&](const domain::WaitingMail& mail) {
            auto answer = try_once(mail);
            reason = answer.reason;
            return answer;
        });
        if (outcome != MailOutcome::server_away) {
            failures_ = 0;
            return outcome;
        }
    } catch (const domain::TransientFailure& failure) {
        reason = failure.what();
    } catch (const domain::PermanentFailure& failure) {
        reason = failure.what();
    }
    if (++failures_ == 1) runtime::log_warn("mails wait", {{"reason", reason}});
    return MailOutcome::server_away;
}

domain::MailAnswer Mailer::try_once(const domain::WaitingMail& mail) {
    auto answer = send_(mail);
    runtime::metrics().add("chaiqin_mails_total", 1, name_of(answer.outcome));
    if (answer.outcome == MailOutcome::refused)
        runtime::log_warn("a mail was refused for good",
                          {{"mail", mail.number}, {"reason", answer.reason}});
    if (answer.outcome == MailOutcome::try_again && mail.tries == 0)
        runtime::log_warn("a mail was not taken; trying again later",
                          {{"mail", mail.number}, {"reason", answer.reason}});
    return answer;
}

}  // namespace chaiqin::notification
