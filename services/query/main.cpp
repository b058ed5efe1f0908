// chaiqin-query: reads its configuration, builds the adapters and the service, serves until asked
// to end.
#include "crypto/digest.hpp"
#include "crypto/keyed_hash.hpp"
#include "crypto/keyring.hpp"
#include "postgres/read_sessions.hpp"
#include "query/config.hpp"
#include "query/service.hpp"
#include "rpc/query_server.hpp"
#include "runtime/clock.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/operations_server.hpp"

namespace {

/// Whole lists have threads and sessions of their own.
constexpr int threads = 8, list_threads = 4;

int run(int argc, char** argv) {
    using namespace chaiqin;
    const auto config = query::read_config(argc, argv);
    runtime::open_log("query", config.common.log_level);
    runtime::open_metrics("query", CHAIQIN_VERSION);

    const auto keys = crypto::load_keys(config.common.keys_dir, {crypto::KeyUse::intake});
    crypto::set_page_token_key(crypto::hmac_sha256(keys.intake, "page tokens"));
    const auto clock = runtime::make_clock(config.common.clock_file);
    const identity::TokenVerifier verifier(config.tokens);
    postgres::ReadSessions database(
        {.conninfo = config.common.postgres, .application_name = "query"}, threads + list_threads);
    query::Service service(
        {.database = database,
         .verify = [&](const std::string& token) { return verifier.verify(token); },
         .now = [&] { return clock->now(); },
         .known = {.person_of =
                       [&](const std::string& sub) {
                           return crypto::header_hash(keys, "sub", sub);
                       },
                   .first_month = config.first_month}});
    const auto server = rpc::serve_questions(
        service,
        {.port = config.grpc_port,
         .threads = threads,
         .list_threads = list_threads,
         .on_failure = [](const char* kind, const std::string& reason) {
             runtime::log_warn("a question was not answered", {{"kind", kind}, {"reason", reason}});
         }});
    const runtime::OperationsServer operations(config.common.operations_port,
                                               {{"postgres", [&] { return database.answers(); }}});
    runtime::log_info("answering questions", {{"grpc_port", server->port()}});
    runtime::Shutdown::wait();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return chaiqin::runtime::run_service("chaiqin-query", [&] { return run(argc, argv); });
}
