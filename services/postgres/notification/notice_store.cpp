#include "postgres/notification/notice_store.hpp"

#include <algorithm>

#include "postgres/binary.hpp"

namespace chaiqin::postgres::notification {

using domain::MailOutcome;
using domain::UnitOfWork;

namespace {

constexpr int most_tries = 30;

class PostgresNoticeStore final : public domain::NoticeStore {
public:
    void write(UnitOfWork& work, std::span<const domain::NewNotice> notices) override {
        std::vector<std::string> kinds, agencies, submissions, keys, texts, recipients, subjects,
            bodies, message_ids;
        std::vector<std::int64_t> versions;
        std::vector<domain::Instant> made;
        for (const auto& n : notices) {
            kinds.push_back(n.kind);
            agencies.push_back(n.agency);
            submissions.push_back(n.submission_id.value_or(""));
            keys.push_back(n.intent_key);
            texts.push_back(n.text);
            versions.push_back(n.version);
            made.push_back(n.created_at);
            recipients.push_back(n.recipient);
            subjects.push_back(n.subject);
            bodies.push_back(n.body);
            message_ids.push_back(n.message_id);
        }
        Params params;
        params.add_array(kinds)
            .add_array(agencies)
            .add_array(submissions)
            .add_array(keys)
            .add_array(texts)
            .add_array(versions);
        params.add_array(made)
            .add_array(recipients)
            .add_array(subjects)
            .add_array(bodies)
            .add_array(message_ids);
        query_prepared(
            work,
            "WITH incoming AS MATERIALIZED (SELECT DISTINCT ON (intent_key) kind, agency, "
            "NULLIF(submission_id, '')::uuid AS submission_id,"
            "   intent_key, text, version, made_at, recipient, subject, body, message_id"
            "  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS i(kind, agency, "
            "submission_id, "
            "intent_key, text, version,"
            "   made_at, recipient, subject, body, message_id) ORDER BY intent_key, version DESC),"
            " made AS (INSERT INTO notification.notice (kind, agency, submission_id, intent_key, "
            "text, "
            "version, created_at)"
            "  SELECT kind, agency, submission_id, intent_key, text, version, made_at FROM incoming"
            "  ON CONFLICT (intent_key) DO NOTHING RETURNING id, intent_key),"
            " raised AS (UPDATE notification.notice n SET version = i.version, text = i.text FROM "
            "incoming i"
            "  WHERE n.intent_key = i.intent_key AND n.version < i.version)"
            " INSERT INTO notification.delivery (notice_id, recipient, subject, body, message_id, "
            "state, "
            "next_try_at)"
            " SELECT m.id, i.recipient, i.subject, i.body, i.message_id, 'waiting', i.made_at"
            " FROM made m JOIN incoming i USING (intent_key) WHERE i.recipient <> ''",
            params);
    }
};

class PostgresMailQueue final : public domain::MailQueue {
public:
    explicit PostgresMailQueue(SessionSettings settings) : session_(std::move(settings)) {}

    std::optional<MailOutcome> send_next(
        domain::Instant now,
        const std::function<domain::MailAnswer(const domain::WaitingMail&)>& send) override {
        auto work = session_.begin();
        Params due;
        due.add(now);
        const auto rows = query_prepared(*work,
                                         "SELECT notice_id, recipient, subject, body, message_id, "
                                         "tries FROM notification.delivery"
                                         " WHERE state = 'waiting' AND next_try_at <= $1 ORDER BY "
                                         "next_try_at LIMIT 1 FOR UPDATE SKIP "
                                         "LOCKED",
                                         due);
        if (rows.size() == 0) {
            session_.commit(*work);
            return std::nullopt;
        }
        const domain::WaitingMail mail{rows.int8(0, 0),   rows.string(0, 1), rows.string(0, 2),
                                       rows.string(0, 3), rows.string(0, 4), rows.int4(0, 5)};
        const auto answer = send(mail);
        if (answer.outcome != MailOutcome::server_away) note(*work, mail, answer, now);
        session_.commit(*work);
        return answer.outcome;
    }

private:
    /// Again after about 2 s, 4 s … an hour, never two mails at the same moment.
    void note(UnitOfWork& work, const domain::WaitingMail& mail, const domain::MailAnswer& answer,
              domain::Instant now) {
        const bool sent = answer.outcome == MailOutcome::sent;
        const bool over = answer.outcome == MailOutcome::refused || mail.tries + 1 >= most_tries;
        const std::int32_t pause_seconds = std::min(3600, 1 << std::min(mail.tries + 1, 12));
        Params params;
        params.add(mail.notice_id)
            .add(sent   ? "sent"
                 : over ? "failed"
                        : "waiting")
            .add(sent ? std::optional(now) : std::nullopt);
        params.add(now).add(pause_seconds).add(answer.reason);
        query_prepared(
            work,
            "UPDATE notification.delivery SET state = $2, tries = tries + 1, sent_at = $3,"
            " next_try_at = $4 + $5 * (0.75 + random() / 2) * interval '1 second', last_error = "
            "NULLIF($6, '') WHERE notice_id = $1",
            params);
    }

    Session session_;
};

}  // namespace

std::unique_ptr<domain::NoticeStore> make_notice_store() {
    return std::make_unique<PostgresNoticeStore>();
}
std::unique_ptr<domain::MailQueue> make_mail_queue(SessionSettings settings) {
    settings.application_name = "notification mail";
    return std::make_unique<PostgresMailQueue>(std::move(settings));
}

}  // namespace chaiqin::postgres::notification
