#include "gateway/config.hpp"

#include <fstream>

namespace chaiqin::gateway {

namespace {

/// Reads the client secret; returns what is wrong, or "".
std::string problem_of_portal(PortalConfig& portal, const std::string& secret_file) {
    const auto& url = portal.public_url;
    const bool has_scheme = url.starts_with("https://") || url.starts_with("http://");
    if (!url.empty() && (!has_scheme || url.find('/', 8) != std::string::npos))
        return "public_url: https://HOST[:PORT] without a path, not " + url;
    if (portal.client_id.empty()) return "";
    if (portal.public_url.empty()) return "public_url: is needed with portal_client_id";
    std::ifstream file(secret_file);
    if (!std::getline(file, portal.client_secret) || portal.client_secret.empty())
        return "portal_client_secret_file: cannot read a secret from " + secret_file;
    return "";
}

void add_portal(runtime::Options& options, PortalConfig& portal, std::string& secret_file) {
    options.text("portal_dir", portal.dir, "folder of the portal's built pages; none: no portal")
        .text("public_url", portal.public_url, "where people find the portal: https://HOST[:PORT]")
        .text("portal_client_id", portal.client_id,
              "the portal at the issuer; none: nobody can log in with a browser")
        .text("portal_client_secret_file", secret_file, "file with its client secret")
        .number("session_idle_s", portal.session_idle_s,
                "seconds after which a person who does nothing is logged out", 60, 86'400)
        .number("session_limit_s", portal.session_limit_s,
                "seconds after which everybody must log in again", 120, 86'400)
        .text("contact", portal.contact,
              "the operating unit and how to reach it, for the footer of the portal")
        .text("contact_en", portal.contact_en, "the same in English");
}

void add_shares(runtime::Options& options, LimitValues& shares) {
    for (const auto& row : limits_of_agencies())
        options.number(std::string(row.option), shares.at(static_cast<std::size_t>(row.limit)),
                       std::string(row.help), 1, 1'000'000);
}

}  // namespace

GatewayConfig read_config(int argc, const char* const* argv,
                          runtime::KafkaProblems kafka_problems) {
    GatewayConfig config;
    std::string first_month = "11401", secret_file, proxies;
    int allow_loopback = 0;
    runtime::Options options("chaiqin-gateway",
                             "takes files from senders and answers every read over HTTP");
    runtime::add_common(options, config.common, std::move(kafka_problems));
    add_portal(options, config.portal, secret_file);
    add_shares(options, config.shares);
    options
        .text("listen_address", config.listen_address,
              "address of the public HTTP server; TLS is a proxy's in front")
        .number("listen_port", config.listen_port, "port of the public HTTP server", 0, 65535)
        .text("query_address", config.query_address, "host:port of the query service (gRPC)")
        .text("issuer", config.tokens.issuer, "OIDC issuer of access tokens", true)
        .text("audience", config.tokens.audience, "aud of access tokens")
        .text("jwks_url", config.tokens.jwks_url, "where the issuer's keys are")
        .text("jwks_file", config.tokens.jwks_file,
              "or a file with them (a:b, the first that can be read)")
        .text("first_month", first_month, "first data month taken (ROC yyyMM, E08)")
        .number("open_requests_per_second", config.address_limits.open_per_second,
                "requests without a token a second and address", 1, 100'000)
        .number("logins_per_minute", config.address_limits.logins_per_minute,
                "requests to /auth/ a minute and address", 1, 100'000)
        .text("trusted_proxies", proxies,
              "addresses of the proxies in front, a comma between: their X-Forwarded-For says who "
              "asks")
        .text("spool_dir", config.spool_dir,
              "folder for exports while they are made and sent; none: the system's temporary one")
        .number("webhook_allow_loopback", allow_loopback,
                "1: webhooks may lead to this machine; for a stack that is tried out", 0, 1)
        .text("docs_dir", config.docs_dir, "folder of data-format.md and rules.md")
        .text("schemas_dir", config.schemas_dir, "the product's schemas/ folder")
        .check([&] { return identity::problem_of(config.tokens); })
        .check([&]() -> std::string {
            return config.common.keys_dir.empty() ? "keys_dir: is needed (directory of key files)"
                                                  : "";
        })
        .check([&]() -> std::string {
            auto parsed = parse_addresses(proxies);
            if (!parsed) return "trusted_proxies: addresses with a comma between, not " + proxies;
            config.address_limits.proxies = std::move(*parsed);
            return "";
        })
        .check([&] { return problem_of_portal(config.portal, secret_file); })
        .check([&]() -> std::string {
            const auto month = domain::parse_roc_month(first_month);
            config.first_month = month.value_or(0);
            return month ? "" : "first_month: not a ROC month such as 11401: " + first_month;
        });
    options.read(argc, argv);
    config.webhook_allow_loopback = allow_loopback == 1;
    return config;
}

crypto::Keyring read_keys(const GatewayConfig& config) {
    using crypto::KeyUse;
    return crypto::load_keys(config.common.keys_dir,
                             {KeyUse::seal, KeyUse::intake, KeyUse::receipt},
                             {KeyUse::token, KeyUse::hash});
}

}  // namespace chaiqin::gateway
