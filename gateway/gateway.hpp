#pragma once
// The gateway put together: what the adapters give (Kafka, PostgreSQL, the query service) joined
// with ingest, auth and the HTTP API, started and drained in the right order. main.cpp makes the
// adapters, tests make others.
#include <functional>
#include <memory>

#include "crypto/keyring.hpp"
#include "domain/announcement_store.hpp"
#include "domain/notice_marks.hpp"
#include "domain/registry.hpp"
#include "domain/registry_load.hpp"
#include "domain/reminder_store.hpp"
#include "domain/session_store.hpp"
#include "domain/topics.hpp"
#include "domain/webhook_store.hpp"
#include "gateway/config.hpp"
#include "gateway/ingest/intake_desk.hpp"
#include "gateway/reading/open_reads.hpp"
#include "gateway/reading/reads.hpp"
#include "gateway/webhooks/webhooks.hpp"
#include "identity/login_provider.hpp"
#include "runtime/clock.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::gateway {

struct GatewayAdapters {
    OpenIntakeStore open_store;
    std::function<std::unique_ptr<runtime::Producer>()> make_producer;
    /// Reads a partition of a topic from an offset to its end; the catch-up of receipts.
    std::function<void(const runtime::TopicPartition&, std::int64_t from,
                       const std::function<void(const runtime::Message&)>&)>
        read_range;
    std::function<domain::RegistryLoadPlan(const domain::AgencyUploads&, domain::Day today,
                                           bool confirmed)>
        load_agencies;
    /// Null where nobody can log in with a browser.
    identity::LoginProvider* login_provider = nullptr;
    std::function<std::unique_ptr<domain::SessionStore>()> open_session_store;
    std::unique_ptr<domain::AnnouncementStore> announcements;
    std::unique_ptr<domain::NoticeMarks> notice_marks;
    std::unique_ptr<domain::ReminderStore> reminders;
    std::unique_ptr<domain::WebhookStore> webhooks;
    RefuseReceiver refuse_receiver;
    const domain::RegistrySource& registry;
    rpc::Questions& questions;
    const runtime::Clock& clock;
    std::string file_topic{domain::topics::file_received};
    std::string career_topic{domain::topics::career_received};
};

/// Null: the configuration names no client at the issuer.
std::unique_ptr<identity::LoginProvider> make_login(const GatewayConfig& config);

class Gateway {
public:
    /// Starts to serve. ConfigError: a port or a document cannot be had.
    Gateway(const GatewayConfig& config, const crypto::Keyring& keys,
            const identity::TokenVerifier& verifier, GatewayAdapters adapters);
    ~Gateway();
    int port() const;
    /// Whether Kafka and PostgreSQL answer and every file of the topic has its receipt.
    bool is_ready();
    /// Ends requests at hand, stores receipts that wait; within about 12 s.
    void drain();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace chaiqin::gateway
