#include "notification/config.hpp"

#include "runtime/log.hpp"

namespace chaiqin::notification {

NotificationConfig read_config(int argc, const char* const* argv,
                               runtime::KafkaProblems kafka_problems) {
    NotificationConfig config;
    int allow_loopback = 0;
    runtime::Options options("chaiqin-notification",
                             "notices, mails and webhooks about outcomes and deadlines");
    runtime::add_common(options, config.common, std::move(kafka_problems));
    options.text("smtp_url", config.smtp_url, "mail server, smtp://host:port", true)
        .text("mail_from", config.mail_from, "sender address of mails", true)
        .text("public_url", config.public_url, "where recipients reach the platform", true)
        .number("mails_per_second", config.mails_per_second, "never more mails a second than these",
                1, 1000)
        .number("webhook_senders", config.webhook_senders, "webhooks that are sent to at a time", 1,
                64)
        .number("webhook_allow_loopback", allow_loopback,
                "1: webhooks may lead to this machine; for a stack that is tried out", 0, 1);
    options.read(argc, argv);
    config.webhook_allow_loopback = allow_loopback == 1;
    return config;
}

crypto::Keyring read_keys(const runtime::CommonConfig& common) {
    if (!common.keys_dir.empty()) return crypto::load_keys(common.keys_dir, {crypto::KeyUse::seal});
    runtime::log_warn("webhooks are not sent: keys_dir is not set");
    return {};
}

}  // namespace chaiqin::notification
