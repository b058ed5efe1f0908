#pragma once
// The port to notices and their mails. `write` works within the stage loop's transaction; the
// sender takes one mail at a time. Implemented by postgres/notification. TransientFailure while the
// database is away.
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "domain/calendar.hpp"
#include "domain/notice_kind.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::domain {

struct NewNotice {
    NoticeKind kind = NoticeKind::submission_counted;
    std::string agency;
    std::optional<std::string> submission_id;
    std::optional<std::string> webhook_id;
    /// Unique: (submission, recipient, kind), (agency, month, kind) or (webhook, time, kind).
    std::string intent_key;
    std::string text;  ///< zh-TW, no personal data
    std::int64_t version = 0;
    Instant created_at{};
    std::string recipient;  ///< "" = no mail
    std::string subject, body, message_id;
};

struct WaitingMail {
    std::int64_t number = 0;
    std::string recipient, subject, body, message_id;
    int tries = 0;
};

enum class MailOutcome {
    sent,
    try_again,    ///< this mail is not taken now
    refused,      ///< this mail never will be
    server_away,  ///< nothing is taken now
};
struct MailAnswer {
    MailOutcome outcome = MailOutcome::server_away;
    std::string reason;  ///< of the server, "" when sent
};

class NoticeStore {
public:
    virtual ~NoticeStore() = default;
    /// A known intent with a higher version gets its text: no second notice, no second mail. What
    /// is of a kind that is told by mail alone makes no notice.
    virtual void write(UnitOfWork& work, std::span<const NewNotice> notices) = 0;
};

class MailQueue {
public:
    virtual ~MailQueue() = default;
    /// Takes the next due mail, locked against other processes, lets `send` try it and notes what
    /// came of it (nothing while the server is away). Empty: none is due.
    virtual std::optional<MailOutcome> send_next(
        Instant now, const std::function<MailAnswer(const WaitingMail&)>& send) = 0;
};

}  // namespace chaiqin::domain
