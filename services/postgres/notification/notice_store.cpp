#include "postgres/notification/notice_store.hpp"

#include <algorithm>

#include "postgres/binary.hpp"

namespace chaiqin::postgres::notification {

using domain::UnitOfWork;

namespace {

constexpr int most_tries = 30;

class PostgresNoticeStore final : public domain::NoticeStore {
public:
    void write(UnitOfWork& work, std::span<const domain::NewNotice> notices) override {
        for (const auto& n : notices) {
            Params params;
            params.add(n.kind).add(n.agency);
            params.add_optional_uuid(n.submission_id);
            params.add(n.intent_key).add(n.text).add(n.version).add(n.created_at).add(n.recipient).add(n.subject).add(n.body).add(n.message_id);
            query_prepared(work,
                           "WITH made AS (INSERT INTO notification.notice (kind, agency, submission_id, intent_key, text, version, created_at)"
                           "  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (intent_key) DO NOTHING RETURNING id),"
                           " raised AS (UPDATE notification.notice SET version = $6 WHERE intent_key = $4 AND version < $6)"
                           " INSERT INTO notification.delivery (notice_id, recipient, subject, body, message_id, state, next_try_at)"
                           " SELECT id, $8, $9, $10, $11, 'waiting', $7 FROM made WHERE $8 <> ''", params);
        }
    }
};

class PostgresMailQueue final : public domain::MailQueue {
public:
    explicit PostgresMailQueue(SessionSettings settings) : session_(std::move(settings)) {}

    bool send_next(domain::Instant now, const std::function<domain::MailOutcome(const domain::WaitingMail&, std::string&)>& send) override {
        auto work = session_.begin();
        Params due;
        due.add(now);
        const auto rows = query(*work,
                                "SELECT notice_id, recipient, subject, body, message_id, tries FROM notification.delivery"
                                " WHERE state = 'waiting' AND next_try_at <= $1 ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED", due);
        if (rows.size() == 0) {
            session_.commit(*work);
            return false;
        }
        const domain::WaitingMail mail{rows.int8(0, 0), rows.string(0, 1), rows.string(0, 2), rows.string(0, 3), rows.string(0, 4), rows.int4(0, 5)};
        std::string reason;
        const auto outcome = send(mail, reason);
        const bool over = outcome == domain::MailOutcome::refused || mail.tries + 1 >= most_tries;
        // 2 s, 4 s … at most an hour.
        const auto pause = std::chrono::seconds(std::min(3600, 1 << std::min(mail.tries + 1, 12)));
        Params params;
        params.add(mail.notice_id).add(outcome == domain::MailOutcome::sent ? "sent" : over ? "failed" : "waiting");
        params.add(outcome == domain::MailOutcome::sent ? std::optional(now) : std::nullopt).add(now + pause);
        params.add(reason.empty() ? std::nullopt : std::optional(reason));
        query(*work,
              "UPDATE notification.delivery SET state = $2, tries = tries + 1, sent_at = $3, next_try_at = $4, last_error = $5 WHERE notice_id = $1", params);
        session_.commit(*work);
        return true;
    }

private:
    Session session_;
};

}  // namespace

std::unique_ptr<domain::NoticeStore> make_notice_store() { return std::make_unique<PostgresNoticeStore>(); }
std::unique_ptr<domain::MailQueue> make_mail_queue(SessionSettings settings) {
    settings.application_name = "notification mail";
    return std::make_unique<PostgresMailQueue>(std::move(settings));
}

}  // namespace chaiqin::postgres::notification
