#include "query/config.hpp"

namespace chaiqin::query {

Config read_config(int argc, char** argv) {
    Config config;
    auto& tokens = config.tokens;
    std::string first_month = "11401";
    runtime::Options options("chaiqin-query",
                             "answers every read, decided by the end user's token");
    runtime::add_common(options, config.common);
    options
        .number("grpc_port", config.grpc_port, "port of the gRPC service on 127.0.0.1, 0 = any", 0,
                65535)
        .text("issuer", tokens.issuer, "OIDC issuer of access tokens", true)
        .text("audience", tokens.audience, "aud of access tokens")
        .text("jwks_url", tokens.jwks_url, "where the issuer's keys are")
        .text("jwks_file", tokens.jwks_file,
              "or a file with them (a:b, the first that can be read)")
        .text("first_month", first_month, "first data month taken (ROC yyyMM), as the validator's")
        .check([&]() -> std::string {
            const auto month = domain::parse_roc_month(first_month);
            config.first_month = month.value_or(0);
            return month ? "" : "first_month: not a ROC month such as 11401: " + first_month;
        })
        .check([&]() -> std::string {
            return config.common.keys_dir.empty() ? "keys_dir: is needed (directory of key files)"
                                                  : "";
        })
        .check([&] { return identity::problem_of(tokens); });
    options.read(argc, argv);
    return config;
}

}  // namespace chaiqin::query
