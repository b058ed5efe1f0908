// chaiqin-statistics-aggregator: reads its configuration, builds the adapters and the stage, runs
// the loop.
#include "crypto/event_key.hpp"
#include "domain/partitioning.hpp"
#include "domain/topics.hpp"
#include "kafka/admin.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "postgres/stage_ledger.hpp"
#include "postgres/statistics/filing_store.hpp"
#include "postgres/statistics/statistics_store.hpp"
#include "runtime/config.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/operations_server.hpp"
#include "runtime/stage_loop.hpp"
#include "statistics_aggregator/stage.hpp"

namespace {

int run(int argc, char** argv) {
    using namespace chaiqin;
    constexpr auto& self = domain::stages::statistics_aggregator;
    runtime::CommonConfig config;
    runtime::Options options("chaiqin-statistics-aggregator",
                             "publishes monthly counts by signed deltas");
    runtime::add_common(options, config, kafka::problems_of);
    options.read(argc, argv);
    runtime::open_log(self.service, config.log_level);
    runtime::open_metrics(self.service, CHAIQIN_VERSION);

    const auto cluster = kafka::cluster_of(config.brokers, config.kafka);
    const auto clock = runtime::make_clock(config.clock_file);
    const postgres::SessionSettings session{.conninfo = config.postgres,
                                            .application_name = self.service};
    const auto store = postgres::statistics::make_statistics_store();
    const auto consumer = kafka::make_consumer({cluster, self.name});
    const auto producer = kafka::make_producer({.cluster = cluster});
    const auto registry = postgres::registry::make_registry_source(session);
    const auto filing_store = postgres::statistics::make_filing_store();
    statistics_aggregator::FilingWatch filings(*filing_store, *registry, [&] {
        return kafka::end_offsets(cluster, std::string(domain::topics::file_received),
                                  domain::agency_partition_count);
    });
    statistics_aggregator::AggregatorStage stage(*store, filings);
    runtime::StageLoop loop(
        {.stage = self.name,
         .topics = self.topic_names(),
         .workers = 1,
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
    return chaiqin::runtime::run_service("chaiqin-statistics-aggregator",
                                         [&] { return run(argc, argv); });
}
