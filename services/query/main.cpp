// chaiqin-query: reads its configuration, builds the adapters and the service, serves until asked
// to end.
#include "crypto/keyed_hash.hpp"
#include "crypto/keyring.hpp"
#include "identity/token_verifier.hpp"
#include "postgres/read_sessions.hpp"
#include "query/service.hpp"
#include "rpc/query_server.hpp"
#include "runtime/clock.hpp"
#include "runtime/config.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/operations_server.hpp"

namespace {

/// Whole lists have threads and sessions of their own.
constexpr int threads = 8, list_threads = 4;

int run(int argc, char** argv) {
    using namespace chaiqin;
    runtime::CommonConfig config;
    identity::TokenSettings tokens;
    int grpc_port = 0;
    std::string first_month = "11401";
    runtime::Options options("chaiqin-query",
                             "answers every read, decided by the end user's token");
    runtime::add_common(options, config);
    options
        .number("grpc_port", grpc_port, "port of the gRPC service on 127.0.0.1, 0 = any", 0, 65535)
        .text("issuer", tokens.issuer, "OIDC issuer of access tokens", true)
        .text("audience", tokens.audience, "aud of access tokens")
        .text("jwks_url", tokens.jwks_url, "where the issuer's keys are")
        .text("jwks_file", tokens.jwks_file,
              "or a file with them (a:b, the first that can be read)")
        .text("first_month", first_month, "first data month taken (ROC yyyMM), as the validator's")
        .check([&]() -> std::string {
            return domain::parse_roc_month(first_month)
                       ? ""
                       : "first_month: not a ROC month such as 11401: " + first_month;
        })
        .check([&]() -> std::string {
            return tokens.jwks_url.empty() == tokens.jwks_file.empty()
                       ? "jwks_url or jwks_file: one of them is needed"
                       : "";
        });
    options.read(argc, argv);
    runtime::open_log("query", config.log_level);
    runtime::open_metrics("query", CHAIQIN_VERSION);

    const auto keys = config.keys_dir.empty()
                          ? crypto::Keyring()
                          : crypto::load_keys(config.keys_dir, {crypto::KeyUse::intake});
    const auto clock = runtime::make_clock(config.clock_file);
    const identity::TokenVerifier verifier(tokens);
    postgres::ReadSessions database({.conninfo = config.postgres, .application_name = "query"},
                                    threads + list_threads);
    query::Service service(
        {.database = database,
         .verify = [&](const std::string& token) { return verifier.verify(token); },
         .now = [&] { return clock->now(); },
         .known = {.person_of =
                       [&](const std::string& sub) {
                           return keys.intake.empty() ? "" : crypto::header_hash(keys, "sub", sub);
                       },
                   .first_month = domain::parse_roc_month(first_month).value()}});
    const auto server = rpc::serve_questions(
        service,
        {.port = grpc_port,
         .threads = threads,
         .list_threads = list_threads,
         .on_failure = [](const char* kind, const std::string& reason) {
             runtime::log_warn("a question was not answered", {{"kind", kind}, {"reason", reason}});
         }});
    const runtime::OperationsServer operations(config.operations_port,
                                               {{"postgres", [&] { return database.answers(); }}});
    runtime::log_info("answering questions", {{"grpc_port", server->port()}});
    runtime::Shutdown::wait();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return chaiqin::runtime::run_service("chaiqin-query", [&] { return run(argc, argv); });
}
