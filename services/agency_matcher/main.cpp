// chaiqin-agency-matcher: makes records, findings and counts of validated files and Table 19 loads.
#include "agency_matcher/career_loader.hpp"
#include "agency_matcher/career_stage.hpp"
#include "agency_matcher/config.hpp"
#include "agency_matcher/crypto_keys.hpp"
#include "agency_matcher/stage.hpp"
#include "crypto/event_key.hpp"
#include "domain/topics.hpp"
#include "kafka/admin.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "postgres/matching/career_store.hpp"
#include "postgres/matching/matching_store.hpp"
#include "postgres/registry/registry_reader.hpp"
#include "postgres/stage_ledger.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/loops.hpp"
#include "runtime/metrics.hpp"
#include "runtime/operations_server.hpp"

namespace {

using namespace chaiqin;
namespace matching = postgres::matching;
constexpr auto& self = domain::stages::agency_matcher;
constexpr auto& career_self = domain::stages::agency_matcher_career;

int serve(const agency_matcher::Config& config) {
    const auto session = [&](const char* part, int timeout_s = 30) {
        return postgres::SessionSettings{.conninfo = config.common.postgres,
                                         .application_name = std::string(self.service) + part,
                                         .statement_timeout = std::chrono::seconds(timeout_s)};
    };
    const auto ledger = [&] {
        return postgres::make_stage_ledger({session(""), self.schema, self.service});
    };
    const auto cluster = kafka::cluster_of(config.common.brokers, config.common.kafka);
    const auto clock = runtime::make_clock(config.common.clock_file);
    const auto registry = postgres::registry::make_registry_source(session(".registry"));
    const auto source = matching::make_table19_source(session(".table19", 300));
    const auto loads = matching::make_career_loads(session(".loader", 0));
    const auto store = matching::make_matching_store();
    const auto staging = matching::make_career_staging();
    const auto keys = agency_matcher::crypto_keys(config.common.keys_dir);
    const auto producer = kafka::make_producer({.cluster = cluster});
    const auto files = kafka::make_consumer({cluster, self.name}),
               careers = kafka::make_consumer({cluster, career_self.name});
    agency_matcher::Table19Memory memory(*source);
    agency_matcher::MatcherStage stage(*store, *registry, memory);
    agency_matcher::CareerStage career_stage(*staging);
    const auto settings = [&](const domain::StageTopics& of, int workers) {
        return runtime::StageSettings{of.name, of.topic_names(), workers,
                                      crypto::event_mac(config.common.keys_dir),
                                      kafka::make_trimmer(cluster)};
    };
    runtime::StageLoop loop(settings(self, config.workers), stage, *files, *producer, *clock,
                            ledger),
        career_loop(settings(career_self, 1), career_stage, *careers, *producer, *clock, ledger);
    const auto is_ready = [&] { return loop.is_ready() && career_loop.is_ready(); };
    const runtime::OperationsServer operations(
        config.common.operations_port,
        {{"stage", is_ready}, {"kafka", [&] { return producer->is_connected(); }}});
    memory.load(runtime::Shutdown::requested);
    agency_matcher::Table19Follower follower(memory);
    const agency_matcher::CareerLoader loader(*loads, *registry, keys, follower, *clock);
    runtime::run_together({&loop, &career_loop}, runtime::Shutdown::requested);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return runtime::run_service("chaiqin-agency-matcher", [&] {
        const auto config = agency_matcher::read_config(argc, argv, kafka::problems_of);
        runtime::open_log(self.service, config.common.log_level);
        runtime::open_metrics(self.service, CHAIQIN_VERSION);
        return serve(config);
    });
}
