// chaiqin-validator: reads its configuration, builds the adapters and the stage, runs the loop.
#include "crypto/event_key.hpp"
#include "crypto/keyring.hpp"
#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "kafka/admin.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "postgres/stage_ledger.hpp"
#include "postgres/validation/validation_store.hpp"
#include "runtime/config.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/operations_server.hpp"
#include "runtime/stage_loop.hpp"
#include "validator/stage.hpp"

namespace {

int run(int argc, char** argv) {
    using namespace chaiqin;
    constexpr auto& self = domain::stages::validator;
    runtime::CommonConfig config;
    std::string first_month = "11401";
    domain::Month first = 0;
    runtime::Options options("chaiqin-validator", "checks every record of every file");
    runtime::add_common(options, config, kafka::problems_of);
    options.text("first_month", first_month, "first data month taken (ROC yyyMM, E08)")
        .check([&]() -> std::string {
            const auto month = domain::parse_roc_month(first_month);
            first = month.value_or(0);
            return month ? "" : "first_month: not a ROC month such as 11401: " + first_month;
        });
    options.read(argc, argv);
    runtime::open_log(self.service, config.log_level);
    runtime::open_metrics(self.service, CHAIQIN_VERSION);

    const auto keys = crypto::load_keys(
        config.keys_dir, {crypto::KeyUse::seal, crypto::KeyUse::token, crypto::KeyUse::hash});
    const auto cluster = kafka::cluster_of(config.brokers, config.kafka);
    const auto clock = runtime::make_clock(config.clock_file);
    const postgres::SessionSettings session{.conninfo = config.postgres,
                                            .application_name = self.service};
    const auto registry = postgres::registry::make_registry_source(session);
    const auto store = postgres::validation::make_validation_store();
    const auto consumer = kafka::make_consumer({.cluster = cluster,
                                                .group = self.name,
                                                .worth_fetching = 256u << 10,
                                                .wait = std::chrono::milliseconds(20)});
    const auto producer = kafka::make_producer({.cluster = cluster});
    validator::ValidatorStage stage(*store, *registry, keys, first);
    runtime::StageLoop loop(
        {.stage = self.name,
         .topics = self.topic_names(),
         .make_mac = crypto::event_mac(config.keys_dir),
         .trim = kafka::make_trimmer(cluster)},
        stage, *consumer, *producer, *clock, [&] {
            return postgres::make_stage_ledger(
                {.session = session, .schema = self.schema, .stage = self.service});
        });
    runtime::OperationsServer operations(config.operations_port,
                                         {{"stage", [&] { return loop.is_ready(); }},
                                          {"kafka", [&] { return producer->is_connected(); }}});
    loop.run(runtime::Shutdown::requested);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return chaiqin::runtime::run_service("chaiqin-validator", [&] { return run(argc, argv); });
}
