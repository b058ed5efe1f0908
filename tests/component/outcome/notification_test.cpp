#include <atomic>
#include <map>
#include <stdexcept>

#include "component/outcome/breaking_mail_server.hpp"
#include "component/outcome/mail_sink.hpp"
#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "notification/mailer.hpp"
#include "notification/stage.hpp"
#include "postgres/notification/notification_stores.hpp"
#include "postgres/portal/portal_stores.hpp"
#include "smtp/mail_sender.hpp"
#include "support/scratch_database.hpp"
#include "wire/filing_changed.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::testing {
namespace {

const std::string agency = "Z00000001A", mailless = "Z00000002B";

class TwoAgencies final : public domain::RegistrySource {
public:
    TwoAgencies() {
        domain::AgencyRegistry::Versions versions;
        domain::AgencyVersion with, without;
        with.name = "測試機關";
        with.contact_email = "clerk@agency.example";
        without.name = "無信箱機關";
        versions[agency].push_back(with);
        versions[mailless].push_back(without);
        auto registry = std::make_shared<domain::Registry>();
        registry->agencies = domain::AgencyRegistry(std::move(versions));
        registry_ = registry;
    }
    domain::RegistryPtr current() const override { return registry_; }
    domain::RegistryPtr newest() const override { return newest_ ? newest_ : registry_; }
    /// An address was loaded just now: the memory of the process is a second old.
    void load_address(const std::string& of, const std::string& email, domain::Day from) {
        domain::AgencyVersion first, version;
        first.name = version.name = "剛有信箱機關";
        version.effective_on = from;
        version.contact_email = email;
        domain::AgencyRegistry::Versions versions;
        versions[of] = {first, version};
        auto registry = std::make_shared<domain::Registry>();
        registry->agencies = domain::AgencyRegistry(std::move(versions));
        newest_ = registry;
    }

private:
    domain::RegistryPtr registry_, newest_;
};

class RealClock final : public runtime::Clock {
public:
    domain::Instant now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now());
    }
};

domain::SubmissionUpdated counted(const std::string& of, std::uint32_t attempt = 1,
                                  std::uint32_t unmatched = 0) {
    domain::SubmissionUpdated event;
    event.submission_id = "00000000-0000-8000-8000-000000000001";
    event.agency = of;
    event.version = {attempt, domain::SubmissionState::counted};
    event.received_at = domain::parse_rfc3339("2026-11-05T09:31:00+08:00").value();
    event.occurred_at = event.received_at;
    event.total = 3;
    event.counted = 3 - unmatched;
    event.unmatched = unmatched;
    return event;
}

struct Notification {
    void take(const std::vector<domain::SubmissionUpdated>& events) {
        std::vector<runtime::Message> messages;
        for (const auto& event : events) {
            runtime::Message message;
            message.topic = domain::topics::submission_updated;
            message.payload = wire::encode(event);
            messages.push_back(std::move(message));
        }
        take(messages);
    }
    void take(const std::vector<runtime::Message>& messages) {
        postgres::Session session({database.conninfo("notification"), "notification test"});
        auto work = session.begin();
        runtime::Outbox outbox;
        runtime::StageContext context{*work, 0, 0,
                                      domain::parse_rfc3339("2026-11-05T09:32:00+08:00").value()};
        stage.apply(context, messages, outbox);
        session.commit(*work);
    }
    void upkeep() {
        postgres::Session session({database.conninfo("notification"), "notification test"});
        auto work = session.begin();
        runtime::Outbox outbox;
        runtime::StageContext context{*work, 0, 0,
                                      domain::parse_rfc3339("2026-11-05T09:32:00+08:00").value()};
        stage.upkeep(context, outbox);
        session.commit(*work);
    }
    std::unique_ptr<domain::MailQueue> queue() {
        return postgres::notification::make_mail_queue(
            {database.conninfo("notification"), "mail test"});
    }

    ScratchDatabase database;
    std::unique_ptr<domain::NoticeStore> store = postgres::notification::make_notice_store();
    std::unique_ptr<domain::FindingFeedStore> feed =
        postgres::notification::make_finding_feed_store();
    std::unique_ptr<domain::ReminderQueue> reminders =
        postgres::notification::make_reminder_queue();
    TwoAgencies registry;
    std::unique_ptr<domain::WebhookEvents> webhooks = postgres::portal::make_webhook_events();
    notification::NotificationStage stage{{.notices = *store,
                                           .feed = *feed,
                                           .reminders = *reminders,
                                           .webhooks = *webhooks,
                                           .registry = registry,
                                           .public_url = "https://chaiqin.example"}};
};

bool eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

TEST(Notification, makes_one_notice_and_one_mail_an_intent_however_often_it_is_told) {
    Notification n;
    n.take({counted(agency), counted(agency)});
    n.take(std::vector{counted(agency)});
    EXPECT_EQ(n.database.table("SELECT kind, agency, version FROM notification.notice"),
              "submission_counted|Z00000001A|22");
    EXPECT_EQ(n.database.table("SELECT recipient, message_id, state FROM notification.delivery"),
              "clerk@agency.example|00000000-0000-8000-8000-000000000001.submission_counted@"
              "chaiqin|waiting");
}

TEST(Notification, keeps_the_highest_version_and_its_text) {
    Notification n;
    n.take(std::vector{counted(agency, 1, 1)});
    n.take(std::vector{counted(agency, 2, 0)});
    n.take(std::vector{counted(agency, 1, 2)});
    EXPECT_EQ(n.database.value("SELECT version FROM notification.notice"), "38");
    EXPECT_NE(n.database.value("SELECT text FROM notification.notice").find("3 筆計入。"),
              std::string::npos);
    EXPECT_EQ(n.database.value("SELECT count(*) FROM notification.delivery"), "1");
}

TEST(Notification, an_address_that_was_loaded_just_before_the_file_gets_its_mail) {
    Notification n;
    n.registry.load_address(mailless, "new@agency.example", 0);
    n.take(std::vector{counted(mailless)});
    EXPECT_EQ(n.database.table("SELECT recipient FROM notification.delivery"),
              "new@agency.example");
}

TEST(Notification, goes_by_the_day_on_which_the_file_became_terminal) {
    Notification n;
    auto event = counted(mailless);
    event.occurred_at -= std::chrono::hours(24);  // the stage was behind since
    n.registry.load_address(mailless, "new@agency.example", *domain::parse_iso_day("2026-11-05"));
    n.take(std::vector{event});
    EXPECT_EQ(n.database.value("SELECT count(*) FROM notification.delivery"), "0");
}

TEST(Notification, an_agency_without_an_address_gets_a_notice_and_no_mail) {
    Notification n;
    n.take(std::vector{counted(mailless)});
    EXPECT_EQ(n.database.value("SELECT count(*) FROM notification.notice"), "1");
    EXPECT_EQ(n.database.value("SELECT count(*) FROM notification.delivery"), "0");
}

TEST(Notification, tells_of_a_deadline_once_a_kind) {
    Notification n;
    runtime::Message message;
    message.topic = domain::topics::filing_changed;
    message.payload = wire::encode(
        domain::FilingChanged{agency, 2026 * 12 + 9, domain::NoticeKind::deadline_before_5,
                              domain::parse_iso_day("2026-11-20").value()});
    n.take(std::vector{message});
    n.take(std::vector{message});
    EXPECT_EQ(
        n.database.table("SELECT kind, intent_key, submission_id IS NULL FROM notification.notice"),
        "deadline_before|Z00000001A|2026-10|deadline_before_5|t");
}

TEST(Notification, sends_a_digest_as_a_mail_alone_and_once) {
    Notification n;
    runtime::Message message;
    message.topic = domain::topics::filing_changed;
    message.payload =
        wire::encode(domain::FilingChanged{agency, 2026 * 12 + 9, domain::NoticeKind::digest_first,
                                           domain::parse_iso_day("2026-11-20").value(), 12, 9});
    n.take(std::vector{message});
    n.take(std::vector{message});
    EXPECT_EQ(n.database.value("SELECT count(*) FROM notification.notice"), "0");
    EXPECT_EQ(
        n.database.table("SELECT recipient, subject, state FROM notification.delivery"),
        "clerk@agency.example|3 個所屬機關尚未報送 115年10月差勤資料（期限 115/11/20，測試機關）|"
        "waiting");
}

TEST(Notification, tells_a_reminder_once) {
    Notification n;
    n.database.run(
        "INSERT INTO portal.reminder (agency, month, day, sent_at, sent_by, to_be_told)"
        " VALUES ($1, 24321, '2026-11-05', '2026-11-05 01:00:00Z', $2, true)",
        agency, mailless);
    n.upkeep();
    n.upkeep();
    EXPECT_EQ(n.database.table("SELECT kind, agency, month, intent_key FROM notification.notice"),
              "reminder|Z00000001A|24321|Z00000001A|2026-10|reminder|2026-11-05");
    EXPECT_NE(n.database.value("SELECT text FROM notification.notice").find("無信箱機關"),
              std::string::npos);
    EXPECT_EQ(n.database.value("SELECT count(*) FROM notification.delivery"), "1");
}

TEST(Mailer, delivers_to_a_real_server_in_utf8_with_a_deterministic_id) {
    Notification n;
    MailSink sink(free_port());
    n.take(std::vector{counted(agency)});
    const auto queue = n.queue();
    smtp::MailSender sender(sink.url(), "chaiqin@chaiqin.example");
    const RealClock clock;
    {
        const notification::Mailer mailer(
            *queue, [&](const auto& mail) { return sender.send(mail); }, clock, 100);
        ASSERT_TRUE(eventually(
            [&] { return n.database.value("SELECT state FROM notification.delivery") == "sent"; }));
    }
    const auto mails = sink.mails();
    ASSERT_EQ(mails.size(), 1u);
    EXPECT_NE(mails[0].find(
                  "Message-ID: <00000000-0000-8000-8000-000000000001.submission_counted@chaiqin>"),
              std::string::npos);
    EXPECT_NE(mails[0].find("To: clerk@agency.example"), std::string::npos);
    EXPECT_NE(mails[0].find("Subject: =?UTF-8?B?"), std::string::npos);
    EXPECT_NE(mails[0].find("Content-Type: text/plain; charset=UTF-8"), std::string::npos);
}

TEST(Mailer, sends_again_with_the_same_id_after_a_crash_between_sending_and_noting_it) {
    Notification n;
    MailSink sink(free_port());
    n.take(std::vector{counted(agency)});
    smtp::MailSender sender(sink.url(), "chaiqin@chaiqin.example");
    struct Crash {};
    const auto now = RealClock().now();
    EXPECT_THROW(n.queue()->send_next(now,
                                      [&](const auto& mail) -> domain::MailAnswer {
                                          EXPECT_EQ(sender.send(mail).outcome,
                                                    domain::MailOutcome::sent);
                                          throw Crash{};
                                      }),
                 Crash);
    EXPECT_EQ(n.database.value("SELECT state FROM notification.delivery"), "waiting");
    const auto queue = n.queue();
    EXPECT_EQ(queue->send_next(now, [&](const auto& mail) { return sender.send(mail); }),
              domain::MailOutcome::sent);
    EXPECT_EQ(queue->send_next(now, [&](const auto& mail) { return sender.send(mail); }),
              std::nullopt);
    const auto mails = sink.mails();
    ASSERT_EQ(mails.size(), 2u);
    const auto id_of = [](const std::string& mail) {
        return mail.substr(mail.find("Message-ID:"), mail.find('>') - mail.find("Message-ID:"));
    };
    EXPECT_EQ(id_of(mails[0]), id_of(mails[1]));
}

TEST(Mailer, waits_for_a_server_that_is_away_without_counting_it_against_the_mail) {
    Notification n;
    n.take(std::vector{counted(agency)});
    const int port = free_port();
    const auto queue = n.queue();
    smtp::MailSender sender("smtp://127.0.0.1:" + std::to_string(port), "chaiqin@chaiqin.example");
    const RealClock clock;
    std::atomic<int> tries = 0;
    const notification::Mailer mailer(
        *queue,
        [&](const auto& mail) {
            ++tries;
            return sender.send(mail);
        },
        clock, 100);
    ASSERT_TRUE(eventually([&] { return tries >= 2; }));
    EXPECT_EQ(n.database.table("SELECT state, tries FROM notification.delivery"), "waiting|0");
    MailSink sink(port);
    EXPECT_TRUE(eventually(
        [&] { return n.database.value("SELECT state FROM notification.delivery") == "sent"; }));
}

TEST(Mailer, tells_no_server_a_mail_that_must_be_encrypted_and_cannot_be) {
    EXPECT_FALSE(smtp::must_be_encrypted("smtp://127.0.0.1:25"));
    EXPECT_TRUE(smtp::must_be_encrypted("smtp://mail.agency.example:587"));
    EXPECT_TRUE(smtp::must_be_encrypted("smtp://127.0.0.1.example:587"));
    const MailSink sink(free_port());
    smtp::MailSender sender(sink.url(), "chaiqin@chaiqin.example", true);
    const auto answer =
        sender.send({.number = 1, .recipient = "a@agency.example", .subject = "s", .body = "b"});
    EXPECT_EQ(answer.outcome, domain::MailOutcome::server_away) << answer.reason;
    EXPECT_TRUE(sink.mails().empty());
}

TEST(Mailer, counts_a_server_that_breaks_off_in_the_text_against_that_mail_alone) {
    const BreakingMailServer server("a@agency.example");
    smtp::MailSender sender("smtp://127.0.0.1:" + std::to_string(server.port()), "c@c.example");
    const auto sent_to = [&](const char* recipient) {
        return sender.send({.number = 1, .recipient = recipient, .subject = "s", .body = "b"})
            .outcome;
    };
    EXPECT_EQ(sent_to("a@agency.example"), domain::MailOutcome::try_again);
    EXPECT_EQ(sent_to("b@agency.example"), domain::MailOutcome::sent);
}

TEST(Mailer, gives_each_recipient_a_turn_however_many_mails_another_one_has) {
    Notification n;
    n.database.run(
        R"(INSERT INTO notification.delivery
               (recipient, subject, body, message_id, state, next_try_at)
           SELECT 'many@agency.example', 's', 'b', 'many' || i, 'waiting',
                  now() - interval '2 hours'
           FROM generate_series(1, 1000) AS i
           UNION ALL
           SELECT who, 's', 'b', who, 'waiting', now() - interval '1 hour'
           FROM unnest(ARRAY['a@agency.example', 'z@agency.example']) AS who)");
    const auto queue = n.queue();
    std::map<std::string, int> sent;
    for (int i = 0; i < 6; ++i)
        queue->send_next(RealClock().now(), [&](const domain::WaitingMail& mail) {
            ++sent[mail.recipient];
            return domain::MailAnswer{domain::MailOutcome::sent, ""};
        });
    EXPECT_EQ(sent["a@agency.example"], 1);
    EXPECT_EQ(sent["z@agency.example"], 1);
    EXPECT_EQ(sent["many@agency.example"], 4) << "nobody waits while there is a mail to send";
}

TEST(Mailer, puts_off_a_mail_that_is_not_taken_now_and_gives_up_one_that_is_refused) {
    Notification n;
    n.take(std::vector{counted(agency)});
    const auto queue = n.queue();
    const auto now = RealClock().now();
    const auto answer = [](domain::MailOutcome outcome) {
        return [outcome](const auto&) { return domain::MailAnswer{outcome, "450 busy"}; };
    };
    EXPECT_EQ(queue->send_next(now, answer(domain::MailOutcome::try_again)),
              domain::MailOutcome::try_again);
    EXPECT_EQ(queue->send_next(now, answer(domain::MailOutcome::sent)), std::nullopt)
        << "not due again at once";
    EXPECT_EQ(queue->send_next(now + std::chrono::hours(1), answer(domain::MailOutcome::refused)),
              domain::MailOutcome::refused);
    EXPECT_EQ(n.database.table("SELECT state, tries, last_error FROM notification.delivery"),
              "failed|2|450 busy");
    EXPECT_EQ(queue->send_next(now + std::chrono::hours(9), answer(domain::MailOutcome::sent)),
              std::nullopt);
}

}  // namespace
}  // namespace chaiqin::testing
