// chaiqin-notification: reads its configuration, builds the adapters and the stage, runs the loop.
#include "domain/topics.hpp"
#include "kafka/admin.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "notification/config.hpp"
#include "notification/mailer.hpp"
#include "notification/stage.hpp"
#include "notification/webhooks/sender.hpp"
#include "postgres/notification/notification_stores.hpp"
#include "postgres/portal/portal_stores.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "postgres/stage_ledger.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/operations_server.hpp"
#include "runtime/stage_loop.hpp"
#include "smtp/mail_sender.hpp"
#include "webhooks/post.hpp"

namespace {

int run(int argc, char** argv) {
    using namespace chaiqin;
    constexpr auto& self = domain::stages::notification;
    const auto config = notification::read_config(argc, argv, kafka::problems_of);
    runtime::open_log(self.service, config.common.log_level);
    runtime::open_metrics(self.service, CHAIQIN_VERSION);
    const auto clock = runtime::make_clock(config.common.clock_file);
    const postgres::SessionSettings session{.conninfo = config.common.postgres,
                                            .application_name = self.service};
    const auto registry = postgres::registry::make_registry_source(session);
    const auto notices = postgres::notification::make_notice_store();
    const auto feed = postgres::notification::make_finding_feed_store();
    const auto reminders = postgres::notification::make_reminder_queue();
    const auto queue = postgres::notification::make_mail_queue(session);
    const auto events = postgres::portal::make_webhook_events();
    const auto hooks =
        postgres::portal::make_webhook_queue(session, *notices, config.webhook_senders);
    const auto keys = notification::read_keys(config.common);
    const auto cluster = kafka::cluster_of(config.common.brokers, config.common.kafka);
    const auto consumer = kafka::make_consumer({cluster, self.name});
    const auto producer = kafka::make_producer({.cluster = cluster});
    notification::NotificationStage stage(
        {*notices, *feed, *reminders, *events, *registry, config.public_url});
    runtime::StageLoop loop(
        {.stage = self.name,
         .topics = self.topic_names(),
         .workers = 1,
         .trim = kafka::make_trimmer(cluster)},
        stage, *consumer, *producer, *clock, [&] {
            return postgres::make_stage_ledger(
                {.session = session, .schema = self.schema, .stage = self.service});
        });
    runtime::OperationsServer operations(config.common.operations_port,
                                         {{"stage", [&] { return loop.is_ready(); }},
                                          {"kafka", [&] { return producer->is_connected(); }}});
    smtp::MailSender sender(config.smtp_url, config.mail_from);
    const notification::Mailer mailer(*queue, std::bind_front(&smtp::MailSender::send, &sender),
                                      *clock, config.mails_per_second);
    const crypto::Sealer sealer(keys);
    const webhooks::PostSettings limits{.allow_loopback = config.webhook_allow_loopback};
    const notification::WebhookSender webhook_sender(
        {.queue = *hooks,
         .sealer = sealer,
         .post = [&](const domain::WebhookPost& post) { return webhooks::send(post, limits); },
         .registry = *registry,
         .clock = *clock,
         .public_url = config.public_url,
         .senders = keys.seal.empty() ? 0 : config.webhook_senders});
    loop.run(runtime::Shutdown::requested);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return chaiqin::runtime::run_service("chaiqin-notification", [&] { return run(argc, argv); });
}
