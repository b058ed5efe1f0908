#include <algorithm>

#include "postgres/binary.hpp"
#include "postgres/notification/notices.sql.hpp"
#include "postgres/notification/notification_stores.hpp"

namespace chaiqin::postgres::notification {

using domain::MailOutcome;
using domain::UnitOfWork;

namespace {

constexpr int most_tries = 30;

class PostgresNoticeStore final : public domain::NoticeStore {
public:
    void write(UnitOfWork& work, std::span<const domain::NewNotice> all) override {
        using domain::NewNotice;
        std::vector<NewNotice> notices, mails;
        for (const auto& one : all)
            (domain::row_of(one.kind).told_as.empty() ? mails : notices).push_back(one);
        if (!notices.empty()) write_notices(work, notices);
        if (mails.empty()) return;
        Params params;
        params.add_column(mails, &NewNotice::recipient)
            .add_column(mails, &NewNotice::subject)
            .add_column(mails, &NewNotice::body)
            .add_column(mails, &NewNotice::message_id)
            .add_column(mails, &NewNotice::created_at);
        query_prepared(work, sql::write_mails, params);
    }

private:
    static void write_notices(UnitOfWork& work, std::span<const domain::NewNotice> notices) {
        using domain::NewNotice;
        Params params;
        const auto told_as = [](const NewNotice& one) {
            return std::string(domain::row_of(one.kind).told_as);
        };
        params.add_column(notices, told_as)
            .add_column(notices, &NewNotice::agency)
            .add_column(notices,
                        [](const NewNotice& one) { return one.submission_id.value_or(""); })
            .add_column(notices, &NewNotice::intent_key)
            .add_column(notices, &NewNotice::text)
            .add_column(notices, &NewNotice::version)
            .add_column(notices, &NewNotice::created_at)
            .add_column(notices, &NewNotice::recipient)
            .add_column(notices, &NewNotice::subject)
            .add_column(notices, &NewNotice::body)
            .add_column(notices, &NewNotice::message_id)
            .add_column(notices, [](const NewNotice& one) { return one.webhook_id.value_or(""); });
        query_prepared(work, sql::write_notices, params);
    }
};

class PostgresMailQueue final : public domain::MailQueue {
public:
    explicit PostgresMailQueue(SessionSettings settings) : session_(std::move(settings)) {}

    std::optional<MailOutcome> send_next(
        domain::Instant now,
        const std::function<domain::MailAnswer(const domain::WaitingMail&)>& send) override {
        auto work = session_.begin();
        const auto rows = next_mail(*work, now);
        if (rows.empty()) {
            session_.commit(*work);
            return std::nullopt;
        }
        const auto row = rows.only();
        const domain::WaitingMail mail{.number = row.int8("number"),
                                       .recipient = row.string("recipient"),
                                       .subject = row.string("subject"),
                                       .body = row.string("body"),
                                       .message_id = row.string("message_id"),
                                       .tries = row.int4("tries")};
        before_ = mail.recipient;
        const auto answer = send(mail);
        if (answer.outcome != MailOutcome::server_away) note(*work, mail, answer, now);
        session_.commit(*work);
        return answer.outcome;
    }

private:
    Rows next_mail(UnitOfWork& work, domain::Instant now) const {
        auto rows = mail_after(work, now, before_);
        if (!rows.empty() || before_.empty()) return rows;
        return mail_after(work, now, "");
    }

    static Rows mail_after(UnitOfWork& work, domain::Instant now, const std::string& recipient) {
        Params due;
        due.add(now).add(recipient);
        return query_prepared(work, sql::lock_next_mail, due);
    }

    /// Again after about 2 s, 4 s … an hour, never two mails at the same moment.
    void note(UnitOfWork& work, const domain::WaitingMail& mail, const domain::MailAnswer& answer,
              domain::Instant now) {
        const bool sent = answer.outcome == MailOutcome::sent;
        const bool over = answer.outcome == MailOutcome::refused || mail.tries + 1 >= most_tries;
        const std::int32_t pause_seconds = std::min(3600, 1 << std::min(mail.tries + 1, 12));
        Params params;
        params.add(mail.number)
            .add(sent   ? "sent"
                 : over ? "failed"
                        : "waiting")
            .add(sent ? std::optional(now) : std::nullopt);
        params.add(now).add(pause_seconds).add(answer.reason);
        query_prepared(work, sql::note_mail, params);
    }

    Session session_;
    /// Of the mail before: the next one goes to somebody else who waits.
    std::string before_;
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
