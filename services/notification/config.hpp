#pragma once
// The configuration of notification (docs/operations.md, "Configuration").
#include <string>

#include "crypto/keyring.hpp"
#include "runtime/config.hpp"

namespace chaiqin::notification {

struct NotificationConfig {
    runtime::CommonConfig common;
    std::string smtp_url, mail_from, public_url;
    int mails_per_second = 20;
    /// Threads that send to webhooks.
    int webhook_senders = 32;
    bool webhook_allow_loopback = false;
};

/// Flags, environment, file. ConfigError with all problems.
NotificationConfig read_config(int argc, const char* const* argv,
                               runtime::KafkaProblems kafka_problems = {});

/// Those that open the secrets of webhooks; none without keys_dir, which is told in the log.
/// ConfigError: they cannot be read.
crypto::Keyring read_keys(const runtime::CommonConfig& common);

}  // namespace chaiqin::notification
