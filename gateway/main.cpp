// chaiqin-gateway: reads its configuration, makes the adapters, joins them, serves until the end.
#include "gateway/config.hpp"
#include "gateway/gateway.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "postgres/intake/intake_store.hpp"
#include "postgres/portal/portal_stores.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "postgres/registry/registry_store.hpp"
#include "rpc/query_client.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/operations_server.hpp"
#include "webhooks/receiver.hpp"

namespace {

/// Kafka's part of the two seconds in which a POST is answered while Kafka is away.
constexpr std::chrono::milliseconds produce_within{1'200};
constexpr std::size_t producer_buffer_bytes = 128u << 20;

int run(int argc, char** argv) {
    using namespace chaiqin;
    const auto config = gateway::read_config(argc, argv, kafka::problems_of);
    runtime::open_log("gateway", config.common.log_level);
    runtime::open_metrics("gateway", CHAIQIN_VERSION);
    const auto cluster = kafka::cluster_of(config.common.brokers, config.common.kafka);
    const auto keys = gateway::read_keys(config);
    const auto clock = runtime::make_clock(config.common.clock_file);
    const postgres::SessionSettings session{.conninfo = config.common.postgres,
                                            .application_name = "gateway"};
    const auto registry =
        postgres::registry::make_registry_source(session, postgres::registry::first_for_requests);
    const auto questions = rpc::connect_query_client(config.query_address);
    const identity::TokenVerifier verifier(config.tokens);
    const auto login = gateway::make_login(config);
    const auto topic_reader = kafka::make_range_reader(cluster);
    gateway::Gateway gateway(
        config, keys, verifier,
        {.open_store = [&] { return postgres::intake::make_intake_store(session); },
         .make_producer =
             [&] {
                 return kafka::make_producer({.cluster = cluster,
                                              .message_timeout = produce_within,
                                              .buffer_bytes = producer_buffer_bytes,
                                              .linger = std::chrono::milliseconds(1)});
             },
         .read_range = [&](const auto& at, std::int64_t from,
                           const auto& each) { topic_reader->read(at, from, each); },
         .load_agencies =
             [&](const domain::AgencyUploads& uploads, domain::Day today, bool confirmed) {
                 postgres::Session one(session);
                 auto plan = postgres::registry::load_agencies(one, uploads, today, confirmed);
                 registry->newest();  // checks of this process see what its answer says
                 return plan;
             },
         .login_provider = login.get(),
         .open_session_store = [&] { return postgres::portal::make_session_store(session); },
         .announcements = postgres::portal::make_announcement_store(session),
         .notice_marks = postgres::portal::make_notice_marks(session),
         .reminders = postgres::portal::make_reminder_store(session),
         .webhooks = postgres::portal::make_webhook_store(session),
         .refuse_receiver = webhooks::receiver_judge(config.webhook_allow_loopback),
         .registry = *registry,
         .questions = *questions,
         .clock = *clock});
    const runtime::OperationsServer operations(config.common.operations_port,
                                               {{"gateway", [&] { return gateway.is_ready(); }}});
    runtime::log_info("serving", {{"port", gateway.port()}});
    runtime::Shutdown::wait();
    gateway.drain();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return chaiqin::runtime::run_service("chaiqin-gateway", [&] { return run(argc, argv); });
}
