// chaiqin-notification: reads its configuration, builds the adapters and the stage, runs the loop.
#include "domain/topics.hpp"
#include "kafka/admin.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "notification/mailer.hpp"
#include "notification/stage.hpp"
#include "postgres/notification/finding_feed_store.hpp"
#include "postgres/notification/notice_store.hpp"
#include "postgres/notification/reminder_queue.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "postgres/stage_ledger.hpp"
#include "runtime/config.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/operations_server.hpp"
#include "runtime/stage_loop.hpp"
#include "smtp/mail_sender.hpp"

namespace {

int run(int argc, char** argv) {
    using namespace chaiqin;
    constexpr auto& self = domain::stages::notification;
    runtime::CommonConfig config;
    std::string smtp_url, mail_from, public_url;
    int mails_per_second = 20;
    runtime::Options options("chaiqin-notification",
                             "notices and mails about outcomes and deadlines");
    runtime::add_common(options, config);
    options.text("smtp_url", smtp_url, "mail server, smtp://host:port", true)
        .text("mail_from", mail_from, "sender address of mails", true)
        .text("public_url", public_url, "where recipients reach the platform", true)
        .number("mails_per_second", mails_per_second, "never more mails a second than these", 1,
                1000);
    options.read(argc, argv);
    runtime::open_log(self.service, config.log_level);
    runtime::open_metrics(self.service, CHAIQIN_VERSION);

    const auto clock = runtime::make_clock(config.clock_file);
    const postgres::SessionSettings session{.conninfo = config.postgres,
                                            .application_name = self.service};
    const auto registry = postgres::registry::make_registry_source(session);
    const auto notices = postgres::notification::make_notice_store();
    const auto feed = postgres::notification::make_finding_feed_store();
    const auto reminders = postgres::notification::make_reminder_queue();
    const auto queue = postgres::notification::make_mail_queue(session);
    const auto consumer = kafka::make_consumer({config.brokers, self.name});
    const auto producer = kafka::make_producer({.brokers = config.brokers});
    notification::NotificationStage stage(*notices, *feed, *reminders, *registry, public_url);
    runtime::StageLoop loop(
        {.stage = self.name,
         .topics = self.topic_names(),
         .workers = 1,
         .trim = kafka::make_trimmer(config.brokers)},
        stage, *consumer, *producer, *clock, [&] {
            return postgres::make_stage_ledger(
                {.session = session, .schema = self.schema, .stage = self.service});
        });
    runtime::OperationsServer operations(config.operations_port,
                                         {{"stage", [&] { return loop.is_ready(); }},
                                          {"kafka", [&] { return producer->is_connected(); }}});
    smtp::MailSender sender(smtp_url, mail_from);
    const notification::Mailer mailer(
        *queue, [&](const domain::WaitingMail& mail) { return sender.send(mail); }, *clock,
        mails_per_second);
    loop.run(runtime::Shutdown::requested);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return chaiqin::runtime::run_service("chaiqin-notification", [&] { return run(argc, argv); });
}
